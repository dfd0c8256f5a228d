"""Animated WebP: small, with transparency; lossless at the best quality.

Source: Google 2012, WebP Container Specification; frames are encoded by Pillow, one by one.
"""

import io
import struct
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from PIL import Image, features

from ganstudio.animation.errors import AnimationError
from ganstudio.animation.formats.base import (
    FORMATS,
    Clip,
    Format,
    Pixels,
    Samples,
    duration_of,
    quality_setting,
)
from ganstudio.config_fields import check_fields, setting
from ganstudio.images import to_pillow
from ganstudio.picture_texts import KEY, pack

_MILLISECONDS = 1000
_LARGEST = (1 << 32) - 12  # sizes are written in 32 bits
_METHODS = {"fast": 2, "balanced": 4, "thorough": 6}
_LOSSLESS_EFFORT = 40  # without loss, the encoder's quality says how hard it tries
_ANIMATED, _HAS_EXIF, _HAS_ALPHA = 0x02, 0x08, 0x10
_ALONE = 0x02  # a frame covers what was there before, it is not laid over it
_DESCRIPTION = 0x010E


@dataclass(frozen=True)
class WebpConfig:
    """How it is encoded."""

    quality: int = quality_setting()
    effort: str = setting("balanced", "Effort", "How long is searched for a smaller file of the same quality",
                          choices=tuple(_METHODS))  # fmt: skip
    loop: bool = setting(default=True, title="Repeat", explanation="Play it again and again", advanced=False)

    def __post_init__(self) -> None:
        check_fields(self, AnimationError)

    @property
    def is_lossless(self) -> bool:
        """Whether every pixel is kept."""
        return self.quality == 100


class WebpWriter:
    """Writes frame after frame; none is held."""

    def __init__(self, path: Path, clip: Clip, config: WebpConfig) -> None:
        self._clip, self._config, self._done = clip, config, 0
        self._file = path.open("r+b")
        self._file.write(b"RIFF\0\0\0\0WEBP")
        flags = _ANIMATED | (_HAS_EXIF if clip.text else 0) | (_HAS_ALPHA if clip.has_alpha else 0)
        self._write(b"VP8X", struct.pack("<I", flags) + _three(clip.width - 1) + _three(clip.height - 1))
        self._write(b"ANIM", struct.pack("<IH", 0xFF000000, 0 if config.loop else 1))

    def add_frame(self, pixels: Pixels) -> None:
        """See `FrameWriter`."""
        buffer = io.BytesIO()
        config = self._config
        quality = _LOSSLESS_EFFORT if config.is_lossless else config.quality
        method = _METHODS[config.effort]
        to_pillow(pixels).save(buffer, "WEBP", quality=quality, lossless=config.is_lossless, method=method)
        place = b"\0" * 6 + _three(self._clip.width - 1) + _three(self._clip.height - 1)
        shown = _three(duration_of(self._done, self._clip.fps, _MILLISECONDS))
        self._write(b"ANMF", place + shown + bytes([_ALONE]) + _picture_chunks(buffer.getvalue()))
        self._done += 1

    def add_sound(self, samples: Samples) -> None:
        """It has none."""

    def finish(self) -> None:
        """See `FrameWriter`."""
        if self._clip.text:
            exif = Image.Exif()
            exif[_DESCRIPTION] = f"{KEY}:{pack(self._clip.text)}"
            self._write(b"EXIF", exif.tobytes().removeprefix(b"Exif\0\0"))
        size = self._file.tell()
        self._file.seek(4)
        self._file.write(struct.pack("<I", size - 8))
        self._file.close()

    def close(self) -> None:
        """See `FrameWriter`."""
        self._file.close()

    def _write(self, name: bytes, body: bytes) -> None:
        if self._file.tell() + len(body) > _LARGEST:
            raise AnimationError("WebP", "it would be larger than 4 GB, which it cannot be", "choose another format")
        self._file.write(name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2))


def _three(number: int) -> bytes:
    return number.to_bytes(3, "little")


def _picture_chunks(webp: bytes) -> bytes:
    """The chunks of a still picture that hold its pixels and its transparency."""
    parts, place = b"", 12
    while place + 8 <= len(webp):
        name, length = struct.unpack_from("<4sI", webp, place)
        end = place + 8 + length + length % 2
        if name in (b"ALPH", b"VP8 ", b"VP8L"):
            parts += webp[place:end]
        place = end
    return parts


def _lacks(_config: WebpConfig) -> AnimationError | None:
    if features.check("webp"):
        return None
    return AnimationError("WebP", "Pillow was built without WebP", "install its wheel, or choose APNG")


FORMATS.add(
    "webp",
    Format(
        "Animated WebP",
        ".webp",
        "Small, and shown by browsers; without loss at quality 100",
        WebpConfig,
        WebpWriter,
        _lacks,
        lambda config: "without loss" if config.is_lossless else f"quality {config.quality}",
        alpha=True,
        most_fps=Fraction(_MILLISECONDS),
    ),
)
