"""Which of two variants of the same pictures others resemble more, and how sure that is."""

from typing import NamedTuple

import numpy as np

from ganstudio.metrics.distances import pairwise_distances
from ganstudio.metrics.kid import Features, mean_of_pairs

GROUPS = 10  # left out in turn, for the error
LEAST_SPREAD = 0.05  # of the mean one: a feature that never changes would else drown all others where it does
SMALLEST = 1e-9


class Nearness(NamedTuple):
    """How much nearer to the second variant.

    Attributes:
        ratio: Distance to the second over that to the first, both squared; below 1 is nearer.
        errors: By how many standard errors it is nearer; below 0 is farther.
    """

    ratio: float
    errors: float


def compare_nearness(first: Features, second: Features, found: Features) -> Nearness:
    """Compare the squared maximum mean discrepancies of `found` to two variants of the same pictures.

    The kernel is Gaussian, as wide as the median distance within both variants, on features in deviations of the first:
    bounded, so that a few glaring pictures do not hide what all have in common. Pictures are left out with their
    variant, so that far smaller differences stand out than the spread of each distance would let see; the error is a
    jackknife over ten groups. Source: Gretton et al. 2012 (the discrepancy, lemma 6, and the width, section 8).

    Args:
        first: `(N, F)`, N at least 20.
        second: `(N, F)`: the same pictures, changed, in the same order.
        found: `(M, F)`, M at least 20.

    Raises:
        ValueError: The rows do not pair, or there are too few.
    """
    if len(first) != len(second) or min(len(first), len(found)) < 2 * GROUPS:
        raise ValueError(f"pairs of at least {2 * GROUPS} pictures are compared with at least as many")
    middle, spread = first.mean(axis=0), first.std(axis=0)
    spread = np.maximum(spread, LEAST_SPREAD * spread.mean()) + SMALLEST
    first, second, found = ((rows - middle) / spread for rows in (first, second, found))
    both = np.concatenate([first, second])
    width = float(np.median(pairwise_distances(both, both) ** 2)) + SMALLEST
    within = [_kernel(rows, rows, width) for rows in (first, second)]
    across = [_kernel(rows, found, width) for rows in (first, second)]
    found_alone = mean_of_pairs(_kernel(found, found, width))
    to_first, to_second = (
        mean_of_pairs(inner) + found_alone - 2 * float(outer.mean())
        for inner, outer in zip(within, across, strict=True)
    )
    error = _jackknife_error(within[0] - within[1], across[0] - across[1])
    return Nearness(to_second / max(to_first, SMALLEST), (to_first - to_second) / max(error, SMALLEST))


def _jackknife_error(within: Features, across: Features) -> float:
    """The standard error of the difference of two distances, from differences of kernels `(N, N)` and `(N, M)`."""
    rows, columns = (np.arange(count) % GROUPS for count in across.shape)
    parts = []
    for group in range(GROUPS):
        kept, others = rows != group, columns != group
        parts.append(mean_of_pairs(within[np.ix_(kept, kept)]) - 2 * across[np.ix_(kept, others)].mean())
    return float(np.sqrt((GROUPS - 1) * np.var(parts)))


def _kernel(left: Features, right: Features, width: float) -> Features:
    kernel: Features = np.exp(-(pairwise_distances(left, right) ** 2) / width)
    return kernel
