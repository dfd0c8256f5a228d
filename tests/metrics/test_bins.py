"""Bins: k-means on clear clusters, and which of them generated pictures avoid."""

import numpy as np
import pytest

from ganstudio.metrics.bins import compare, make_bins


def clusters(counts: list[int], seed: int = 0) -> np.ndarray:
    random = np.random.default_rng(seed)
    centres = np.eye(len(counts), 12) * 10
    return np.concatenate([centre + random.normal(0, 0.3, (n, 12)) for centre, n in zip(centres, counts, strict=True)])


def test_clear_clusters_become_bins():
    bins = make_bins(clusters([100, 50, 50]), 3)
    assert sorted(bins.shares.tolist()) == pytest.approx([0.25, 0.25, 0.5])


def test_too_few_pictures_make_no_bins():
    assert make_bins(clusters([20, 15])) is None


def test_alike_pictures_fill_all_bins():
    found = compare(make_bins(clusters([200] * 8), 8), clusters([60] * 8, seed=1))
    assert (found.different, found.missing) == (0.0, 0.0)


def test_what_is_never_drawn_is_missing():
    found = compare(make_bins(clusters([200] * 8), 8), clusters([80] * 6 + [0, 0], seed=1))
    assert found.missing == pytest.approx(0.25)
    assert found.different >= 0.25


def test_equal_pictures_are_one_bin_and_not_an_error():
    bins = make_bins(np.zeros((100, 3)), 4)
    assert compare(bins, np.zeros((50, 3))).missing == 0.0
