"""MIDI messages as data: which control was moved, and how far."""

from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

_TOP = 127
_PITCH_RANGE = (-8192, 8191)


@dataclass(frozen=True)
class Touch:
    """A control that was moved.

    Attributes:
        control: Its name, as `Binding` has it.
        share: Where it stands, 0 to 1; of a key how hard it is held, 0 when it is let go.
        steps: How many steps an endless one was turned, up positive; 0 for a key and for pitch.
    """

    control: str
    share: float
    steps: int = 0


def can_read() -> bool:
    """Whether MIDI can be read here."""
    return find_spec("mido") is not None and find_spec("rtmidi") is not None


def read_message(message: Any) -> Touch | None:
    """What a message of mido says; None for those that no control sends."""
    kind = message.type
    if kind == "control_change":
        steps = message.value if message.value <= _TOP // 2 else message.value - _TOP - 1
        return Touch(f"midi {message.channel + 1} control {message.control}", message.value / _TOP, steps)
    if kind in {"note_on", "note_off"}:
        velocity = message.velocity if kind == "note_on" else 0
        return Touch(f"midi {message.channel + 1} note {message.note}", velocity / _TOP)
    if kind == "pitchwheel":
        low, high = _PITCH_RANGE
        return Touch(f"midi {message.channel + 1} pitch", (message.pitch - low) / (high - low))
    return None
