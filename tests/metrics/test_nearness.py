"""Which of two variants is nearer, next to a plain reference and to what is known of made-up features."""

import numpy as np
import pytest

from ganstudio.metrics.nearness import compare_nearness


def plain_distance(left: np.ndarray, right: np.ndarray, width: float) -> float:
    def kernel(x: np.ndarray, y: np.ndarray) -> float:
        return float(np.exp(-((x - y) ** 2).sum() / width))

    within = [np.mean([kernel(x, y) for i, x in enumerate(rows) for j, y in enumerate(rows) if i != j])
              for rows in (left, right)]  # fmt: skip
    return sum(within) - 2 * float(np.mean([kernel(x, y) for x in left for y in right]))


def features(seed: int, count: int = 40, shift: float = 0.0) -> np.ndarray:
    return np.random.default_rng(seed).normal(shift, 1.0, (count, 6))


def test_the_ratio_is_that_of_the_plain_formula():
    first, found = features(0), features(1, 30, 0.4)
    second = first + 0.5
    middle, scale = first.mean(axis=0), first.std(axis=0)
    a, b, c = ((rows - middle) / scale for rows in (first, second, found))
    both = np.concatenate([a, b])
    width = float(np.median([((x - y) ** 2).sum() for x in both for y in both]))
    expected = plain_distance(b, c, width) / plain_distance(a, c, width)
    assert compare_nearness(first, second, found).ratio == pytest.approx(expected, rel=1e-4)


def test_what_is_the_second_is_nearer_to_it_and_the_other_way_round():
    first, changed = features(0, 100), features(0, 100) * 1.5 + 0.5
    like_second = compare_nearness(first, changed, features(2, 200) * 1.5 + 0.5)
    assert like_second.ratio < 0.2
    assert like_second.errors > 4
    like_first = compare_nearness(first, changed, features(2, 200))
    assert like_first.ratio > 5
    assert like_first.errors < -4


def test_what_lies_between_is_within_chance_at_the_rate_that_errors_promise():
    """Halfway between both, the difference is 0: beyond two standard errors about one time in twenty."""
    found = []
    for seed in range(60):
        first = features(3 * seed, 80)
        halves = np.concatenate([features(3 * seed + 1, 100), features(3 * seed + 2, 100) + 0.6])
        found.append(compare_nearness(first, first + 0.6, halves).errors)
    assert abs(np.mean(found)) < 0.5
    assert 0.6 < np.std(found) < 1.5


def test_few_or_unpaired_rows_are_refused():
    with pytest.raises(ValueError, match="at least 20"):
        compare_nearness(features(0, 10), features(0, 10), features(1))
    with pytest.raises(ValueError, match="pairs"):
        compare_nearness(features(0, 30), features(0, 31), features(1))


def test_equal_variants_are_equally_near():
    nearness = compare_nearness(features(0), features(0), features(1))
    assert nearness == (1.0, 0.0)


def test_a_feature_that_never_changes_does_not_drown_the_others():
    first, found = features(0), features(1) + 0.5
    still = [np.column_stack([rows, np.full(len(rows), value)])
             for rows, value in ((first, 0.0), (first + 0.5, 0.0), (found, 1e-3))]  # fmt: skip
    assert compare_nearness(*still).ratio == pytest.approx(compare_nearness(first, first + 0.5, found).ratio, rel=0.02)
