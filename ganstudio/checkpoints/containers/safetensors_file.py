"""Safetensors: a length, a JSON header, and the bytes of all tensors without holes.

Source: the format's description in the README of github.com/huggingface/safetensors.
"""

from pathlib import Path
from typing import Any

import numpy as np
import safetensors

from ganstudio.checkpoints.containers.base import CONTAINERS, COPY_AGAIN
from ganstudio.checkpoints.errors import CheckpointError
from ganstudio.checkpoints.tree import Array, TensorData

_DTYPES = {
    "F64": "float64", "F32": "float32", "F16": "float16", "BF16": "bfloat16", "I64": "int64", "I32": "int32",
    "I16": "int16", "I8": "int8", "U64": "uint64", "U32": "uint32", "U16": "uint16", "U8": "uint8", "BOOL": "bool",
}  # fmt: skip


class SafetensorsContainer:
    """Parses into `{name: TensorData}`, with the metadata, if any, as strings under "__metadata__"."""

    def detect(self, head: bytes) -> bool:
        """See `Container`."""
        return len(head) > 9 and head[8:9] == b"{" and int.from_bytes(head[:8], "little") <= 100_000_000

    def parse(self, path: Path) -> Any:
        """See `Container`."""
        try:
            with safetensors.safe_open(path, framework="numpy") as file:
                tree: dict[str, Any] = {name: self._tensor(path, file, name) for name in file.keys()}  # noqa: SIM118
                if metadata := file.metadata():
                    tree["__metadata__"] = dict(metadata)
                return tree
        except (OSError, safetensors.SafetensorError) as error:
            raise CheckpointError(path, "it is damaged or was cut short", COPY_AGAIN) from error

    def _tensor(self, path: Path, file: Any, name: str) -> TensorData:
        part = file.get_slice(name)
        dtype = _DTYPES.get(part.get_dtype())
        if dtype is None:
            raise CheckpointError(path, f"tensor {name[:80]!r} is of the unknown type {part.get_dtype()}", COPY_AGAIN)
        return TensorData(dtype, tuple(part.get_shape()), lambda: _load(path, name, dtype))


def _load(path: Path, name: str, dtype: str) -> Array:
    try:
        with safetensors.safe_open(path, framework="numpy") as file:
            values = np.asarray(file.get_tensor(name))
    except (OSError, safetensors.SafetensorError) as error:
        raise CheckpointError(path, "it changed or vanished while it was read", "open it again") from error
    return values.view(np.uint16) if dtype == "bfloat16" else values


CONTAINERS.add("safetensors", SafetensorsContainer())
