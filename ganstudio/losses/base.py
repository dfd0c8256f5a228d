"""What an adversarial loss is, and the registry of them."""

from abc import abstractmethod

import torch
from torch import Tensor

from ganstudio.registry import Registry


class AdversarialLoss:
    """The two sides of one game, on logits `(N,)`: the higher, the more real.

    Attributes:
        compares: The generator's side needs the logits of real pictures, too: it plays for being more real than they.
        threshold: The logit from which on a picture counts as taken for real; None for a critic, whose values mean
            something only beside each other.
    """

    compares: bool = False
    threshold: float | None = 0.0

    @abstractmethod
    def discriminator(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        """Scalar for the discriminator to make small."""

    @abstractmethod
    def generator(self, fake_logits: Tensor, real_logits: Tensor | None = None) -> Tensor:
        """Scalar for the generator to make small; `real_logits` are given where the loss `compares`."""

    def probabilities(self, real_logits: Tensor, fake_logits: Tensor) -> tuple[Tensor, Tensor]:
        """How sure the discriminator is that real pictures are real, and that generated ones are: scalars in [0, 1].

        At an even game both are one half. By default the logistic function of the logits; a critic's are taken
        relative to the middle of the batch, because its zero means nothing.
        """
        middle = 0.0 if self.threshold is not None else (real_logits.mean() + fake_logits.mean()) / 2
        return (real_logits - middle).sigmoid().mean(), (fake_logits - middle).sigmoid().mean()

    def accuracy(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        """The share of pictures that are judged rightly, one half at an even game: a scalar.

        A critic is right where a real picture stands above a generated one, over all pairs of the batch.
        """
        if self.threshold is None:
            above = (real_logits[:, None] > fake_logits[None, :]).float()
            same = (real_logits[:, None] == fake_logits[None, :]).float()
            return (above + same / 2).mean()
        right = torch.cat([real_logits > self.threshold, fake_logits <= self.threshold])
        return right.float().mean()


LOSSES: Registry[AdversarialLoss] = Registry("loss")
