"""What a format of animations is, what it is told, and the registry of them."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from ganstudio.animation.errors import AnimationError
from ganstudio.config_fields import setting
from ganstudio.registry import Registry

Pixels = npt.NDArray[np.uint8]
Samples = npt.NDArray[np.float32]

SOUND_RATE = 48_000  # samples a second that a writer is given, in two channels
QUALITIES = {"draft": 30, "good": 70, "high": 85, "best": 100}
SIZE_RANGE = (16, 8192)


@dataclass(frozen=True)
class Clip:
    """What is to be written, known before the first frame.

    Attributes:
        width: Of all frames, in pixels.
        height: Likewise.
        fps: Frames a second, exactly.
        frames: How many.
        has_alpha: Whether frames have four channels.
        has_sound: Whether sound comes along.
        text: What the file is to carry of its making, or "".
        title: What it is called, or "".
    """

    width: int
    height: int
    fps: Fraction
    frames: int
    has_alpha: bool = False
    has_sound: bool = False
    text: str = ""
    title: str = ""


class FrameWriter(Protocol):
    """Writes one file, from front to back."""

    def add_frame(self, pixels: Pixels) -> None:
        """Take the next frame, `(H, W, 3)` or `(H, W, 4)` where the clip has alpha."""

    def add_sound(self, samples: Samples) -> None:
        """Take the sound that follows, `(2, N)` in [-1, 1]."""

    def finish(self) -> None:
        """Write what is still held back, and the end; nothing may come after it."""

    def close(self) -> None:
        """Let go of the file, finished or not; may be called twice."""


def quality_setting() -> Any:
    """The field of a config that says how much of the picture is kept."""
    words = ", ".join(f"{word} {number}" for word, number in QUALITIES.items())
    return setting(
        QUALITIES["high"], "Quality", f"How much of the picture is kept: {words}", low=1, high=100, advanced=False
    )


@dataclass(frozen=True)
class Format:
    """One kind of file.

    Attributes:
        title: What people call it.
        suffix: What its files end in; "" for a folder.
        help: What it is good for, in a sentence.
        config_type: A frozen dataclass of settings.
        write: Opens a writer on an empty file (or in an empty folder); raises AnimationError.
        lacks: What is missing on this machine, and what to do, as an error to raise; None where nothing is.
        says: The codec that a config means here, in a person's words.
        sound: The codec of its sound; "" where it carries none.
        alpha: Whether frames may be transparent.
        most_fps: Frames a second at most; None where there is no limit.
        even: Whether width and height have to be even.
    """

    title: str
    suffix: str
    help: str
    config_type: type[Any]
    write: Callable[[Path, Clip, Any], FrameWriter]
    lacks: Callable[[Any], AnimationError | None]
    says: Callable[[Any], str]
    sound: str = ""
    alpha: bool = False
    most_fps: Fraction | None = None
    even: Callable[[Any], bool] = lambda _config: False

    @property
    def is_folder(self) -> bool:
        """Whether it is a folder of files."""
        return not self.suffix


FORMATS: Registry[Format] = Registry("format")


def nothing_lacks(_config: Any) -> AnimationError | None:
    """For formats that need nothing that may be missing."""
    return None


def share_of_quality(quality: int, worst: float, best: float) -> float:
    """Go from the worst value of an encoder's own scale to the best one as quality goes from 0 to 100."""
    return worst + (best - worst) * quality / 100


def duration_of(frame: int, fps: Fraction, unit: int) -> int:
    """How long a frame is shown, in 1/`unit` seconds, so that the sum over all frames is exact to half a unit."""
    return round(Fraction(frame + 1) * unit / fps) - round(Fraction(frame) * unit / fps)
