"""How well generated points meet a mixture. Source: Lin et al. 2018 (PacGAN), section 4.1. Free of torch."""

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
        divergence: The reverse Kullback-Leibler divergence, in nats: each point counts for its nearest mode, and the
            shares of the modes are compared with even ones. 0 is even, log(total) is all in one.
        total: How many modes there are.
    """

    modes: int
    high_quality: float
    divergence: float
    total: int


def measure(points: Points, mixture: Mixture) -> ToyScores:
    """Score generated points `(N, 2)`, N at least 1, in the mixture's own unit."""
    distances = np.linalg.norm(points[:, None] - mixture.centres[None], axis=2)
    nearest, total = distances.argmin(axis=1), len(mixture.centres)
    is_good = distances.min(axis=1) <= HIGH_QUALITY * mixture.deviation
    counts = np.bincount(nearest, minlength=total)
    shares = counts[counts > 0] / len(points)
    divergence = float((shares * np.log(shares * total)).sum())
    return ToyScores(len(np.unique(nearest[is_good])), float(is_good.mean()), divergence, total)
