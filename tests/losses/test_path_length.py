"""Path length against closed forms and finite differences."""

import math

import torch

from ganstudio.losses.path_length import PathLength, path_lengths
from ganstudio.networks.draws import Draws
from tests.networks.test_stylegan2 import build


def seeded() -> Draws:
    return Draws(torch.device("cpu"), 3)


def linear(w_plus, matrices):
    """Pictures (N, 2, 3, 3), the sum over the layers of a matrix (18, D) times w."""
    return torch.einsum("lpd,nld->np", matrices, w_plus).view(-1, 2, 3, 3)


def test_lengths_of_a_linear_generator_are_those_of_its_matrices():
    w_plus = torch.randn(4, 3, 5, dtype=torch.float64, requires_grad=True)
    matrices = torch.randn(3, 18, 5, dtype=torch.float64)
    found = path_lengths(linear(w_plus, matrices), w_plus, seeded())
    noise = seeded().normal(4, 2, 3, 3).double().view(4, 18) / math.sqrt(9)
    expected = torch.einsum("lpd,np->nld", matrices, noise).square().sum(2).mean(1).sqrt()
    assert torch.allclose(found, expected)


def test_an_orthogonal_map_has_the_length_that_theory_says():
    """For y from N(0, 1) the norm of J^T y has the mean root(D) where J is orthonormal."""
    w_plus = torch.randn(4000, 1, 18, dtype=torch.float64, requires_grad=True)
    found = path_lengths(linear(w_plus, 3.0 * torch.eye(18, dtype=torch.float64)[None]), w_plus, seeded())
    assert math.isclose(found.square().mean().item(), 18.0, rel_tol=0.03)


def test_the_penalty_is_measured_against_a_moving_mean():
    penalty, matrices = PathLength().double(), torch.randn(3, 18, 5, dtype=torch.float64)
    w_plus = torch.randn(4, 3, 5, dtype=torch.float64, requires_grad=True)
    lengths = path_lengths(linear(w_plus, matrices), w_plus, seeded())
    for number in range(1, 4):
        found = penalty(linear(w_plus, matrices), w_plus, seeded())
        mean = lengths.mean() * (1 - 0.99**number)
        assert torch.isclose(penalty.mean, mean)
        assert torch.isclose(found, (lengths - mean).square().mean())


def test_its_gradient_reaches_the_weights_and_is_right():
    generator, _ = build(activation="swish", mapping_activation="swish")  # smooth, for finite differences
    generator.double().requires_grad_(True)
    z = torch.randn(2, 6, generator=torch.Generator().manual_seed(1), dtype=torch.float64)

    def penalty() -> torch.Tensor:
        w_plus = generator.map(z)
        return (path_lengths(generator.synthesise(w_plus), w_plus, seeded()) - 0.5).square().mean()

    penalty().backward()
    weight = generator.synthesis.layers[1].weight
    analytic = float(weight.grad[2, 1, 0, 1])
    step = 1e-5
    with torch.no_grad():
        weight[2, 1, 0, 1] += step
    above = float(penalty().detach())
    with torch.no_grad():
        weight[2, 1, 0, 1] -= 2 * step
    below = float(penalty().detach())
    assert math.isclose(analytic, (above - below) / (2 * step), rel_tol=1e-4)
