"""One step along a direction."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self

from ganstudio.rendering.looks.checking import (
    LABEL_RANGE,
    LookError,
    check_flag,
    check_keys,
    check_layers,
    check_name,
    check_number,
    check_whole,
    layers_of_json,
)

STRENGTH_RANGE = (-20.0, 20.0)
MOST_EDITS = 200


@dataclass(frozen=True)
class Edit:
    """How far a picture goes along one direction, and where.

    Attributes:
        direction: Its name: one that the checkpoint carries, an `OwnDirection`'s, or that of a single number
            (`"z:3"`, `"w:3"`, `"style:3:17"`; see `single_number`).
        strength: How far, in the direction's deviations, -20 to 20.
        layers: First layer, and one past the last, whose w are moved; None for the direction's own.
        label: The class that it is for; with another class on the canvas it does nothing. None for all.
        is_muted: Whether it is left out for now.
        is_solo: Whether all edits that are not solo are left out for now.
    """

    direction: str
    strength: float
    layers: tuple[int, int] | None = None
    label: int | None = None
    is_muted: bool = False
    is_solo: bool = False

    def __post_init__(self) -> None:
        check_name("direction", self.direction)
        check_number(f"strength of {self.direction[:60]}", self.strength, STRENGTH_RANGE)
        check_layers(f"layers of {self.direction[:60]}", self.layers)
        if self.label is not None:
            check_whole(f"class of {self.direction[:60]}", self.label, LABEL_RANGE)
        check_flag("muted", self.is_muted)
        check_flag("solo", self.is_solo)

    @property
    def key(self) -> tuple[str, tuple[int, int] | None, int | None]:
        """What tells it from the other edits of a picture: its direction, layers and class."""
        return self.direction, self.layers, self.label

    @property
    def is_plain(self) -> bool:
        """Whether it says no more than a slider does."""
        return self == Edit(self.direction, self.strength)

    def to_json(self) -> dict[str, Any]:
        """The edit as plain values for JSON; what is as usual is left out."""
        plain = Edit(self.direction, self.strength)
        optional = ("layers", "label", "is_muted", "is_solo")
        changed = {name: getattr(self, name) for name in optional if getattr(self, name) != getattr(plain, name)}
        return {"direction": self.direction, "strength": self.strength, **changed}

    @classmethod
    def from_json(cls, values: object) -> Self:
        """Make an edit of what JSON holds.

        Raises:
            LookError: An unknown name, a wrong type or a value out of range.
        """
        known: Mapping[str, Any] = check_keys("edit", values, cls.__dataclass_fields__)
        if missing := [name for name in ("direction", "strength") if name not in known]:
            raise LookError("edit", f"it has no {missing[0]}", "give the picture's recipe as it was saved")
        return cls(**{**known, "layers": layers_of_json(known.get("layers"))})


def check_edits(edits: Iterable[Edit]) -> None:
    """Refuse edits that are too many, or two that are for the same layers and class of one direction."""
    seen = set[object]()
    for edit in edits:
        if edit.key in seen:
            raise LookError(edit.direction, "it is there twice for the same layers", "name each direction once")
        seen.add(edit.key)
    if len(seen) > MOST_EDITS:
        raise LookError("edits", f"{len(seen)} are too many", f"keep to {MOST_EDITS}")


def heard(edits: Iterable[Edit]) -> tuple[Edit, ...]:
    """Those edits that are neither muted nor left out for the sake of solo ones, in their order."""
    audible = tuple(edit for edit in edits if not edit.is_muted)
    return tuple(edit for edit in audible if edit.is_solo) or audible
