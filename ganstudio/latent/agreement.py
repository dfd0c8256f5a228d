"""How well a reading of latents agrees with what was said of them, and how sure that is."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

SURE = 1.959964  # deviations of a normal law on either side of its mean that hold 95 %


@dataclass(frozen=True)
class Agreement:
    """Agreement on examples that nothing was fitted to.

    Attributes:
        correct: Examples on the right side.
        total: All of them.
        area: Chance that a positive example reads higher than a negative one (AUC), 0 to 1; 0.5 is guessing.
        how: What was held out, in a few words.
    """

    correct: int
    total: int
    area: float
    how: str = "held out"

    @property
    def accuracy(self) -> float:
        """Share on the right side, 0 to 1."""
        return self.correct / max(1, self.total)

    @property
    def interval(self) -> tuple[float, float]:
        """Where the true accuracy is, with 95 % certainty. Source: Wilson 1927."""
        return wilson_interval(self.correct, self.total)

    @property
    def is_above_chance(self) -> bool:
        """Whether even the low end of the interval beats a coin."""
        return self.interval[0] > 0.5

    def __str__(self) -> str:
        low, high = self.interval
        return f"{self.accuracy:.0%} of {self.total} right ({self.how}; {low:.0%} to {high:.0%}), AUC {self.area:.2f}"


def wilson_interval(correct: int, total: int) -> tuple[float, float]:
    """The 95 % interval of a share. Source: Wilson 1927, eq. 4; (0, 1) where nothing was counted."""
    if total <= 0:
        return 0.0, 1.0
    share, square = correct / total, SURE**2
    middle = (share + square / (2 * total)) / (1 + square / total)
    half = SURE * math.sqrt(share * (1 - share) / total + square / (4 * total**2)) / (1 + square / total)
    return max(0.0, middle - half), min(1.0, middle + half)


def measure_agreement(scores: Tensor, positive: Tensor, how: str = "held out") -> Agreement:
    """Compare scores `(N,)`, of which those above 0 say yes, with bool `(N,)`."""
    correct = int(((scores > 0) == positive).sum())
    return Agreement(correct, len(scores), area_under_curve(scores, positive), how)


def area_under_curve(scores: Tensor, positive: Tensor) -> float:
    """Share of pairs of a positive and a negative example in which the positive one scores higher; ties count half.

    Args:
        scores: `(N,)`.
        positive: bool `(N,)`.

    Returns:
        0 to 1; 0.5 where there are no such pairs.

    Source: Hanley & McNeil 1982 (the Wilcoxon statistic).
    """
    count = int(positive.sum())
    others = len(positive) - count
    if not count or not others:
        return 0.5
    _, place, sizes = torch.unique(scores.double(), return_inverse=True, return_counts=True)
    ends = sizes.cumsum(0)
    ranks = (ends.double() - (sizes.double() - 1) / 2)[place]  # from 1; the mean rank of those that are the same
    return float((ranks[positive].sum() - count * (count + 1) / 2) / (count * others))
