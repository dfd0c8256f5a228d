"""Values of a tensor where they lie: checked against the bytes that are there, read when asked for."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from ganstudio.checkpoints.errors import ContentError
from ganstudio.checkpoints.file_bytes import ByteSlice
from ganstudio.checkpoints.tree import Array, TensorData

MAX_DIMENSIONS: Final = 16

# the field's name of a type: numpy's type of the same bits (bit patterns where numpy lacks it)
NUMPY_TYPES: Final = {
    "float64": "<f8", "float32": "<f4", "float16": "<f2", "bfloat16": "<u2", "float8_e4m3fn": "|u1",
    "float8_e5m2": "|u1", "int64": "<i8", "int32": "<i4", "int16": "<i2", "int8": "|i1", "uint64": "<u8",
    "uint32": "<u4", "uint16": "<u2", "uint8": "|u1", "bool": "|b1", "complex64": "<c8", "complex128": "<c16",
}  # fmt: skip


def item_size(dtype: str) -> int:
    """Bytes of one value."""
    return np.dtype(NUMPY_TYPES[dtype]).itemsize


@dataclass(frozen=True)
class Layout:
    """How values lie in a stretch of bytes.

    Attributes:
        dtype: A name in `NUMPY_TYPES`.
        shape: Sizes.
        strides: Steps from one value to the next, in values; as many as sizes.
        offset: Of the first value, in values.
        big_endian: Whether the most significant byte comes first.
    """

    dtype: str
    shape: tuple[int, ...]
    strides: tuple[int, ...]
    offset: int = 0
    big_endian: bool = False

    @property
    def size_bytes(self) -> int:
        """Room that the values take in C order."""
        return math.prod(self.shape) * item_size(self.dtype)

    @property
    def extent(self) -> int:
        """Number of values from the first to the last that is used."""
        if 0 in self.shape:
            return 0
        return 1 + sum((size - 1) * stride for size, stride in zip(self.shape, self.strides, strict=True))

    @property
    def is_dense(self) -> bool:
        """Whether the values lie in C order without gaps."""
        return 0 in self.shape or all(
            size == 1 or stride == wanted
            for size, stride, wanted in zip(self.shape, self.strides, dense_strides(self.shape), strict=True)
        )


def dense_strides(shape: Sequence[int]) -> tuple[int, ...]:
    """Strides of C order."""
    strides = [1] * len(shape)
    for axis in range(len(shape) - 2, -1, -1):
        strides[axis] = strides[axis + 1] * max(shape[axis + 1], 1)
    return tuple(strides)


def check_layout(layout: Layout, available_bytes: int) -> None:
    """Refuse a layout that reaches out of the bytes that are there.

    Raises:
        ContentError: It does, or its numbers are impossible.
    """
    numbers = (*layout.shape, *layout.strides, layout.offset)
    if any(type(number) is not int or not 0 <= number < 1 << 62 for number in numbers):
        raise ContentError("a tensor in it has an impossible size, stride or offset")
    if len(layout.shape) != len(layout.strides) or len(layout.shape) > MAX_DIMENSIONS:
        raise ContentError("a tensor in it has an impossible number of dimensions")
    end = (layout.offset + layout.extent) * item_size(layout.dtype)
    if end > available_bytes or (0 in layout.shape and math.prod(size or 1 for size in layout.shape) >= 1 << 62):
        raise ContentError(
            f"a tensor in it wants {end:,} bytes of a storage of {available_bytes:,}: it is damaged or made to mislead"
        )


def stored_tensor(layout: Layout, data: "ByteSlice | Any") -> TensorData:
    """Make a tensor of checked values.

    Args:
        layout: Checked by `check_layout`.
        data: The bytes, or an object whose `data` they are once the file is read to its end.
    """
    return TensorData(layout.dtype, layout.shape, lambda: load_values(layout, getattr(data, "data", data)))


def load_values(layout: Layout, data: ByteSlice) -> Array:
    """Read the values in C order, little-endian."""
    kind = np.dtype(NUMPY_TYPES[layout.dtype])
    if layout.big_endian:
        kind = kind.newbyteorder(">")
    flat = np.empty(layout.extent, kind)
    if flat.size:
        data.read_into(layout.offset * kind.itemsize, flat.view(np.uint8).data)
    if layout.is_dense:
        values = flat.reshape(layout.shape)
    else:
        steps = tuple(stride * kind.itemsize for stride in layout.strides)
        view = np.lib.stride_tricks.as_strided(flat, layout.shape, steps, writeable=False)
        values = np.ascontiguousarray(view).reshape(layout.shape)
    if layout.dtype == "bool":
        return np.not_equal(values.view(np.uint8), 0)  # other bytes than 0 and 1 are no valid bool of numpy
    return values if kind.isnative else values.astype(kind.newbyteorder("="))
