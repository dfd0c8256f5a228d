"""All chance of a game in one place, so that a batch that several processes share is drawn as if by one."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class Share:
    """Which part of each batch is drawn here.

    Attributes:
        index: 0 to total - 1.
        total: Parts of equal size that a batch is cut into: processes times the parts that each takes in turn.
    """

    index: int = 0
    total: int = 1


class Draws:
    """Random numbers for batches: what belongs to a picture is drawn for the whole batch, and its share is given out.

    So two processes with half a batch each, or one that takes two halves in turn, draw what one with the whole batch
    would: the same pictures, augmented alike.

    Attributes:
        generator: Where the numbers come from; its state is saved with a run.
        share: The part given out.

    Args:
        device: Where the numbers are drawn.
        seed: The same seed gives the same numbers.
        share: Which part of each batch is wanted.
    """

    def __init__(self, device: torch.device, seed: int, share: Share = Share()) -> None:
        self.generator = torch.Generator(device=device).manual_seed(seed)
        self.share = share

    @property
    def device(self) -> torch.device:
        """Where the numbers are."""
        return self.generator.device

    def normal(self, count: int, *shape: int) -> Tensor:
        """Numbers `(count, *shape)` from N(0, 1), a row for each picture of this share."""
        whole = torch.randn(count * self.share.total, *shape, generator=self.generator, device=self.device)
        return self._own(whole, count)

    def uniform(self, count: int, *shape: int) -> Tensor:
        """Numbers `(count, *shape)` from [0, 1), a row for each picture of this share."""
        whole = torch.rand(count * self.share.total, *shape, generator=self.generator, device=self.device)
        return self._own(whole, count)

    @contextmanager
    def part(self, index: int, total: int) -> Iterator[None]:
        """Give out one of `total` parts of this share; for batches that are taken in parts one after another."""
        outer = self.share
        self.share = Share(outer.index * total + index, outer.total * total)
        try:
            yield
        finally:
            self.share = outer

    def _own(self, whole: Tensor, count: int) -> Tensor:
        start = self.share.index * count
        return whole[start : start + count]
