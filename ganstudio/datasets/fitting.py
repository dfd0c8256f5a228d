"""Making pictures equal: their shape, size and colours."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

from ganstudio.datasets.base import DatasetError, DrawnSource, PictureSource, Pixels

FITS = ("crop", "top", "fit", "pad")
RESAMPLINGS = {
    "lanczos": Image.Resampling.LANCZOS,
    "box": Image.Resampling.BOX,
    "bilinear": Image.Resampling.BILINEAR,
    "nearest": Image.Resampling.NEAREST,
}
BACKGROUNDS = {"white": 255, "grey": 128, "black": 0}
MIN_RESOLUTION, MAX_RESOLUTION = 4, 1024


@dataclass(frozen=True)
class PreparationConfig:
    """How pictures become what a network is fed.

    Attributes:
        resolution: Height and width in pixels, 4 to 1024.
        channels: 3 for RGB, 1 for grey.
        fit: "crop" takes the middle square, "top" the upper one of upright pictures (portraits: the head) and the
            middle of wide ones, "pad" adds bars, "fit" squeezes the whole picture into the square.
        resampling: How it is scaled: "lanczos", "box", "bilinear" or "nearest" (for pixel art).
        background: What shows through transparent pictures and fills bars: "white", "grey" or "black".

    Raises:
        DatasetError: A value that is none of these.
    """

    resolution: int = 64
    channels: int = 3
    fit: str = "crop"
    resampling: str = "lanczos"
    background: str = "white"

    def __post_init__(self) -> None:
        if type(self.resolution) is not int or not MIN_RESOLUTION <= self.resolution <= MAX_RESOLUTION:
            raise DatasetError(
                "resolution", f"{self.resolution!r} is no resolution", f"choose {MIN_RESOLUTION} to {MAX_RESOLUTION}"
            )
        choices = {"channels": (1, 3), "fit": FITS, "resampling": (*RESAMPLINGS,), "background": (*BACKGROUNDS,)}
        for name, allowed in choices.items():
            if getattr(self, name) not in allowed:
                known = ", ".join(map(str, allowed))
                raise DatasetError(name, f"{getattr(self, name)!r} is no choice here", f"choose one of {known}")


def prepare_picture(picture: Image.Image, config: PreparationConfig) -> Pixels:
    """Bring a picture of mode L, LA, RGB or RGBA to uint8 `(H, W, C)`."""
    target = "L" if config.channels == 1 else "RGB"
    picture = lay_on_background(picture, BACKGROUNDS[config.background])
    if config.channels == 1 and picture.mode == "RGB":
        picture = picture.convert("L")
    picture = _make_square(picture, config)
    pixels = np.asarray(picture if picture.mode == target else picture.convert(target))
    return pixels.reshape(config.resolution, config.resolution, config.channels)


def lay_on_background(picture: Image.Image, level: int) -> Image.Image:
    """Lay a picture with alpha on a grey level, 0 to 255; the result is of mode L or RGB."""
    if picture.mode not in ("LA", "RGBA"):
        return picture if picture.mode in ("L", "RGB") else picture.convert("RGB")
    opaque = "L" if picture.mode == "LA" else "RGB"
    ground = Image.new(opaque, picture.size, level if opaque == "L" else (level, level, level))
    ground.paste(picture.convert(opaque), mask=picture.getchannel("A"))
    return ground


def _make_square(picture: Image.Image, config: PreparationConfig) -> Image.Image:
    side = config.resolution
    width, height = picture.size
    if (width, height) == (side, side):
        return picture
    method = RESAMPLINGS[config.resampling]
    if config.fit == "pad" and width != height:
        return _pad(picture, side, config)
    box = (0.0, 0.0, width, height) if config.fit == "fit" else _square_of(width, height, config.fit)
    return picture.resize((side, side), method, box=box, reducing_gap=_gap(config))


def _square_of(width: int, height: int, fit: str) -> tuple[float, float, float, float]:
    """The box of the largest square: in the middle, or at the top of what is higher than wide."""
    short = min(width, height)
    left, top = (width - short) / 2, 0.0 if fit == "top" else (height - short) / 2
    return left, top, left + short, top + short


def _pad(picture: Image.Image, side: int, config: PreparationConfig) -> Image.Image:
    width, height = picture.size
    scale = side / max(width, height)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    level = BACKGROUNDS[config.background]
    sheet = Image.new(picture.mode, (side, side), level if picture.mode == "L" else (level, level, level))
    scaled = picture.resize(size, RESAMPLINGS[config.resampling], reducing_gap=_gap(config))
    sheet.paste(scaled, ((side - size[0]) // 2, (side - size[1]) // 2))
    return sheet


def _gap(config: PreparationConfig) -> float | None:
    """First shrink very large pictures by whole numbers: many times quicker and hardly visible."""
    return None if config.resampling == "nearest" else 3.0


def prepare_one(source: PictureSource, index: int, config: PreparationConfig) -> Pixels:
    """Read or draw picture `index` of a source and bring it to uint8 `(H, W, C)`.

    Raises:
        PictureError: It cannot be decoded.
    """
    if isinstance(source, DrawnSource):
        return prepare_drawn(source, [index], config)[0]
    return prepare_picture(source.read(index, at_least=2 * config.resolution), config)


def prepare_drawn(source: DrawnSource, indices: Sequence[int], config: PreparationConfig) -> list[Pixels]:
    """Draw pictures at the resolution asked for, so that nothing is scaled; grey where asked for."""
    drawn = source.draw(indices, config.resolution)
    return [prepare_picture(Image.fromarray(pixels), config) for pixels in drawn] if config.channels == 1 else [*drawn]
