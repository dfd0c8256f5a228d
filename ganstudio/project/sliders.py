"""How a direction's slider was set up by whoever works with it."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from ganstudio.project.slider_effects import SliderEffects
from ganstudio.rendering.looks.checking import (
    LookError,
    check_flag,
    check_keys,
    check_layers,
    check_number,
    layers_of_json,
)
from ganstudio.rendering.looks.edit import STRENGTH_RANGE

_LONGEST_TITLE = 100


@dataclass(frozen=True)
class SliderSettings:
    """What was said of a direction's slider.

    Attributes:
        title: What it is called; "" as the direction itself says.
        low: Its lowest value, in deviations; None as the direction says.
        high: Its highest value, likewise.
        is_locked: Whether nothing moves it.
        layers: The layers that its edits are for; None for the direction's own.
        effects: What it was measured to do, None where it was not.
    """

    title: str = ""
    low: float | None = None
    high: float | None = None
    is_locked: bool = False
    layers: tuple[int, int] | None = None
    effects: SliderEffects | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.title, str) or len(self.title) > _LONGEST_TITLE:
            raise LookError("name", "it is no text, or too long", f"keep to {_LONGEST_TITLE} letters")
        for name, end in (("low end", self.low), ("high end", self.high)):
            if end is not None:
                check_number(name, end, STRENGTH_RANGE)
        if self.low is not None and self.high is not None and not self.low < self.high:
            raise LookError("range", f"{self.low:g} to {self.high:g} is none", "give a low end below the high one")
        check_flag("locked", self.is_locked)
        check_layers("layers", self.layers)

    def to_json(self) -> dict[str, Any]:
        """The settings as plain values for JSON; what was not said is left out."""
        plain = SliderSettings()
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        changed = {name: value for name, value in values.items() if value != getattr(plain, name)}
        return changed if self.effects is None else {**changed, "effects": self.effects.to_json()}


def slider_of_json(values: object) -> SliderSettings:
    """Make settings of what JSON holds.

    Raises:
        LookError: An unknown name, a wrong type or a value out of range.
    """
    known: Mapping[str, Any] = check_keys("slider", values, SliderSettings.__dataclass_fields__)
    effects = known.get("effects")
    made = {
        "layers": layers_of_json(known.get("layers")),
        "effects": None if effects is None else SliderEffects.from_json(effects),
    }
    return SliderSettings(**{**known, **made})
