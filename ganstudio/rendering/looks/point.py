"""A latent itself, where no seed stands for it: pasted, imported, found by projection."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from ganstudio.rendering.looks.checking import (
    LookError,
    check_keys,
    check_numbers,
    numbers_of_text,
    text_of_numbers,
)

POINT_SPACES = {"z": 1, "w": 1, "w_plus": 2}  # and how many axes a latent of it has


@dataclass(frozen=True)
class LatentPoint:
    """One latent.

    Attributes:
        space: "z" `(z_dim,)`, "w" `(w_dim,)` or "w_plus" `(num_ws, w_dim)`.
        shape: Of the latent.
        values: Its float32 numbers, little end first, row by row.
    """

    space: str
    shape: tuple[int, ...]
    values: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if self.space not in POINT_SPACES:
            raise LookError("latent", f"{self.space!r} is no space", f"use {', '.join(POINT_SPACES)}")
        check_numbers("latent", self.values, self.shape)
        if len(self.shape) != POINT_SPACES[self.space]:
            raise LookError("latent", f"one of {self.space} has no shape {list(self.shape)}", "give one latent")

    @property
    def array(self) -> npt.NDArray[np.float32]:
        """The numbers float32, to be read only."""
        return np.frombuffer(self.values, "<f4").reshape(self.shape)

    def to_json(self) -> dict[str, Any]:
        """The latent as plain values for JSON, its numbers as base64."""
        return {"space": self.space, "shape": list(self.shape), "values": text_of_numbers(self.values)}

    @classmethod
    def from_json(cls, values: object) -> Self:
        """Make a latent of what JSON holds.

        Raises:
            LookError: A wrong type, a space that is none, numbers that are damaged or not finite.
        """
        known: Mapping[str, Any] = check_keys("latent", values, cls.__dataclass_fields__)
        shape = known.get("shape")
        return cls(
            str(known.get("space")),
            tuple(shape) if isinstance(shape, list) else (),
            numbers_of_text("latent", known.get("values")),
        )


def latent_point(space: str, array: npt.ArrayLike) -> LatentPoint:
    """Make a latent of numbers of the space's shape; see `LatentPoint`."""
    numbers = np.ascontiguousarray(array, "<f4")
    return LatentPoint(space, numbers.shape, numbers.tobytes())
