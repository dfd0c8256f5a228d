"""Drawing latents by seed, and truncation."""

from collections.abc import Sequence

import numpy as np
import torch

LATENT_LAWS = ("normal", "uniform")


def sample_z(seeds: Sequence[int], z_dim: int, law: str = "normal") -> torch.Tensor:
    """Draw one z for each seed.

    Each seed has its own numpy `RandomState`, as in the field's scripts, so that a seed number found elsewhere gives
    the same latent here, whatever the batch.

    Args:
        seeds: Numbers from 0 to 2**32 - 1.
        z_dim: Entries of a z.
        law: "normal" (standard normal) or "uniform" (in [-1, 1]).

    Returns:
        float32 `(N, z_dim)`.

    Raises:
        ValueError: A law that is neither, or a seed out of range.
    """
    if law not in LATENT_LAWS:
        raise ValueError(f"the latent law {law!r} is none of {', '.join(LATENT_LAWS)}")
    rows = [_draw(np.random.RandomState(seed), z_dim, law) for seed in seeds]
    return torch.from_numpy(np.stack(rows) if rows else np.zeros((0, z_dim), np.float32))


def _draw(random: np.random.RandomState, z_dim: int, law: str) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    values = random.randn(z_dim) if law == "normal" else random.uniform(-1.0, 1.0, z_dim)
    return values.astype(np.float32)


def truncate(latents: torch.Tensor, psi: float, mean: torch.Tensor | None = None) -> torch.Tensor:
    """Move latents `(..., D)` towards the mean latent: `mean + psi * (latents - mean)`.

    The mean of z is zero under both laws, hence the default. Source: Karras et al. 2019, section B (there in w).
    """
    if mean is None:
        return latents * psi
    return mean + psi * (latents - mean)
