"""Where real points come from, and how well generated ones meet it: against closed forms."""

import math

import numpy as np
import pytest

from ganstudio.training.toys.distributions import MIXTURES, DistributionError, grid, own, ring
from ganstudio.training.toys.measures import measure


def test_a_ring_has_its_modes_on_the_circle():
    mixture = ring()
    points = mixture.sample(8000, np.random.default_rng(0))
    nearest = np.linalg.norm(points[:, None] - mixture.centres[None], axis=2).argmin(axis=1)
    assert np.allclose(np.linalg.norm(mixture.centres, axis=1), 1.0)
    assert np.bincount(nearest, minlength=8).min() > 850
    assert (points - mixture.centres[nearest]).std() == pytest.approx(0.01, rel=0.05)


def test_a_grid_goes_from_minus_four_to_four():
    centres = {tuple(row) for row in grid().centres.tolist()}
    assert centres == {(float(x), float(y)) for x in (-4, -2, 0, 2, 4) for y in (-4, -2, 0, 2, 4)}
    assert grid().deviation == 0.05


@pytest.mark.parametrize("name", list(MIXTURES))
def test_points_are_around_the_middle_with_the_scale(name):
    mixture = MIXTURES[name]()
    points = mixture.sample(40_000, np.random.default_rng(1))
    assert points.mean(axis=0) == pytest.approx(mixture.middle, abs=0.05)
    assert np.sqrt(((points - mixture.middle) ** 2).mean()) == pytest.approx(mixture.scale, rel=0.02)


def test_real_points_score_nearly_perfectly():
    scores = measure(ring().sample(20_000, np.random.default_rng(2)), ring())
    assert scores.modes == scores.total == 8
    assert scores.high_quality == pytest.approx(1 - math.exp(-4.5), abs=0.003)  # of a Gaussian of the plane
    assert scores.divergence < 0.001


@pytest.mark.parametrize("kept", [1, 2, 8])
def test_points_in_few_modes_diverge_by_the_logarithm(kept):
    mixture = ring()
    scores = measure(np.repeat(mixture.centres[:kept], 50, axis=0), mixture)
    assert (scores.modes, scores.high_quality) == (kept, 1.0)
    assert scores.divergence == pytest.approx(math.log(8 / kept), abs=1e-12)


def test_uneven_shares_diverge_as_the_sum_says():
    mixture = own(np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]]))
    points = np.repeat(mixture.centres, [50, 30, 20], axis=0)
    expected = sum(share * math.log(share * 3) for share in (0.5, 0.3, 0.2))
    assert measure(points, mixture).divergence == pytest.approx(expected)


def test_a_point_far_from_all_modes_is_of_no_quality_but_counts_for_the_nearest():
    mixture = grid()
    points = np.array([[4.0, 4.0], [4.0, 3.0 + 0.1], [0.151, 0.0], [0.149, 0.0]])
    scores = measure(points, mixture)
    assert (scores.modes, scores.high_quality) == (2, 0.5)
    assert scores.divergence == pytest.approx(math.log(12.5))


def test_own_points_become_modes_once_each():
    mixture = own(np.array([[0, 0], [2, 0], [2, 0], [0, 4]]))
    assert mixture.centres.tolist() == [[0, 0], [0, 4], [2, 0]]
    assert 0 < mixture.deviation < 0.1
    points = mixture.sample(900, np.random.default_rng(0))
    assert measure(points, mixture).modes == 3


@pytest.mark.parametrize(
    ("points", "message"), [([[0, 0], [1, 1]], "only 2.*at least 3"), ([[0, 0], [1, np.nan], [2, 2]], "no number")]
)
def test_points_that_teach_nothing_are_refused(points, message):
    with pytest.raises(DistributionError, match=message):
        own(np.array(points))
