"""Which control moves what."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from ganstudio.animation.control.addresses import check_target
from ganstudio.animation.control.scale import Scale
from ganstudio.animation.errors import AnimationError

MOST_BINDINGS = 500
_MIDI = re.compile(r"midi (?:[1-9]|1[0-6]) (?:(?:control|note) (?:\d|[1-9]\d|1[01]\d|12[0-7])|pitch)")
_OSC = re.compile(r"/[\x21-\x7e]{1,299}")


@dataclass(frozen=True)
class Binding:
    """A control and what it moves; one control may move several things.

    Attributes:
        control: An OSC address (`/1/fader2`), or a MIDI control: `midi CHANNEL control NUMBER`,
            `midi CHANNEL note NUMBER`, `midi CHANNEL pitch`, channels from 1.
        target: Name of a parameter, of the seed or of a command; see `addresses`.
        scale: From the control's numbers (of MIDI: 0 to 1) to the parameter's.
        is_endless: Whether a MIDI control tells steps (1 up, 127 down) rather than where it stands.
    """

    control: str
    target: str
    scale: Scale = field(default_factory=Scale)
    is_endless: bool = False

    def __post_init__(self) -> None:
        if not isinstance(self.control, str) or not (_MIDI.fullmatch(self.control) or _OSC.fullmatch(self.control)):
            raise AnimationError(str(self.control)[:60], "it is no control", "move the control to learn it")
        check_target(self.target)
        if not isinstance(self.scale, Scale) or not isinstance(self.is_endless, bool):
            raise AnimationError(self.control, "its range is none", "bind it again")

    @property
    def is_midi(self) -> bool:
        """Whether its control is one of MIDI."""
        return self.control.startswith("midi ")

    @property
    def key(self) -> tuple[str, str]:
        """What tells it from others."""
        return self.control, self.target

    def to_json(self) -> dict[str, Any]:
        """The binding as plain values for JSON."""
        values = {"control": self.control, "target": self.target, "scale": self.scale.to_json()}
        return {**values, **({"is_endless": True} if self.is_endless else {})}

    @classmethod
    def from_json(cls, values: object) -> Self:
        """Make a binding of what JSON holds; raises AnimationError."""
        if not isinstance(values, Mapping) or any(name not in cls.__dataclass_fields__ for name in values):
            raise AnimationError("binding", "it is written in another way", "bind it again")
        scale = Scale.from_json(values.get("scale", {}))
        return cls(**{"control": "", "target": "", **values, "scale": scale})


def check_bindings(bindings: Iterable[Binding]) -> None:
    """Refuse bindings that are too many, or two of one control to one thing.

    Raises:
        AnimationError: They cannot be kept together.
    """
    keys = [binding.key for binding in bindings]
    if len(set(keys)) < len(keys) or len(keys) > MOST_BINDINGS:
        raise AnimationError("bindings", "one is there twice, or they are too many", f"keep to {MOST_BINDINGS}")


def words_for(control: str) -> str:
    """A control as people call it."""
    words = control.split(" ")
    if words[0] != "midi":
        return control
    return f"MIDI {' '.join(words[2:])}, channel {words[1]}"
