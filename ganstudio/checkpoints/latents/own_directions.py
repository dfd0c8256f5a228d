"""GANStudio's own files of directions: a safetensors file, each step a tensor, what they are as JSON in its header.

The header's metadata entry "ganstudio" holds `{"schema": 1, "kind": "directions", "directions": [{"name": ..., "title":
..., "low": ..., "high": ..., "space": ..., "model": ...}, ...]}`; the tensors are "direction.<name>", float32, the step
that strength 1 makes. Nothing is lost: layers, folds, several spaces in one file.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import numpy as np
import safetensors.numpy

from ganstudio.checkpoints.base import Array, Assumptions, DirectionInfo, TensorData
from ganstudio.checkpoints.errors import COPY_AGAIN, CheckpointError
from ganstudio.checkpoints.latents.base import LATENT_FORMATS, Floats, LatentFile
from ganstudio.checkpoints.latents.vectors import check_finite
from ganstudio.checkpoints.opened_file import OpenedFile
from ganstudio.files import write_atomically

SCHEMA = 1
MOST = 1000
_KEY, _PREFIX, _KIND = "ganstudio", "direction.", "directions"
_LARGEST = 1 << 20  # numbers of one step
_FIELDS = frozenset(field.name for field in fields(DirectionInfo))


class OwnDirections:
    """Reads every direction with its step."""

    def detect(self, file: OpenedFile) -> bool:
        """See `LatentFormat`."""
        head = file.head
        if head[8:9] != b"{" or f'"{_KEY}"'.encode() not in head:
            return False
        metadata = file.tree.get("__metadata__") if isinstance(file.tree, dict) else None
        return isinstance(metadata, dict) and _header(metadata).get("kind") == _KIND

    def read(self, file: OpenedFile, assumptions: Assumptions) -> LatentFile:  # noqa: ARG002 - it leaves nothing open
        """See `LatentFormat`."""
        header = _header(file.tree["__metadata__"])
        if header.get("schema") != SCHEMA:
            raise CheckpointError(file.path, "a newer GANStudio wrote it", "update GANStudio")
        known = header.get("directions")
        if not isinstance(known, list) or not 0 < len(known) <= MOST:
            raise CheckpointError(file.path, f"it does not list 1 to {MOST} directions", COPY_AGAIN)
        ready = tuple((_read_info(file.path, values), _read_step(file, values)) for values in known)
        first = ready[0][0].space
        return LatentFile(
            file.path,
            "ganstudio",
            "direction",
            first if first in ("z", "w", "w_plus") else "w",  # type: ignore[arg-type] # one of them
            {"vectors": np.stack([ready[0][1]])},
            names=tuple(info.title for info, _ in ready),
            facts={"directions": len(ready), "spaces": ", ".join(sorted({info.space for info, _ in ready}))},
            ready=ready,
            models=tuple(str(values.get("model", ""))[:64] for values in known),
        )


def write_own_directions(
    path: Path, directions: Sequence[tuple[DirectionInfo, Array]], models: Mapping[str, str] | None = None
) -> None:
    """Write directions, whatever their spaces.

    Args:
        path: The file.
        directions: Each with the step float32 that strength 1 makes; no two of one name.
        models: SHA-256 of the checkpoint that each was found in, by name, where that is known.

    Raises:
        FileWriteError: The disk is full or the folder not writable; an older file of that name is untouched.
    """
    known = models or {}
    listed = [{**asdict(info), "model": known.get(info.name, "")} for info, _ in directions]
    header = json.dumps({"schema": SCHEMA, "kind": _KIND, "directions": listed}, sort_keys=True)
    tensors = {_PREFIX + info.name: np.ascontiguousarray(step, np.float32) for info, step in directions}
    data = safetensors.numpy.save(tensors, {_KEY: header})
    write_atomically(path, lambda file: file.write(data))


def _header(metadata: Mapping[str, Any]) -> dict[str, Any]:
    try:
        header = json.loads(metadata.get(_KEY, ""))
    except (TypeError, ValueError, RecursionError):
        return {}
    return header if isinstance(header, dict) else {}


def _read_info(path: Path, values: object) -> DirectionInfo:
    try:
        if not isinstance(values, dict):
            raise TypeError("it is no object")
        return _check_info({name: value for name, value in values.items() if name != "model"})
    except (KeyError, TypeError, ValueError) as error:
        raise CheckpointError(path, f"one of its directions is damaged ({error})", COPY_AGAIN) from error


def _check_info(values: dict[str, Any]) -> DirectionInfo:
    if unknown := set(values) - _FIELDS:
        raise ValueError(f"unknown {sorted(unknown)[0][:40]!r}")
    layers = values.get("layers")
    info = DirectionInfo(**{**values, "layers": tuple(layers) if isinstance(layers, list) else layers})
    for name in ("name", "title", "origin", "space"):
        text = getattr(info, name)
        if not isinstance(text, str) or not 0 < len(text) <= 200:
            raise ValueError(f"its {name}")
    numbers = [info.low, info.high, *(one for one in (info.quality, info.entanglement) if one is not None)]
    if not all(isinstance(number, int | float) and math.isfinite(number) for number in numbers):
        raise ValueError("a number of it is none")
    if not -20 <= info.low < info.high <= 20:
        raise ValueError("the range of its slider")
    if info.fold not in (-1, 0, 1) or (info.fold and info.space != "z"):
        raise ValueError("its fold")
    _check_layers(info.layers)
    return info


def _check_layers(layers: object) -> None:
    if layers is None:
        return
    if not isinstance(layers, tuple) or len(layers) != 2 or not all(type(layer) is int for layer in layers):
        raise ValueError("its layers")
    if not 0 <= layers[0] < layers[1] <= 4096:
        raise ValueError("its layers")


def _read_step(file: OpenedFile, values: dict[str, Any]) -> Floats:
    name = f"{_PREFIX}{values['name']}"
    tensor = file.tree.get(name)
    if not isinstance(tensor, TensorData) or not 0 < tensor.count <= _LARGEST or len(tensor.shape) > 2:
        raise CheckpointError(file.path, f"the step of {values['name'][:60]!r} is missing or damaged", COPY_AGAIN)
    return check_finite(file.path, tensor.array())


LATENT_FORMATS.add("ganstudio", OwnDirections())
