"""What an adversarial loss is, and the registry of them."""

from typing import Protocol

from torch import Tensor

from ganstudio.registry import Registry


class AdversarialLoss(Protocol):
    """The two sides of one game, on logits: the higher, the more real."""

    def discriminator(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        """Scalar for the discriminator to make small, from logits `(N,)` each."""

    def generator(self, fake_logits: Tensor) -> Tensor:
        """Scalar for the generator to make small, from logits `(N,)`."""


LOSSES: Registry[AdversarialLoss] = Registry("loss")
