"""Real pictures that are played with at once, and what comes of playing with them."""

from dataclasses import dataclass
from typing import Protocol

from torch import Tensor

Scalars = dict[str, Tensor]


@dataclass(frozen=True)
class Batch:
    """Real pictures float32 `(N, C, H, W)` in [-1, 1] and their classes int64 `(N,)`, or None."""

    images: Tensor
    labels: Tensor | None

    def parts(self, total: int) -> "list[Batch]":
        """Cut into `total` batches of equal size."""
        if total == 1:
            return [self]
        labels = [None] * total if self.labels is None else self.labels.chunk(total)
        return [Batch(images, own) for images, own in zip(self.images.chunk(total), labels, strict=True)]


class Feed(Protocol):
    """Where real pictures come from."""

    def take(self) -> Batch:
        """The next pictures to show to the discriminator; they count as shown."""

    def partners(self) -> Batch:
        """Other pictures, which the generator's are compared with; they do not count."""


@dataclass(frozen=True)
class Round:
    """What came of one round.

    Attributes:
        scalars: By name, as in `events.ScalarsLogged`.
        images: How many real pictures the discriminator was shown.
    """

    scalars: Scalars
    images: int
