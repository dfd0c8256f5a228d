"""Grids are drawn in batches whose size follows the clock, from the middle outwards."""

from ganstudio.rendering.batch_sizes import MOST_AT_ONCE, BatchSizes, from_the_middle


def test_the_first_batch_is_smaller_for_larger_pictures():
    assert [BatchSizes(resolution).choose() for resolution in (28, 64, 128, 256, 512, 1024)] == [16, 8, 4, 2, 1, 1]


def test_the_size_with_the_best_measured_rate_is_taken():
    sizes = BatchSizes(256)
    sizes.note(2, 20.0)
    assert sizes.choose() == 4
    sizes.note(4, 60.0)  # 15 ms each: worse than 10
    assert sizes.choose() == 2
    sizes.note(3, 3.0)  # the rest of a grid tells nothing
    assert sizes.choose() == 2


def test_slow_pictures_come_one_by_one():
    sizes = BatchSizes(256)
    sizes.note(2, 4000.0)
    assert sizes.choose() == 1
    sizes.note(1, 1500.0)
    assert sizes.choose() == 1


def test_quick_pictures_come_many_at_once_but_no_more_than_the_most():
    sizes = BatchSizes(256)
    for _ in range(10):
        size = sizes.choose()
        sizes.note(size, 1.0)
    assert sizes.choose() == MOST_AT_ONCE


def test_a_size_for_which_memory_did_not_last_is_not_tried_again():
    sizes = BatchSizes(64)
    assert sizes.shrink(8)
    assert sizes.choose() == 4
    sizes.note(4, 1.0)
    assert sizes.choose() == 4
    assert sizes.shrink(4)
    assert sizes.shrink(2)
    assert not sizes.shrink(1)
    assert sizes.choose() == 1


def test_a_grid_fills_from_its_middle():
    assert from_the_middle(9, 3)[0] == 4
    assert set(from_the_middle(16, 4)[:4]) == {5, 6, 9, 10}
    assert sorted(from_the_middle(7, 3)) == list(range(7))
    assert from_the_middle(0, 3) == []
    assert sorted(from_the_middle(3, 0)) == [0, 1, 2]
