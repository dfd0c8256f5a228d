"""An npy array as a tensor; numbers only, never Python objects."""

import io

from ganstudio.checkpoints.errors import ContentError
from ganstudio.checkpoints.file_bytes import ByteSlice
from ganstudio.checkpoints.layouts.stored_values import NUMPY_TYPES, Layout, check_layout, dense_strides, stored_tensor
from ganstudio.checkpoints.pickles.budget import Budget
from ganstudio.checkpoints.tree import TensorData
from ganstudio.npy_header import read_header

_HEADER_ROOM = (1 << 16) + 12
_NAMES = {code[1:]: name for name, code in NUMPY_TYPES.items() if not name.startswith(("bfloat", "float8"))}


def read_npy(data: ByteSlice, budget: Budget) -> TensorData:
    """Check the header against the bytes that are there.

    Raises:
        ContentError: It is damaged, cut short or has trailing bytes, or holds something else than numbers.
    """
    try:
        header = read_header(io.BytesIO(data.part(0, min(data.size, _HEADER_ROOM)).read()))
    except ValueError as error:
        raise ContentError(str(error)) from error
    name = _NAMES.get(header.dtype.str[1:])
    if name is None:
        raise ContentError(f"its numbers are of the type {header.dtype}, which is not read")
    if header.size_bytes != data.size - header.offset:
        raise ContentError(f"its values take {header.size_bytes:,} bytes, but {data.size - header.offset:,} are there")
    shape = header.shape
    strides = dense_strides(shape[::-1])[::-1] if header.fortran_order else dense_strides(shape)
    layout = Layout(name, shape, strides, 0, header.dtype.str.startswith(">"))
    check_layout(layout, header.size_bytes)
    budget.spend_tensor(layout.size_bytes)
    return stored_tensor(layout, data.part(header.offset, header.size_bytes))
