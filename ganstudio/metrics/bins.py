"""Bins of real pictures, and which of them generated pictures avoid. Source: Richardson & Weiss 2018 (NDB)."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ganstudio.metrics.distances import pairwise_distances
from ganstudio.metrics.kid import Features

LEAST_A_BIN = 20  # real pictures, on average
SIGNIFICANT = 1.96  # standard errors, two-sided 5 %
FARTHER = 1.1  # times the usual way from real pictures to the nearest generated one; kinds left out are beyond 1.14


@dataclass(frozen=True, eq=False)
class Bins:
    """Real pictures in bins of nearest centres.

    Attributes:
        centres: `(K, F)`.
        shares: Of the real pictures, `(K,)`, sum 1.
        real: The features of the real pictures, `(N, F)`.
        nearest: The bin of each, `(N,)`.
    """

    centres: Features
    shares: npt.NDArray[np.float64]
    real: Features
    nearest: npt.NDArray[np.int64]

    @property
    def count(self) -> int:
        """How many real pictures."""
        return len(self.real)


@dataclass(frozen=True)
class BinComparison:
    """How generated pictures fall into the bins.

    Attributes:
        different: Share of bins whose part of the pictures differs significantly (NDB / K).
        missing: Share of the real pictures in bins that generated ones significantly avoid, with less than a quarter of
            their part, and from which the nearest generated picture is farther than usual: generated pictures that are
            all a little off fall into other bins than they ought to, but lie as near to some real ones as to others.
    """

    different: float
    missing: float


def make_bins(real: Features, most: int = 100, seed: int = 0, rounds: int = 15) -> Bins | None:
    """Cluster real features `(N, F)` by k-means; None for too few of them to have two bins.

    Args:
        real: The features.
        most: Bins, where there are enough pictures.
        seed: Draws the first centres, each far from those before (Arthur & Vassilvitskii 2007).
        rounds: Of Lloyd's algorithm, at most.
    """
    count = min(most, len(real) // LEAST_A_BIN)
    if count < 2:
        return None
    centres = _first_centres(real, count, np.random.default_rng(seed))
    nearest = _nearest(real, centres)
    for _ in range(rounds):
        sums = np.zeros_like(centres)
        np.add.at(sums, nearest, real)
        sizes = np.bincount(nearest, minlength=count)
        centres = np.where(sizes[:, None] > 0, sums / np.maximum(sizes, 1)[:, None], centres)
        before, nearest = nearest, _nearest(real, centres)
        if np.array_equal(before, nearest):
            break
    return Bins(centres, np.bincount(nearest, minlength=count) / len(real), real, nearest)


def compare(bins: Bins, fake: Features) -> BinComparison:
    """Test each bin's part of generated features `(M, F)` against its part of the real ones (two-proportion z-test)."""
    shares = np.bincount(_nearest(fake, bins.centres), minlength=len(bins.shares)) / len(fake)
    pooled = (shares * len(fake) + bins.shares * bins.count) / (len(fake) + bins.count)
    errors = np.sqrt(pooled * (1 - pooled) * (1 / len(fake) + 1 / bins.count))
    is_different = np.abs(shares - bins.shares) > SIGNIFICANT * np.maximum(errors, 1e-12)
    is_avoided = is_different & (shares < bins.shares / 4)
    if is_avoided.any():
        is_avoided &= _is_far(bins, fake)
    return BinComparison(float(is_different.mean()), float(bins.shares[is_avoided].sum()))


def _is_far(bins: Bins, fake: Features) -> npt.NDArray[np.bool_]:
    """From which bins the nearest generated picture is farther than usual, next to the nearest of as many real ones."""
    others = np.random.default_rng(0).permutation(bins.count)[: len(fake)]
    among_real = pairwise_distances(bins.real, bins.real[others])
    among_real[others, np.arange(len(others))] = np.inf  # each from itself
    ways, usual = (_means(bins, rows.min(axis=1)) for rows in (pairwise_distances(bins.real, fake), among_real))
    ratios = ways / np.maximum(usual, 1e-12)
    return np.asarray(ratios > FARTHER * np.median(ratios))


def _means(bins: Bins, values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The mean of a value of each real picture, in each bin."""
    sums = np.bincount(bins.nearest, weights=values, minlength=len(bins.shares))
    return sums / np.maximum(np.bincount(bins.nearest, minlength=len(bins.shares)), 1)


def _first_centres(real: Features, count: int, random: np.random.Generator) -> Features:
    chosen = [int(random.integers(len(real)))]
    squares = pairwise_distances(real, real[chosen])[:, 0] ** 2
    for _ in range(count - 1):
        total = squares.sum()
        chances = squares / total if total > 0 else None
        chosen.append(int(random.choice(len(real), p=chances)))
        squares = np.minimum(squares, pairwise_distances(real, real[chosen[-1:]])[:, 0] ** 2)
    return real[chosen]


def _nearest(features: Features, centres: Features) -> npt.NDArray[np.int64]:
    nearest: npt.NDArray[np.int64] = pairwise_distances(features, centres).argmin(axis=1).astype(np.int64)
    return nearest
