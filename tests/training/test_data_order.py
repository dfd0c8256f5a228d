"""Data order: every picture once an epoch, a function of seed and position."""

import numpy as np
import pytest

from ganstudio.training.data_order import BalancedOrder, DataOrder, share_out, split_holdout


def test_every_epoch_shows_every_picture_once_and_in_another_order():
    order = DataOrder(range(10), seed=3)
    first, second = order.batch(0, 10), order.batch(10, 10)
    assert sorted(first) == sorted(second) == list(range(10))
    assert list(first) != list(second)


def test_any_cut_gives_the_same_sequence():
    whole = DataOrder(range(7), seed=1).batch(0, 40)
    pieces = DataOrder(range(7), seed=1)
    parts = [pieces.batch(position, 4) for position in range(0, 40, 4)]
    assert list(np.concatenate(parts)) == list(whole)
    assert list(DataOrder(range(7), seed=1).batch(33, 7)) == list(whole[33:])


def test_a_batch_larger_than_the_set_goes_round():
    assert len(DataOrder([5], seed=0).batch(3, 8)) == 8


@pytest.mark.parametrize(("count", "share", "held"), [(100, 0.05, 5), (2, 0.5, 1), (1, 0.5, 0), (100_000, 0.5, 2000)])
def test_the_holdout_is_disjoint_and_bounded(count, share, held):
    shown, kept = split_holdout(count, share, seed=0)
    assert len(kept) == held
    assert len(np.intersect1d(shown, kept)) == 0
    assert len(shown) + len(kept) == count


@pytest.mark.parametrize(("exponent", "expected"), [(1.0, (90, 9, 1)), (0.5, (70, 22, 8)), (0.0, (34, 33, 33))])
def test_classes_come_as_often_as_they_shall(exponent, expected):
    labels = np.repeat([0, 1, 2], (90, 9, 1))
    indices = np.arange(100) * 2  # not all pictures are shown
    order = BalancedOrder(indices, labels, exponent, seed=3)
    shown = order.batch(0, 300)
    for epoch in np.split(shown, 3):
        counts = np.bincount(labels[epoch // 2], minlength=3)
        assert np.abs(counts - expected).max() <= 1
    within = np.bincount(shown[labels[shown // 2] == 1] // 2 - 90, minlength=9)
    assert within.max() - within.min() <= 1, "pictures of a class take turns"
    again = BalancedOrder(indices, labels, exponent, seed=3)
    pieces = [again.batch(start, 50) for start in (250, 0, 150)]
    assert np.array_equal(np.concatenate(pieces), np.concatenate([shown[250:300], shown[:50], shown[150:200]]))
    assert not np.array_equal(BalancedOrder(indices, labels, exponent, seed=4).batch(0, 300), shown)


def test_shares_are_whole_and_complete():
    assert share_out(10, np.array([1.0, 1.0, 1.0])) == [4, 3, 3]
    assert sum(share_out(7, np.array([5.0, 3.0, 1e-9]))) == 7
