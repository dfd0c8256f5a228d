"""Torch's tensors, parameters and storages as data: what each call of torch's in a pickle stands for."""

from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from ganstudio.checkpoints.errors import ContentError
from ganstudio.checkpoints.file_bytes import ByteSlice
from ganstudio.checkpoints.layouts.stored_values import Layout, check_layout, stored_tensor
from ganstudio.checkpoints.pickles.context import Constructor, Context
from ganstudio.checkpoints.tree import Symbol, TensorData

_SAVE_PLAIN: Final = "save its weights as plain float32 tensors"


@dataclass(eq=False)
class Storage:
    """Values of one type in a row, which tensors are views of.

    Attributes:
        dtype: The field's name for their type.
        size_bytes: How many bytes it takes.
        data: Where they are; None until the file is read as far as that.
        big_endian: Whether the most significant byte comes first.
    """

    dtype: str
    size_bytes: int
    data: ByteSlice | None = None
    big_endian: bool = False


_STORAGE_TYPES: Final = {
    "DoubleStorage": "float64", "FloatStorage": "float32", "HalfStorage": "float16", "BFloat16Storage": "bfloat16",
    "LongStorage": "int64", "IntStorage": "int32", "ShortStorage": "int16", "CharStorage": "int8",
    "ByteStorage": "uint8", "BoolStorage": "bool", "ComplexFloatStorage": "complex64",
    "ComplexDoubleStorage": "complex128", "UntypedStorage": "uint8",
}  # fmt: skip
_QUANTISED: Final = {"QInt8Storage", "QUInt8Storage", "QInt32Storage", "QUInt4x2Storage", "QUInt2x4Storage"}
_TENSOR_TYPES: Final = {name.replace("Storage", "Tensor"): dtype for name, dtype in _STORAGE_TYPES.items()}
_DTYPES: Final = (
    "float64", "float32", "float16", "bfloat16", "float8_e4m3fn", "float8_e5m2", "int64", "int32", "int16", "int8",
    "uint8", "uint16", "uint32", "uint64", "bool", "complex64", "complex128",
)  # fmt: skip


def storage_dtype(kind: Any) -> str:
    """The type of the values of a storage class.

    Raises:
        ContentError: It is quantised or unknown.
    """
    if not isinstance(kind, Symbol):
        raise TypeError("a storage without a class")
    module, _, name = kind.name.rpartition(".")
    if name in _QUANTISED:
        raise _quantised()
    if module not in ("torch", "torch.cuda", "torch.storage") or name not in _STORAGE_TYPES:
        raise ContentError(f"it keeps values in {kind.name[:80]!r}, which is no storage that is read", _SAVE_PLAIN)
    return _STORAGE_TYPES[name]


def _quantised() -> ContentError:
    return ContentError("its tensors are quantised, which generators' weights are not", _SAVE_PLAIN)


def _rebuild_tensor(context: Context, storage: Any, offset: Any, size: Any, stride: Any) -> TensorData:
    return _view(context, storage, offset, size, stride)


def _rebuild_tensor_v2(
    context: Context, storage: Any, offset: Any, size: Any, stride: Any,
    requires_grad: Any = False, hooks: Any = None, metadata: Any = None,
) -> TensorData:  # fmt: skip
    return _view(context, storage, offset, size, stride)


def _rebuild_tensor_v3(
    context: Context, storage: Any, offset: Any, size: Any, stride: Any,
    requires_grad: Any, hooks: Any, dtype: Any, metadata: Any = None,
) -> TensorData:  # fmt: skip
    return _view(context, storage, offset, size, stride, _dtype_name(dtype))


def _dtype_name(dtype: Any) -> str:
    name = dtype.name.removeprefix("torch.") if isinstance(dtype, Symbol) else ""
    if name not in _DTYPES:
        raise ContentError(f"a tensor in it is of the type {name[:40]!r}, which is not read", _SAVE_PLAIN)
    return name


def _view(context: Context, storage: Any, offset: Any, size: Any, stride: Any, dtype: str = "") -> TensorData:
    if not isinstance(storage, Storage) or not isinstance(size, tuple) or not isinstance(stride, tuple):
        raise TypeError("a tensor without storage, size or stride")
    layout = Layout(dtype or storage.dtype, size, stride, offset, storage.big_endian)
    check_layout(layout, storage.size_bytes)
    context.budget.spend_tensor(layout.size_bytes)
    return stored_tensor(layout, storage)


def _rebuild_parameter(context: Context, data: Any, *_: Any) -> Any:
    if not isinstance(data, TensorData):
        raise TypeError("a parameter without a tensor")
    return data


