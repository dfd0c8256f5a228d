"""Which part of a sound moves which parameter, and how."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Self

from ganstudio.animation.errors import AnimationError
from ganstudio.animation.expression import formula
from ganstudio.animation.parameters import Frame, parameter_of
from ganstudio.animation.sound.features import SOURCES, SoundFeatures, Source

_RANGES = {"gain": (-100.0, 100.0), "attack_s": (0.0, 10.0), "release_s": (0.0, 10.0)}
_REACH = 8.0  # release times that are looked back


@dataclass(frozen=True)
class Drive:
    """Adds something of the sound to a parameter.

    Attributes:
        parameter: Its name in `parameters`; not the latent.
        source: What of the sound.
        gain: What the loudest adds, in the parameter's own unit.
        attack_s: Seconds in which it follows a rise.
        release_s: Seconds in which it follows a fall.
        curve: A formula of x, the value from 0 to 1, before the gain.
        is_muted: Whether it is left out for now.
    """

    parameter: str
    source: Source = "level"
    gain: float = 1.0
    attack_s: float = 0.01
    release_s: float = 0.15
    curve: str = "x"
    is_muted: bool = False

    def __post_init__(self) -> None:
        if parameter_of(self.parameter).limits is None:
            raise AnimationError("sound", "it cannot drive the latent itself", "drive a direction's strength")
        if self.source not in SOURCES:
            raise AnimationError("sound", f"{str(self.source)[:40]!r} is no part of it", f"choose {', '.join(SOURCES)}")
        for name, (low, high) in _RANGES.items():
            value = getattr(self, name)
            is_number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
            if not is_number or not low <= value <= high:
                raise AnimationError(name, f"{value!r} is out of range", f"give a number from {low:g} to {high:g}")
        formula(self.curve)

    def to_json(self) -> dict[str, Any]:
        """The drive as plain values for JSON."""
        return {item.name: getattr(self, item.name) for item in fields(self)}

    @classmethod
    def from_json(cls, values: object) -> Self:
        """Make a drive of what JSON holds; raises AnimationError."""
        if not isinstance(values, Mapping) or any(name not in cls.__dataclass_fields__ for name in values):
            raise AnimationError("sound", "what it drives is written in another way", "give the file as it was saved")
        return cls(**values)


def driven(frame: Frame, drives: tuple[Drive, ...], features: SoundFeatures, time: float, fps: float) -> Frame:
    """The frame with what the sound adds at a time (in frames); values stay within their parameters' limits."""
    for drive in drives:
        if not drive.is_muted:
            parameter = parameter_of(drive.parameter)
            low, high = parameter.limits or (0.0, 0.0)
            value = parameter.read(frame) + amount(drive, features, time, fps)
            frame = parameter.write(frame, min(max(value, low), high))
    return frame


def amount(drive: Drive, features: SoundFeatures, time: float, fps: float) -> float:
    """What a drive adds at a time: its source, followed by attack and release.

    The follower is begun some releases earlier, so that a frame's value does not depend on which was asked for before.
    """
    curve = formula(drive.curve)
    first = max(0, math.floor(time - _REACH * fps * max(drive.release_s, drive.attack_s, 1 / fps)))
    level = 0.0
    frames = [*range(first, math.floor(time) + 1), *([time] if time > math.floor(time) else [])]
    for frame in frames:
        level = follow(drive, level, curve.at(features.at(drive.source, frame)), 1 / fps)
    return drive.gain * level


def follow(drive: Drive, level: float, wanted: float, seconds: float) -> float:
    """Where a drive's follower is some seconds after it was at a level, on its way to another."""
    slowness = drive.attack_s if wanted > level else drive.release_s
    return wanted if slowness <= 0 else level + (wanted - level) * (1 - math.exp(-seconds / slowness))
