"""Safetensors: a length, a JSON header, and the bytes of all tensors without holes.

Source: the format's description in the README of github.com/huggingface/safetensors. The header is checked here and not
by the library, which lets pass what the description forbids (a leading blank, two tensors of one name).
"""

import json
import math
from typing import Any

from ganstudio.checkpoints.containers.base import CONTAINERS
from ganstudio.checkpoints.errors import ContentError
from ganstudio.checkpoints.file_bytes import FileBytes
from ganstudio.checkpoints.layouts.stored_values import Layout, check_layout, dense_strides, item_size, stored_tensor

_DTYPES = {
    "F64": "float64", "F32": "float32", "F16": "float16", "BF16": "bfloat16", "F8_E4M3": "float8_e4m3fn",
    "F8_E5M2": "float8_e5m2", "I64": "int64", "I32": "int32", "I16": "int16", "I8": "int8", "U64": "uint64",
    "U32": "uint32", "U16": "uint16", "U8": "uint8", "BOOL": "bool", "C64": "complex64",
}  # fmt: skip
_MAX_HEADER_BYTES = 100_000_000
_METADATA = "__metadata__"


class SafetensorsContainer:
    """Parses into `{name: TensorData}`, with the metadata, if any, as strings under "__metadata__"."""

    def detect(self, head: bytes) -> bool:
        """See `Container`."""
        return len(head) > 9 and head[8:9] == b"{" and int.from_bytes(head[:8], "little") <= _MAX_HEADER_BYTES

    def parse(self, file: FileBytes) -> Any:
        """See `Container`."""
        size = int.from_bytes(file.whole.part(0, 8).read(), "little")
        start = 8 + size
        if start > file.size:
            raise ContentError(f"it was cut short: there are {file.size:,} bytes, at least {start:,} are wanted")
        header = _parse_json(file.whole.part(8, size).read())
        entries = {name: _read_entry(name, entry) for name, entry in header.items() if name != _METADATA}
        wanted = start + max((end for _, _, end in entries.values()), default=0)
        if wanted > file.size:
            raise ContentError(f"it was cut short: there are {file.size:,} bytes, {wanted:,} are wanted")
        data = file.whole.part(start, file.size - start)
        _check_cover([(begin, end) for _, begin, end in entries.values()], data.size)
        tree: dict[str, Any] = {
            name: stored_tensor(layout, data.part(begin, end - begin)) for name, (layout, begin, end) in entries.items()
        }
        if _METADATA in header:
            tree[_METADATA] = _check_metadata(header[_METADATA])
        return tree


def _parse_json(raw: bytes) -> dict[str, Any]:
    try:
        header = json.loads(raw.decode("utf-8"), object_pairs_hook=_without_doubles)
    except (ValueError, RecursionError) as error:
        raise ContentError("its header is damaged") from error
    if not isinstance(header, dict):
        raise ContentError("its header is damaged")
    return header


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ContentError("two of its tensors have the same name, so it can be read in two ways")
    return result


def _check_metadata(entry: Any) -> dict[str, str]:
    if not isinstance(entry, dict) or not all(isinstance(value, str) for value in entry.values()):
        raise ContentError("the notes in its header are no texts")
    return entry


def _read_entry(name: str, entry: Any) -> tuple[Layout, int, int]:
    if not isinstance(entry, dict) or entry.keys() != {"dtype", "shape", "data_offsets"}:
        raise ContentError(f"the header's entry for {name[:80]!r} is damaged")
    shape, offsets = entry["shape"], entry["data_offsets"]
    dtype = _DTYPES.get(entry["dtype"]) if isinstance(entry["dtype"], str) else None
    if dtype is None:
        raise ContentError(f"tensor {name[:80]!r} is of the unknown type {str(entry['dtype'])[:20]}")
    numbers = isinstance(shape, list) and isinstance(offsets, list) and len(offsets) == 2
    if not numbers or any(type(number) is not int or number < 0 for number in (*shape, *offsets)):
        raise ContentError(f"the size of {name[:80]!r} is impossible")
    begin, end = offsets
    if math.prod(shape) * item_size(dtype) != end - begin:
        raise ContentError(f"tensor {name[:80]!r} does not fit the bytes that it is given")
    layout = Layout(dtype, tuple(shape), dense_strides(shape))
    check_layout(layout, end - begin)
    return layout, begin, end


def _check_cover(spans: list[tuple[int, int]], size: int) -> None:
    """The tensors must cover the file, without holes and without sharing bytes."""
    position = 0
    for begin, end in sorted(spans):
        if begin != position:
            raise ContentError("its tensors overlap or leave holes, so something could hide in it")
        position = end
    if position != size:
        raise ContentError(f"{size - position:,} bytes follow its last tensor, so something could hide in it")


CONTAINERS.add("safetensors", SafetensorsContainer())
