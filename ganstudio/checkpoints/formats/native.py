"""GANStudio's own checkpoint: one safetensors file whose header carries a JSON description.

The header's metadata entry "ganstudio" holds
`{"schema": 1, "kind": "generator", "network": ..., "config": {...}, "class_names": [...], "directions": [...],
"facts": {...}}`; the tensors are the generator's own names under "generator." and "direction.<name>". Any safetensors
reader opens it; nothing in it can run.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import numpy as np
import safetensors.numpy

from ganstudio.checkpoints.base import (
    FORMATS,
    Array,
    Assumptions,
    Checkpoint,
    CheckpointDescription,
    CheckpointError,
    ComponentInfo,
    DirectionInfo,
    OpenedFile,
    TensorData,
)
from ganstudio.checkpoints.errors import COPY_AGAIN
from ganstudio.files import write_atomically
from ganstudio.networks.spec import GeneratorSpec

SCHEMA = 1
HEADER_KEY = "ganstudio"
GENERATOR_PREFIX = "generator."
DIRECTION_PREFIX = "direction."
_STATISTICS = ("running_mean", "running_var", "num_batches_tracked")


class NativeFormat:
    """Detects, describes and reads generator files written by GANStudio."""

    def detect(self, file: OpenedFile) -> bool:
        """See `CheckpointFormat`."""
        head = file.head
        return len(head) > 9 and head[8:9] == b"{" and f'"{HEADER_KEY}"'.encode() in head

    def describe(self, file: OpenedFile, assumptions: Assumptions) -> CheckpointDescription:  # noqa: ARG002 - it says all
        """See `CheckpointFormat`."""
        header, tensors = _open(file)
        return describe_header(file.path, header, {name: tensor.shape for name, tensor in tensors.items()})

    def read(self, file: OpenedFile, assumptions: Assumptions) -> Checkpoint:  # noqa: ARG002 - it says all
        """See `CheckpointFormat`."""
        path = file.path
        header, tensors = _open(file)
        description = describe_header(path, header, {name: tensor.shape for name, tensor in tensors.items()})
        arrays = {name: tensor.array() for name, tensor in tensors.items()}
        for name, array in arrays.items():
            if array.dtype.kind == "f" and not np.isfinite(array).all():
                raise CheckpointError(path, f"its tensor {name!r} holds values that are no numbers", COPY_AGAIN)
        return Checkpoint(
            description,
            header["config"],
            _under(GENERATOR_PREFIX, arrays),
            {name: TensorData.of(array) for name, array in arrays.items()},
            _under(DIRECTION_PREFIX, arrays),
        )


def _under(prefix: str, tensors: Mapping[str, Array]) -> dict[str, Array]:
    return {name.removeprefix(prefix): tensor for name, tensor in tensors.items() if name.startswith(prefix)}


def _open(file: OpenedFile) -> tuple[dict[str, Any], dict[str, TensorData]]:
    """The JSON description and all tensors; raises CheckpointError where the file is damaged or not ours."""
    tree = file.tree if isinstance(file.tree, dict) else {}
    metadata = tree.get("__metadata__")
    return _parse_header(file.path, metadata if isinstance(metadata, dict) else None), {
        name: tensor for name, tensor in tree.items() if isinstance(tensor, TensorData)
    }


def read_file(path: Path) -> tuple[dict[str, Any], dict[str, Array]]:
    """Read the JSON description and all tensors.

    Raises:
        CheckpointError: The file is gone, damaged or not ours.
    """
    header, tensors = _open(OpenedFile.open(path))
    return header, {name: tensor.load() for name, tensor in tensors.items()}


def write_file(path: Path, header: Mapping[str, Any], tensors: Mapping[str, Array]) -> None:
    """Write tensors with a JSON description, atomically.

    Raises:
        FileWriteError: The disk is full or the folder not writable; an older file of that name is untouched.
    """
    metadata = {HEADER_KEY: json.dumps({"schema": SCHEMA, **header}, sort_keys=True)}
    contiguous = {name: np.asarray(tensor, order="C") for name, tensor in tensors.items()}
    data = safetensors.numpy.save(contiguous, metadata)
    write_atomically(path, lambda file: file.write(data))


def write_generator(
    path: Path, description: CheckpointDescription, config: Mapping[str, Any], tensors: Mapping[str, Array]
) -> None:
    """Write a generator file.

    Args:
        path: The file to write.
        description: Its family, class names, directions and facts are kept; the rest follows from the config.
        config: Values of the network's config dataclass.
        tensors: "generator.<name>" and "direction.<name>".

    Raises:
        FileWriteError: See `write_file`.
    """
    write_file(path, make_header(description, config), tensors)


def make_header(description: CheckpointDescription, config: Mapping[str, Any]) -> dict[str, Any]:
    """The JSON of a generator file; arguments as for `write_generator`."""
    return {
        "kind": "generator",
        "network": description.family,
        "config": dict(config),
        "spec": {one.name: getattr(description.spec, one.name) for one in fields(description.spec) if one.compare},
        "class_names": list(description.class_names),
        "directions": [asdict(direction) for direction in description.directions],
        "facts": description.facts,
    }


def _parse_header(path: Path, metadata: Mapping[str, str] | None) -> dict[str, Any]:
    try:
        header = json.loads((metadata or {})[HEADER_KEY])
        if not isinstance(header, dict) or not isinstance(header["schema"], int):
            raise TypeError("no schema number")
    except (KeyError, ValueError, TypeError, RecursionError) as error:
        raise CheckpointError(path, "it has no GANStudio description", "open a file that GANStudio wrote") from error
    if header["schema"] > SCHEMA:
        raise CheckpointError(path, "a newer GANStudio wrote it", "update GANStudio")
    return header


def describe_header(path: Path, header: dict[str, Any], shapes: Mapping[str, tuple[int, ...]]) -> CheckpointDescription:
    """Make the description of a file's JSON and the shapes of its tensors; raises CheckpointError."""
    if header.get("kind") != "generator":
        raise CheckpointError(
            path, "it holds the state of a training run, not a finished generator", "open a file of snapshots/"
        )
    try:
        description = _read_description(path, header, _count_parameters(shapes))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise CheckpointError(path, f"its description is incomplete ({error})", COPY_AGAIN) from error
    for direction in description.directions:
        wanted, found = direction.shape(description.spec), shapes.get(DIRECTION_PREFIX + direction.name)
        fits = found is not None and len(found) == 1 if direction.is_inside else wanted is not None and found == wanted
        if not fits:
            raise CheckpointError(path, f"its direction {direction.name!r} does not fit the latent", COPY_AGAIN)
    return description


