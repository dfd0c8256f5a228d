"""Drawing latents by seed, and truncation."""

from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np
import torch

LATENT_LAWS = ("normal", "uniform", "uniform_0_1", "sphere")


def sample_z(seeds: Sequence[int], z_dim: int, law: str = "normal") -> torch.Tensor:
    """Draw one z for each seed.

    Each seed has its own numpy `RandomState`, as in the field's scripts, so that a seed number found elsewhere gives
    the same latent here, whatever the batch.

    Args:
        seeds: Numbers from 0 to 2**32 - 1.
        z_dim: Entries of a z.
        law: "normal" (standard normal), "uniform" (in [-1, 1]), "uniform_0_1" (in [0, 1]) or "sphere" (evenly on the
            sphere of radius `sqrt(z_dim)`, where the mean square is 1; Karras et al. 2018, section 4.2).

    Returns:
        float32 `(N, z_dim)`.

    Raises:
        ValueError: A law that is none of these, or a seed out of range.
    """
    _check_law(law)
    rows = [_row_of(seed, z_dim, law) for seed in seeds]
    return torch.from_numpy(np.stack(rows) if rows else np.zeros((0, z_dim), np.float32))


def draw_z(count: int, z_dim: int, law: str, random: torch.Generator) -> torch.Tensor:
    """Draw many z float32 `(count, z_dim)` at once, where no seed has to stand for a picture; see `sample_z`.

    Raises:
        ValueError: A law that is none of these.
    """
    return z_by_law(
        law,
        lambda: torch.randn(count, z_dim, generator=random),
        lambda: torch.rand(count, z_dim, generator=random),
    )


def z_by_law(law: str, normal: Callable[[], torch.Tensor], even: Callable[[], torch.Tensor]) -> torch.Tensor:
    """Make z `(N, z_dim)` of a law out of numbers that the caller knows how to draw; only one kind is drawn.

    Args:
        law: See `sample_z`.
        normal: Draws `(N, z_dim)` from N(0, 1).
        even: Draws `(N, z_dim)` from [0, 1).

    Raises:
        ValueError: A law that is none of these.
    """
    _check_law(law)
    if law in {"uniform", "uniform_0_1"}:
        return even() * 2 - 1 if law == "uniform" else even()
    values = normal()
    return values * (values.square().mean(1, keepdim=True) + 1e-30).rsqrt() if law == "sphere" else values


def _check_law(law: str) -> None:
    if law not in LATENT_LAWS:
        raise ValueError(f"the latent law {law!r} is none of {', '.join(LATENT_LAWS)}")


@lru_cache(maxsize=256)  # the frames between two pictures ask for the same two again and again
def _row_of(seed: int, z_dim: int, law: str) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    row = _draw(np.random.RandomState(seed), z_dim, law)
    row.setflags(write=False)
    return row


def _draw(random: np.random.RandomState, z_dim: int, law: str) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    low = {"uniform": -1.0, "uniform_0_1": 0.0}.get(law)
    values = random.randn(z_dim) if low is None else random.uniform(low, 1.0, z_dim)
    if law == "sphere":
        values = values / np.sqrt(np.square(values).mean() + 1e-30)
    return values.astype(np.float32)


def truncate(latents: torch.Tensor, psi: float, mean: torch.Tensor | None = None) -> torch.Tensor:
    """Move latents `(..., D)` towards the mean latent: `mean + psi * (latents - mean)`.

    The mean of z is zero under all laws but that of [0, 1], hence the default. Source: Karras et al. 2019, section B
    (there in w).
    """
    if mean is None:
        return latents * psi
    return mean + psi * (latents - mean)
