"""Data order: every picture once an epoch, a function of seed and position."""

import numpy as np
import pytest

from ganstudio.training.data_order import DataOrder, split_holdout


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
