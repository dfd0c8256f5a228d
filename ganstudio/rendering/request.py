"""What a picture is asked for by: plain data that can be compared, kept in a project and written into a PNG."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from ganstudio.errors import GanStudioError

SEED_RANGE = (0, 2**32 - 1)  # what numpy's RandomState takes, so that seeds mean the same as in the field's scripts
TRUNCATION_RANGE = (-2.0, 2.0)
STRENGTH_RANGE = (-20.0, 20.0)
BLEND_RANGE = (0.0, 1.0)


class LookError(GanStudioError):
    """A look with a value out of its range, of the wrong type or of an unknown name."""


@dataclass(frozen=True)
class Look:
    """How one picture is made with a generator.

    Attributes:
        seed: Which latent z is drawn, 0 to 2**32 - 1.
        truncation: How far z is from the mean latent: 1 as drawn, 0 the mean itself, -2 to 2.
        label: The class of a conditional generator, or None to let the seed choose it.
        strengths: How far to go along each named direction, in deviations of that direction, -20 to 20.
        blend_seed: A second latent to go to, or None.
        blend: How far towards it, 0 to 1.
        noise: Whether a synthesis that adds noise adds what its file carries, or none.
    """

    seed: int = 0
    truncation: float = 1.0
    label: int | None = None
    strengths: tuple[tuple[str, float], ...] = ()
    blend_seed: int | None = None
    blend: float = 0.0
    noise: bool = True

    def __post_init__(self) -> None:
        _check_whole("seed", self.seed, SEED_RANGE)
        _check_number("truncation", self.truncation, TRUNCATION_RANGE)
        if self.label is not None:
            _check_whole("label", self.label, (0, 2**31 - 1))
        if self.blend_seed is not None:
            _check_whole("blend_seed", self.blend_seed, SEED_RANGE)
        _check_number("blend", self.blend, BLEND_RANGE)
        if not isinstance(self.noise, bool):
            raise LookError("noise", f"{self.noise!r} is neither true nor false", "say true or false")
        _check_strengths(self.strengths)

    def to_json(self) -> dict[str, Any]:
        """The look as plain values for JSON; inverse of `from_json`."""
        return {
            "seed": self.seed,
            "truncation": self.truncation,
            "label": self.label,
            "strengths": dict(self.strengths),
            "blend_seed": self.blend_seed,
            "blend": self.blend,
            "noise": self.noise,
        }

    @classmethod
    def from_json(cls, values: object) -> Self:
        """Make a look of what JSON holds; what is not named keeps its default.

        Raises:
            LookError: No object, an unknown name, a wrong type or a value out of range.
        """
        if not isinstance(values, Mapping):
            raise LookError("look", "it is not an object of named values", "give the picture's recipe as it was saved")
        known = {name: values[name] for name in cls.__dataclass_fields__ if name in values}
        if unknown := sorted(str(name) for name in values if name not in known):
            raise LookError("look", f"unknown values {', '.join(unknown)[:80]}", "use a version that knows them")
        strengths = known.get("strengths", {})
        if not isinstance(strengths, Mapping):
            raise LookError("strengths", "they are not an object of numbers by name", "give the recipe as it was saved")
        return cls(**{**known, "strengths": tuple(strengths.items())})


@dataclass(frozen=True)
class RenderRequest:
    """Pictures that are wanted of one checkpoint, in this order.

    Attributes:
        checkpoint_path: Its file.
        looks: How each picture is made.
        columns: Pictures in a row of the grid that they are shown in, which fills from its middle.
        size_px: Height and width that the pictures are brought down to, by averaging; 0, or more than they have, leaves
            them as they are.
    """

    checkpoint_path: str
    looks: tuple[Look, ...]
    columns: int = 1
    size_px: int = 0


@dataclass(frozen=True, eq=False)
class Rendered:
    """An answer to a request, or a part of it.

    Attributes:
        request: What was asked for.
        pixels: uint8 `(N, H, W, C)`, one picture for each of `places`.
        elapsed_ms: Time since the request was begun, in milliseconds.
        device: What computed, in a person's words.
        places: Which of the request's looks the pixels are of; all of them in a whole answer.
        full_px: Height and width that the pictures have in full; larger than those of `pixels` while they are coarse.
        note: What went otherwise than asked for, in a person's words ("", mostly).
        network_ms: How much of `elapsed_ms` the network took.
    """

    request: RenderRequest
    pixels: npt.NDArray[np.uint8] = field(repr=False)
    elapsed_ms: float
    device: str
    places: tuple[int, ...] = ()
    full_px: int = 0
    note: str = ""
    network_ms: float = 0.0

    @property
    def is_coarse(self) -> bool:
        """Whether finer pictures of the same looks are to follow."""
        return bool(len(self.pixels)) and self.pixels.shape[1] < self.full_px

    @property
    def is_whole(self) -> bool:
        """Whether it answers the whole request in full."""
        return not self.is_coarse and len(self.pixels) == len(self.request.looks)


class Gathering:
    """Puts the parts of an answer together; parts of other requests and coarse ones are passed over."""

    def __init__(self, request: RenderRequest) -> None:
        self.request = request
        self._pixels: npt.NDArray[np.uint8] | None = None
        self._missing = set(range(len(request.looks)))

    def add(self, part: Rendered) -> Rendered | None:
        """Take in a part; the whole answer, when it was the last.

        The answer of a single part is that part, not a copy.
        """
        if part.request is not self.request or part.is_coarse:
            return None
        if part.is_whole:
            return part
        if self._pixels is None:
            self._pixels = np.zeros((len(self.request.looks), *part.pixels.shape[1:]), np.uint8)
        self._pixels[list(part.places)] = part.pixels
        self._missing.difference_update(part.places)
        if self._missing:
            return None
        return replace(part, pixels=self._pixels, places=tuple(range(len(self._pixels))))


def _check_whole(name: str, value: object, limits: tuple[int, int]) -> None:
    if isinstance(value, bool) or not isinstance(value, int):
        raise LookError(name, f"{value!r} is not a whole number", f"give one from {limits[0]} to {limits[1]}")
    _check_limits(name, value, limits)


def _check_number(name: str, value: object, limits: tuple[float, float]) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise LookError(name, f"{value!r} is not a number", f"give one from {limits[0]:g} to {limits[1]:g}")
    _check_limits(name, value, limits)


def _check_limits(name: str, value: float, limits: tuple[float, float]) -> None:
    if not limits[0] <= value <= limits[1]:
        raise LookError(name, f"{value!r} is out of range", f"give one from {limits[0]} to {limits[1]}")


def _check_strengths(strengths: tuple[tuple[str, float], ...]) -> None:
    seen = set[str]()
    for name, value in strengths:
        if not isinstance(name, str) or not name or name in seen:
            raise LookError("strengths", f"{name!r} is no name or there twice", "name each direction once")
        seen.add(name)
        _check_number(f"strength of {name[:60]}", value, STRENGTH_RANGE)
