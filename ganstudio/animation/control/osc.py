"""OSC packets as data: what a datagram of a stranger says, within limits, and what is sent.

A message is parsed by python-osc; bundles are walked through here, because their sizes and depth come from whoever sent
them. Time tags are not waited for: what comes is for now.

Source: The Open Sound Control 1.0 Specification (Wright 2002).
"""

import math
import struct
from dataclasses import dataclass
from importlib.util import find_spec

from ganstudio.animation.errors import AnimationError

LARGEST_PACKET = 8192  # bytes
MOST_MESSAGES = 256  # of one packet
DEEPEST = 8  # bundles inside bundles
_BUNDLE = b"#bundle\x00"
_HEAD = 16  # bytes of a bundle before its contents
_SIZES = {"i": 4, "f": 4, "h": 8, "d": 8, "s": 4, "T": 0, "F": 0, "N": 0}  # bytes that a value has at least
_MOST_VALUES = 32

HOW_TO_INSTALL = "pip install 'ganstudio[live]'"

Value = float | str | bool | None


class PacketError(AnimationError):
    """A datagram that is no OSC packet, or beyond the limits."""


@dataclass(frozen=True)
class Message:
    """One message.

    Attributes:
        address: Where it goes, beginning with a slash.
        values: What it says; numbers are finite.
    """

    address: str
    values: tuple[Value, ...] = ()

    @property
    def number(self) -> float | None:
        """Its first value as a number, true being 1 and false 0; None where it has none."""
        first = self.values[0] if self.values else None
        return float(first) if isinstance(first, int | float) else None


def can_speak() -> bool:
    """Whether OSC can be read and written here."""
    return find_spec("pythonosc") is not None


def read_packet(packet: bytes) -> tuple[Message, ...]:
    """The messages of a datagram, in their order.

    Raises:
        PacketError: It is broken, larger than `LARGEST_PACKET`, deeper than `DEEPEST`, or has more than
            `MOST_MESSAGES` messages.
        AnimationError: python-osc is not installed.
    """
    if not can_speak():
        raise AnimationError("OSC", "it needs python-osc, which is not installed", HOW_TO_INSTALL)
    if len(packet) > LARGEST_PACKET:
        raise PacketError("packet", "it is too large", f"send at most {LARGEST_PACKET} bytes")
    found: list[Message] = []
    waiting = [(packet, 0)]
    while waiting:
        part, depth = waiting.pop()
        if not part.startswith(_BUNDLE):
            found.append(_read_message(part))
        elif depth == DEEPEST:
            raise PacketError("packet", "its bundles are too deep", f"send at most {DEEPEST} in one another")
        else:
            waiting += [(inner, depth + 1) for inner in reversed(_parts_of(part))]
        if len(found) + len(waiting) > MOST_MESSAGES:
            raise PacketError("packet", "it has too many messages", f"send at most {MOST_MESSAGES}")
    return tuple(found)


def write_message(address: str, value: float) -> bytes:
    """The datagram of a message with one number."""
    from pythonosc.osc_message_builder import OscMessageBuilder

    builder = OscMessageBuilder(address)
    if isinstance(value, int):
        builder.add_arg(value, "i" if abs(value) < 1 << 31 else "h")
    else:
        builder.add_arg(value, "f")
    return bytes(builder.build().dgram)


def _parts_of(bundle: bytes) -> list[bytes]:
    """The contents of a bundle, which may be bundles again."""
    parts, place = [], _HEAD
    if len(bundle) < _HEAD:
        raise PacketError("packet", "a bundle in it is cut short", "send it whole")
    while place < len(bundle):
        if place + 4 > len(bundle):
            raise PacketError("packet", "a bundle in it is cut short", "send it whole")
        (size,) = struct.unpack_from(">i", bundle, place)
        place += 4
        if size <= 0 or size % 4 or place + size > len(bundle):
            raise PacketError("packet", f"a part of it would have {size} bytes", "send sizes that are true")
        parts.append(bundle[place : place + size])
        place += size
        if len(parts) > MOST_MESSAGES:
            raise PacketError("packet", "it has too many messages", f"send at most {MOST_MESSAGES}")
    return parts


def _read_message(packet: bytes) -> Message:
    from pythonosc.osc_message import OscMessage, ParseError

    _check_types(packet)
    try:
        message = OscMessage(packet)
    except (ParseError, ValueError, IndexError, struct.error) as error:
        raise PacketError("packet", f"it is no message ({str(error)[:60]})", "send OSC 1.0") from error
    values = tuple(message.params)
    if any(isinstance(value, float) and not math.isfinite(value) for value in values):
        raise PacketError(message.address[:60], "a number in it is not finite", "send a finite one")
    return Message(message.address, values)


def _check_types(packet: bytes) -> None:
    """Refuse a message with types that nothing here has a use for, or without their bytes, which would read as 0."""
    end = packet.find(b"\x00")
    if not packet.startswith(b"/") or end < 0:
        raise PacketError("packet", "it is neither a message nor a bundle", "send OSC 1.0")
    rest = packet[(end // 4 + 1) * 4 :]
    tags = rest.split(b"\x00", 1)[0]
    types = tags[1:].decode("latin-1")
    if tags and (not tags.startswith(b",") or not _SIZES.keys() >= set(types)):
        raise PacketError("packet", f"values of the types {tags[:20]!r}", "send numbers")
    if len(tags) > _MOST_VALUES:
        raise PacketError("packet", "it has too many values", f"send at most {_MOST_VALUES}")
    if tags and len(rest) < (len(tags) // 4 + 1) * 4 + sum(_SIZES[one] for one in types):
        raise PacketError("packet", "it is shorter than it says", "send it whole")
