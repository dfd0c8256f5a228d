"""All that an export is asked for, as one frozen value, and what follows from it."""

import hashlib
import json
import math
import os
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from ganstudio.animation.errors import AnimationError
from ganstudio.animation.exporting.framing import FITS, RESAMPLINGS, Fit, Framing
from ganstudio.animation.formats.base import SIZE_RANGE, Format
from ganstudio.animation.formats.catalogue import FORMATS
from ganstudio.animation.timeline import FPS_RANGE, Timeline
from ganstudio.rendering.looks.look import Look
from ganstudio.rendering.looks.own_direction import OwnDirection

TRANSPARENT = "transparent"


@dataclass(frozen=True)
class ExportPlan:
    """An export.

    Attributes:
        checkpoint: Path of the model.
        base: How the picture is made as far as nothing is keyed.
        timeline: How it moves.
        output: The file, or the folder of a format that is one.
        format: Its name in `FORMATS`.
        config: Settings of the format; None for its own.
        fps: Frames a second; None for the timeline's.
        size: Width and height in pixels; 0 for what the model draws.
        span: From which frame of the timeline, and up to but not with which one; None for all.
        directions: Those that the looks name and the checkpoint does not carry.
        device: "auto", "cpu" or "cuda".
        fit: See `Framing`.
        resampling: Likewise.
        background: "#rrggbb", or "transparent".
        with_sound: Whether the timeline's sound comes along, where the format carries any.
        text: What the file is to carry of its making.
        threads: Of the processor; 0 for all cores but one.
        group: Pictures that are drawn in one go; 0 for what suits model and device.
        with_hashes: Whether each frame's SHA-256 is told.
    """

    checkpoint: str
    base: Look
    timeline: Timeline
    output: Path
    format: str = "mp4"
    config: Any = None
    fps: Fraction | None = None
    size: tuple[int, int] = (0, 0)
    span: tuple[int, int] | None = None
    directions: tuple[OwnDirection, ...] = ()
    device: str = "auto"
    fit: Fit = "whole"
    resampling: str = "lanczos"
    background: str = "#000000"
    with_sound: bool = True
    text: str = ""
    threads: int = 0
    group: int = 0
    with_hashes: bool = False

    def __post_init__(self) -> None:
        if self.fps is not None and not FPS_RANGE[0] <= self.fps <= FPS_RANGE[1]:
            raise AnimationError(
                "rate", f"{float(self.fps):g} frames a second", f"give {FPS_RANGE[0]} to {FPS_RANGE[1]}"
            )
        if not all(side == 0 or SIZE_RANGE[0] <= side <= SIZE_RANGE[1] for side in self.size):
            reason = f"{self.size[0]} x {self.size[1]} px is out of range"
            raise AnimationError("size", reason, f"give {SIZE_RANGE[0]} to {SIZE_RANGE[1]}")
        for name, value, known in (("fit", self.fit, FITS), ("resampling", self.resampling, tuple(RESAMPLINGS))):
            if value not in known:
                raise AnimationError(name, f"{value!r} is none", f"choose {', '.join(known)}")
        self._check_span()
        _colour(self.background)

    @property
    def kind(self) -> Format:
        """The format."""
        return FORMATS[self.format]

    @property
    def settings(self) -> Any:
        """The format's settings."""
        return self.kind.config_type() if self.config is None else self.config

    @property
    def rate(self) -> Fraction:
        """Frames a second of the film."""
        return self.timeline.fps if self.fps is None else self.fps

    @property
    def total(self) -> int:
        """Frames of the film of the whole timeline."""
        return math.ceil(self.timeline.length * self.rate / self.timeline.fps)

    @property
    def numbers(self) -> range:
        """The frames that are wanted, as numbers in the film of the whole timeline."""
        if self.span is None:
            return range(self.total)
        first, end = (math.ceil(frame * self.rate / self.timeline.fps) for frame in self.span)
        return range(first, end)

    @property
    def seconds(self) -> Fraction:
        """How long the film is, exactly."""
        return len(self.numbers) / self.rate

    @property
    def has_alpha(self) -> bool:
        """Whether frames have an alpha channel."""
        return self.background == TRANSPARENT

    @property
    def has_sound(self) -> bool:
        """Whether sound is written."""
        return bool(self.with_sound and self.timeline.sound and self.kind.sound)

    @property
    def is_driven(self) -> bool:
        """Whether the sound moves anything, so that it is measured before frames are drawn."""
        return bool(self.timeline.sound) and any(not drive.is_muted for drive in self.timeline.drives)

    def time_of(self, number: int) -> float:
        """The moment of the timeline that a frame of the film shows, in frames of the timeline."""
        return float(number * self.timeline.fps / self.rate)

    def framing(self, resolution: int) -> Framing:
        """How pictures of the model become frames."""
        width, height = self.size
        width, height = width or height or resolution, height or width or resolution
        if self.kind.even(self.settings):
            width, height = width + width % 2, height + height % 2
        return Framing(width, height, self.fit, self.resampling, _colour(self.background))

    def check(self) -> None:
        """Refuse what cannot be written, before anything is drawn.

        Raises:
            AnimationError: A codec is missing; the format takes no such rate or no transparency; nothing is to be
                written; the folder is not there or may not be written to.
        """
        lacks = self.kind.lacks(self.settings)
        if lacks is not None:
            raise lacks
        if self.kind.most_fps is not None and self.rate > self.kind.most_fps:
            most = float(self.kind.most_fps)
            reason = f"it shows {most:g} frames a second at most, not {float(self.rate):g}"
            raise AnimationError(self.kind.title, reason, f"give {most:g} or less, or choose another format")
        if self.has_alpha and not self.kind.alpha:
            fits = ", ".join(one.title for one in FORMATS.values() if one.alpha)
            raise AnimationError(self.kind.title, "it carries no transparency", f"choose {fits}, or a background")
        if not self.numbers:
            raise AnimationError("range", "no frame of this rate lies in it", "give a longer range or a higher rate")
        self._check_output()

    def key(self, model: str) -> str:
        """Names what is drawn, whatever part of it and however written: equal keys, equal frames.

        Args:
            model: SHA-256 of the checkpoint.
        """
        timeline = {**self.timeline.to_json(), "markers": []}
        facts = {
            "model": model,
            "base": self.base.to_json(),
            "timeline": timeline,
            "directions": [direction.to_json() for direction in self.directions],
            "fps": str(self.rate),
            "framing": [self.fit, self.resampling, self.background],
        }
        return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()

    def _check_span(self) -> None:
        if self.span is None:
            return
        first, end = self.span
        if not 0 <= first < end <= self.timeline.length:
            remedy = f"give FIRST:END with 0 <= FIRST < END <= {self.timeline.length}; END is not drawn itself"
            raise AnimationError("range", f"{first}:{end} is none of this timeline", remedy)

    def _check_output(self) -> None:
        folder = self.output.parent
        if not folder.is_dir():
            raise AnimationError(self.output, "its folder is not there", "make it first, or choose another one")
        if not os.access(folder, os.W_OK | os.X_OK):
            raise AnimationError(self.output, "its folder may not be written to", "choose another folder")
        if self.kind.is_folder:
            if self.output.exists() and (not self.output.is_dir() or any(self.output.iterdir())):
                raise AnimationError(self.output, "it is there already and not empty", "choose another name")
        elif self.output.is_dir():
            raise AnimationError(self.output, "it is a folder", "give the name of a file")


def _colour(text: str) -> tuple[int, int, int] | None:
    """Red, green and blue of "#rrggbb"; None for transparent."""
    if text == TRANSPARENT:
        return None
    try:
        if len(text) != 7 or text[0] != "#":
            raise ValueError(text)
        red, green, blue = bytes.fromhex(text[1:])
    except ValueError as error:
        raise AnimationError("background", f"{text[:20]!r} is no colour", "give #rrggbb, or transparent") from error
    return red, green, blue
