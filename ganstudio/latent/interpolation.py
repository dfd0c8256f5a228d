"""Going from one latent to another, and between several."""

from collections.abc import Sequence

import torch


def lerp(start: torch.Tensor, end: torch.Tensor, t: float | torch.Tensor) -> torch.Tensor:
    """Go straight from `start` to `end` `(..., D)`: `start + t * (end - start)`, exact at both ends."""
    return (1 - t) * start + t * end


def slerp(start: torch.Tensor, end: torch.Tensor, t: float | torch.Tensor) -> torch.Tensor:
    """Go along the great circle through `start` and `end` `(..., D)`, t in [0, 1].

    Latents of a high-dimensional normal law lie near a sphere; a straight line between two of them runs through its
    inside, where the generator was hardly trained. Parallel and opposite latents, between which no great circle is
    singled out, are joined by a straight line.

    Source: White 2016 (Sampling Generative Networks), after Shoemake 1985.
    """
    cosine = torch.nn.functional.cosine_similarity(start.double(), end.double(), dim=-1).clamp(-1.0, 1.0)
    angle = torch.acos(cosine).unsqueeze(-1)
    sine = torch.sin(angle)
    straight = sine < 1e-6
    safe = torch.where(straight, torch.ones_like(sine), sine)
    weight_start = torch.where(straight, torch.as_tensor(1 - t, dtype=sine.dtype), torch.sin((1 - t) * angle) / safe)
    weight_end = torch.where(straight, torch.as_tensor(t, dtype=sine.dtype), torch.sin(t * angle) / safe)
    return weight_start.to(start.dtype) * start + weight_end.to(end.dtype) * end


def mix_straight(latents: torch.Tensor, shares: Sequence[float]) -> torch.Tensor:
    """The sum `(1, D)` of latents `(N, D)` in shares that add up to 1."""
    weights = torch.tensor(shares, dtype=torch.float64)[:, None]
    mixed: torch.Tensor = (weights * latents.double()).sum(0, keepdim=True).to(latents.dtype)
    return mixed


def mix_on_arc(latents: torch.Tensor, shares: Sequence[float]) -> torch.Tensor:
    """A latent `(1, D)` between latents `(N, D)`, about as long as they are.

    Two are joined by `slerp`; more by their sum in these shares, brought to the length that their own lengths give in
    the same shares, since a sum of independent latents is shorter than what the generator was trained on.
    """
    used = [place for place, share in enumerate(shares) if share]
    if len(used) == 1:
        return latents[used[0]][None]
    if len(used) == 2 and all(0 <= shares[place] <= 1 for place in used):
        first, second = used
        return slerp(latents[first][None], latents[second][None], shares[second])
    mixed = mix_straight(latents, shares).double()
    weights = torch.tensor(shares, dtype=torch.float64)
    length = (weights * latents.double().norm(dim=1)).sum().clamp_min(0)
    scaled: torch.Tensor = mixed.mul(length / mixed.norm().clamp_min(1e-12))
    return scaled.to(latents.dtype)
