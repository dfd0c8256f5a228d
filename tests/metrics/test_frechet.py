"""The Fréchet distance against its closed forms."""

import numpy as np
import pytest

from ganstudio.metrics.frechet import frechet_distance


def test_equal_sets_are_at_no_distance():
    features = np.random.default_rng(0).normal(size=(50, 8))
    assert frechet_distance(features, features) == pytest.approx(0.0, abs=1e-9)


def test_a_shift_costs_its_square():
    features = np.random.default_rng(0).normal(size=(50, 8))
    assert frechet_distance(features, features + 2.0) == pytest.approx(4.0 * 8)


def test_it_is_that_of_the_fitted_gaussians():
    """Against the formula with the root of a product of matrices, by eigenvalues."""
    random = np.random.default_rng(1)
    real, fake = random.normal(size=(300, 5)), random.normal(size=(200, 5)) @ random.normal(size=(5, 5))
    first, second = np.cov(real.T), np.cov(fake.T)
    roots = np.sqrt(np.linalg.eigvals(first @ second).real.clip(0)).sum()
    shift = real.mean(0) - fake.mean(0)
    expected = shift @ shift + np.trace(first) + np.trace(second) - 2 * roots
    assert frechet_distance(real, fake) == pytest.approx(expected, rel=1e-9)


def test_it_needs_two_pictures():
    with pytest.raises(ValueError, match="at least 2"):
        frechet_distance(np.zeros((1, 3)), np.zeros((5, 3)))
