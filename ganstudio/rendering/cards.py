"""What is kept of every model that was looked into: a card with its facts and a thumbnail, until its file changes."""

import contextlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from pathlib import Path

import numpy as np
import numpy.typing as npt

import ganstudio
from ganstudio import images
from ganstudio.checkpoints.base import CheckpointDescription, OpenedFile
from ganstudio.errors import GanStudioError
from ganstudio.files import user_cache_dir, write_text_atomically
from ganstudio.rendering.looks.look import Look
from ganstudio.rendering.opening import ModelDescribed, ModelReady, OpeningProgress, draw_fitting, open_model
from ganstudio.rendering.request import RenderRequest
from ganstudio.rendering.shelf import stamp_of

_FAMILY_TITLES = {
    "sequence": "Plain layers", "mlp": "MLP", "dcgan": "DCGAN", "stylegan": "StyleGAN", "stylegan2": "StyleGAN2",
    "stylegan3": "StyleGAN3", "stylegan_xl": "StyleGAN-XL", "r3gan": "R3GAN", "biggan": "BigGAN",
    "biggan_deep": "BigGAN-deep", "fastgan": "FastGAN", "pgan": "Progressive GAN", "onnx_graph": "ONNX",
    "residual": "Residual",
    "lightweight_gan": "Lightweight GAN", "lucidrains_stylegan2": "StyleGAN2 (lucidrains)",
}  # fmt: skip
THUMBNAIL_PX = 96
LARGEST_DRAWN = 3 << 30  # bytes; a thumbnail is not worth more memory than that


@dataclass(frozen=True)
class ModelCard:
    """The facts of a model that lists show and search in.

    Attributes:
        family: Network family.
        format: Whose file it is.
        resolution: Height and width of its pictures.
        channels: 3 for colour, 1 for grey.
        parameters: How many there are.
        classes: How many there are.
        is_sure: Whether the file says all of this, or some was guessed.
        error: Why it cannot be opened, "" where it can.
    """

    family: str = ""
    format: str = ""
    resolution: int = 0
    channels: int = 0
    parameters: int = 0
    classes: int = 0
    is_sure: bool = True
    error: str = ""

    @property
    def note(self) -> str:
        """The card in a line."""
        if self.error:
            return "cannot be opened"
        guessed = "" if self.is_sure else ", guessed"
        return f"{family_title(self.family)}, {self.resolution} px{'' if self.channels == 3 else ', grey'}{guessed}"

    @property
    def words(self) -> str:
        """What a search finds it by."""
        colour = "colour rgb" if self.channels == 3 else "grey gray"
        classes = "conditional classes" if self.classes else ""
        return f"{self.family} {self.format} {self.resolution} {self.resolution}px {colour} {classes} {self.error}"


@dataclass(frozen=True)
class CardMade:
    """A model was looked into; the card is kept."""

    path: Path
    card: ModelCard


def family_title(family: str) -> str:
    """What people call a family of networks."""
    return _FAMILY_TITLES.get(family, family.replace("_", " "))


def card_of(description: CheckpointDescription) -> ModelCard:
    """The card of a model that was described."""
    spec = description.spec
    parameters = sum(part.parameters for part in description.components.values())
    return ModelCard(
        description.family,
        description.format,
        spec.resolution,
        spec.channels,
        parameters,
        spec.num_classes,
        description.confidence >= 1.0,
    )


def read_card(path: Path) -> ModelCard | None:
    """The kept card of a file, or None where it was not looked into since it changed."""
    place = _place(path, "json")
    if place is None:
        return None
    try:
        values = json.loads(place.read_text(encoding="utf-8"))
        if not isinstance(values, Mapping):
            return None
        known = {name: values[name] for name in ModelCard.__dataclass_fields__}
        typed = all(type(known[name]) is type(getattr(ModelCard(), name)) for name in known)
        return ModelCard(**known) if typed else None
    except (OSError, ValueError, KeyError, RecursionError):
        return None


def keep_card(path: Path, card: ModelCard) -> None:
    """Keep a card; a cache that cannot be written to is done without."""
    place = _place(path, "json")
    if place is not None:
        with contextlib.suppress(OSError, GanStudioError):
            place.parent.mkdir(parents=True, exist_ok=True)
            write_text_atomically(place, json.dumps(asdict(card)))


def thumbnail_path(path: Path) -> Path | None:
    """Where the thumbnail of a model is kept, or None for one that is gone; changes when the file does."""
    return _place(path, "png")


def keep_thumbnail(path: Path, pixels: npt.NDArray[np.uint8]) -> bool:
    """Keep a picture `(H, W, C)` of a model as its thumbnail; False where it cannot be written."""
    place = _place(path, "png")
    if place is None:
        return False
    step = max(1, min(pixels.shape[:2]) // (2 * THUMBNAIL_PX))  # thinned first: Pillow need not see 1024 px
    picture = images.to_pillow(np.ascontiguousarray(pixels[::step, ::step]))
    picture.thumbnail((THUMBNAIL_PX, THUMBNAIL_PX))
    array = np.asarray(picture)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        images.save_picture(place, array if array.ndim == 3 else array[..., None])
    except (OSError, GanStudioError):
        return False
    return True


def make_card(path: Path, device: str = "auto") -> Iterator[OpeningProgress | CardMade]:
    """Look into a model: describe it, draw its first picture small, keep both. One that cannot be opened says why."""
    card = ModelCard()
    try:
        file = OpenedFile.open(path)
        for event in open_model(file, device):
            if isinstance(event, ModelDescribed):
                card = card_of(event.description)
                if path.stat().st_size > LARGEST_DRAWN:
                    break
            elif isinstance(event, ModelReady):
                rendered = draw_fitting(event.renderer, RenderRequest(str(path), (Look(),)))
                keep_thumbnail(path, rendered.pixels[0])
            else:
                yield event
    except (GanStudioError, OSError) as error:
        reason = error.reason if isinstance(error, GanStudioError) else str(error)
        card = replace(card, error=reason[:300] or "unknown")
    keep_card(path, card)
    yield CardMade(path, card)


def _place(path: Path, suffix: str) -> Path | None:
    """Where something about a file is kept; another place when the file or the program changes."""
    stamp = stamp_of(str(path))
    if not stamp:
        return None
    from ganstudio.checkpoints.catalogue import FORMATS  # late: all formats together delay the first window

    readers = ",".join(FORMATS)  # what this version cannot open, the next one may
    words = f"{path}\n{stamp}\n{ganstudio.__version__}\n{readers}"
    name = sha256(words.encode("utf-8", "surrogateescape")).hexdigest()[:32]
    return user_cache_dir() / "models" / f"{name}.{suffix}"
