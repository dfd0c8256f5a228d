"""Finds latent directions for a checkpoint: main axes without labels, and named ones from known factors.

The named ones come in three steps: a network learns to read the factors off labelled pictures (those of the built-in
set, say), reads them off many generated pictures, and a linear regression on their latents gives each factor's
direction.
"""

from collections.abc import Generator as Work
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from ganstudio.checkpoints.base import Array, DirectionInfo
from ganstudio.images import from_uint8
from ganstudio.latent.directions import Direction, determination
from ganstudio.latent.pca import pca_directions
from ganstudio.latent.regression import fit_directions
from ganstudio.networks.base import Generator
from ganstudio.networks.factor_regressor import FactorRegressor
from ganstudio.training.data_order import DataOrder
from ganstudio.training.errors import TrainingError

BATCH = 64
MIN_QUALITY = 0.1  # a named slider below this held-out R² would not do what its name says

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
    """The result: descriptions with vectors float32 `(z_dim,)`, one deviation long."""

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
    values = []
    for start in range(0, samples, BATCH):
        values.append(_read_generated(generator, regressor, z[start : start + BATCH], labels, start))
        yield SearchProgress("reading generated pictures", 0.8 + 0.2 * start / samples)
    found = fit_directions(z, torch.cat(values), pictures.factor_names, orthogonal=True)
    kept = [direction for direction in found if direction.quality >= MIN_QUALITY]
    yield DirectionsFound(tuple(_describe(item, titles.get(item.name, item.name), "factor") for item in kept))


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
        yield SearchProgress("learning to read the factors", 0.8 * step / steps)
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
) -> Tensor:
    device = next(generator.parameters()).device
    images = generator(z.to(device), labels[start : start + len(z)] if labels is not None else None)
    values: Tensor = regressor(images.clamp(-1, 1)).cpu()
    return values


def _draw_latents(generator: Generator, count: int, seed: int) -> tuple[Tensor, Tensor | None]:
    spec = generator.spec
    z = torch.randn(count, spec.z_dim, generator=torch.Generator().manual_seed(seed))
    device = next(generator.parameters()).device
    return z, torch.arange(count, device=device) % spec.num_classes if spec.num_classes else None


def _describe(direction: Direction, title: str, origin: str) -> FoundDirection:
    quality = round(direction.quality, 4)
    info = DirectionInfo(direction.name, title, direction.low, direction.high, quality, origin)
    return info, direction.step().numpy()
