"""One pickled `dnnlib.tflib.network.Network` as data: its settings and its variables by their full names."""

import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from ganstudio.checkpoints.errors import CheckpointError
from ganstudio.checkpoints.layouts.plan import NOT_WHOLE, Source
from ganstudio.checkpoints.tree import Record, TensorData

CLASS_NAME = "dnnlib.tflib.network.Network"
MAX_DEPTH = 4
MAX_VARIABLES = 10_000
DENSE = (1, 0)  # order of the axes of a weight (inputs, outputs) to ours
CONVOLUTION = (3, 2, 0, 1)  # likewise (height, width, inputs, outputs)

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class TFNetwork:
    """A network of a file.

    Attributes:
        name: What it was called ("Gs").
        function: Name of the function that built it ("G_main").
        settings: What it was built with, as in the file: check types before use.
        variables: All variables by name, those of parts behind the part's name: "synthesis/4x4/Const/const".
    """

    name: str
    function: str
    settings: dict[str, Any] = field(repr=False)
    variables: dict[str, TensorData] = field(repr=False)

    def get(self, name: str, kind: type[T], default: T) -> T:
        """A setting if it is of type `kind`, else `default`. A bool is no int here, and an int counts as a float."""
        value = self.settings.get(name)
        if kind is float and isinstance(value, int) and not isinstance(value, bool):
            value = float(value)
        return value if isinstance(value, kind) and (kind is bool or not isinstance(value, bool)) else default

    def taps(self, name: str, default: tuple[float, ...]) -> tuple[float, ...]:
        """A filter among the settings: 2 to 16 numbers whose sum is not zero."""
        values = self.settings.get(name)
        if not isinstance(values, list | tuple) or not 2 <= len(values) <= 16:
            return default
        numbers = tuple(float(value) for value in values if isinstance(value, int | float))
        usable = len(numbers) == len(values) and all(map(math.isfinite, numbers)) and abs(sum(numbers)) > 1e-6
        return numbers if usable else default


def is_network(node: Any) -> bool:
    """Whether a record is such a network."""
    return isinstance(node, Record) and node.class_name == CLASS_NAME and isinstance(node.state, dict)


def read_network(path: Path, record: Record) -> TFNetwork:
    """Make the view of a record.

    Raises:
        CheckpointError: It is nested too deeply or its variables are no pairs of name and array.
    """
    variables: dict[str, TensorData] = {}
    _collect(path, record, "", variables)
    state = record.state
    return TFNetwork(
        str(state.get("name", ""))[:80],
        str(state.get("build_func_name", ""))[:80],
        as_dict(state.get("static_kwargs")),
        variables,
    )


def as_dict(node: Any) -> dict[str, Any]:
    """A dict, or what a record of a class that extends dict (`EasyDict`) holds; empty for anything else."""
    if isinstance(node, Record):
        node = node.items if isinstance(node.items, dict) else node.state
    return {str(key): value for key, value in node.items()} if isinstance(node, dict) else {}


def kernel_source(taps: tuple[float, ...]) -> Source:
    """The filter `(K, K)` of sum 1 that `taps` stand for."""
    line = np.array(taps, np.float32)
    plane = np.outer(line, line)
    return Source(TensorData.of(np.asarray(plane / plane.sum(), np.float32)))


def _collect(path: Path, record: Any, prefix: str, variables: dict[str, TensorData]) -> None:
    broken = CheckpointError(path, "its networks are not kept as they should be", NOT_WHOLE)
    if not is_network(record) or prefix.count("/") > MAX_DEPTH:
        raise broken
    own = record.state.get("variables")
    for item in own if isinstance(own, list | tuple) else ():
        if not isinstance(item, list | tuple) or len(item) != 2 or not isinstance(item[0], str):
            raise broken
        tensor = _tensor(item[1])
        if tensor is not None:
            variables[prefix + item[0]] = tensor
        if len(variables) > MAX_VARIABLES:
            raise broken
    for name, part in as_dict(record.state.get("components")).items():
        _collect(path, part, f"{prefix}{name}/", variables)


def _tensor(value: Any) -> TensorData | None:
    """A variable's value; single numbers may come as numbers."""
    if isinstance(value, float | int) and not isinstance(value, bool):
        return TensorData.of(np.array(value, np.float32))
    return value if isinstance(value, TensorData) else None
