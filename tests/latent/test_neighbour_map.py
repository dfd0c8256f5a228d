"""Maps on which neighbours stay neighbours."""

import numpy as np
import pytest
import torch

from ganstudio.latent.neighbour_map import _affinities, _gradient, map_neighbours


def clusters(count: int = 40, seed: int = 0) -> tuple[torch.Tensor, torch.Tensor]:
    random = torch.Generator().manual_seed(seed)
    kinds = torch.arange(3 * count) % 3
    centres = 6 * torch.randn(3, 20, generator=random)
    return centres[kinds] + torch.randn(3 * count, 20, generator=random), kinds


def test_clusters_stay_together_and_the_map_is_the_same_each_time():
    points, kinds = clusters()
    maps = [list(map_neighbours(points, torch.Generator().manual_seed(1), steps=250))[-1].places for _ in range(2)]
    assert torch.equal(*maps)
    distances = torch.cdist(maps[0], maps[0])
    distances.fill_diagonal_(float("inf"))
    nearest = distances.topk(5, largest=False).indices
    assert float((kinds[nearest] == kinds[:, None]).float().mean()) > 0.98


def shares_by_bisection(squares: np.ndarray, itself: int, perplexity: float) -> np.ndarray:
    """One row, slowly: the width of the normal law that gives the wanted perplexity."""
    low, high = 1e-6, 1e3
    for _step in range(200):
        middle = np.sqrt(low * high)
        weights = np.exp(-np.clip(squares - np.delete(squares, itself).min(), 0, None) / middle)
        weights[itself] = 0
        shares = weights / weights.sum()
        entropy = -(shares[shares > 0] * np.log(shares[shares > 0])).sum()
        low, high = (low, middle) if entropy > np.log(perplexity) else (middle, high)
    return shares


def test_affinities_are_those_of_a_slow_search():
    points, _ = clusters(20)
    squares = np.square(points.double().numpy()[:, None] - points.double().numpy()).sum(2)
    rows = np.stack([shares_by_bisection(row, place, 8.0) for place, row in enumerate(squares)])
    expected = (rows + rows.T) / (2 * len(rows))
    assert np.allclose(_affinities(points.double(), 8.0).numpy(), expected, atol=1e-9)


def test_the_gradient_is_that_of_the_divergence():
    random = torch.Generator().manual_seed(3)
    affinities = _affinities(torch.randn(12, 5, generator=random, dtype=torch.float64), 3.0)
    places = torch.randn(12, 2, generator=random, dtype=torch.float64).requires_grad_()
    nearness = 1 / (1 + torch.cdist(places, places).square())
    nearness = nearness * (1 - torch.eye(12))
    shares = nearness / nearness.sum()
    inside = ~torch.eye(12, dtype=torch.bool)
    divergence = (affinities[inside] * (affinities[inside].clamp_min(1e-30).log() - shares[inside].log())).sum()
    divergence.backward()
    assert places.grad is not None
    assert torch.allclose(_gradient(affinities, places.detach()), places.grad, atol=1e-8)


@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_few_or_equal_points_have_a_map(count):
    steps = list(map_neighbours(torch.ones(count, 3), torch.Generator().manual_seed(0), steps=20))
    assert steps[-1].places.shape == (count, 2)
    assert torch.isfinite(steps[-1].places).all()


def test_values_that_are_not_finite_are_refused():
    with pytest.raises(ValueError, match="not finite"):
        list(map_neighbours(torch.tensor([[float("nan")]]), torch.Generator()))