def _rebuild_from_type(context: Context, function: Any, cls: Any, args: Any, state: Any = None) -> Any:
    """A tensor of a subclass: the tensor itself."""
    if not isinstance(function, Symbol) or not isinstance(args, tuple):
        raise TypeError("a tensor of no kind")
    rebuild = _REBUILDS.get(function.name)
    if rebuild is None:
        raise ContentError(f"it holds a tensor of a kind that is not read ({function.name[:80]})", _SAVE_PLAIN)
    return rebuild(context, *args)


def _from_numpy(context: Context, data: Any, *_: Any) -> Any:
    if not isinstance(data, TensorData):
        raise TypeError("a tensor without values")
    return data


def _load_from_bytes(context: Context, data: Any) -> Any:
    """A storage that travels as a whole torch file inside of the pickle; read by the same machine, one level deep."""
    if isinstance(data, str):
        data = data.encode("latin-1")
    if isinstance(data, bytes):
        data = ByteSlice.of(data)
    if not isinstance(data, ByteSlice):
        raise TypeError("a storage without bytes")
    if context.load_from_bytes is None:
        raise ContentError("it nests whole files in one another")
    return context.load_from_bytes(data)


def _make_size(context: Context, sizes: Any = ()) -> tuple[Any, ...]:
    if not isinstance(sizes, tuple | list):
        raise TypeError("sizes of something else")
    return tuple(sizes)


def _keep_device(context: Context, *args: Any) -> str:
    return ":".join(str(arg)[:40] for arg in args[:2])


def _refuse(what: str, context: Context, *args: Any) -> Any:
    raise ContentError(f"it holds {what}, which generators' weights are not", _SAVE_PLAIN)


def _tagged(context: Context, value: Any, *_: Any) -> Any:
    """A list or dict that TorchScript writes with the type of its members."""
    return value


def _name(name: str, context: Context, *args: Any) -> Any:
    raise ContentError(f"it asks to make a {name} in a way that no torch writes")


_REBUILDS: Final[dict[str, Constructor]] = {
    "torch._utils._rebuild_tensor": _rebuild_tensor,
    "torch._utils._rebuild_tensor_v2": _rebuild_tensor_v2,
    "torch._utils._rebuild_tensor_v3": _rebuild_tensor_v3,
    "torch._utils._rebuild_parameter": _rebuild_parameter,
    "torch._utils._rebuild_parameter_with_state": _rebuild_parameter,
    "torch._utils._rebuild_device_tensor_from_numpy": _from_numpy,
    "torch._utils._rebuild_device_tensor_from_cpu_tensor": _from_numpy,
}
_NAMED_TYPES: Final = (
    *(f"torch.{name}" for name in (*_STORAGE_TYPES, *_QUANTISED, *_TENSOR_TYPES)),
    *(f"torch.cuda.{name}" for name in (*_STORAGE_TYPES, *_TENSOR_TYPES)),
    "torch.storage.UntypedStorage", "torch.storage.TypedStorage", "torch.storage._LegacyStorage",
    *(f"torch.{name}" for name in _DTYPES),
    "torch.qint8", "torch.quint8", "torch.qint32", "torch.complex32", "torch.float8_e4m3fnuz",
    "torch.float8_e5m2fnuz", "torch.float8_e8m0fnu",
)  # fmt: skip

TORCH_CONSTRUCTORS: Final[dict[str, Constructor]] = {
    **_REBUILDS,
    **{name: partial(_name, name) for name in _NAMED_TYPES},
    "torch._tensor._rebuild_from_type_v2": _rebuild_from_type,
    "torch._tensor._rebuild_from_type": _rebuild_from_type,
    "torch.storage._load_from_bytes": _load_from_bytes,
    "torch.Size": _make_size,
    "torch.device": _keep_device,
    "torch.serialization._get_layout": _keep_device,
    "torch._utils._rebuild_qtensor": partial(_refuse, "quantised tensors"),
    "torch._utils._rebuild_sparse_tensor": partial(_refuse, "sparse tensors"),
    "torch._utils._rebuild_sparse_csr_tensor": partial(_refuse, "sparse tensors"),
    "torch._utils._rebuild_nested_tensor": partial(_refuse, "nested tensors"),
    "torch._utils._rebuild_meta_tensor_no_storage": partial(_refuse, "tensors without values"),
    "torch._utils._rebuild_wrapper_subclass": partial(_refuse, "tensors of a special kind"),
    "torch.jit._pickle.restore_type_tag": _tagged,
    "torch.jit._pickle.build_intlist": _tagged,
    "torch.jit._pickle.build_doublelist": _tagged,
    "torch.jit._pickle.build_boollist": _tagged,
    "torch.jit._pickle.build_tensorlist": _tagged,
}
