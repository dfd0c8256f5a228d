"""Wasserstein: a critic whose mean difference between real and generated pictures estimates their distance.

It needs a bound on the critic's slope: clipped weights, a gradient penalty, or spectral normalisation.

Source: Arjovsky et al. 2017, eq. 3 and algorithm 1.
"""

from torch import Tensor

from ganstudio.losses.base import LOSSES, AdversarialLoss


class WassersteinLoss(AdversarialLoss):
    """The negative of the critic's loss is the estimated distance; it falls towards 0 as pictures get right."""

    threshold = None

    def discriminator(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        """See `AdversarialLoss`."""
        return fake_logits.mean() - real_logits.mean()

    def generator(self, fake_logits: Tensor, real_logits: Tensor | None = None) -> Tensor:  # noqa: ARG002
        """See `AdversarialLoss`."""
        return -fake_logits.mean()


LOSSES.add("wasserstein", WassersteinLoss())
