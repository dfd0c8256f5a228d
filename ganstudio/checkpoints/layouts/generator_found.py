"""What the readers of other people's generators share: from names and shapes to a description, then to our weights.

A reader only says how it knows its files and which generator is in them (`GeneratorFound`); the rest is the same for
all.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from ganstudio.checkpoints.base import (
    Array,
    Assumptions,
    Checkpoint,
    CheckpointDescription,
    CheckpointError,
    ComponentInfo,
    OpenedFile,
)
from ganstudio.checkpoints.tree import TensorData
from ganstudio.networks.spec import GeneratorSpec

STATISTICS = ("running_mean", "running_var", "num_batches_tracked", "stored_mean", "stored_var", "weight_u", "weight_v")
_COPY_AGAIN = "copy or download it again"

WeightSource = Callable[[], Array]
"""Reads one tensor and makes of it what our network holds."""


@dataclass(frozen=True)
class GeneratorFound:
    """A generator in somebody's file, in terms of one of our networks.

    Attributes:
        family: Name in `NETWORKS`.
        config: Values of its config dataclass.
        spec: The outside of the generator.
        weights: Where each tensor of our network comes from.
        components: All networks in the file.
        facts: What else the file tells, for people.
        confidence: 0 to 1; below 1 where something had to be guessed.
        warnings: What was guessed, and what is not as in the original.
    """

    family: str
    config: dict[str, Any]
    spec: GeneratorSpec
    weights: dict[str, WeightSource] = field(repr=False)
    components: dict[str, ComponentInfo]
    facts: dict[str, Any] = field(default_factory=dict)
    confidence: float = 1.0
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class RecognisedFormat:
    """A `CheckpointFormat` made of two functions.

    Attributes:
        name: Name in `FORMATS`.
        detects: Whether a file is of this format; looks at keys and shapes only.
        find: Finds the generator in a file that `detects` said yes to, given what a person assumes of it.
    """

    name: str
    detects: Callable[[OpenedFile], bool]
    find: Callable[[OpenedFile, Assumptions], GeneratorFound]

    def detect(self, file: OpenedFile) -> bool:
        """See `CheckpointFormat`."""
        return self.detects(file)

    def describe(self, file: OpenedFile, assumptions: Assumptions) -> CheckpointDescription:
        """See `CheckpointFormat`."""
        return self._describe(file.path, self.find(file, assumptions))

    def read(self, file: OpenedFile, assumptions: Assumptions) -> Checkpoint:
        """See `CheckpointFormat`."""
        found = self.find(file, assumptions)
        weights = {name: _read_weight(file.path, name, source) for name, source in found.weights.items()}
        return Checkpoint(self._describe(file.path, found), found.config, weights, file.tensors)

    def _describe(self, path: Path, found: GeneratorFound) -> CheckpointDescription:
        return CheckpointDescription(
            path=path,
            format=self.name,
            family=found.family,
            components=found.components,
            spec=found.spec,
            facts=found.facts,
            confidence=found.confidence,
            warnings=found.warnings,
        )


def _read_weight(path: Path, name: str, source: WeightSource) -> Array:
    values = source()
    if values.dtype.kind == "f":
        values = values.astype(np.float32, copy=False)
        if not np.isfinite(values).all():
            raise CheckpointError(path, f"its tensor {name!r} holds values that are no numbers", _COPY_AGAIN)
    return values


@dataclass(frozen=True)
class Layout:
    """The tensors of one network, asked for by name; what is not as it must be is refused in words.

    Attributes:
        path: The file, for messages.
        tensors: By name.
    """

    path: Path
    tensors: Mapping[str, TensorData] = field(repr=False)

    def __contains__(self, name: str) -> bool:
        return name in self.tensors

    def shape(self, name: str, rank: int) -> tuple[int, ...]:
        """The sizes of a tensor that must be there and have `rank` axes.

        Raises:
            CheckpointError: It has not.
        """
        if name not in self.tensors:
            raise self.misfit(f"its tensor {name!r} is missing")
        shape = self.tensors[name].shape
        if len(shape) != rank:
            raise self.misfit(f"its tensor {name!r} has {len(shape)} axes, not {rank}")
        if 0 in shape:
            raise self.misfit(f"its tensor {name!r} is empty")
        return shape

    def misfit(self, reason: str) -> CheckpointError:
        """An error about this network's tensors."""
        return CheckpointError(self.path, reason[:200], _COPY_AGAIN)

    def count(self, prefix: str, suffix: str) -> int:
        """How many of `prefix`0`suffix`, `prefix`1`suffix` ... there are without a gap."""
        number = 0
        while f"{prefix}{number}{suffix}" in self.tensors:
            number += 1
        return number

    def has_prefix(self, prefix: str) -> bool:
        """Whether any name begins so."""
        return any(name.startswith(prefix) for name in self.tensors)

    def under(self, prefix: str) -> "Layout":
        """The part whose names begin with `prefix`, without it."""
        start = len(prefix)
        return Layout(
            self.path, {name[start:]: value for name, value in self.tensors.items() if name[:start] == prefix}
        )

    def sources(self, skip: Iterable[str] = ()) -> dict[str, WeightSource]:
        """All tensors as they are, but those whose names end with one of `skip`."""
        endings = tuple(skip)
        return {name: value.array for name, value in self.tensors.items() if not (endings and name.endswith(endings))}

    def component(self, role: str, class_name: str) -> ComponentInfo:
        """This network as a component; what normalisation keeps is not counted."""
        learned = (value.count for name, value in self.tensors.items() if not name.endswith(STATISTICS))
        return ComponentInfo(role, class_name, sum(learned))


def assumed_number(path: Path, assumptions: Assumptions, name: str, default: float) -> float:
    """A positive number that a person may give by name.

    Raises:
        CheckpointError: It is none.
    """
    text = assumptions.get(name)
    if text is None:
        return default
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    if not 0 < number <= 1e6:
        raise CheckpointError(
            path, f"the assumption {name}={text[:40]!r} is no positive number", f"as {name}={default}"
        )
    return number


def assumed_choice(path: Path, assumptions: Assumptions, name: str, choices: tuple[str, ...]) -> str:
    """One of several words that a person may give by name; the first where nothing is given.

    Raises:
        CheckpointError: It is none of them.
    """
    text = assumptions.get(name, choices[0])
    if text not in choices:
        reason = f"the assumption {name}={text[:40]!r} is unknown"
        raise CheckpointError(path, reason, f"choose one of {', '.join(choices)}")
    return text
