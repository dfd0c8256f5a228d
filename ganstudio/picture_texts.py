"""A text inside a picture file: how the recipe of a picture travels with it, and is found again.

Where it stands, so that others can read it, too:

- PNG: an iTXt chunk of the keyword "ganstudio";
- WebP: the description (tag 0x010E) of the EXIF chunk, after "ganstudio:";
- JPEG: the same, and where it is longer than a segment of EXIF takes (64 KB) in comment segments instead, each
  "ganstudio NUMBER/COUNT " and a part of it.

A text of more than a few KB is written as "zlib:" and the base64 of its compressed bytes.

Files of strangers are read: nothing is decoded but what was found, lengths are checked before anything is allocated,
and a text that expands beyond `LARGEST_TEXT` is refused.
"""

import base64
import binascii
import re
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from PIL import Image, PngImagePlugin

from ganstudio.errors import GanStudioError

KEY = "ganstudio"
LARGEST_TEXT = 32 << 20  # a sheet of 400 latents of 18 x 512 numbers takes 20 MB
_LONG = 8 << 10
_PACKED = "zlib:"
_DESCRIPTION = 0x010E
_EXIF_ROOM = 60_000  # of the 65,533 bytes that a segment has
_COMMENT_ROOM = 65_000
_MOST_PARTS = 100_000  # chunks or segments that are looked at
_COMMENT = re.compile(rb"ganstudio (\d{1,5})/(\d{1,5}) ")


class PictureTextError(GanStudioError):
    """A picture whose text is damaged, or far too long."""


def encode_picture(picture: Image.Image, file: BinaryIO, kind: str, text: str | None) -> None:
    """Write a picture as "PNG", "JPEG" or "WEBP", with a text in ASCII where there is one."""
    packed = None if text is None else pack(text)
    if kind == "PNG":
        info = PngImagePlugin.PngInfo()
        if packed is not None:
            info.add_itxt(KEY, packed)
        picture.save(file, kind, pnginfo=info)
        return
    exif = Image.Exif()
    fits = packed is not None and (kind == "WEBP" or len(packed) <= _EXIF_ROOM)
    if packed is not None and fits:
        exif[_DESCRIPTION] = f"{KEY}:{packed}"
    start = file.tell()
    picture.save(file, kind, quality=95, exif=exif)
    if packed is not None and not fits:
        _insert(file, start + 2, b"".join(_comments(packed.encode("ascii"))))  # right after the mark of the beginning


def read_text(path: Path) -> str | None:
    """The text that a picture carries, or None where it carries none of ours (or is no picture).

    Raises:
        PictureTextError: One of ours is there, but is cut short, damaged, or expands to far too much.
    """
    try:
        with path.open("rb") as file:
            head = file.read(12)
            packed = _find(file, head)
            return None if packed is None else unpack(packed)
    except OSError:
        return None
    except (ValueError, struct.error) as error:
        reason = f"what it says of its making is damaged ({error})"
        raise PictureTextError(path, reason, "use the picture as it was saved") from error


def pack(text: str) -> str:
    """Make a long text short; a short one stays readable."""
    if len(text) < _LONG:
        return text
    return _PACKED + base64.b64encode(zlib.compress(text.encode(), 6)).decode("ascii")


def unpack(packed: bytes) -> str:
    """Inverse of `pack`; raises ValueError for what is damaged or expands beyond `LARGEST_TEXT`."""
    if packed.startswith(_PACKED.encode()):
        try:
            packed = _expand(base64.b64decode(packed[len(_PACKED) :], validate=True))
        except binascii.Error as error:
            raise ValueError("no base64") from error
    return packed.decode("utf-8")


def _expand(data: bytes) -> bytes:
    worker = zlib.decompressobj()
    try:
        text = worker.decompress(data, LARGEST_TEXT + 1)
    except zlib.error as error:
        raise ValueError("its compressed bytes are wrong") from error
    if len(text) > LARGEST_TEXT:
        raise ValueError(f"it expands to more than {LARGEST_TEXT >> 20} MB")
    if not worker.eof:
        raise ValueError("it is cut short")
    return text


def _find(file: BinaryIO, head: bytes) -> bytes | None:
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return _find_in_png(file)
    if head.startswith(b"\xff\xd8"):
        return _find_in_jpeg(file)
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return _find_in_webp(file)
    return None


