"""The header of an npy file, read as data: nothing in it is evaluated, and what it promises is checked first."""

import math
import re
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np

NPY_MAGIC = b"\x93NUMPY"

_MAX_HEADER_BYTES = 1 << 16
_MAX_DIMENSIONS = 8
_DTYPE = re.compile(r"'descr'\s*:\s*'([<>|=]?[a-zA-Z][0-9]{0,4})'")
_ORDER = re.compile(r"'fortran_order'\s*:\s*(True|False)")
_SHAPE = re.compile(r"'shape'\s*:\s*\(([0-9L,\s]*)\)")


@dataclass(frozen=True)
class ArrayHeader:
    """What an array is, and where its values begin in the file."""

    shape: tuple[int, ...]
    dtype: np.dtype[np.generic]
    fortran_order: bool
    offset: int

    @property
    def size_bytes(self) -> int:
        """Room that its values take; exact, however large."""
        return math.prod(self.shape) * self.dtype.itemsize


def read_header(file: BinaryIO) -> ArrayHeader:
    """Read the header of an npy file from its beginning.

    Raises:
        ValueError: It is none, is damaged, or describes Python objects or fields instead of numbers.
    """
    start = file.read(8)
    if len(start) < 8 or start[:6] != NPY_MAGIC or start[6] not in (1, 2, 3):
        raise ValueError("it is not an npy array")
    length_bytes = file.read(2 if start[6] == 1 else 4)
    length = int.from_bytes(length_bytes, "little")
    if length > _MAX_HEADER_BYTES:
        raise ValueError("its header is far too long")
    text = file.read(length)
    if len(text) < length:
        raise ValueError("it is cut off in its header")
    return _parse(text.decode("utf-8", "replace"), 8 + len(length_bytes) + length)


def _parse(text: str, offset: int) -> ArrayHeader:
    dtype, order, shape = _DTYPE.search(text), _ORDER.search(text), _SHAPE.search(text)
    if dtype is None or order is None or shape is None:
        raise ValueError("its header is damaged, or it holds more than plain numbers")
    kind = dtype[1].lstrip("<>|=")[:1]
    if kind == "O":
        raise ValueError("it holds Python objects, which could run code and are never opened")
    if kind not in "buif":
        raise ValueError("it holds no numbers")
    lengths = [part.strip().rstrip("L") for part in shape[1].split(",") if part.strip()]
    if len(lengths) > _MAX_DIMENSIONS or any(not length.isdigit() or len(length) > 18 for length in lengths):
        raise ValueError("its shape is absurd")
    try:
        kind_of_number = np.dtype(dtype[1])
    except TypeError as error:
        raise ValueError("its kind of numbers is unknown") from error
    return ArrayHeader(tuple(map(int, lengths)), kind_of_number, order[1] == "True", offset)
