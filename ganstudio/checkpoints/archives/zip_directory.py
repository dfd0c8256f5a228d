"""The directory of a zip, compared with what stands before each entry.

Everything must be exactly where it has to be: entries follow one another from the first byte of the file to the
directory, the directory to its end record, the end record to the end of the file. So a second archive, a pickle or
anything else cannot hide before, between or behind the entries, and no other program can read the file differently.

Source: PKWARE's APPNOTE.TXT 6.3.10, sections 4.3.7, 4.3.9, 4.3.12, 4.3.14 to 4.3.16 and 4.5.3.
"""

import struct
from dataclasses import dataclass
from typing import Final

from ganstudio.checkpoints.archives.zip_entry import ZipEntry
from ganstudio.checkpoints.errors import ContentError
from ganstudio.checkpoints.file_bytes import FileBytes
from ganstudio.checkpoints.pickles.budget import TENSOR_ALLOWANCE, TENSOR_FACTOR

ZIP_MAGIC: Final = b"PK\x03\x04"
_SAVE_AGAIN: Final = "save it again, or copy it again"

_LOCAL: Final = struct.Struct("<4sHHHHHIIIHH")
_CENTRAL: Final = struct.Struct("<4sHHHHHHIIIHHHHHII")
_END: Final = struct.Struct("<4sHHHHIIH")
_END64: Final = struct.Struct("<4sQHHIIQQQQ")
_LOCATOR: Final = struct.Struct("<4sIQI")
_FULL: Final = 0xFFFFFFFF

_MAX_ENTRIES: Final = 200_000
_MAX_DIRECTORY: Final = 64 << 20
_MAX_NAME: Final = 1000
_DESCRIPTOR_FOLLOWS: Final = 0x0008
_KNOWN_FLAGS: Final = 0x0800 | _DESCRIPTOR_FOLLOWS | 0x0006  # UTF-8 names, descriptors, how hard it was compressed


@dataclass(frozen=True)
class _Header:
    """What the directory says of an entry."""

    name: str
    flags: int
    method: int
    crc: int
    packed_size: int
    size: int
    offset: int


def read_directory(file: FileBytes) -> dict[str, ZipEntry]:
    """Read and check the directory; entries in the order of the file.

    Raises:
        ContentError: Anything in it could be read in two ways, is damaged, or unpacks to far more than the file.
    """
    start, size, count = _find_directory(file)
    headers = _read_headers(file.whole.part(start, size).read(), count)
    unchecked = bool(headers) and all(header.crc == 0 for header in headers)
    if sum(header.size for header in headers) > TENSOR_FACTOR * file.size + TENSOR_ALLOWANCE:
        raise ContentError(f"it would unpack to more than {TENSOR_FACTOR} times its size")
    entries: dict[str, ZipEntry] = {}
    position = 0
    for header in sorted(headers, key=lambda header: header.offset):
        if header.offset != position:
            raise ContentError("it is damaged or made to mislead: its parts do not follow one another", _SAVE_AGAIN)
        data_start = _check_local(file, header, start)
        position = data_start + header.packed_size + _descriptor_size(file, header, data_start, start)
        packed = file.whole.part(data_start, header.packed_size)
        crc = None if unchecked and header.size else header.crc
        entries[header.name] = ZipEntry(header.name, file, packed, header.size, crc, header.method == 8)
    if position != start:
        raise ContentError("it is damaged or made to mislead: bytes lie hidden before its directory", _SAVE_AGAIN)
    return entries


def _find_directory(file: FileBytes) -> tuple[int, int, int]:
    """Start, size and number of entries of the directory."""
    end = file.size - _END.size
    if end < 0:
        raise _no_end(file)
    magic, disk, first_disk, here, count, size, start, comment = _END.unpack(file.whole.part(end, _END.size).read())
    if magic != b"PK\x05\x06":
        raise _no_end(file)
    if disk or first_disk or here != count or comment:
        raise ContentError("it is a zip archive in several parts or with a comment", _SAVE_AGAIN)
    limit = end
    if end >= _LOCATOR.size:
        magic, _, offset64, disks = _LOCATOR.unpack(file.whole.part(end - _LOCATOR.size, _LOCATOR.size).read())
        if magic == b"PK\x06\x07":
            limit = end - _LOCATOR.size - _END64.size
            found = _read_end64(file, limit, offset64, disks)
            for old, new, full in zip((start, size, count), found, (_FULL, _FULL, 0xFFFF), strict=True):
                if old not in (new, full):
                    raise ContentError("it is damaged or made to mislead: its two directories differ", _SAVE_AGAIN)
            start, size, count = found
    if start + size != limit or count > _MAX_ENTRIES or size > _MAX_DIRECTORY:
        raise ContentError("it is damaged or made to mislead: its directory is not where it should be", _SAVE_AGAIN)
    return start, size, count


def _read_end64(file: FileBytes, position: int, said: int, disks: int) -> tuple[int, int, int]:
    if position < 0 or said != position or disks > 1:
        raise ContentError("it is damaged or made to mislead: its directory is not where it should be", _SAVE_AGAIN)
    values = _END64.unpack(file.whole.part(position, _END64.size).read())
    magic, size_of_record, _, _, disk, first_disk, here, count, size, start = values
    if magic != b"PK\x06\x06" or size_of_record != _END64.size - 12 or disk or first_disk or here != count:
        raise ContentError("it is a damaged zip archive, or one in several parts", _SAVE_AGAIN)
    return start, size, count


