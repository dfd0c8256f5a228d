"""The noise that a layer adds to its maps, of a `Noise`: the file's, or drawn anew."""

from functools import lru_cache

import numpy as np
import torch
from torch import Tensor

from ganstudio.networks.noise import LayerNoise, Noise

_KEPT = 64  # maps; those of three pictures of 1024 px, 11 MiB each


def noise_map(noise: Noise, layer: int, kept: Tensor) -> Tensor | None:
    """What a layer adds, before it is scaled as the network learned.

    Args:
        noise: Which noise.
        layer: The layer's number from 0, among those that add noise.
        kept: The noise `(H, W)` that the file carries.

    Returns:
        `(H, W)`; None for nothing.
    """
    wanted = noise.of(layer)
    if wanted is None:
        return None
    if wanted.seed is None:
        return scaled(kept, wanted)
    return scaled(normal_noise(wanted.seed, layer, tuple(kept.shape), kept.device).to(kept.dtype), wanted)


def scaled(values: Tensor, noise: LayerNoise) -> Tensor:
    """Values times what the noise is multiplied with; the values themselves where that is 1."""
    return values if noise.times == 1 else values * noise.times


@lru_cache(maxsize=_KEPT)
def normal_noise(seed: int, layer: int, shape: tuple[int, ...], device: torch.device) -> Tensor:
    """Noise from N(0, 1), never to be written to; the same on every device, and whichever layers were drawn before."""
    with torch.inference_mode(mode=False):
        return torch.randn(shape, generator=random_of(seed, layer)).to(device)


def random_of(seed: int, layer: int) -> torch.Generator:
    """What draws the noise of one layer; torch's generators look at 32 bits of a seed, so both are mixed into these."""
    mixed = np.random.SeedSequence([seed, layer]).generate_state(1)
    return torch.Generator().manual_seed(int(mixed[0]))
