"""What a slider was measured to do, as a project keeps it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from ganstudio.rendering.looks.checking import LookError, check_keys, check_name, check_number

_SHARES = (0.0, 1e6)
_CHANGES = (-1e6, 1e6)
_MOST_OTHERS = 10


@dataclass(frozen=True)
class SliderEffects:
    """What one slider does to pictures.

    Attributes:
        wanted: What it moves: the attribute that it is called by, else the one that it moves furthest.
        change: Of that from the slider's low end to its high end, in the attribute's own deviations.
        entanglement: Mean size of the changes of all others, picture by picture, over that of the wanted one.
        also: The others that change most, each with its change over that of the wanted one; the largest first.
    """

    wanted: str
    change: float
    entanglement: float
    also: tuple[tuple[str, float], ...] = ()

    def __post_init__(self) -> None:
        check_name("attribute", self.wanted)
        check_number(f"change of {self.wanted[:60]}", self.change, _CHANGES)
        check_number("entanglement", self.entanglement, _SHARES)
        if not isinstance(self.also, tuple) or len(self.also) > _MOST_OTHERS:
            raise LookError("effects", "what else changes is no short list", "measure the sliders again")
        for pair in self.also:
            if not isinstance(pair, tuple) or len(pair) != 2:
                raise LookError("effects", "what else changes is no list of pairs", "measure the sliders again")
            check_name("attribute", pair[0])
            check_number(f"change of {pair[0][:60]}", pair[1], _SHARES)

    def say_others(self) -> str:
        """What else changes, in words: "also changes: age 40 %, beard 30 %"; "" where nothing to speak of does."""
        others = ", ".join(f"{_lower(name)} {share:.0%}" for name, share in self.also)
        return f"also changes: {others}" if others else ""

    def to_json(self) -> dict[str, Any]:
        """The effects as plain values for JSON."""
        also = [[name, share] for name, share in self.also]
        return {"wanted": self.wanted, "change": self.change, "entanglement": self.entanglement, "also": also}

    @classmethod
    def from_json(cls, values: object) -> Self:
        """Make effects of what JSON holds.

        Raises:
            LookError: A wrong type, an unknown name or a value out of range.
        """
        known: Mapping[str, Any] = check_keys("effects", values, cls.__dataclass_fields__)
        also = known.get("also", [])
        if not isinstance(also, list) or not {"wanted", "change", "entanglement"} <= set(known):
            raise LookError("effects", "a value is missing", "measure the sliders again")
        pairs = tuple(tuple(pair) if isinstance(pair, list) else pair for pair in also)
        return cls(**{**known, "also": pairs})


def _lower(name: str) -> str:
    return f"{name[:1].lower()}{name[1:]}"
