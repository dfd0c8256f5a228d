"""How a value goes from one key to the next: from 0 to 1 as time goes from 0 to 1."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Self

from ganstudio.animation.errors import AnimationError

_SOLVING_STEPS = 60
_HANDLE_LIMIT = 4.0
_SPRING_TURNS, _SPRING_DAMPING = 2.25, 5.0


@dataclass(frozen=True)
class Easing:
    """One way of going.

    Attributes:
        kind: "linear"; "cubic" (slow, quick, slow); "spring" (overshoots and settles); "hold" (stays until the next
            key); "curve" (a cubic curve of one's own).
        handles: For "curve": the inner points x1, y1, x2, y2 of the Bézier curve from (0, 0) to (1, 1), its x in
            [0, 1], as animation programs and style sheets have it.
    """

    kind: str = "cubic"
    handles: tuple[float, float, float, float] = (0.25, 0.1, 0.25, 1.0)

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise AnimationError("easing", f"{str(self.kind)[:40]!r} is none", f"choose {', '.join(KINDS)}")
        is_list = isinstance(self.handles, tuple) and len(self.handles) == 4
        if not is_list or not all(_is_number(handle) for handle in self.handles):
            raise AnimationError("easing", "its handles are no four numbers", "give x1, y1, x2, y2")
        if not (0 <= self.handles[0] <= 1 and 0 <= self.handles[2] <= 1):
            raise AnimationError("easing", "a handle lies outside the time of the curve", "give x from 0 to 1")
        if max(abs(self.handles[1]), abs(self.handles[3])) > _HANDLE_LIMIT:
            reason = f"a handle is beyond {_HANDLE_LIMIT:g}"
            raise AnimationError("easing", reason, f"give y from -{_HANDLE_LIMIT:g} to {_HANDLE_LIMIT:g}")

    def at(self, time: float) -> float:
        """How far the value is, 0 to 1 (a little beyond for those that overshoot), at a time 0 to 1."""
        time = min(max(time, 0.0), 1.0)
        return _bezier(self.handles, time) if self.kind == "curve" else _CURVES[self.kind](time)

    def to_json(self) -> dict[str, Any]:
        """The easing as plain values for JSON."""
        return {"kind": self.kind, **({"handles": list(self.handles)} if self.kind == "curve" else {})}

    @classmethod
    def from_json(cls, values: object) -> Self:
        """Make an easing of what JSON holds.

        Raises:
            AnimationError: No easing.
        """
        if not isinstance(values, Mapping):
            raise AnimationError("easing", "it is not an object of named values", "give the file as it was saved")
        handles = values.get("handles")
        kind = values.get("kind", "cubic")
        return cls(kind) if handles is None else cls(kind, tuple(handles) if isinstance(handles, list) else ())


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _spring(time: float) -> float:
    """A damped oscillation about 1, brought to exactly 1 at the end."""
    swing = math.exp(-_SPRING_DAMPING * time) * math.cos(_SPRING_TURNS * 2 * math.pi * time)
    return (1 - swing) + time * math.exp(-_SPRING_DAMPING) * math.cos(_SPRING_TURNS * 2 * math.pi)


_CURVES: dict[str, Callable[[float], float]] = {
    "linear": lambda time: time,
    "cubic": lambda time: time * time * (3 - 2 * time),
    "spring": _spring,
    "hold": lambda time: float(time >= 1),
}
KINDS = (*_CURVES, "curve")


def _bezier(handles: tuple[float, float, float, float], time: float) -> float:
    """The y of the curve at the x `time`, found by bisection: x grows along the curve."""
    low, high = 0.0, 1.0
    for _step in range(_SOLVING_STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if _coordinate(handles[0], handles[2], middle) < time else (low, middle)
    return _coordinate(handles[1], handles[3], (low + high) / 2)


def _coordinate(first: float, second: float, along: float) -> float:
    rest = 1 - along
    return 3 * rest * rest * along * first + 3 * rest * along * along * second + along**3
