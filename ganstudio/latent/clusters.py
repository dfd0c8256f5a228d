"""Centres of a cloud of latents, for a truncation that does not bring all pictures to the same one."""

import torch

_ROUNDS = 50


def find_centres(latents: torch.Tensor, count: int, random: torch.Generator) -> torch.Tensor:
    """Find `count` centres `(count, D)` of latents `(N, D)` by k-means, begun far apart.

    Source: Arthur and Vassilvitskii 2007 (k-means++), Lloyd 1982; as centres of truncation: Mokady et al. 2022
    (Self-Distilled StyleGAN), section 3.2.

    Args:
        latents: The cloud, at least `count` latents.
        count: 1 or more.
        random: Draws the first centres.

    Raises:
        ValueError: Fewer latents than centres.
    """
    if not 1 <= count <= len(latents):
        raise ValueError(f"{count} centres of {len(latents)} latents")
    points = latents.double()
    centres = _begin(points, count, random)
    for _round in range(_ROUNDS):
        nearest = nearest_of(points, centres)
        sums = torch.zeros_like(centres).index_add_(0, nearest, points)
        counts = torch.bincount(nearest, minlength=count).unsqueeze(1)
        moved = torch.where(counts > 0, sums / counts.clamp_min(1), centres)  # one that nobody is near stays
        if torch.equal(moved, centres):
            break
        centres = moved
    return centres.to(latents.dtype)


def nearest_of(latents: torch.Tensor, centres: torch.Tensor) -> torch.Tensor:
    """The number int64 `(N,)` of the centre `(K, D)` that each of latents `(N, D)` is nearest to."""
    return torch.cdist(latents.to(centres.dtype), centres).argmin(1)


def _begin(points: torch.Tensor, count: int, random: torch.Generator) -> torch.Tensor:
    """Choose `count` of the points, each with a chance that grows with the square of its distance from those before."""
    chosen = [points[int(torch.randint(len(points), (1,), generator=random))]]
    while len(chosen) < count:
        squares = torch.cdist(points, torch.stack(chosen)).amin(1).square()
        weights = squares if bool(squares.sum() > 0) else torch.ones_like(squares)
        chosen.append(points[int(torch.multinomial(weights, 1, generator=random))])
    return torch.stack(chosen)
