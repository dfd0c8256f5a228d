"""Brings directions together with their steps: those of a model, of a project, and single numbers of the latent."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from ganstudio.checkpoints.base import DirectionInfo
from ganstudio.checkpoints.errors import CheckpointError
from ganstudio.networks.spec import GeneratorSpec
from ganstudio.rendering.looks.own_direction import OwnDirection, own_direction
from ganstudio.rendering.looks.single_number import single_number
from ganstudio.rendering.opening import OpeningProgress


@dataclass(frozen=True)
class Wanted:
    """One direction, and how its slider is set up.

    Attributes:
        name: As edits call it.
        title: What people call it.
        low: Lowest value of its slider.
        high: Highest value.
        own: Its vector, where the project has it.
    """

    name: str
    title: str
    low: float
    high: float
    own: OwnDirection | None = None


@dataclass(frozen=True)
class DirectionsGathered:
    """All of them, in the order that was asked for."""

    directions: tuple[OwnDirection, ...] = field(repr=False)


def gather_directions(
    source: Path, spec: GeneratorSpec, wanted: Sequence[Wanted]
) -> Iterator[OpeningProgress | DirectionsGathered]:
    """Find the steps of directions; for a worker thread. The model is read only where it has some of them.

    Args:
        source: The model.
        spec: Of its generator.
        wanted: Which.

    Raises:
        CheckpointError: The model cannot be read, or has no such direction.
    """
    missing = [one for one in wanted if one.own is None]
    found: dict[str, OwnDirection] = {}
    if missing:
        yield OpeningProgress("reading the model", 0.2)
        found = _find_in_model(source, spec, missing)
    yield DirectionsGathered(tuple(_set_up(one.own or found[one.name], one) for one in wanted))


def _find_in_model(source: Path, spec: GeneratorSpec, wanted: Sequence[Wanted]) -> dict[str, OwnDirection]:
    from ganstudio.checkpoints.catalogue import read
    from ganstudio.devices import resolve_device

    checkpoint = read(source)
    known = {info.name: info for info in checkpoint.description.directions}
    found = {one.name: own_direction(known[one.name], checkpoint.directions[one.name])
             for one in wanted if one.name in known}  # fmt: skip
    numbers = [one for one in wanted if one.name not in known]
    if numbers:
        from ganstudio.checkpoints.building import build_generator
        from ganstudio.rendering.single_steps import SingleSteps

        steps = SingleSteps(build_generator(checkpoint, resolve_device("cpu")))
        for one in numbers:
            number = single_number(one.name, spec)
            if number is None:
                raise CheckpointError(source, f"it has no direction {one.name[:60]!r}", "choose one that is listed")
            info = DirectionInfo(f"{number.space}_{number.index}", number.title, -3, 3, None, "number", number.space)
            found[one.name] = own_direction(info, steps.step(number).numpy())
    return found


def _set_up(direction: OwnDirection, wanted: Wanted) -> OwnDirection:
    """The direction as its slider was set up; its name, which stands for its vector, stays."""
    info = replace(direction.info, title=wanted.title, low=wanted.low, high=wanted.high)
    return replace(direction, info=info)


def as_pairs(directions: Sequence[OwnDirection]) -> list[tuple[DirectionInfo, np.ndarray]]:
    """Directions as files and checkpoints take them: each with its step."""
    return [(direction.info, direction.step) for direction in directions]
