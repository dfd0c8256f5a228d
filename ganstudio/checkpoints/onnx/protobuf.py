"""The wire format of protocol buffers, read field by field and never further than the bytes that are there.

Source: protobuf.dev/programming-guides/encoding.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from ganstudio.checkpoints.errors import ContentError
from ganstudio.checkpoints.file_bytes import ByteSlice

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5

_KEPT_BYTES: Final = 1 << 16  # messages up to this size are read at once
_WINDOW: Final = 4096
_MAX_VARINT: Final = 10
_MAX_FIELDS: Final = 5_000_000
_FIXED: Final = {FIXED64: 8, FIXED32: 4}


@dataclass
class FieldBudget:
    """How many fields of one file may still be read."""

    left: int = _MAX_FIELDS

    def spend(self) -> None:
        """Count one."""
        self.left -= 1
        if self.left < 0:
            raise ContentError("it has millions of parts, which no model has")


@dataclass(frozen=True, eq=False)
class Field:
    """One field of a message.

    Attributes:
        number: Which one, by the message's definition.
        wire: VARINT, FIXED64, BYTES or FIXED32.
        value: A number for VARINT, else the bytes.
    """

    number: int
    wire: int
    value: "int | ByteSlice"

    def number_value(self) -> int:
        """The value of a VARINT field as a signed 64-bit number."""
        if not isinstance(self.value, int):
            raise ContentError("a number in it is none")
        return self.value - (1 << 64) if self.value >= 1 << 63 else self.value

    def bytes_value(self) -> ByteSlice:
        """The bytes of a BYTES field."""
        if isinstance(self.value, int) or self.wire != BYTES:
            raise ContentError("a part of it is of the wrong kind")
        return self.value

    def text(self, longest: int = 4096) -> str:
        """The value of a text field."""
        data = self.bytes_value()
        if data.size > longest:
            raise ContentError("a name in it is absurdly long")
        return data.read().decode("utf-8", "replace")

    def numbers(self) -> list[int]:
        """The values of a repeated number, packed or not, signed."""
        if isinstance(self.value, int):
            return [self.number_value()]
        cursor = _Cursor(self.bytes_value())
        values = []
        while not cursor.at_end:
            value = cursor.varint()
            values.append(value - (1 << 64) if value >= 1 << 63 else value)
        return values

    def float_value(self) -> float:
        """The value of a 32-bit float field."""
        if isinstance(self.value, int) or self.wire != FIXED32:
            raise ContentError("a number in it is none")
        return float(struct.unpack("<f", self.value.read())[0])


def fields(message: ByteSlice, budget: FieldBudget) -> Iterator[Field]:
    """Read a message field by field.

    Raises:
        ContentError: It reaches beyond its bytes, or is no message.
    """
    cursor = _Cursor(ByteSlice.of(message.read()) if message.size <= _KEPT_BYTES else message)
    while not cursor.at_end:
        budget.spend()
        key = cursor.varint()
        number, wire = key >> 3, key & 7
        if number == 0 or number >= 1 << 29:
            raise ContentError("it is no protocol buffer, or damaged")
        if wire == VARINT:
            yield Field(number, wire, cursor.varint())
        elif wire == BYTES:
            yield Field(number, wire, cursor.take(cursor.varint()))
        elif wire in _FIXED:
            yield Field(number, wire, cursor.take(_FIXED[wire]))
        else:
            raise ContentError("it is no protocol buffer, or damaged")


def write_field(number: int, data: bytes) -> bytes:
    """Encode a BYTES field."""
    return write_varint(number << 3 | BYTES) + write_varint(len(data)) + data


def write_varint(value: int) -> bytes:
    """Encode an unsigned number."""
    encoded = bytearray()
    while value >= 0x80:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)


class _Cursor:
    """A place in a message, with the next few bytes at hand."""

    def __init__(self, data: ByteSlice) -> None:
        self._data = data
        self._position = 0
        self._window = b""
        self._window_start = 0

    @property
    def at_end(self) -> bool:
        return self._position >= self._data.size

    def varint(self) -> int:
        result = shift = 0
        for _ in range(_MAX_VARINT):
            byte = self._byte()
            result |= (byte & 0x7F) << shift
            if byte < 0x80:
                return result & (1 << 64) - 1
            shift += 7
        raise ContentError("a number in it is absurdly long")

    def take(self, size: int) -> ByteSlice:
        if size > self._data.size - self._position:
            raise ContentError("it was cut short, or a part of it lies about its size")
        part = self._data.part(self._position, size)
        self._position += size
        return part

    def _byte(self) -> int:
        index = self._position - self._window_start
        if not 0 <= index < len(self._window):
            size = min(_WINDOW, self._data.size - self._position)
            if size <= 0:
                raise ContentError("it was cut short")
            self._window = self._data.part(self._position, size).read()
            self._window_start, index = self._position, 0
        self._position += 1
        return self._window[index]
