"""Finds latent directions for a checkpoint: main axes without labels, and named ones from known factors.

The named ones come in four steps: a network learns to read the factors off labelled pictures (those of the built-in
set, say), reads them off many generated pictures, a second network learns to read them off the latents, and by its
account many steps are tried for each factor: one that moves it far and the others little becomes its direction.
"""

from collections.abc import Generator as Work
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from ganstudio.checkpoints.base import Array, DirectionInfo
from ganstudio.images import from_uint8
from ganstudio.latent.clouds import natural_space
from ganstudio.latent.directions import Direction, determination, in_space
from ganstudio.latent.disentangling import Disentangled, disentangle
from ganstudio.latent.pca import pca_directions
from ganstudio.latent.regression import fit_directions
from ganstudio.latent.spaces import draw_z
from ganstudio.networks.base import Generator, MappedGenerator
from ganstudio.networks.factor_regressor import FactorRegressor
from ganstudio.training.data_order import DataOrder
from ganstudio.training.errors import TrainingError
from ganstudio.training.latent_reading import learn_latents

BATCH = 64
MIN_CHANGE = 0.75  # a named slider that moves its factor by fewer deviations would not do what its name says ...
MAX_ENTANGLEMENT = 0.4  # ... nor would one that moves the others so much
_READER_STEPS = 1500

FoundDirection = tuple[DirectionInfo, Array]


class LabelledPictures(Protocol):
    """Pictures with known factor values."""

    @property
    def pixels(self) -> npt.NDArray[np.uint8]:
        """uint8 `(N, H, W, C)` at the generator's resolution."""

    @property
    def factors(self) -> npt.NDArray[np.float32] | None:
        """float32 `(N, F)`."""

    @property
    def factor_names(self) -> Sequence[str]:
        """F names."""


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


SearchEvent = SearchProgress | FactorsRead | DirectionsFound


def search_main_axes(generator: Generator, count: int = 8, samples: int = 4000, seed: int = 0) -> Iterator[SearchEvent]:
    """Find the directions along which the generator's first features vary most.

    Args:
        generator: In evaluation mode.
        count: How many directions.
        samples: Latents to look at.
        seed: Draws them.

    Yields:
        Progress, then one DirectionsFound.
    """
    yield SearchProgress("sampling the latent space", 0.0)
    device = next(generator.parameters()).device
    z, labels = _draw_latents(generator, samples, seed)
    position = 0

    def features_of(batch: Tensor) -> Tensor:
        nonlocal position
        part = labels[position : position + len(batch)] if labels is not None else None
        position += len(batch)
        with torch.inference_mode():
            return generator.first_features(batch.to(device), part).cpu()

    found = pca_directions(features_of, z, count)
    infos = [_describe(direction, f"Axis {number}", "pca") for number, direction in enumerate(found, start=1)]
    yield DirectionsFound(tuple(infos))


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
    regressor = yield from _learn_to_read(pictures, pictures.factors, steps, next(generator.parameters()).device)
    z, labels = _draw_latents(generator, samples, seed=1)
    latents, values = [], []
    for start in range(0, samples, BATCH):
        part = _read_generated(generator, regressor, z[start : start + BATCH], labels, start)
        latents.append(part[0])
        values.append(part[1])
        yield SearchProgress("reading generated pictures", 0.7 + 0.2 * start / samples)
    found = yield from _try_steps(
        torch.cat(latents), torch.cat(values), pictures.factor_names, min(steps, _READER_STEPS)
    )
    space = natural_space(generator)
    yield DirectionsFound(tuple(_describe_factor(item, titles, space) for item in found))


