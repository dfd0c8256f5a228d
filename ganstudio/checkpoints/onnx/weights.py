"""The values of an ONNX model's tensors, wherever it keeps them: as bytes, as fields, or in a file beside it."""

import math
from pathlib import Path
from typing import Final

import numpy as np

from ganstudio.checkpoints.errors import CheckpointError, ContentError
from ganstudio.checkpoints.file_bytes import ByteSlice, FileBytes
from ganstudio.checkpoints.layouts.stored_values import (
    NUMPY_TYPES,
    Layout,
    check_layout,
    dense_strides,
    item_size,
    stored_tensor,
)
from ganstudio.checkpoints.onnx.graph import ELEMENT_TYPES, OnnxModel, StoredTensor
from ganstudio.checkpoints.onnx.protobuf import FIXED32, FIXED64, VARINT, Field, FieldBudget, fields, write_field
from ganstudio.checkpoints.pickles.budget import Budget
from ganstudio.checkpoints.tree import Array, TensorData

_FIELD_TYPES: Final = {4: "<f4", 10: "<f8"}  # fields of fixed width; the others are numbers of varying length
_EXTERNAL_FIELDS: Final = (13, 14)
_ONE_FILE: Final = 'save it as one file: onnx.save(onnx.load("MODEL.onnx"), "OUT.onnx")'


def read_weights(path: Path, model: OnnxModel, budget: Budget) -> dict[str, TensorData]:
    """All tensors of a model by name; of types that are not read (4-bit numbers, texts) none.

    Raises:
        ContentError: A size does not fit the bytes.
        CheckpointError: A file beside the model is missing or out of its folder.
    """
    files: dict[str, FileBytes] = {}
    found: dict[str, TensorData] = {}
    for tensor in model.weights:
        dtype = ELEMENT_TYPES.get(tensor.element_type)
        if dtype is not None:
            found[tensor.name] = _read_tensor(path, tensor, dtype, files)
            budget.spend_tensor(found[tensor.name].count * item_size(dtype))
    return found


def _read_tensor(path: Path, tensor: StoredTensor, dtype: str, files: dict[str, FileBytes]) -> TensorData:
    size = math.prod(tensor.shape) * item_size(dtype)
    data = _external_bytes(path, tensor, size, files) if tensor.external else tensor.raw
    if data is None:
        return _typed_tensor(tensor, dtype)
    if data.size != size:
        raise ContentError(f"tensor {tensor.name[:80]!r} does not fit the bytes that it is given")
    layout = Layout(dtype, tensor.shape, dense_strides(tensor.shape))
    check_layout(layout, data.size)
    return stored_tensor(layout, data)


def _typed_tensor(tensor: StoredTensor, dtype: str) -> TensorData:
    """A tensor whose values are fields; read at once, for they must be counted anyway."""
    values = np.concatenate([np.zeros(0), *(_field_values(part) for part in tensor.typed)])
    if len(values) != math.prod(tensor.shape):
        raise ContentError(f"tensor {tensor.name[:80]!r} does not fit the values that it is given")
    if dtype in ("float16", "bfloat16", "float8_e4m3fn", "float8_e5m2"):  # their bit patterns, as numbers
        width = item_size(dtype)
        bits = values.astype(np.int64).astype(f"<u{width}")
        kept: Array = bits.view("<f2") if dtype == "float16" else bits
    else:
        kept = values.astype(NUMPY_TYPES[dtype])
    shaped = kept.reshape(tensor.shape)
    return TensorData(dtype, tensor.shape, lambda: shaped)


def _field_values(part: Field) -> Array:
    if part.wire in (FIXED32, FIXED64) and part.number in _FIELD_TYPES:
        return np.frombuffer(_fixed(part), _FIELD_TYPES[part.number])
    if part.number in _FIELD_TYPES and part.wire != VARINT:
        data = part.bytes_value()
        kind = np.dtype(_FIELD_TYPES[part.number])
        if data.size % kind.itemsize:
            raise ContentError("the values of a tensor are cut short")
        return np.frombuffer(data.read(), kind)
    return np.array(part.numbers(), np.int64)


def _fixed(part: Field) -> bytes:
    if isinstance(part.value, int):
        raise ContentError("a number in it is none")
    return part.value.read()


def _external_bytes(path: Path, tensor: StoredTensor, size: int, files: dict[str, FileBytes]) -> ByteSlice:
    """The bytes of a tensor in a file beside the model; nothing outside the model's folder is ever opened."""
    location = tensor.external["location"]
    if location not in files:
        files[location] = _open_beside(path, location)
    file = files[location]
    offset = _number(tensor.external.get("offset", "0"))
    length = _number(tensor.external.get("length", str(size)))
    if length != size or offset + length > file.size:
        raise ContentError(f"tensor {tensor.name[:80]!r} does not fit the bytes that it is given in {location[:40]!r}")
    return file.whole.part(offset, length)


def _open_beside(path: Path, location: str) -> FileBytes:
    folder = path.parent.resolve()
    place = folder / location
    inside = not Path(location).is_absolute() and ".." not in Path(location).parts and "\\" not in location
    if not inside or not place.resolve().is_relative_to(folder):
        raise CheckpointError(path, f"its weights are said to be outside its folder ({location[:60]!r})", _ONE_FILE)
    if not place.is_file():
        raise CheckpointError(path, f"its weights are in the file {location[:60]!r}, which is not there",
                              "put that file beside it")  # fmt: skip
    return FileBytes.open(place)


def _number(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or len(text) > 18:
        raise ContentError("the place of a tensor in another file is no number")
    return int(text)


def with_inner_weights(data: bytes, model: OnnxModel, weights: dict[str, TensorData]) -> bytes:
    """The model as one piece: tensors of other files put where the model keeps its own.

    Args:
        data: The model's file.
        model: What was read of it.
        weights: Its tensors.

    Raises:
        ContentError: A tensor in another file is part of a step, or of a type that is not read.
    """
    if model.inner_external:
        raise ContentError("a step of it takes a tensor from another file", _ONE_FILE)
    if not any(tensor.external for tensor in model.weights):
        return data
    budget = FieldBudget()
    parts = []
    for part in fields(ByteSlice.of(data), budget):
        if part.number == 7:
            graph = _copy_graph(part.bytes_value(), model, weights, budget)
            parts.append(write_field(7, graph))
        else:
            parts.append(_copy_field(part))
    return b"".join(parts)


def _copy_graph(graph: ByteSlice, model: OnnxModel, weights: dict[str, TensorData], budget: FieldBudget) -> bytes:
    tensors = iter(model.weights)
    parts = []
    for part in fields(graph, budget):
        tensor = next(tensors) if part.number == 5 else None
        if tensor is None or not tensor.external:
            parts.append(_copy_field(part))
            continue
        if tensor.name not in weights:
            raise ContentError(f"tensor {tensor.name[:80]!r} is of a type that is not read from other files", _ONE_FILE)
        kept = [_copy_field(f) for f in fields(tensor.message, budget) if f.number not in _EXTERNAL_FIELDS]
        parts.append(write_field(5, b"".join(kept) + write_field(9, weights[tensor.name].bits())))
    return b"".join(parts)


def _copy_field(part: Field) -> bytes:
    from ganstudio.checkpoints.onnx.protobuf import write_varint

    key = write_varint(part.number << 3 | part.wire)
    if isinstance(part.value, int):
        return key + write_varint(part.value)
    data = part.value.read()
    return key + (data if part.wire in (FIXED32, FIXED64) else write_varint(len(data)) + data)
