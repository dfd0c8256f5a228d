"""Animated GIF: 256 colours, a palette for each frame; shown by everything.

Source: CompuServe 1990, Graphics Interchange Format 89a; the looping extension is Netscape's.
"""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from PIL import GifImagePlugin, Image

from ganstudio.animation.errors import AnimationError
from ganstudio.animation.formats.base import (
    FORMATS,
    Clip,
    Format,
    Pixels,
    Samples,
    duration_of,
    nothing_lacks,
    quality_setting,
    share_of_quality,
)
from ganstudio.config_fields import check_fields, setting
from ganstudio.images import to_pillow
from ganstudio.picture_texts import KEY, pack

_HUNDREDTHS = 100
_MOST_FPS = Fraction(50)  # browsers show frames of less than 2/100 s for 10/100 s
_BLOCK = 255
_LOOKED_AT_PX = 96  # for the palette: as good as the whole picture, and ten times as fast


@dataclass(frozen=True)
class GifConfig:
    """How it is encoded."""

    quality: int = quality_setting()
    dither: bool = setting(default=False, title="Dither", explanation="Grain in the place of bands in soft gradients")
    loop: bool = setting(default=True, title="Repeat", explanation="Play it again and again", advanced=False)

    def __post_init__(self) -> None:
        check_fields(self, AnimationError)


class GifWriter:
    """Writes frame after frame; none is held."""

    def __init__(self, path: Path, clip: Clip, config: GifConfig) -> None:
        self._clip, self._config, self._done = clip, config, 0
        self._file = path.open("r+b")
        size = clip.width.to_bytes(2, "little") + clip.height.to_bytes(2, "little")
        self._file.write(b"GIF89a" + size + b"\x70\0\0")  # 8 bits a colour, no palette for all
        if config.loop:
            self._file.write(b"\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0\0")
        if clip.text:
            self._file.write(b"\x21\xfe" + _blocks(f"{KEY}:{pack(clip.text)}".encode("ascii")))

    def add_frame(self, pixels: Pixels) -> None:
        """See `FrameWriter`."""
        shown = duration_of(self._done, self._clip.fps, _HUNDREDTHS)
        reduced = self._reduced(to_pillow(pixels))
        for part in GifImagePlugin.getdata(reduced, duration=10 * shown, include_color_table=True):
            self._file.write(part)
        self._done += 1

    def add_sound(self, samples: Samples) -> None:
        """It has none."""

    def finish(self) -> None:
        """See `FrameWriter`."""
        self._file.write(b";")
        self._file.close()

    def close(self) -> None:
        """See `FrameWriter`."""
        self._file.close()

    def _reduced(self, picture: Image.Image) -> Image.Image:
        small = picture.copy()
        small.thumbnail((_LOOKED_AT_PX, _LOOKED_AT_PX), Image.Resampling.NEAREST)
        palette = small.quantize(_colours(self._config), Image.Quantize.MEDIANCUT)
        dither = Image.Dither.FLOYDSTEINBERG if self._config.dither else Image.Dither.NONE
        return picture.quantize(palette=palette, dither=dither)


def _colours(config: GifConfig) -> int:
    return max(8, round(share_of_quality(config.quality, 0, 256)))


def _blocks(data: bytes) -> bytes:
    parts = (data[start : start + _BLOCK] for start in range(0, len(data), _BLOCK))
    return b"".join(bytes([len(part)]) + part for part in parts) + b"\0"


FORMATS.add(
    "gif",
    Format(
        "GIF",
        ".gif",
        "Shown by everything; 256 colours a frame and large files",
        GifConfig,
        GifWriter,
        nothing_lacks,
        lambda config: f"{_colours(config)} colours a frame",
        most_fps=_MOST_FPS,
    ),
)
