"""Numpy's arrays, scalars and types as data: what each call of numpy's in a pickle stands for."""

import math
from functools import partial
from typing import Any, Final

import numpy as np

from ganstudio.checkpoints.errors import ContentError
from ganstudio.checkpoints.file_bytes import ByteSlice
from ganstudio.checkpoints.layouts.stored_values import NUMPY_TYPES, Layout, check_layout, dense_strides, stored_tensor
from ganstudio.checkpoints.pickles.context import Constructor, Context
from ganstudio.checkpoints.tree import Record, Symbol, TensorData

_DTYPE: Final = "numpy.dtype"
_KINDS: Final = {
    np.dtype(code).str[1:]: name for name, code in NUMPY_TYPES.items() if not name.startswith(("bf", "float8"))
}
_LONGEST_SCALAR: Final = 64


class PendingArray:
    """An array between the call that announces it and the state that says what it is."""

    def __init__(self) -> None:
        self.memo_places: list[int] = []


def build_array(context: Context, state: Any) -> Any:
    """Make the array of `ndarray.__setstate__`: (version, shape, dtype, is_fortran, data)."""
    if not isinstance(state, tuple) or len(state) not in (4, 5):
        raise TypeError("no state of an array")
    shape, dtype, fortran, data = state[-4:]
    return _make_array(context, data, dtype, shape, "F" if fortran else "C")


def _make_array(context: Context, data: Any, dtype: Any, shape: Any, order: Any = "C") -> Any:
    if isinstance(shape, int):
        shape = (shape,)
    if not isinstance(shape, tuple) or not _is_dtype(dtype):
        raise TypeError("an array without shape or type")
    name, big_endian = _kind_of(dtype)
    if name is None:
        return _keep_array(shape, dtype, data)
    if isinstance(data, str):  # Python 2 kept bytes in its texts
        data = data.encode("latin-1")
    if not isinstance(data, bytes | ByteSlice):
        raise TypeError("an array without bytes")
    stretch = ByteSlice.of(data) if isinstance(data, bytes) else data
    strides = dense_strides(shape[::-1])[::-1] if order == "F" else dense_strides(shape)
    layout = Layout(name, shape, strides, 0, big_endian)
    check_layout(layout, stretch.size)
    if layout.size_bytes != stretch.size:
        raise ContentError("an array in it has more bytes than its shape says")
    context.budget.spend_tensor(layout.size_bytes)
    return stored_tensor(layout, stretch)


def _keep_array(shape: tuple[Any, ...], dtype: Record, data: Any) -> Record:
    """An array of objects or texts: its members, which are data themselves."""
    members = math.prod(shape) if all(type(size) is int and size >= 0 for size in shape) else -1
    if members < 0 or (isinstance(data, list) and len(data) != members):
        raise TypeError("an array with a wrong number of members")
    return Record("numpy.ndarray", (shape, dtype), items=data)


def _make_dtype(context: Context, code: Any, *options: Any) -> Record:
    if isinstance(code, Symbol):
        code = code.name
    if not isinstance(code, str | bytes) or len(code) > 40:
        raise TypeError("a type without a name")
    return Record(_DTYPE, (code if isinstance(code, str) else code.decode("latin-1"), *options))


def _is_dtype(dtype: Any) -> bool:
    return isinstance(dtype, Record) and dtype.class_name == _DTYPE


def _kind_of(dtype: Record) -> tuple[str | None, bool]:
    """Our name of a number's type (None if it is none), and whether it is big-endian."""
    code = dtype.args[0].lstrip("<>|=")
    code = {"b1": "b1", "?": "b1"}.get(code, code)
    prefix = dtype.args[0][:1]
    state = dtype.state
    order = state[1] if isinstance(state, tuple) and len(state) > 1 else prefix
    if isinstance(order, bytes):
        order = order.decode("latin-1")
    return _KINDS.get(code), order == ">"


def _make_scalar(context: Context, dtype: Any, data: Any = b"") -> Any:
    """`numpy.core.multiarray.scalar`: one number, as Python's own."""
    if not _is_dtype(dtype):
        raise TypeError("a scalar without a type")
    name, big_endian = _kind_of(dtype)
    if isinstance(data, str):
        data = data.encode("latin-1")
    if name is None:
        return Record("numpy.generic", (dtype,), state=data)
    if not isinstance(data, bytes) or len(data) > _LONGEST_SCALAR:
        raise TypeError("a scalar without bytes")
    kind = np.dtype(NUMPY_TYPES[name]).newbyteorder(">" if big_endian else "<")
    if len(data) != kind.itemsize:
        raise ValueError("a scalar of another size")
    return np.frombuffer(data, kind)[0].item()


def _announce_array(context: Context, *args: Any) -> PendingArray:
    cls = args[0] if args else None
    if len(args) != 3 or not isinstance(cls, Symbol) or cls.name not in ("numpy.ndarray", "numpy.matrix"):
        raise ContentError("it holds an array of a kind that is not read")
    return PendingArray()


def _from_buffer(context: Context, data: Any, dtype: Any, shape: Any, order: Any = "C", *_: Any) -> Any:
    return _make_array(context, data, dtype, shape, order)


def _keep(name: str, context: Context, *args: Any) -> Record:
    return Record(name, args)


def _convert_scalar(context: Context, value: Any = 0) -> Any:
    """`numpy.float64(1.0)`: the number itself."""
    if not isinstance(value, int | float | complex | TensorData):
        raise TypeError("a number of something else")
    return value


_RANDOM: Final = (
    "numpy.random.__RandomState_ctor", "numpy.random._pickle.__randomstate_ctor",
    "numpy.random._pickle.__bit_generator_ctor", "numpy.random._pickle.__generator_ctor",
    "numpy.random._mt19937.MT19937", "numpy.random._pcg64.PCG64", "numpy.random._generator.Generator",
    "numpy.random.mtrand.RandomState", "numpy.random.bit_generator.SeedSequence",
    "numpy.random.bit_generator.__pyx_unpickle_SeedSequence",
)  # fmt: skip
_SCALAR_TYPES: Final = (
    "float16", "float32", "float64", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "bool_",
    "complex64", "complex128", "float_", "int_",
)  # fmt: skip

NUMPY_CONSTRUCTORS: Final[dict[str, Constructor]] = {
    "numpy._core.multiarray._reconstruct": _announce_array,
    "numpy._core.multiarray.scalar": _make_scalar,
    "numpy._core.numeric._frombuffer": _from_buffer,
    "numpy.dtype": _make_dtype,
    "numpy.ndarray": _announce_array,
    "numpy.matrix": _announce_array,
    **{f"numpy.{name}": _convert_scalar for name in _SCALAR_TYPES},
    **{name: partial(_keep, name) for name in _RANDOM},
}
