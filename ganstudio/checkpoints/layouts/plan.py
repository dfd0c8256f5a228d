"""How a generator's weights are had from a file: which tensor becomes which of ours, and by what change.

A format makes a `GeneratorPlan` of names and shapes alone; that is all `describe` needs. `read` then loads.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ganstudio.checkpoints.errors import CheckpointError
from ganstudio.checkpoints.tree import Array, TensorData
from ganstudio.networks.spec import GeneratorSpec

Shape = tuple[int, ...]
NOT_WHOLE = "open the file that its maker's program wrote, whole"


@dataclass(frozen=True)
class Source:
    """A tensor of the file and how it becomes ours; the changes are made in the order of the attributes.

    Attributes:
        tensor: Where the values are.
        axes: Order of axes to bring them to, None as they are.
        flips: Axes to reverse, after that.
        part: Which of how many equal parts of the first axis to take, None for all.
        index: Which one of the first axis to take, None for all.
        reshape: Shape to give it, None as it is.
        scale: Factor.
        offset: Added at the end.
    """

    tensor: TensorData
    axes: tuple[int, ...] | None = None
    flips: tuple[int, ...] = ()
    part: tuple[int, int] | None = None
    index: int | None = None
    reshape: Shape | None = None
    scale: float = 1.0
    offset: float = 0.0

    @property
    def shape(self) -> Shape:
        """The shape after all changes; of another count than the tensor's where `reshape` does not fit."""
        shape = self.tensor.shape
        if self.axes is not None:
            shape = tuple(shape[axis] for axis in self.axes) if len(self.axes) == len(shape) else ()
        if self.part is not None and shape:
            shape = (shape[0] // self.part[1], *shape[1:])
        if self.index is not None:
            shape = shape[1:]
        if self.reshape is not None and np.prod(shape, dtype=np.int64) == np.prod(self.reshape, dtype=np.int64):
            return self.reshape
        return shape

    def load(self) -> Array:
        """Read the values as float32."""
        values = self.tensor.array()
        if self.axes is not None:
            values = values.transpose(self.axes)
        values = np.flip(values, self.flips) if self.flips else values
        if self.part is not None:
            length = values.shape[0] // self.part[1]
            values = values[self.part[0] * length : (self.part[0] + 1) * length]
        values = values if self.index is None else values[self.index]
        values = values if self.reshape is None else values.reshape(self.reshape)
        numbers: npt.NDArray[np.float32] = values.astype(np.float32, copy=False)
        if self.scale != 1.0:
            numbers = numbers * np.float32(self.scale)
        if self.offset != 0.0:
            numbers = numbers + np.float32(self.offset)
        return np.asarray(numbers, order="C")


@dataclass(frozen=True)
class GeneratorPlan:
    """A generator to be built.

    Attributes:
        family: Name in `NETWORKS`.
        config: Values of its config dataclass.
        spec: The outside of the generator.
        sources: What each of our tensors is made of, by our names.
        constants: Tensors that the file lacks and that follow from its silence (noise that is not kept), by our names.
        warnings: What a person should know before trusting it.
    """

    family: str
    config: dict[str, Any]
    spec: GeneratorSpec
    sources: dict[str, Source] = field(repr=False)
    constants: dict[str, Array] = field(default_factory=dict, repr=False)
    warnings: tuple[str, ...] = ()

    def load(self, path: Path) -> dict[str, Array]:
        """Read all weights by our names.

        Raises:
            CheckpointError: A tensor cannot be read or holds values that are no numbers.
        """
        weights = {name: source.load() for name, source in self.sources.items()}
        for name, values in weights.items():
            if not np.isfinite(values).all():
                raise CheckpointError(path, f"its weights hold values that are no numbers ({name})",
                                      "take an earlier checkpoint; this training had diverged")  # fmt: skip
        return weights | self.constants


def complete_plan(
    path: Path, plan: GeneratorPlan, expected: Mapping[str, Shape], lacking: frozenset[str]
) -> GeneratorPlan:
    """Check a plan's sources against the network's shapes, and put zeros where the file need not hold a tensor.

    Args:
        path: The file.
        plan: Without constants.
        expected: Shapes of the network, by our names.
        lacking: What the file need not hold, by our names.

    Raises:
        CheckpointError: See `check_sources`.
    """
    check_sources(path, {name: shape for name, shape in expected.items() if name not in lacking}, plan.sources)
    constants: dict[str, Array] = {name: np.zeros(expected[name], np.float32) for name in lacking & expected.keys()}
    return replace(plan, constants=constants)


def check_sources(path: Path, expected: Mapping[str, Shape], sources: Mapping[str, Source]) -> None:
    """Refuse a plan whose tensors are not of the shapes that its own network has.

    Args:
        path: The file.
        expected: Shapes of the network, by our names.
        sources: Tensors to fill it with.

    Raises:
        CheckpointError: A tensor is missing, of another shape, or no table of numbers.
    """
    if missing := [name for name in expected if name not in sources]:
        raise CheckpointError(path, f"{len(missing)} of its tensors are missing (first: {missing[0]})", NOT_WHOLE)
    if extra := sorted(sources.keys() - expected.keys()):
        raise CheckpointError(
            path, f"{len(extra)} of its tensors belong to no such network (first: {extra[0]})", NOT_WHOLE
        )
    for name, shape in expected.items():
        source = sources[name]
        if source.shape != shape:
            reason = f"its tensor {name} is of shape {source.tensor.shape}, which does not fit the rest"
            raise CheckpointError(path, reason, NOT_WHOLE)
        if source.tensor.dtype not in {"float32", "float16", "bfloat16", "float64"}:
            raise CheckpointError(path, f"its tensor {name} is of type {source.tensor.dtype}", NOT_WHOLE)
