"""A folder of PNG files, a frame each, numbered from 0: for other programs to go on with."""

import io
from dataclasses import dataclass
from pathlib import Path

from PIL import PngImagePlugin

from ganstudio.animation.errors import AnimationError
from ganstudio.animation.formats.base import FORMATS, Clip, Format, Pixels, Samples, nothing_lacks
from ganstudio.config_fields import check_fields, setting
from ganstudio.images import to_pillow
from ganstudio.picture_texts import KEY

_LEVELS = {"fast": 1, "balanced": 4, "thorough": 9}
PROJECT_NAME = "project.ganstudio"


@dataclass(frozen=True)
class PngConfig:
    """How frames are compressed, always without loss."""

    effort: str = setting("fast", "Effort", "How long is searched for a smaller file of the same pixels",
                          choices=tuple(_LEVELS))  # fmt: skip

    def __post_init__(self) -> None:
        check_fields(self, AnimationError)


def encode_png(pixels: Pixels, effort: str = "fast", text: str = "") -> bytes:
    """The PNG file of pixels `(H, W, 3 or 4)`, with a text where there is one."""
    buffer, info = io.BytesIO(), PngImagePlugin.PngInfo()
    if text:
        info.add_itxt(KEY, text)
    to_pillow(pixels).save(buffer, "PNG", compress_level=_LEVELS[effort], pnginfo=info)
    return buffer.getvalue()


class PngFrameWriter:
    """Writes a file for each frame, and the text of the clip beside them."""

    def __init__(self, folder: Path, clip: Clip, config: PngConfig) -> None:
        self._folder, self._config, self._done = folder, config, 0
        self._digits = max(5, len(str(clip.frames - 1)))
        if clip.text:
            (folder / PROJECT_NAME).write_text(clip.text, encoding="utf-8")

    def add_frame(self, pixels: Pixels) -> None:
        """See `FrameWriter`."""
        path = self._folder / f"{self._done:0{self._digits}d}.png"
        path.write_bytes(encode_png(pixels, self._config.effort))
        self._done += 1

    def add_sound(self, samples: Samples) -> None:
        """It has none."""

    def finish(self) -> None:
        """See `FrameWriter`."""

    def close(self) -> None:
        """See `FrameWriter`."""


FORMATS.add(
    "png",
    Format(
        "PNG frames",
        "",
        "A folder with a file for each frame, for other programs to go on with",
        PngConfig,
        PngFrameWriter,
        nothing_lacks,
        lambda _config: "without loss",
        alpha=True,
    ),
)
