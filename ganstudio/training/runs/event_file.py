"""TensorBoard's event files: curves, scores and sample sheets of a run for those who watch many programs in one place.

The format is a sequence of framed records, each an Event message of a few fields, written here by hand: the package
that does it brings gRPC, protobuf and a web server along. Source: TensorFlow's record_writer.h (framing and masked
CRC-32C) and event.proto, summary.proto (field numbers).
"""

import io
import struct
import time
from collections.abc import Mapping
from pathlib import Path

from ganstudio.files import FileWriteError
from ganstudio.images import Pixels, to_pillow

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5  # wire types of protobuf
_POLYNOMIAL = 0x82F63B78  # of CRC-32C, bits reversed
_START = 1  # SessionLog.START: what came at this step or later, in files before this one, is void


class EventFile:
    """One file of events; each stretch of training writes its own.

    Args:
        folder: Where; made when the first event is written.
        first_step: Where the stretch begins: later points of stretches before it are void.
    """

    def __init__(self, folder: Path, first_step: int) -> None:
        self._folder, self._first_step = folder, first_step
        self._path: Path | None = None

    def add_scalars(self, step: int, scalars: Mapping[str, float]) -> None:
        """Add a point to each of some curves.

        Raises:
            FileWriteError: The disk is full or the folder gone.
        """
        values = b"".join(
            _field(1, _text(1, name) + _key(2, _FIXED32) + struct.pack("<f", value)) for name, value in scalars.items()
        )
        self._write(_event(step, _field(5, values)))

    def add_picture(self, step: int, name: str, picture: Pixels) -> None:
        """Add a picture uint8 `(H, W, C)`, grey or RGB.

        Raises:
            FileWriteError: The disk is full or the folder gone.
        """
        height, width, channels = picture.shape
        image = _number(1, height) + _number(2, width) + _number(3, channels) + _field(4, _png(picture))
        self._write(_event(step, _field(5, _field(1, _text(1, name) + _field(4, image)))))

    def _write(self, event: bytes) -> None:
        try:
            if self._path is None:
                self._begin()
            assert self._path is not None  # noqa: S101 - _begin has made it
            with self._path.open("ab") as file:
                file.write(_framed(event))
        except OSError as error:
            path = self._path or self._folder
            raise FileWriteError(path, f"it cannot be written ({error.strerror})", "free some space") from error

    def _begin(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        number = len(list(self._folder.glob("events.out.tfevents.*")))
        path = self._folder / f"events.out.tfevents.{int(time.time()):010d}.{number}.ganstudio"
        version = _key(1, _FIXED64) + struct.pack("<d", time.time()) + _text(3, "brain.Event:2")
        start = _event(self._first_step, _field(7, _number(1, _START)))
        path.write_bytes(_framed(version) + _framed(start))
        self._path = path


def read_events(path: Path) -> list[tuple[int, dict[str, float]]]:
    """The scalars of a file by step, whole records only; for checking what was written.

    Raises:
        ValueError: A record whose sum is wrong.
    """
    data, found, place = path.read_bytes(), [], 0
    while place + 12 <= len(data):
        (length,) = struct.unpack_from("<Q", data, place)
        body = data[place + 12 : place + 12 + length]
        if len(body) < length or place + 16 + length > len(data):
            break  # cut by a kill
        (sum_of_body,) = struct.unpack_from("<I", data, place + 12 + length)
        if sum_of_body != _masked_crc(body):
            raise ValueError(f"the record at byte {place} has a wrong sum")
        found.append(_scalars_of(body))
        place += 16 + length
    return [(step, scalars) for step, scalars in found if scalars]


def _png(picture: Pixels) -> bytes:
    buffer = io.BytesIO()
    to_pillow(picture).save(buffer, "PNG")
    return buffer.getvalue()


def _scalars_of(event: bytes) -> tuple[int, dict[str, float]]:
    fields = dict(_fields(event))
    scalars: dict[str, float] = {}
    summary = fields.get(5, b"")
    for number, value in _fields(summary if isinstance(summary, bytes) else b""):
        if number == 1 and isinstance(value, bytes):
            own = dict(_fields(value))
            name, number_bytes = own.get(1), own.get(2)
            if isinstance(name, bytes) and isinstance(number_bytes, bytes):
                scalars[name.decode()] = struct.unpack("<f", number_bytes)[0]
    step = fields.get(2, 0)
    return (step if isinstance(step, int) else 0), scalars


def _fields(message: bytes) -> list[tuple[int, int | bytes]]:
    found: list[tuple[int, int | bytes]] = []
    place = 0
    while place < len(message):
        key, place = _read_varint(message, place)
        number, kind = key >> 3, key & 7
        if kind == _VARINT:
            value, place = _read_varint(message, place)
            found.append((number, value))
            continue
        if kind == _BYTES:
            length, place = _read_varint(message, place)
        else:
            length = 8 if kind == _FIXED64 else 4
        found.append((number, message[place : place + length]))
        place += length
    return found


def _read_varint(message: bytes, place: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[place]
        place += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, place
        shift += 7


def _event(step: int, content: bytes) -> bytes:
    return _key(1, _FIXED64) + struct.pack("<d", time.time()) + _number(2, step) + content


def _key(number: int, kind: int) -> bytes:
    return _varint(number << 3 | kind)


def _number(number: int, value: int) -> bytes:
    return _key(number, _VARINT) + _varint(value)


def _text(number: int, text: str) -> bytes:
    return _field(number, text.encode())


def _field(number: int, content: bytes) -> bytes:
    return _key(number, _BYTES) + _varint(len(content)) + content


def _varint(value: int) -> bytes:
    parts = bytearray()
    while value >= 0x80:
        parts.append(value & 0x7F | 0x80)
        value >>= 7
    parts.append(value)
    return bytes(parts)


def _framed(record: bytes) -> bytes:
    length = struct.pack("<Q", len(record))
    sums = (struct.pack("<I", _masked_crc(part)) for part in (length, record))
    return length + next(sums) + record + next(sums)


def _masked_crc(data: bytes) -> int:
    crc = 0xFFFFFFFF
    for byte in data:
        crc = _TABLE[(crc ^ byte) & 0xFF] ^ (crc >> 8)
    crc ^= 0xFFFFFFFF
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


def _make_table() -> tuple[int, ...]:
    table = []
    for byte in range(256):
        for _ in range(8):
            byte = byte >> 1 ^ (_POLYNOMIAL if byte & 1 else 0)  # noqa: PLW2901 - the register of the division
        table.append(byte)
    return tuple(table)


_TABLE = _make_table()
