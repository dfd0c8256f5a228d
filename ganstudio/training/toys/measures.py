"""How well generated points meet a mixture. Source: Srivastava et al. 2017, section 4; Lin et al. 2018, section 4.1."""

from dataclasses import dataclass

import numpy as np

from ganstudio.training.toys.distributions import HIGH_QUALITY, Mixture, Points

SAMPLES = 2500


@dataclass(frozen=True)
class ToyScores:
    """What came of a game.

    Attributes:
        modes: Modes with at least one point of high quality.
        high_quality: Share of points within three standard deviations of a mode.
        divergence: The reverse Kullback-Leibler divergence, in nats, of the points of high quality over the modes from
            the even distribution; infinite where there is no such point.
        total: How many modes there are.
    """

    modes: int
    high_quality: float
    divergence: float
    total: int


def measure(points: Points, mixture: Mixture) -> ToyScores:
    """Score generated points `(N, 2)`, in the mixture's own unit."""
    distances = np.linalg.norm(points[:, None] - mixture.centres[None], axis=2)
    nearest, total = distances.argmin(axis=1), len(mixture.centres)
    is_good = distances.min(axis=1) <= HIGH_QUALITY * mixture.deviation
    counts = np.bincount(nearest[is_good], minlength=total)
    shares = counts[counts > 0] / max(counts.sum(), 1)
    divergence = float((shares * np.log(shares * total)).sum()) if counts.any() else float("inf")
    return ToyScores(int((counts > 0).sum()), float(is_good.mean()), divergence, total)
