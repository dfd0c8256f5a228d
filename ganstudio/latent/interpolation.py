"""Going from one latent to another."""

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
