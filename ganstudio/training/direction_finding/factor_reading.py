"""Teaches a network to read known factors off pictures, and reads them off generated ones."""

from collections.abc import Generator as Work
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from ganstudio.images import from_uint8, to_convention
from ganstudio.latent.directions import determination
from ganstudio.networks.base import Generator, MappedGenerator
from ganstudio.networks.factor_regressor import FactorRegressor
from ganstudio.training.data_order import DataOrder
from ganstudio.training.errors import TrainingError

BATCH = 64
_HELD = 2000


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


@dataclass(frozen=True, eq=False)
class ClassPictures:
    """Pictures whose classes are taken for factors: each is in a class or not; see `LabelledPictures`."""

    pixels: npt.NDArray[np.uint8]
    factors: npt.NDArray[np.float32] | None
    factor_names: Sequence[str]


def classes_as_factors(
    pixels: npt.NDArray[np.uint8], labels: npt.NDArray[np.int64] | None, class_names: Sequence[str]
) -> ClassPictures:
    """Take the classes of pictures for factors that are 1 or 0; of two classes the second one alone.

    Args:
        pixels: uint8 `(N, H, W, C)`.
        labels: int64 `(N,)`.
        class_names: Names of the classes.

    Raises:
        TrainingError: No classes, one class only, or a class without a name.
    """
    seen = np.unique(labels) if labels is not None else np.zeros(0, np.int64)
    if labels is None or len(seen) < 2 or int(seen.max()) >= len(class_names) or int(seen.min()) < 0:
        raise TrainingError("pictures", "they are not of two named classes at least", "sort them into a folder a class")
    kept = seen[1:] if len(seen) == 2 else seen
    factors = (labels[:, None] == kept).astype(np.float32)
    return ClassPictures(pixels, factors, [class_names[index] for index in kept])


def learn_to_read(
    pixels: npt.NDArray[np.uint8],
    factors: npt.NDArray[np.float32],
    steps: int,
    device: torch.device,
    seed: int = 0,
) -> Work[float, None, tuple[FactorRegressor, Tensor]]:
    """Train a network that reads factors off pictures, in units of each factor's deviation.

    Args:
        pixels: uint8 `(N, H, W, C)`; every tenth is held out.
        factors: float32 `(N, F)`.
        steps: How long.
        device: Where to compute.
        seed: Draws weights and order.

    Yields:
        How much is done, 0 to 1.

    Returns:
        The network, in evaluation mode, and its held-out R² `(F,)`.
    """
    held = np.arange(len(pixels)) % 10 == 0
    mean, deviation = factors.mean(0), factors.std(0) + 1e-6
    targets = torch.from_numpy((factors - mean) / deviation)
    regressor = FactorRegressor(pixels.shape[3], factors.shape[1], torch.Generator().manual_seed(seed)).to(device)
    optimizer = torch.optim.AdamW(regressor.parameters(), 2e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 4e-3, total_steps=steps)
    order = DataOrder(np.flatnonzero(~held), seed=seed)
    for step in range(steps):
        rows = order.batch(step * BATCH, BATCH)
        loss = (regressor(from_uint8(pixels[rows]).to(device)) - targets[rows].to(device)).square().mean()
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        schedule.step()
        yield step / steps
    regressor.eval().requires_grad_(requires_grad=False)
    rows = np.flatnonzero(held)[:_HELD]
    return regressor, determination(_read(regressor, pixels, rows, device), targets[rows])


@torch.inference_mode()
def _read(
    regressor: FactorRegressor, pixels: npt.NDArray[np.uint8], rows: npt.NDArray[np.int64], device: torch.device
) -> Tensor:
    parts = np.array_split(rows, max(1, len(rows) // BATCH))
    return torch.cat([regressor(from_uint8(pixels[part]).to(device)).cpu() for part in parts])


@torch.inference_mode()
def read_generated(
    generator: Generator, regressor: FactorRegressor, latents: Tensor, space: str = "z", first: int = 0
) -> Tensor:
    """Read factors `(N, F)` off the pictures of latents.

    Args:
        generator: In evaluation mode.
        regressor: What reads.
        latents: z or w `(N, D)`, as `latent.clouds` draws them.
        space: "z" or "w".
        first: Number of the first latent among all, which its class follows from.
    """
    values = []
    for start in range(0, len(latents), BATCH):
        batch = latents[start : start + BATCH].to(generator.device)
        if space == "w" and isinstance(generator, MappedGenerator):
            images = generator.synthesise(batch[:, None].expand(-1, generator.spec.num_ws, -1))
        else:
            images = generator(batch, generator.labels_in_turn(first + start, len(batch)))
        values.append(regressor(to_convention(images, *generator.spec.output_range).clamp(-1, 1)).cpu())
    return torch.cat(values)
