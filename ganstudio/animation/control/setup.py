"""All that a person has set of live control, as one frozen value; everything is off at first."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Self

from ganstudio.animation.control.binding import Binding, check_bindings
from ganstudio.animation.errors import AnimationError
from ganstudio.animation.sound.drive import Drive

PORT_RANGE = (1024, 65535)
RATE_RANGE = (1, 120)
MOST_DRIVES = 100
_HOST = re.compile(r"(?:\d{1,3}\.){3}\d{1,3}|localhost")
_FLAGS = ("hears_osc", "hears_network", "sends_osc", "hears_midi", "hears_microphone")
_LONGEST_NAME = 200


@dataclass(frozen=True)
class LiveSetup:
    """What is listened to, and what moves what.

    Attributes:
        hears_osc: Whether OSC is listened to.
        port: The UDP port for it.
        hears_network: Whether other machines are heard, too, rather than this one alone.
        sends_osc: Whether what changes is sent.
        send_host: Where to, as numbers with dots, or "localhost".
        send_port: And to which port.
        send_rate: How often in a second at most.
        hears_midi: Whether MIDI is listened to.
        midi_port: Name of the MIDI input; "" for the first.
        hears_microphone: Whether a microphone is listened to.
        microphone: Name of the sound input; "" for the system's choice.
        bindings: Which control moves what.
        drives: What of the microphone's sound moves what.
    """

    hears_osc: bool = False
    port: int = 9000
    hears_network: bool = False
    sends_osc: bool = False
    send_host: str = "127.0.0.1"
    send_port: int = 9001
    send_rate: int = 30
    hears_midi: bool = False
    midi_port: str = ""
    hears_microphone: bool = False
    microphone: str = ""
    bindings: tuple[Binding, ...] = ()
    drives: tuple[Drive, ...] = ()

    def __post_init__(self) -> None:
        for name in _FLAGS:
            if not isinstance(getattr(self, name), bool):
                raise AnimationError(name, "it is neither true nor false", "switch it on or off")
        for name, limits in (("port", PORT_RANGE), ("send_port", PORT_RANGE), ("send_rate", RATE_RANGE)):
            _check_whole(name, getattr(self, name), limits)
        if not isinstance(self.send_host, str) or not is_host(self.send_host):
            raise AnimationError(str(self.send_host)[:60], "it is no address", "give numbers such as 192.168.1.20")
        for name in ("midi_port", "microphone"):
            text = getattr(self, name)
            if not isinstance(text, str) or len(text) > _LONGEST_NAME:
                raise AnimationError(name, "it is no name", "choose one of the list")
        if len(self.drives) > MOST_DRIVES:
            raise AnimationError("microphone", f"it moves {len(self.drives)} things", f"keep to {MOST_DRIVES}")
        check_bindings(self.bindings)

    @property
    def talks_to_itself(self) -> bool:
        """Whether it would hear what it sends."""
        is_here = self.send_host == "localhost" or self.send_host.startswith("127.")
        return self.hears_osc and self.sends_osc and is_here and self.send_port == self.port

    def bindings_of(self, target: str) -> tuple[Binding, ...]:
        """What moves a target."""
        return tuple(binding for binding in self.bindings if binding.target == target)

    def to_json(self) -> dict[str, Any]:
        """The setup as plain values for JSON; inverse of `from_json`."""
        values = {item.name: getattr(self, item.name) for item in fields(self)}
        return {
            **values,
            "bindings": [binding.to_json() for binding in self.bindings],
            "drives": [drive.to_json() for drive in self.drives],
        }

    @classmethod
    def from_json(cls, values: object) -> Self:
        """Make a setup of what JSON holds; what it does not know is left out.

        Raises:
            AnimationError: A value that no setup can have.
        """
        if not isinstance(values, Mapping):
            raise AnimationError("live control", "it is not an object of named values", "set it again")
        known = {name: values[name] for name in cls.__dataclass_fields__ if name in values}
        lists: dict[str, Callable[[object], object]] = {"bindings": Binding.from_json, "drives": Drive.from_json}
        for name, read in lists.items():
            items = known.get(name, [])
            if not isinstance(items, list):
                raise AnimationError(name, "they are not a list", "set them again")
            known[name] = tuple(read(item) for item in items)
        return cls(**known)


def is_host(text: str) -> bool:
    """Whether it is an address that can be sent to: four numbers, or "localhost"."""
    if not _HOST.fullmatch(text):
        return False
    return text == "localhost" or all(int(part) <= 255 for part in text.split("."))


def _check_whole(name: str, value: object, limits: tuple[int, int]) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not limits[0] <= value <= limits[1]:
        raise AnimationError(name, f"{value!r} is out of range", f"give {limits[0]} to {limits[1]}")
