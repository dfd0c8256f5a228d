"""The algebra of the latent space against closed forms and plain references."""

import math

import numpy as np
import pytest
import torch

from ganstudio.latent.directions import Direction, fold_step, orthogonalise
from ganstudio.latent.interpolation import lerp, slerp
from ganstudio.latent.pca import pca_directions, principal_components
from ganstudio.latent.regression import fit_directions
from ganstudio.latent.spaces import sample_z, truncate


def normal(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def test_the_sphere_has_a_mean_square_of_one():
    z, plain = sample_z([3, 4], 16, "sphere"), sample_z([3, 4], 16)
    assert torch.allclose(z.square().mean(1), torch.ones(2))
    assert torch.allclose(z / z.norm(dim=1, keepdim=True), plain / plain.norm(dim=1, keepdim=True))


def test_a_seed_is_the_fields_seed_whatever_the_batch():
    z = sample_z([5, 7], 16)
    assert np.array_equal(z[1].numpy(), np.random.RandomState(7).randn(16).astype(np.float32))
    assert torch.equal(sample_z([7], 16)[0], z[1])
    uniform = sample_z([7], 4, "uniform")
    assert uniform.abs().max() <= 1
    assert sample_z([], 4).shape == (0, 4)
    with pytest.raises(ValueError, match="latent law"):
        sample_z([1], 4, "cauchy")


def test_truncation_goes_to_the_mean():
    z, mean = normal(3, 4), normal(4, seed=1)
    assert torch.equal(truncate(z, 1.0), z)
    assert torch.equal(truncate(z, 0.0), torch.zeros_like(z))
    assert torch.allclose(truncate(z, 0.5, mean), (z + mean) / 2)


def test_lerp_and_slerp_meet_both_ends():
    start, end = normal(2, 8), normal(2, 8, seed=1)
    for go in (lerp, slerp):
        assert torch.allclose(go(start, end, 0.0), start, atol=1e-6)
        assert torch.allclose(go(start, end, 1.0), end, atol=1e-6)


def test_slerp_stays_on_the_circle_and_moves_evenly():
    start, end = torch.tensor([[3.0, 0.0, 0.0]]), torch.tensor([[0.0, 3.0, 0.0]])
    for share in (0.25, 0.5, 0.9):
        angle = share * math.pi / 2
        expected = torch.tensor([[3 * math.cos(angle), 3 * math.sin(angle), 0.0]])
        assert torch.allclose(slerp(start, end, share), expected, atol=1e-6)
    same = normal(1, 5)
    assert torch.allclose(slerp(same, same, 0.3), same)
    assert torch.isfinite(slerp(same, -same, 0.5)).all()


def test_principal_components_are_those_of_the_singular_values():
    features = normal(200, 12) @ normal(12, 12, seed=1)
    found = principal_components(features, 4)
    _, values, rows = np.linalg.svd((features - features.mean(0)).double().numpy(), full_matrices=False)
    assert np.allclose(found.deviations.numpy(), values[:4] / math.sqrt(200))
    assert np.allclose(np.abs(found.components.numpy() @ rows[:4].T), np.eye(4), atol=1e-6)


def test_pca_finds_a_planted_axis():
    latents = normal(2000, 6)
    weights = torch.tensor([[0.0, 0, 5, 0, 0, 0], [1.0, 0, 0, 0, 0, 0], [0, 0.3, 0, 0, 0, 0]])
    first, second, _ = pca_directions(lambda z: z @ weights.T, latents, 3)
    assert first.vector.abs().argmax() == 2
    assert second.vector.abs().argmax() == 0
    assert first.quality > 0.99


def test_regression_recovers_planted_directions():
    latents = normal(3000, 10)
    planted = torch.nn.functional.normalize(normal(2, 10, seed=2), dim=1)
    targets = latents @ planted.T * torch.tensor([2.0, -0.5]) + 0.1 * normal(3000, 2, seed=3)
    smile, age = fit_directions(latents, targets, ["smile", "age"])
    assert torch.dot(smile.vector, planted[0]) > 0.99
    assert torch.dot(age.vector, -planted[1]) > 0.99
    assert smile.quality > 0.98
    assert 0.9 < smile.deviation < 1.1
    assert smile.low < 0 < smile.high


def test_a_factor_that_is_not_there_has_no_quality():
    (direction,) = fit_directions(normal(500, 8), normal(500, 1, seed=9), ["noise"])
    assert direction.quality < 0.1


def test_orthogonal_directions_leave_the_others_alone():
    vectors = normal(4, 9)
    free = orthogonalise(vectors)
    products = free @ torch.nn.functional.normalize(vectors.double(), dim=1).T
    assert torch.allclose(products - torch.diag(products.diagonal()), torch.zeros(4, 4).double(), atol=1e-9)
    assert torch.allclose(free.norm(dim=1), torch.ones(4).double())


@pytest.mark.parametrize(
    ("latents", "targets", "names"),
    [
        (normal(20, 3), normal(19, 1), ["a"]),
        (normal(20, 3), normal(20, 2), ["a"]),
        (normal(5, 3), normal(5, 1), ["a"]),
        (normal(20, 3) * math.nan, normal(20, 1), ["a"]),
    ],
)
def test_shapes_and_values_that_do_not_fit_are_refused(latents, targets, names):
    with pytest.raises(ValueError, match=r"."):
        fit_directions(latents, targets, names)


def test_a_fold_leads_away_from_its_plane_on_either_side():
    latents = torch.tensor([[1.0, 5.0], [-0.5, 6.0], [0.0, 7.0]])
    step = torch.tensor([0.5, 0.0])
    assert torch.equal(fold_step(latents, step, 2.0)[:, 0], torch.tensor([2.0, -1.5, 1.0]))
    assert torch.equal(fold_step(latents, step, -1.5)[:, 0], torch.tensor([0.25, 0.0, 0.0]))
    assert torch.equal(fold_step(latents, step, 0.0), latents)
    assert torch.equal(fold_step(latents, step, 3.0)[:, 1], latents[:, 1])
    direction = Direction("fold", step / 0.5, 0.5, 0.0, fold=-1)
    assert torch.equal(direction.move(latents, 2.0), fold_step(latents, step, -2.0))
    assert torch.equal(Direction("straight", step / 0.5, 0.5, 0.0).move(latents, 2.0), latents + 2 * step)