def _find_in_png(file: BinaryIO) -> bytes | None:
    file.seek(8)
    for _ in range(_MOST_PARTS):
        start = file.read(8)
        if len(start) < 8 or start[4:] == b"IEND":
            return None
        length, name = struct.unpack(">I4s", start)
        if name not in (b"iTXt", b"tEXt", b"zTXt"):
            file.seek(length + 4, 1)
            continue
        keyword = file.read(min(length, len(KEY) + 1))
        if keyword != KEY.encode() + b"\0":
            file.seek(length - len(keyword) + 4, 1)
            continue
        body = keyword + _read(file, length - len(keyword))
        if zlib.crc32(name + body).to_bytes(4, "big") != file.read(4):
            raise ValueError("its checksum is wrong")
        return _text_of_chunk(name, body[len(keyword) :])
    return None


def _text_of_chunk(name: bytes, body: bytes) -> bytes:
    if name == b"tEXt":
        return body
    if name == b"zTXt":
        return _expand(body[1:])
    is_compressed = body[:1] == b"\1"
    parts = body[2:].split(b"\0", 2)  # after flag and method: language, translated keyword, text
    if len(parts) < 3:
        raise ValueError("it is cut short")
    return _expand(parts[2]) if is_compressed else parts[2]


def _find_in_jpeg(file: BinaryIO) -> bytes | None:
    file.seek(2)
    found: bytes | None = None
    parts: dict[int, bytes] = {}
    count = 0
    for mark, body in _segments(file):
        if mark == 0xE1 and body.startswith(b"Exif\0\0"):
            found = found or _description(body[6:])
        elif mark == 0xFE and (match := _COMMENT.match(body)):
            parts[int(match[1])], count = body[match.end() :], int(match[2])
    if not parts:
        return found
    if sorted(parts) != list(range(1, count + 1)):
        raise ValueError("a part of it is missing")
    return b"".join(parts[number] for number in range(1, count + 1))


def _segments(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """The segments of a JPEG file before its pixels: their marks and contents."""
    for _ in range(_MOST_PARTS):
        start = file.read(4)
        if len(start) < 4 or start[0] != 0xFF or start[1] in (0xDA, 0xD9):
            return
        length = int.from_bytes(start[2:], "big") - 2
        if length < 0:
            return
        if start[1] in (0xE1, 0xFE):
            yield start[1], _read(file, length)
        else:
            file.seek(length, 1)


def _find_in_webp(file: BinaryIO) -> bytes | None:
    file.seek(12)
    for _ in range(_MOST_PARTS):
        start = file.read(8)
        if len(start) < 8:
            return None
        name, length = struct.unpack("<4sI", start)
        if name == b"EXIF":
            return _description(_read(file, length).removeprefix(b"Exif\0\0"))
        file.seek(length + length % 2, 1)
    return None


def _description(tiff: bytes) -> bytes | None:
    """Our text in the description of an EXIF block; None where there is another or none."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None or len(tiff) < 8:
        return None
    (start,) = struct.unpack_from(f"{order}I", tiff, 4)
    if start + 2 > len(tiff):
        return None
    (count,) = struct.unpack_from(f"{order}H", tiff, start)
    for place in range(start + 2, min(start + 2 + 12 * count, len(tiff) - 11), 12):
        tag, kind, length, offset = struct.unpack_from(f"{order}HHII", tiff, place)
        if (tag, kind) == (_DESCRIPTION, 2) and length > 4:
            text = tiff[offset : offset + length]
            ours = text.startswith(KEY.encode() + b":")
            if ours and len(text) < length:
                raise ValueError("it is cut short")
            return text.rstrip(b"\0")[len(KEY) + 1 :] if ours else None
    return None


def _read(file: BinaryIO, length: int) -> bytes:
    if length > LARGEST_TEXT:
        raise ValueError(f"it is longer than {LARGEST_TEXT >> 20} MB")
    body = file.read(length)
    if len(body) < length:
        raise ValueError("it is cut short")
    return body


def _comments(text: bytes) -> Iterator[bytes]:
    parts = [text[start : start + _COMMENT_ROOM] for start in range(0, len(text), _COMMENT_ROOM)]
    for number, part in enumerate(parts, 1):
        body = f"{KEY} {number}/{len(parts)} ".encode() + part
        yield b"\xff\xfe" + (len(body) + 2).to_bytes(2, "big") + body


def _insert(file: BinaryIO, place: int, content: bytes) -> None:
    file.seek(place)
    rest = file.read()
    file.seek(place)
    file.write(content + rest)