def _read_description(path: Path, header: dict[str, Any], parameters: int) -> CheckpointDescription:
    if not isinstance(header["config"], dict) or not isinstance(header["facts"], dict):
        raise TypeError("config and facts must be objects")
    spec = {**header["spec"], "has_noise": bool(header["config"].get("has_noise", False))}
    spec["output_range"] = tuple(float(value) for value in spec["output_range"])
    network = str(header["network"])
    return CheckpointDescription(
        path=path,
        format="ganstudio",
        family=network,
        components={"generator": ComponentInfo("generator", network, parameters)},
        spec=GeneratorSpec(**spec),
        class_names=tuple(str(name) for name in header["class_names"]),
        directions=tuple(_read_direction(direction) for direction in header["directions"]),
        facts=header["facts"],
    )


def _read_direction(values: dict[str, Any]) -> DirectionInfo:
    layers = values.get("layers")
    direction = DirectionInfo(**{**values, "layers": tuple(layers) if isinstance(layers, list) else layers})
    if not float(direction.low) < float(direction.high):
        raise ValueError(f"the range of direction {direction.name!r} is empty")
    if not (direction.is_inside or direction.space in ("z", "w", "w_plus")) or not _are_layers(direction.layers):
        raise ValueError(f"the space or layers of direction {direction.name!r} are unknown")
    if direction.fold not in (-1, 0, 1) or (direction.fold and direction.space != "z"):
        raise ValueError(f"the fold of direction {direction.name!r} is unknown")
    return direction


def _are_layers(layers: Any) -> bool:
    if layers is None:
        return True
    return len(layers) == 2 and all(type(layer) is int for layer in layers) and 0 <= layers[0] < layers[1]


def _count_parameters(shapes: Mapping[str, tuple[int, ...]]) -> int:
    """Count what was learned: everything of the generator but the statistics that normalisation keeps."""
    learned = (name for name in shapes if name.startswith(GENERATOR_PREFIX) and not name.endswith(_STATISTICS))
    return sum(math.prod(shapes[name]) for name in learned)


FORMATS.add("ganstudio", NativeFormat())
