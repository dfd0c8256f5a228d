"""Finds latent directions for a checkpoint: main axes without labels, and named ones from known factors.

The named ones come in four steps: a network learns to read the factors off labelled pictures (those of the built-in
set, say), reads them off many generated pictures, a second network learns to read them off the latents, and by its
account many steps are tried for each factor: one that moves it far and the others little becomes its direction.
"""

from collections.abc import Generator as Work
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import torch
from torch import Tensor

from ganstudio.checkpoints.base import Array, DirectionInfo
from ganstudio.latent.clouds import latent_batches, natural_space
from ganstudio.latent.directions import Direction, in_space
from ganstudio.latent.discovery.base import DirectionsDiscovered, Task
from ganstudio.latent.discovery.catalogue import METHODS
from ganstudio.latent.discovery.main_axes import MainAxesConfig
from ganstudio.latent.disentangling import Disentangled, disentangle, judge
from ganstudio.latent.regression import fit_directions
from ganstudio.networks.base import Generator
from ganstudio.networks.factor_regressor import FactorRegressor
from ganstudio.training.direction_finding.factor_reading import LabelledPictures, learn_to_read, read_generated
from ganstudio.training.direction_finding.latent_reading import learn_latents
from ganstudio.training.errors import TrainingError

BATCH = 64
MIN_CHANGE = 0.75  # a named slider that moves its factor by fewer deviations would not do what its name says ...
MAX_ENTANGLEMENT = 0.4  # ... nor would one that moves the others so much
READER_STEPS = 1500
TRIED = 1000  # latents from which steps are tried
LOOKED_AT = 48  # pictures that each direction is looked at with
T = TypeVar("T")

FoundDirection = tuple[DirectionInfo, Array]


@dataclass(frozen=True)
class SearchProgress:
    """How far the search is: what it does, from 0 to 1."""

    doing: str
    fraction: float


@dataclass(frozen=True)
class FactorsRead:
    """How well the factors can be read off real pictures: held-out R² by name."""

    quality: dict[str, float]


@dataclass(frozen=True)
class DirectionsFound:
    """The result: descriptions with vectors float32 `(z_dim,)` or `(w_dim,)`, one deviation long."""

    directions: tuple[FoundDirection, ...]


@dataclass(frozen=True, eq=False)
class SteerableFound:
    """Directions of factors, and what was read to find them.

    Attributes:
        found: Those that move their factor and leave the others alone.
        space: "z" or "w".
        latents: Random latents `(N, D)`.
        values: What was read off their pictures, in the factors' deviations `(N, F)`.
    """

    found: tuple[Disentangled, ...]
    space: str
    latents: Tensor
    values: Tensor


SearchEvent = SearchProgress | FactorsRead | DirectionsFound


def search_main_axes(
    generator: Generator, count: int = 8, samples: int = 50_000, seed: int = 0
) -> Iterator[SearchEvent]:
    """Find the directions along which w, or for other families the generator's first features, vary most.

    Args:
        generator: In evaluation mode.
        count: How many directions.
        samples: Latents to look at; 4000 at most where features are looked at.
        seed: Draws them.

    Yields:
        Progress, then one DirectionsFound.

    Raises:
        DiscoveryError: A count out of range, or a network whose features do not vary.
    """
    for event in METHODS["pca"].find(Task(generator), MainAxesConfig(count, samples, seed=seed)):
        if isinstance(event, DirectionsDiscovered):
            yield DirectionsFound(tuple(_describe(item.direction, item.title, "pca") for item in event.found))
        else:
            yield SearchProgress(event.doing, event.fraction)


def search_factors(
    generator: Generator, pictures: LabelledPictures, titles: dict[str, str], steps: int = 1500, samples: int = 8000
) -> Iterator[SearchEvent]:
    """Find a direction for each known factor of labelled pictures.

    Args:
        generator: In evaluation mode, trained on pictures of this kind.
        pictures: Real pictures with their factors.
        titles: What people call the factors.
        steps: How long the reading network learns.
        samples: Generated pictures to read.

    Yields:
        Progress, FactorsRead, then one DirectionsFound (factors that cannot be steered are left out).

    Raises:
        TrainingError: The pictures carry no factors.
    """
    if pictures.factors is None or not len(pictures.factor_names):
        raise TrainingError("pictures", "they carry no known factors", "use the built-in avatars")
    learning = learn_to_read(pictures.pixels, pictures.factors, steps, generator.device)
    regressor, quality = yield from _relay(learning, "learning to read the factors", 0.0, 0.7)
    yield FactorsRead({name: float(value) for name, value in zip(pictures.factor_names, quality, strict=True)})
    searching = search_read_factors(generator, regressor, pictures.factor_names, min(steps, READER_STEPS), samples)
    for event in searching:
        if isinstance(event, SearchProgress):
            yield SearchProgress(event.doing, 0.7 + 0.3 * event.fraction)
        elif isinstance(event, SteerableFound):
            yield DirectionsFound(describe_factors(event, titles))


