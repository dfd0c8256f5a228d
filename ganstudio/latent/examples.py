"""Scored latents: which of them are to be told apart, and which are kept to measure on."""

from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True, eq=False)
class Parted:
    """Rows of two kinds.

    Attributes:
        rows: int64 `(N,)`, numbers of rows of what was parted.
        positive: bool `(N,)`.
    """

    rows: Tensor
    positive: Tensor


def part_by_scores(scores: Tensor, share: float = 0.5) -> Parted:
    """Take the lowest and the highest scores as the two kinds.

    Scores that know two values only (classes) are parted by value and all taken. Rows without a score (NaN) are left
    out, and so are those that are as high as a row of the other kind.

    Args:
        scores: `(N,)`.
        share: Of the scored rows, how many are taken as each kind, more than 0 to 0.5.

    Raises:
        ValueError: Nothing is scored, all scores are the same, infinite, or `share` is out of range.

    Source: Shen et al. 2020 (InterFaceGAN), section 4.1: the highest and lowest scored samples.
    """
    if not 0 < share <= 0.5:
        raise ValueError(f"the share of each end must be more than 0 and at most 0.5, not {share}")
    known = torch.nonzero(~scores.isnan()).flatten()
    values = scores[known].double()
    if not len(known) or not values.isfinite().all():
        raise ValueError("there is no score, or one of them is infinite; give numbers")
    low, high = float(values.min()), float(values.max())
    if low == high:
        raise ValueError(f"all {len(known)} scores are the same ({low:g}); give examples of both kinds")
    if bool(((values == low) | (values == high)).all()):
        return Parted(known, values == high)
    order = values.argsort(stable=True)
    count = max(1, int(share * len(order)))
    below, above = order[:count], order[-count:]
    shared = float(values[above[0]])
    if shared == float(values[below[-1]]):  # many rows have one score: they are of the end that it is, or of neither
        below = below if shared == low else below[values[below] < shared]
        above = above if shared == high else above[values[above] > shared]
    kinds = torch.cat([torch.zeros(len(below), dtype=torch.bool), torch.ones(len(above), dtype=torch.bool)])
    return Parted(known[torch.cat([below, above])], kinds)


def hold_out(parted: Parted, every: int = 4) -> tuple[Parted, Parted]:
    """Split into rows to fit on and, of each kind, one in `every` to measure on; the same each time.

    Raises:
        ValueError: A kind has too few rows to keep any for measuring.
    """
    held = torch.zeros_like(parted.positive)
    random = torch.Generator().manual_seed(0)  # and not each so many-th: examples may come in turns
    for kind in (True, False):
        places = torch.nonzero(parted.positive == kind).flatten()
        if len(places) < every:
            reason = f"one kind has {len(places)} examples, at least {every} are needed to hold some out"
            raise ValueError(f"{reason}; give more")
        held[places[torch.randperm(len(places), generator=random)[: len(places) // every]]] = True
    return Parted(parted.rows[~held], parted.positive[~held]), Parted(parted.rows[held], parted.positive[held])
