"""From the numbers of a fader to those of a parameter."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from ganstudio.animation.errors import AnimationError
from ganstudio.animation.expression import formula

MOST = 1e6


@dataclass(frozen=True)
class Scale:
    """How a number that comes in becomes a value.

    Attributes:
        come: What comes from one end of the control to the other; turned round it works the other way.
        to: The values for the two ends, in the parameter's own unit.
        curve: A formula of x, how far the control is, 0 to 1; its result is how far the value is.
    """

    come: tuple[float, float] = (0.0, 1.0)
    to: tuple[float, float] = (0.0, 1.0)
    curve: str = "x"

    def __post_init__(self) -> None:
        for name, ends in (("what comes", self.come), ("range", self.to)):
            if not isinstance(ends, tuple) or len(ends) != 2 or not all(_is_number(end) for end in ends):
                raise AnimationError(name, f"{str(ends)[:40]} is no range", f"give two numbers within {MOST:g}")
        if self.come[0] == self.come[1]:
            raise AnimationError("what comes", f"{self.come[0]:g} to {self.come[1]:g} is no range", "give two ends")
        formula(self.curve)

    def at(self, number: float) -> float:
        """The value for a number; beyond the ends of the control it is that of the end."""
        first, last = self.come
        share = min(max((number - first) / (last - first), 0.0), 1.0)
        low, high = self.to
        return low + formula(self.curve).at(share) * (high - low)

    def to_json(self) -> dict[str, Any]:
        """The scale as plain values for JSON."""
        return {"come": list(self.come), "to": list(self.to), "curve": self.curve}

    @classmethod
    def from_json(cls, values: object) -> Self:
        """Make a scale of what JSON holds; raises AnimationError."""
        if not isinstance(values, Mapping) or any(name not in cls.__dataclass_fields__ for name in values):
            raise AnimationError("range", "it is written in another way", "bind it again")
        ends = {name: tuple(values[name]) for name in ("come", "to") if isinstance(values.get(name), list | tuple)}
        return cls(**{**values, **ends})


def _is_number(value: object) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and math.isfinite(value) and abs(value) <= MOST  # type: ignore[arg-type] # a number
