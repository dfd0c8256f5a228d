"""Hinge: the discriminator is content once real pictures stand above 1 and generated ones below -1.

Source: Lim & Ye 2017, eq. 9; Miyato et al. 2018, eq. 16 and 17.
"""

from torch import Tensor

from ganstudio.losses.base import LOSSES, AdversarialLoss


class HingeLoss(AdversarialLoss):
    """At an even game each logit is 0, the discriminator's loss 2 and the generator's 0."""

    def discriminator(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        """See `AdversarialLoss`."""
        return (1 - real_logits).relu().mean() + (1 + fake_logits).relu().mean()

    def generator(self, fake_logits: Tensor, real_logits: Tensor | None = None) -> Tensor:  # noqa: ARG002
        """See `AdversarialLoss`."""
        return -fake_logits.mean()


LOSSES.add("hinge", HingeLoss())
