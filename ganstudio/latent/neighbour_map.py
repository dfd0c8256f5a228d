"""A map in the plane of points of many dimensions, on which neighbours stay neighbours (t-SNE)."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

import torch
from torch import Tensor

_EXAGGERATION, _EXAGGERATED_STEPS = 12.0, 0.3  # how much, and for what share of the steps (section 3.4)
_MOMENTA = (0.5, 0.8)
_SEARCH_STEPS = 40
_KEPT_AXES = 30


@dataclass(frozen=True, eq=False)
class MapStep:
    """The map as it is after some steps.

    Attributes:
        done: Steps done.
        total: Of so many.
        places: float32 `(N, 2)`; the last ones are the map.
    """

    done: int
    total: int
    places: Tensor = field(repr=False)


def map_neighbours(
    points: Tensor, random: torch.Generator, perplexity: float = 30.0, steps: int = 400
) -> Iterator[MapStep]:
    """Lay points out in the plane.

    Source: van der Maaten and Hinton 2008, exact (all pairs); begun with the two main axes of the points and a step of
    N / exaggeration as Belkina et al. 2019 advise, so that the map is much the same each time.

    Args:
        points: `(N, D)`; reduced to their 30 main axes first, as in section 4.2 of the source.
        random: Draws a little disorder, so that equal points part.
        perplexity: About how many neighbours count; at most a third of N.
        steps: Of gradient descent.

    Yields:
        A MapStep every few steps, and the last one.

    Raises:
        ValueError: Values that are not finite.
    """
    if not torch.isfinite(points).all():
        raise ValueError("the points have values that are not finite")
    count = len(points)
    reduced = _main_axes(points.double())
    places = _begin(reduced, random)
    if count < 4:
        yield MapStep(steps, steps, places.float())
        return
    affinities = _affinities(reduced, min(perplexity, (count - 1) / 3)).float()
    places, velocity = places.float(), torch.zeros_like(places, dtype=torch.float32)
    gains, rate = torch.ones_like(places), max(count / _EXAGGERATION, 50.0)
    for step in range(steps):
        is_early = step < steps * _EXAGGERATED_STEPS
        gradient = _gradient(affinities * _EXAGGERATION if is_early else affinities, places)
        same_way = gradient.sign() == velocity.sign()
        gains = torch.where(same_way, gains * 0.8, gains + 0.2).clamp_min(0.01)
        velocity = _MOMENTA[not is_early] * velocity - rate * gains * gradient
        places = places + velocity
        places = places - places.mean(0)
        if step % 10 == 9 or step == steps - 1:
            yield MapStep(step + 1, steps, places)


def _main_axes(points: Tensor) -> Tensor:
    """The points `(N, K)` on their main axes, of which there are `_KEPT_AXES` at most."""
    centred = points - points.mean(0)
    left, sizes, _ = torch.linalg.svd(centred, full_matrices=False)
    axes: Tensor = (left * sizes)[:, :_KEPT_AXES]
    return axes


def _begin(reduced: Tensor, random: torch.Generator) -> Tensor:
    disorder = torch.randn(len(reduced), 2, generator=random, dtype=torch.float64)
    axes = torch.zeros_like(disorder)
    axes[:, : min(2, reduced.shape[1])] = reduced[:, :2]
    return 1e-4 * (axes / axes[:, 0].std(correction=0).clamp_min(1e-12) + 0.01 * disorder)


def _squares(points: Tensor) -> Tensor:
    """All squared distances `(N, N)`."""
    lengths = points.square().sum(1)
    squares: Tensor = (lengths[:, None] + lengths - 2 * points @ points.T).clamp_min(0).fill_diagonal_(0)
    return squares


def _affinities(points: Tensor, perplexity: float) -> Tensor:
    """How much each is a neighbour of each, symmetric, `(N, N)`, of sum 1: widths of equal perplexity (section 2)."""
    squares = _squares(points)
    itself = torch.eye(len(points), dtype=torch.bool)
    precision = 1 / squares.mean(1).clamp_min(1e-12)
    low, high = torch.zeros_like(precision), torch.full_like(precision, math.inf)
    shares = squares
    for _step in range(_SEARCH_STEPS):
        shares = torch.softmax((-precision[:, None] * squares).masked_fill(itself, -math.inf), dim=1)
        entropy = -(shares * shares.clamp_min(1e-30).log()).sum(1)
        is_wide = entropy > math.log(perplexity)
        low, high = torch.where(is_wide, precision, low), torch.where(is_wide, high, precision)
        precision = torch.where(torch.isinf(high), precision * 2, (low + high) / 2)
    return (shares + shares.T) / (2 * len(points))


def _gradient(affinities: Tensor, places: Tensor) -> Tensor:
    """The gradient of the Kullback-Leibler divergence, equation 5."""
    nearness = (1 / (1 + _squares(places))).fill_diagonal_(0)
    weights = (affinities - nearness / nearness.sum()) * nearness
    return 4 * (weights.sum(1, keepdim=True) * places - weights @ places)