def search_read_factors(
    generator: Generator,
    regressor: FactorRegressor,
    names: Sequence[str],
    steps: int = READER_STEPS,
    samples: int = 8000,
) -> Iterator[SearchProgress | SteerableFound]:
    """Find a direction for each factor that a network reads off generated pictures.

    Args:
        generator: In evaluation mode.
        regressor: Reads the factors, in their deviations.
        names: F names.
        steps: How long a second network learns to read them off latents.
        samples: Generated pictures to read.

    Yields:
        Progress, then one SteerableFound (factors that cannot be steered are left out).
    """
    space, latents, values = natural_space(generator), list[Tensor](), list[Tensor]()
    for batch in latent_batches(generator, space, samples, seed=1, batch=BATCH):
        first = len(latents) * BATCH
        values.append(read_generated(generator, regressor, batch, space, first))
        latents.append(batch)
        yield SearchProgress("reading generated pictures", 0.6 * first / samples)
    centred = space == "z" and generator.spec.latent_law != "uniform_0_1"
    trying = try_steps(torch.cat(latents), torch.cat(values), names, steps, folds=centred)
    found = yield from _rescaled(trying, 0.6, 0.85)
    kept = []
    for number, item in enumerate(found):
        yield SearchProgress("looking at what they do", 0.85 + 0.15 * number / len(found))
        seen = look_at(generator, regressor, item, latents[-1][:LOOKED_AT], space)
        if seen.change >= MIN_CHANGE and seen.entanglement <= MAX_ENTANGLEMENT:
            kept.append(seen)
    yield SteerableFound(tuple(kept), space, torch.cat(latents), torch.cat(values))


def describe_factors(found: SteerableFound, titles: dict[str, str]) -> tuple[FoundDirection, ...]:
    """What a checkpoint or a project carries of directions of factors.

    Args:
        found: The directions.
        titles: What people call the factors.
    """
    return tuple(_describe_factor(item, titles, found.space) for item in found.found)


def look_at(
    generator: Generator, regressor: FactorRegressor, found: Disentangled, latents: Tensor, space: str = "z"
) -> Disentangled:
    """Judge a direction again by the pictures that are drawn: far out, latents are read less well.

    Args:
        generator: In evaluation mode.
        regressor: Reads factors off pictures.
        found: The direction.
        latents: A few random ones, in `space`.
        space: "z" or "w".
    """
    low, high = found.direction.low, found.direction.high
    places = sorted({low, high, *(float(place) for place in range(-5, 6) if low < place < high)})
    return judge(
        lambda moved: read_generated(generator, regressor, moved, space), found.direction, latents, found.factor, places
    )


def try_steps(
    latents: Tensor, values: Tensor, names: Sequence[str], steps: int = READER_STEPS, *, folds: bool = True
) -> Work[SearchEvent, None, list[Disentangled]]:
    """Find the directions that move one factor and leave the others alone.

    Args:
        latents: `(N, D)`.
        values: What was read off their pictures, in the factors' deviations, `(N, F)`.
        names: F names.
        steps: How long a network learns to read the factors off latents.
        folds: See `disentangle`.
    """
    reader, _ = yield from _relay(learn_latents(latents, values, steps), "learning to read the latents", 0.0, 0.7)
    lines = fit_directions(latents, values, names)  # of these only how much of a factor a straight line explains
    trying = disentangle(reader, latents[:TRIED], names, [line.quality for line in lines], folds)
    return (yield from _relay(trying, "trying directions", 0.7, 1.0))


def _rescaled(search: Work[SearchEvent, None, T], start: float, end: float) -> Work[SearchProgress, None, T]:
    """Tell of a part of the search that counts its progress from 0 to 1."""
    while True:
        try:
            event = next(search)
        except StopIteration as stop:
            result: T = stop.value
            return result
        if isinstance(event, SearchProgress):
            yield SearchProgress(event.doing, start + (end - start) * event.fraction)


def _relay(search: Work[float, None, T], doing: str, start: float, end: float) -> Work[SearchEvent, None, T]:
    """Tell of the progress of a part of the search."""
    while True:
        try:
            done = next(search)
        except StopIteration as stop:
            result: T = stop.value
            return result
        yield SearchProgress(doing, start + (end - start) * done)


def _describe_factor(found: Disentangled, titles: dict[str, str], space: str) -> FoundDirection:
    name = found.direction.name
    info, step = _describe(in_space(found.direction, space, None), titles.get(name, name), "factor")
    quality = None if info.fold else info.quality  # a straight line says nothing of what goes two ways
    return replace(info, quality=quality, entanglement=round(found.entanglement, 4)), step


def _describe(direction: Direction, title: str, origin: str) -> FoundDirection:
    info = DirectionInfo(
        direction.name,
        title,
        direction.low,
        direction.high,
        round(direction.quality, 4),
        origin,
        direction.space,
        direction.layers,
        direction.fold,
    )
    return info, direction.step().numpy()
