"""Animated PNG: without any loss, with transparency. Source: W3C 2025, Portable Network Graphics, third edition."""

import struct
import zlib
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from ganstudio.animation.errors import AnimationError
from ganstudio.animation.formats.base import FORMATS, Clip, Format, Pixels, Samples, nothing_lacks
from ganstudio.animation.formats.png_frames import PngConfig, encode_png
from ganstudio.config_fields import check_fields, setting
from ganstudio.picture_texts import KEY, pack

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_MOST_PART = (1 << 16) - 1  # of the fraction that says how long a frame is shown


@dataclass(frozen=True)
class ApngConfig(PngConfig):
    """How it is encoded."""

    loop: bool = setting(default=True, title="Repeat", explanation="Play it again and again", advanced=False)

    def __post_init__(self) -> None:
        check_fields(self, AnimationError)


class ApngWriter:
    """Writes frame after frame; none is held."""

    def __init__(self, path: Path, clip: Clip, config: ApngConfig) -> None:
        self._clip, self._config = clip, config
        self._done = self._numbered = 0
        self._file = path.open("r+b")
        self._file.write(_SIGNATURE)
        self._write(b"IHDR", struct.pack(">IIBBBBB", clip.width, clip.height, 8, 6 if clip.has_alpha else 2, 0, 0, 0))
        self._write(b"sRGB", b"\0")
        self._write(b"acTL", struct.pack(">II", clip.frames, 0 if config.loop else 1))
        if clip.text:
            self._write(b"iTXt", KEY.encode() + b"\0\0\0\0\0" + pack(clip.text).encode())

    def add_frame(self, pixels: Pixels) -> None:
        """See `FrameWriter`."""
        shown = (1 / self._clip.fps).limit_denominator(_MOST_PART)
        numbers = (self._number(), self._clip.width, self._clip.height, 0, 0, shown.numerator, shown.denominator, 0, 0)
        self._write(b"fcTL", struct.pack(">IIIIIHHBB", *numbers))
        for data in _data_of(encode_png(pixels, self._config.effort)):
            if self._done:
                self._write(b"fdAT", struct.pack(">I", self._number()) + data)
            else:
                self._write(b"IDAT", data)
        self._done += 1

    def add_sound(self, samples: Samples) -> None:
        """It has none."""

    def finish(self) -> None:
        """See `FrameWriter`."""
        self._write(b"IEND", b"")
        self._file.close()

    def close(self) -> None:
        """See `FrameWriter`."""
        self._file.close()

    def _number(self) -> int:
        self._numbered += 1
        return self._numbered - 1

    def _write(self, name: bytes, body: bytes) -> None:
        self._file.write(struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)))


def _data_of(png: bytes) -> list[bytes]:
    """What the IDAT chunks of a PNG file hold."""
    parts, place = [], len(_SIGNATURE)
    while place < len(png):
        length, name = struct.unpack_from(">I4s", png, place)
        if name == b"IDAT":
            parts.append(png[place + 8 : place + 8 + length])
        place += 12 + length
    return parts


FORMATS.add(
    "apng",
    Format(
        "Animated PNG",
        ".apng",
        "Every pixel as it was drawn; browsers show it; large files",
        ApngConfig,
        ApngWriter,
        nothing_lacks,
        lambda _config: "without loss",
        alpha=True,
        most_fps=Fraction(_MOST_PART),
    ),
)
