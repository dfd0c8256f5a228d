"""The running covariance against numpy's, and its axes against the singular values."""

import math

import numpy as np
import pytest
import torch

from ganstudio.latent.covariance import RunningCovariance


def normal(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("sizes", [(500,), (100, 400), (1, 2, 497), (0, 250, 250)])
def test_batches_make_no_difference(sizes):
    rows = normal(500, 7) @ normal(7, 7, seed=1) + 1000  # far from zero, where naive sums lose digits
    running = RunningCovariance(7)
    for part in torch.split(rows, list(sizes)):
        running.add(part)
    expected = rows.double().numpy()
    assert running.count == 500
    assert np.allclose(running.mean.numpy(), expected.mean(0))
    assert np.allclose(running.covariance().numpy(), np.cov(expected.T, bias=True), rtol=1e-9, atol=1e-9)


def test_the_axes_are_the_right_singular_vectors():
    rows = normal(300, 10) @ normal(10, 10, seed=1)
    running = RunningCovariance(10)
    for part in torch.split(rows, 64):
        running.add(part)
    found = running.components(5)
    centred = (rows - rows.mean(0)).double().numpy()
    _, values, vectors = np.linalg.svd(centred, full_matrices=False)
    assert np.allclose(found.deviations.numpy(), values[:5] / math.sqrt(300))
    assert np.allclose(found.shares.numpy(), values[:5] ** 2 / (values**2).sum())
    assert np.allclose(np.abs(found.components.numpy() @ vectors[:5].T), np.eye(5), atol=1e-7)


def test_fewer_rows_than_numbers_have_fewer_axes():
    running = RunningCovariance(40)
    running.add(normal(6, 40))
    assert len(running.components(20).components) == 5


def test_what_has_no_axes_is_refused():
    running = RunningCovariance(3)
    with pytest.raises(ValueError, match="at least 2"):
        running.components(1)
    running.add(torch.ones(5, 3))
    with pytest.raises(ValueError, match="all rows are the same"):
        running.components(1)
    with pytest.raises(ValueError, match="not finite"):
        running.add(torch.full((2, 3), math.nan))
