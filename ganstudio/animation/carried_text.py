"""Finds in a film what it carries of its making, without decoding any of it: no encoder has to be installed.

MP4 and MOV keep it as the comment of their metadata (Apple's `ilst`), WebM as the tag COMMENT, GIF as a comment; APNG
and WebP as other pictures do (see `picture_texts`). Files of strangers are read: lengths are checked before anything is
read, and nothing but the text is.

Source: ISO/IEC 14496-12 (boxes), Apple's QuickTime File Format (`ilst`, `mdta`), RFC 9559 (Matroska), GIF89a.
"""

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Literal

from ganstudio.picture_texts import KEY, LARGEST_TEXT, PictureTextError, read_text, unpack

Container = Literal["mp4", "webm", "gif", "picture"]
_LARGEST_INDEX = 256 << 20  # of a film of a million frames
_MOST_PARTS = 1_000_000
_COMMENT = b"\xa9cmt"
_SEGMENT, _CLUSTER, _TAGS, _TAG, _SIMPLE = 0x18538067, 0x1F43B675, 0x1254C367, 0x7373, 0x67C8
_TAG_NAME, _TAG_TEXT = 0x45A3, 0x4487
_PREFIX = f"{KEY}:".encode()


def container_of(head: bytes) -> Container | None:
    """What may carry a text, told by a file's first bytes; None for anything else."""
    if head[4:8] == b"ftyp":
        return "mp4"
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return "webm"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "gif"
    if head.startswith(b"\x89PNG\r\n\x1a\n") or (head.startswith(b"RIFF") and head[8:12] == b"WEBP"):
        return "picture"
    return None


def read_carried(path: Path) -> str | None:
    """The text that a film or picture carries, or None where it carries none of ours.

    Raises:
        PictureTextError: One of ours is there, but is cut short, damaged, or expands to far too much.
    """
    try:
        with path.open("rb") as file:
            kind = container_of(file.read(12))
            file.seek(0)
            if kind in (None, "picture"):
                return read_text(path) if kind else None
            found = {"mp4": _find_in_boxes, "webm": _find_in_elements, "gif": _find_in_gif}[kind or "gif"](file)
            return unpack(found.removeprefix(_PREFIX)) if found is not None else None
    except OSError:
        return None
    except (ValueError, struct.error) as error:
        reason = f"what it says of its making is damaged ({error})"
        raise PictureTextError(path, reason, "use the file as it was exported") from error


def _find_in_boxes(file: BinaryIO) -> bytes | None:
    for _ in range(_MOST_PARTS):
        start = file.read(8)
        if len(start) < 8:
            return None
        length, name = struct.unpack(">I4s", start)
        length = struct.unpack(">Q", file.read(8))[0] - 8 if length == 1 else length
        if name == b"moov":
            return _find_in_index(_read(file, length - 8, _LARGEST_INDEX))
        if length < 8:
            return None  # 0: it goes on to the end
        file.seek(length - 8, 1)
    return None


def _find_in_index(index: bytes) -> bytes | None:
    for name, body in _boxes(index):
        places = [part for kind, part in _boxes(body) if kind == b"meta"] if name == b"udta" else []
        for meta in [body] if name == b"meta" else places:
            found = _find_in_meta(meta[4:])  # after version and flags
            if found is not None:
                return found
    return None


def _find_in_meta(meta: bytes) -> bytes | None:
    parts = dict(_boxes(meta))
    wanted = {_COMMENT, *_numbers_of_comment(parts.get(b"keys", b""))}
    for name, item in _boxes(parts.get(b"ilst", b"")):
        text = dict(_boxes(item)).get(b"data", b"")[8:] if name in wanted else b""
        if text.startswith(_PREFIX):
            return text
    return None


def _numbers_of_comment(keys: bytes) -> Iterator[bytes]:
    """How the items of a list with keys of its own are numbered that are comments."""
    for number, (_namespace, name) in enumerate(_boxes(keys[8:]), 1):
        if name in (b"comment", b"com.apple.quicktime.comment"):
            yield struct.pack(">I", number)


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = 0
    while place + 8 <= len(data):
        length, name = struct.unpack_from(">I4s", data, place)
        if length < 8 or place + length > len(data):
            return
        yield name, data[place + 8 : place + length]
        place += length


def _find_in_elements(file: BinaryIO) -> bytes | None:
    """Look through the top of a Matroska file; what is in its clusters is skipped."""
    for _ in range(_MOST_PARTS):
        start = file.tell()
        head = file.read(12)
        element = _element(head)
        if element is None:
            return None
        name, length, used = element
        file.seek(start + used)
        if name == _TAGS:
            return _find_in_tags(_read(file, length, 2 * LARGEST_TEXT))
        if name == _SEGMENT:
            continue  # its elements come next
        if length < 0:
            return None  # a stream that was never ended
        file.seek(length, 1)
    return None


def _find_in_tags(tags: bytes) -> bytes | None:
    for name, tag in _elements(tags):
        for inner, simple in _elements(tag) if name == _TAG else ():
            values = dict(_elements(simple)) if inner == _SIMPLE else {}
            text = values.get(_TAG_TEXT, b"")
            if values.get(_TAG_NAME, b"").upper() == b"COMMENT" and text.startswith(_PREFIX):
                return text
    return None


def _elements(data: bytes) -> Iterator[tuple[int, bytes]]:
    place = 0
    while (element := _element(data[place : place + 12])) is not None:
        name, length, used = element
        if length < 0 or place + used + length > len(data):
            return
        yield name, data[place + used : place + used + length]
        place += used + length


def _element(head: bytes) -> tuple[int, int, int] | None:
    """Name, length (-1 where it is not known) and how many bytes say so, at the beginning of some; None for none."""
    if not head or not head[0] or head[0] < 0x10:
        return None
    name_size = 9 - head[0].bit_length()
    rest = head[name_size:]
    if not rest or not rest[0]:
        return None
    size = 9 - rest[0].bit_length()
    if len(rest) < size:
        return None
    length = int.from_bytes(rest[:size], "big") - (1 << 7 * size)
    is_unknown = length == (1 << 7 * size) - 1
    return int.from_bytes(head[:name_size], "big"), -1 if is_unknown else length, name_size + size


def _find_in_gif(file: BinaryIO) -> bytes | None:
    file.seek(10)
    flags = file.read(3)[:1]
    if not flags:
        return None
    if flags[0] & 0x80:
        file.seek(3 << ((flags[0] & 7) + 1), 1)
    for _ in range(_MOST_PARTS):
        if file.read(1) != b"!":
            return None  # the first picture, or the end
        is_comment = file.read(1) == b"\xfe"
        text = _blocks(file)
        if is_comment and text.startswith(_PREFIX):
            return text
    return None


def _blocks(file: BinaryIO) -> bytes:
    parts, total = [], 0
    while size := int.from_bytes(file.read(1), "big"):
        total += size
        parts.append(_read(file, size, LARGEST_TEXT - total))
    return b"".join(parts)


def _read(file: BinaryIO, length: int, most: int) -> bytes:
    if not 0 <= length <= most:
        raise ValueError("it is far too long")
    body = file.read(length)
    if len(body) < length:
        raise ValueError("it is cut short")
    return body
