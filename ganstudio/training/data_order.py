"""Which picture comes when: a pure function of seed and position, so that resuming needs no iterator state."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Indices = npt.NDArray[np.int64]


def split_holdout(count: int, share: float, seed: int) -> tuple[Indices, Indices]:
    """Split `count` pictures into training and held-out indices.

    Args:
        count: At least one.
        share: Held-out share, 0 to 0.5; rounded down, and at least one picture is always trained on.
        seed: The same seed gives the same split.

    Returns:
        Sorted indices `(count - held,)` and `(held,)`.
    """
    held = min(int(count * share), 2000, count - 1)
    order = np.random.default_rng(np.random.SeedSequence([seed, 1])).permutation(count)
    return np.sort(order[held:]), np.sort(order[:held])


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
        parts = []
        while size > 0:
            epoch, offset = divmod(position, len(self._indices))
            part = self._epoch_order(epoch)[offset : offset + size]
            parts.append(part)
            position += len(part)
            size -= len(part)
        return np.concatenate(parts)

    def _epoch_order(self, epoch: int) -> Indices:
        if epoch != self._epoch:
            random = np.random.default_rng(np.random.SeedSequence([self._seed, 2, epoch]))
            self._order = self._indices[random.permutation(len(self._indices))]
            self._epoch = epoch
        return self._order
