"""Directions that other programs found, measured on the generator that is to carry them."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import torch

from ganstudio.checkpoints.base import Array, DirectionInfo
from ganstudio.checkpoints.latents.base import LatentFile
from ganstudio.checkpoints.latents.fitting import MAX_DIRECTIONS, fit_directions
from ganstudio.latent.clouds import latent_cloud
from ganstudio.networks.base import Generator, MappedGenerator

Carried = tuple[DirectionInfo, Array]

_SAMPLES = 1000


@torch.inference_mode()
def carry_directions(latents: LatentFile, generator: Generator, limit: int = MAX_DIRECTIONS) -> tuple[Carried, ...]:
    """Fit the directions of a file to a generator.

    Steps of length 1 say a course and no size: their strength 1 becomes one deviation of the latents along them, as for
    directions that were found here.

    Args:
        latents: A file of directions.
        generator: The generator that is to carry them.
        limit: How many at most, the first ones.

    Raises:
        CheckpointError: No directions, or of other sizes than the generator's.
    """
    pairs = fit_directions(latents, generator.spec, limit)
    if latents.deviations or latents.ready:
        return pairs
    cloud = {space: _cloud(generator, space) for space in {info.space for info, _ in pairs}}
    return tuple((info, _with_deviation(step, cloud[info.space])) for info, step in pairs)


def merge(old: Iterable[Carried], new: Iterable[Carried]) -> tuple[Carried, ...]:
    """Both, in this order; a new one whose name is taken gets a number."""
    result = list(old)
    taken = {info.name for info, _ in result}
    for info, step in new:
        name, number = info.name, 1
        while name in taken:
            number += 1
            name = f"{info.name}_{number}"
        taken.add(name)
        result.append((replace(info, name=name), step))
    return tuple(result)


def _cloud(generator: Generator, space: str) -> torch.Tensor:
    """Latents `(N, D)` or `(N, L, D)` of the space, the same each time."""
    if space == "z" or not isinstance(generator, MappedGenerator):
        return latent_cloud(generator, "z", _SAMPLES)
    w = latent_cloud(generator, "w", _SAMPLES)
    return w if space == "w" else w[:, None].expand(-1, generator.spec.num_ws, -1)


def _with_deviation(step: Array, cloud: torch.Tensor) -> Array:
    """The step scaled from length 1 (of each layer) to the deviation of the cloud along it."""
    unit = torch.from_numpy(np.asarray(step, np.float64))
    unit = unit / unit.norm(dim=-1, keepdim=True).clamp_min(1e-12)
    deviation = (cloud.double() * unit).sum(dim=-1).std(dim=0, correction=0)
    scaled: Array = (unit * deviation[..., None]).float().numpy()
    return scaled