def _try_steps(
    latents: Tensor, values: Tensor, names: Sequence[str], steps: int
) -> Work[SearchEvent, None, list[Disentangled]]:
    """Find the directions that move one factor and leave the others alone."""
    search = learn_latents(latents, values, steps)
    while True:
        try:
            done = next(search)
        except StopIteration as stop:
            reader, _ = stop.value
            break
        yield SearchProgress("learning to read the latents", 0.9 + 0.08 * done)
    yield SearchProgress("trying directions", 0.98)
    lines = fit_directions(latents, values, names)  # of these only how much of a factor a straight line explains
    found = disentangle(reader, latents[:1000], names, [line.quality for line in lines])
    return [item for item in found if item.change >= MIN_CHANGE and item.entanglement <= MAX_ENTANGLEMENT]


def _learn_to_read(
    pictures: LabelledPictures, factors: npt.NDArray[np.float32], steps: int, device: torch.device
) -> Work[SearchEvent, None, FactorRegressor]:
    count = len(pictures.pixels)
    held = np.arange(count) % 10 == 0
    mean, deviation = factors.mean(0), factors.std(0) + 1e-6
    targets = torch.from_numpy((factors - mean) / deviation)
    regressor = FactorRegressor(pictures.pixels.shape[3], factors.shape[1], torch.Generator().manual_seed(0)).to(device)
    optimizer = torch.optim.AdamW(regressor.parameters(), 2e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 4e-3, total_steps=steps)
    order = DataOrder(np.flatnonzero(~held), seed=0)
    for step in range(steps):
        rows = order.batch(step * BATCH, BATCH)
        loss = (regressor(from_uint8(pictures.pixels[rows]).to(device)) - targets[rows].to(device)).square().mean()
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        schedule.step()
        yield SearchProgress("learning to read the factors", 0.7 * step / steps)
    regressor.eval()
    rows = np.flatnonzero(held)[:2000]
    quality = determination(_read(regressor, pictures.pixels, rows, device), targets[rows])
    yield FactorsRead({name: float(value) for name, value in zip(pictures.factor_names, quality, strict=True)})
    return regressor


@torch.inference_mode()
def _read(
    regressor: FactorRegressor, pixels: npt.NDArray[np.uint8], rows: npt.NDArray[np.int64], device: torch.device
) -> Tensor:
    parts = np.array_split(rows, max(1, len(rows) // BATCH))
    return torch.cat([regressor(from_uint8(pixels[part]).to(device)).cpu() for part in parts])


@torch.inference_mode()
def _read_generated(
    generator: Generator, regressor: FactorRegressor, z: Tensor, labels: Tensor | None, start: int
) -> tuple[Tensor, Tensor]:
    """The latents (w where there is one) and what is read off their pictures."""
    z = z.to(next(generator.parameters()).device)
    labels = labels[start : start + len(z)] if labels is not None else None
    if isinstance(generator, MappedGenerator):
        w_plus = generator.map(z, labels)
        latents, images = w_plus[:, 0], generator.synthesise(w_plus)
    else:
        latents, images = z, generator(z, labels)
    low, high = generator.spec.output_range
    values: Tensor = regressor(((images - low) * (2 / (high - low)) - 1).clamp(-1, 1))
    return latents.cpu(), values.cpu()


def _draw_latents(generator: Generator, count: int, seed: int) -> tuple[Tensor, Tensor | None]:
    spec = generator.spec
    z = draw_z(count, spec.z_dim, spec.latent_law, torch.Generator().manual_seed(seed))
    device = next(generator.parameters()).device
    return z, torch.arange(count, device=device) % spec.num_classes if spec.num_classes else None


def _describe_factor(found: Disentangled, titles: dict[str, str], space: str) -> FoundDirection:
    name = found.direction.name
    info, step = _describe(in_space(found.direction, space, None), titles.get(name, name), "factor")
    return replace(info, space=space, entanglement=round(found.entanglement, 4)), step


def _describe(direction: Direction, title: str, origin: str) -> FoundDirection:
    quality = round(direction.quality, 4)
    info = DirectionInfo(direction.name, title, direction.low, direction.high, quality, origin)
    return info, direction.step().numpy()