def _no_end(file: FileBytes) -> ContentError:
    tail_size = min(file.size, 66_000)
    if b"PK\x05\x06" in file.whole.part(file.size - tail_size, tail_size).read():
        return ContentError("something follows the end of its zip archive", _SAVE_AGAIN)
    return ContentError(
        f"it was cut short: of a zip archive the first {file.size:,} bytes are there, its directory at the end is not",
        "download it again, in full",
    )


def _read_headers(directory: bytes, count: int) -> list[_Header]:
    headers: list[_Header] = []
    seen: set[str] = set()
    position = 0
    for _ in range(count):
        if position + _CENTRAL.size > len(directory):
            raise ContentError("its directory is damaged")
        values = _CENTRAL.unpack_from(directory, position)
        magic, flags, method, crc, packed, size = values[0], values[3], values[4], values[7], values[8], values[9]
        name_size, extra_size, comment_size, disk, offset = *values[10:14], values[16]
        end = position + _CENTRAL.size + name_size + extra_size + comment_size
        if magic != b"PK\x01\x02" or end > len(directory) or disk not in (0, 0xFFFF):
            raise ContentError("its directory is damaged")
        name_start = position + _CENTRAL.size
        name = _check_entry_name(directory[name_start : name_start + name_size])
        if name in seen:
            raise ContentError(f"two of its parts have the same name ({name[:80]!r})", _SAVE_AGAIN)
        seen.add(name)
        extra = directory[name_start + name_size : name_start + name_size + extra_size]
        size, packed, offset = _widen(extra, size, packed, offset)
        headers.append(_check_header(_Header(name, flags, method, crc, packed, size, offset)))
        position = end
    if position != len(directory):
        raise ContentError("its directory is damaged")
    return headers


def _check_entry_name(raw: bytes) -> str:
    try:
        name = raw.decode("utf-8")
    except UnicodeDecodeError:
        name = raw.decode("cp437")
    parts = name.split("/")
    if not name or len(name) > _MAX_NAME or "\0" in name or "\\" in name or ".." in parts or not parts[0]:
        raise ContentError(f"it has a part with an impossible name ({name[:80]!r})", _SAVE_AGAIN)
    return name


def _check_header(header: _Header) -> _Header:
    if header.flags & 0x1:
        raise ContentError("it is encrypted", "unpack it first")
    if header.flags & ~_KNOWN_FLAGS or header.method not in (0, 8):
        raise ContentError(f"its part {header.name[:80]!r} is packed in a way that is not read", _SAVE_AGAIN)
    if header.method == 0 and header.packed_size != header.size:
        raise ContentError(f"its part {header.name[:80]!r} has two sizes", _SAVE_AGAIN)
    return header


def _widen(extra: bytes, *sizes: int) -> tuple[int, ...]:
    """Take the 64-bit sizes of those that do not fit into 32 bits; the others stay."""
    wide: list[int] = []
    position = 0
    while position + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, position)
        body = extra[position + 4 : position + 4 + length]
        if len(body) < length:
            raise ContentError("its directory is damaged")
        if kind == 1:
            wide += struct.unpack(f"<{length // 8}Q", body[: length // 8 * 8])
        position += 4 + length
    return tuple(wide.pop(0) if size == _FULL and wide else size for size in sizes)


def _check_local(file: FileBytes, header: _Header, end: int) -> int:
    """Compare what stands before the entry with the directory; returns where its bytes begin."""
    if header.offset + _LOCAL.size > end:
        raise ContentError("its directory points behind its end")
    values = _LOCAL.unpack(file.whole.part(header.offset, _LOCAL.size).read())
    magic, flags, method, crc, packed, size = values[0], values[2], values[3], *values[6:9]
    name_size, extra_size = int(values[9]), int(values[10])
    start = header.offset + _LOCAL.size + name_size + extra_size
    if magic != ZIP_MAGIC or start + header.packed_size > end:
        raise ContentError("its directory points to something else than its parts")
    rest = file.whole.part(header.offset + _LOCAL.size, name_size + extra_size).read()
    size, packed = _widen(rest[name_size:], size, packed)
    later = bool(flags & _DESCRIPTOR_FOLLOWS)
    agrees = (
        _check_entry_name(rest[:name_size]) == header.name
        and flags == header.flags
        and method == header.method
        and (later or (crc, packed, size) == (header.crc, header.packed_size, header.size))
        and (not later or (crc, packed, size) in ((0, 0, 0), (header.crc, header.packed_size, header.size)))
    )
    if not agrees:
        raise ContentError(f"its part {header.name[:80]!r} is described in two ways", _SAVE_AGAIN)
    return start


def _descriptor_size(file: FileBytes, header: _Header, data_start: int, end: int) -> int:
    """Bytes of the checksum and sizes that follow an entry where the writer did not know them before."""
    if not header.flags & _DESCRIPTOR_FOLLOWS:
        return 0
    position = data_start + header.packed_size
    found = file.whole.part(position, min(24, end - position)).read()
    for form in ("<4sIII", "<4sIQQ", "<III", "<IQQ"):
        size = struct.calcsize(form)
        if len(found) < size:
            continue
        values = struct.unpack_from(form, found)
        signed = values[0] == b"PK\x07\x08"
        if (signed or not isinstance(values[0], bytes)) and values[-3:] == (
            header.crc, header.packed_size, header.size,
        ):  # fmt: skip
            return size
    raise ContentError(f"its part {header.name[:80]!r} is described in two ways", _SAVE_AGAIN)
