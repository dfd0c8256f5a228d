"""A latent between those of several pictures: a step of a way, a corner of a grid, a frame of an animation."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from ganstudio.rendering.looks.checking import LookError, check_number

if TYPE_CHECKING:
    from ganstudio.rendering.looks.look import Look

Way = Literal["arc", "straight", "w"]
WAYS: tuple[Way, ...] = ("arc", "straight", "w")
MOST_PARTS = 16
DEEPEST = 3
_SHARE_RANGE = (-4.0, 4.0)  # splines overshoot


@dataclass(frozen=True)
class Between:
    """Where the latents of several pictures meet.

    Attributes:
        parts: Pictures, of which only the latent counts, and the share of each; the shares add up to 1.
        way: "arc": between two z along the great circle, between more by their sum brought to their mean length;
            "straight": by the plain sum of z; "w": by the sum of what the mapping network makes of them, which for a
            model without one is "arc".
    """

    parts: tuple[tuple["Look", float], ...]
    way: Way = "arc"

    def __post_init__(self) -> None:
        if self.way not in WAYS:
            raise LookError("between", f"{self.way!r} is no way", f"choose {', '.join(WAYS)}")
        if not 1 <= len(self.parts) <= MOST_PARTS:
            raise LookError("between", f"{len(self.parts)} pictures", f"name 1 to {MOST_PARTS}")
        for _look, share in self.parts:
            check_number("share", share, _SHARE_RANGE)
        if abs(sum(share for _, share in self.parts) - 1) > 1e-3:
            raise LookError("between", "its shares do not add up to 1", "give shares of one whole")
        if self.depth > DEEPEST:
            raise LookError("between", "it is between pictures that are between others, too deep", "use plain ones")

    @property
    def depth(self) -> int:
        """1 where its pictures are plain ones, more where they are between others themselves."""
        return 1 + max(0 if look.between is None else look.between.depth for look, _ in self.parts)

    def to_json(self) -> dict[str, Any]:
        """It as plain values for JSON."""
        return {"way": self.way, "parts": [[look.to_json(), share] for look, share in self.parts]}


def parts_of_json(values: Mapping[str, Any], depth: int = 1) -> list[tuple[Any, Any]]:
    """The parts that the JSON of one holds, their looks unread; refuses a chain of them that has no end."""
    parts = values.get("parts")
    if not isinstance(parts, list) or not all(isinstance(part, list) and len(part) == 2 for part in parts):
        raise LookError("between", "its parts are no list of pairs", "give the picture's recipe as it was saved")
    for look, _share in parts:
        inner = look.get("between") if isinstance(look, Mapping) else None
        if isinstance(inner, Mapping):
            if depth >= DEEPEST:
                raise LookError("between", "it is too deep", "give the picture's recipe as it was saved")
            parts_of_json(inner, depth + 1)
    return [(look, share) for look, share in parts]
