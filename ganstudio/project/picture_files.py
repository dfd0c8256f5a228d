"""Pictures as files that say how they were made: one, or many in a folder."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ganstudio.errors import GanStudioError
from ganstudio.images import Pixels, save_picture
from ganstudio.project.recipe import Recipe

_MOST_OF_A_NAME = 10_000  # pictures of one name in one folder


class PictureFolderError(GanStudioError):
    """A folder that takes no more pictures."""


@dataclass(frozen=True, eq=False)
class MadePicture:
    """Pixels and what they were made of.

    Attributes:
        recipe: Latent, edits and model.
        pixels: uint8 `(H, W, C)`.
    """

    recipe: Recipe
    pixels: Pixels = field(repr=False)

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
    """Write a picture with its recipe, in the format of the suffix.

    Raises:
        PictureFileError: A suffix that is no format.
        FileWriteError: The disk is full or the folder not writable; no half file is left.
    """
    save_picture(path, picture.pixels, picture.recipe.to_json())


def write_pictures(folder: Path, pictures: Sequence[MadePicture]) -> Iterator[PictureWritten]:
    """Write pictures as PNG files into a folder; what is there already stays, a number is added to the name.

    Raises:
        FileWriteError: The disk is full or the folder not writable; the files written before stay.
        PictureFolderError: No name is free.
    """
    for done, picture in enumerate(pictures, 1):
        path = _free_path(folder, picture.name)
        write_picture(path, picture)
        yield PictureWritten(path, done, len(pictures))


def _free_path(folder: Path, name: str) -> Path:
    for number in range(1, _MOST_OF_A_NAME):
        path = folder / (f"{name}.png" if number == 1 else f"{name}-{number}.png")
        if not path.exists():
            return path
    raise PictureFolderError(folder, f"it is full of pictures called {name}", "choose another folder")
