"""Which picture comes when: a pure function of seed and position, so that resuming needs no iterator state."""

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

Indices = npt.NDArray[np.int64]


def held_count(count: int, share: float) -> int:
    """How many of `count` pictures are held out at a share of 0 to 0.5: rounded down, and never all."""
    return max(0, min(int(count * share), 2000, count - 1))


def split_holdout(count: int, share: float, seed: int) -> tuple[Indices, Indices]:
    """Split `count` pictures into training and held-out indices.

    Args:
        count: At least one.
        share: Held-out share, 0 to 0.5; rounded down, and at least one picture is always trained on.
        seed: The same seed gives the same split.

    Returns:
        Sorted indices `(count - held,)` and `(held,)`.
    """
    held = held_count(count, share)
    order = np.random.default_rng(np.random.SeedSequence([seed, 1])).permutation(count)
    return np.sort(order[held:]), np.sort(order[:held])


class Order(Protocol):
    """An endless sequence of pictures."""

    def batch(self, position: int, size: int) -> Indices:
        """Return `size` indices from `position` (pictures shown so far) on."""


class DataOrder:
    """An endless sequence that shows every picture once an epoch, newly shuffled in each.

    Args:
        indices: The pictures to show.
        seed: The same seed gives the same sequence.
    """

    def __init__(self, indices: Sequence[int] | Indices, seed: int) -> None:
        self._indices = np.asarray(indices, dtype=np.int64)
        self._seed = seed
        self._epoch = -1
        self._order = self._indices

    def batch(self, position: int, size: int) -> Indices:
        """Return `size` indices from `position` (pictures shown so far) on; reaches over the end of an epoch."""
        return _over_epochs(self._epoch_order, len(self._indices), position, size)

    def _epoch_order(self, epoch: int) -> Indices:
        if epoch != self._epoch:
            random = np.random.default_rng(np.random.SeedSequence([self._seed, 2, epoch]))
            self._order = self._indices[random.permutation(len(self._indices))]
            self._epoch = epoch
        return self._order


class BalancedOrder:
    """An endless sequence in which classes come as often as they shall; within a class, each picture comes in its turn.

    An epoch has as many pictures as there are, of each class its quota, shuffled.

    Args:
        indices: The pictures to show.
        labels: The class of each of them, int64 `(len(indices),)`.
        exponent: Classes come in proportion to their sizes to this power: 0 for all alike, 1 for as they are.
        seed: The same seed gives the same sequence.
    """

    def __init__(self, indices: Indices, labels: Indices, exponent: float, seed: int) -> None:
        classes, sizes = np.unique(labels, return_counts=True)
        self._quotas = share_out(len(indices), sizes.astype(np.float64) ** exponent)
        self._orders = [DataOrder(indices[labels == label], seed + 7919 * (1 + int(label))) for label in classes]
        self._seed = seed
        self._epoch = -1
        self._order = indices

    def batch(self, position: int, size: int) -> Indices:
        """See `Order`."""
        return _over_epochs(self._epoch_order, len(self._order), position, size)

    def _epoch_order(self, epoch: int) -> Indices:
        if epoch != self._epoch:
            random = np.random.default_rng(np.random.SeedSequence([self._seed, 4, epoch]))
            classes = zip(self._orders, self._quotas, strict=True)
            turns = [order.batch(epoch * quota, quota) for order, quota in classes if quota]
            self._order = random.permutation(np.concatenate(turns))
            self._epoch = epoch
        return self._order


def _over_epochs(order_of: Callable[[int], Indices], length: int, position: int, size: int) -> Indices:
    """Take `size` indices from `position` on, of epochs of one length; reaches over the end of an epoch."""
    parts = []
    while size > 0:
        epoch, offset = divmod(position, length)
        part = order_of(epoch)[offset : offset + size]
        parts.append(part)
        position += len(part)
        size -= len(part)
    return np.concatenate(parts)


def share_out(count: int, weights: npt.NDArray[np.float64]) -> list[int]:
    """Whole numbers that sum to `count`, in proportion to weights, the largest remainders rounded up (Hamilton)."""
    exact = count * weights / weights.sum()
    quotas = np.floor(exact).astype(np.int64)
    for index in np.argsort(-(exact - quotas), kind="stable")[: count - int(quotas.sum())]:
        quotas[index] += 1
    return [int(quota) for quota in quotas]
