"""Pictures as files that say how they were made: one, or many in a folder."""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ganstudio.checkpoints.errors import CheckpointError
from ganstudio.checkpoints.fingerprints import FileHashed, FileKnown, find_fingerprint
from ganstudio.errors import GanStudioError
from ganstudio.images import Pixels, save_picture
from ganstudio.project.recipe import Recipe
from ganstudio.rendering.opening import draw_fitting
from ganstudio.rendering.request import RenderRequest

if TYPE_CHECKING:
    from ganstudio.rendering.renderer import Renderer

_MOST_OF_A_NAME = 10_000  # pictures of one name in one folder


class PictureFolderError(GanStudioError):
    """A folder that takes no more pictures."""


@dataclass(frozen=True, eq=False)
class MadePicture:
    """Pixels and what they were made of.

    Attributes:
        recipe: Latent, edits and model.
        pixels: uint8 `(H, W, C)`.
        full_px: Height that the model draws it at, where it was brought down for a grid; 0 where it was not.
    """

    recipe: Recipe
    pixels: Pixels = field(repr=False)
    full_px: int = 0

    @property
    def is_reduced(self) -> bool:
        """Whether the model draws it larger."""
        return self.full_px > self.pixels.shape[0] and self.recipe.checkpoint is not None

    @property
    def name(self) -> str:
        """What its file is called, without a suffix: the model and the seed."""
        model = Path(self.recipe.checkpoint).stem if self.recipe.checkpoint else "picture"
        return f"{model}-seed{self.recipe.look.seed}"


@dataclass(frozen=True)
class PictureWritten:
    """One more file is there."""

    path: Path
    done: int
    total: int


def write_picture(path: Path, picture: MadePicture) -> None:
    """Write a picture with its recipe, in the format of the suffix; the file of its model is not looked at.

    Raises:
        PictureFileError: A suffix that is no format.
        FileWriteError: The disk is full or the folder not writable; no half file is left.
    """
    save_picture(path, picture.pixels, picture.recipe.to_json())


def write_identified(path: Path, picture: MadePicture) -> Iterator[FileHashed | PictureWritten]:
    """Write a picture with its recipe and the fingerprint of its model, which is found first where nobody knows it.

    Raises:
        PictureFileError: A suffix that is no format.
        FileWriteError: The disk is full or the folder not writable; no half file is left.
    """
    recipe = picture.recipe
    for event in _identify(recipe):
        if isinstance(event, FileKnown):
            recipe = replace(recipe, model=event.fingerprint)
        else:
            yield event
    write_picture(path, replace(picture, recipe=recipe))
    yield PictureWritten(path, 1, 1)


def _identify(recipe: Recipe) -> Iterator[FileHashed | FileKnown]:
    """Find which file the model is; nothing, where that is known, or cannot be known because it is gone."""
    if recipe.model is None and recipe.checkpoint is not None:
        with contextlib.suppress(CheckpointError):
            yield from find_fingerprint(Path(recipe.checkpoint))


def write_pictures(folder: Path, pictures: Sequence[MadePicture], device: str = "auto") -> Iterator[PictureWritten]:
    """Write pictures as PNG files into a folder; what is there already stays, a number is added to the name.

    Args:
        folder: Where to.
        pictures: Those that were brought down in size are drawn anew at full size.
        device: "auto", "cpu" or "cuda".

    Raises:
        CheckpointError: A model that would have to draw is gone.
        FileWriteError: The disk is full or the folder not writable; the files written before stay.
        PictureFolderError: No name is free.
    """
    redrawing = _Redrawing(device)
    for done, picture in enumerate(pictures, 1):
        path = _free_path(folder, picture.name)
        for event in write_identified(path, redrawing.draw(picture) if picture.is_reduced else picture):
            if isinstance(event, PictureWritten):
                yield PictureWritten(path, done, len(pictures))


class _Redrawing:
    """Draws pictures once more, whole; keeps the model that drew last."""

    def __init__(self, device: str) -> None:
        self._device = device
        self._path = ""
        self._renderer: Renderer | None = None

    def draw(self, picture: MadePicture) -> MadePicture:
        path = picture.recipe.checkpoint or ""
        if self._renderer is None or path != self._path:
            from ganstudio.rendering.renderer import Renderer  # late: it loads torch, and few pictures need it

            self._path, self._renderer = path, Renderer(Path(path), self._device)
        rendered = draw_fitting(
            self._renderer, RenderRequest(path, (picture.recipe.look,), directions=picture.recipe.directions)
        )
        return MadePicture(picture.recipe, rendered.pixels[0])


def _free_path(folder: Path, name: str) -> Path:
    for number in range(1, _MOST_OF_A_NAME):
        path = folder / (f"{name}.png" if number == 1 else f"{name}-{number}.png")
        if not path.exists():
            return path
    raise PictureFolderError(folder, f"it is full of pictures called {name}", "choose another folder")
