"""Relativistic pairing (RpGAN): each generated picture is judged against a real one, not against a fixed line.

A generator that repeats a few pictures cannot win against all partners, so the game has no bad basins of collapse.

Source: Jolicoeur-Martineau 2019, section 4.1 (RpGAN with f = softplus); Sun et al. 2020, section 2; Huang et al. 2024,
eq. 2 (which adds R1 and R2 for convergence).
"""

from torch import Tensor
from torch.nn.functional import softplus

from ganstudio.losses.base import LOSSES, AdversarialLoss


class RelativisticLoss(AdversarialLoss):
    """At an even game both losses are log 2; they stay near it throughout a good run."""

    compares = True
    threshold = None

    def discriminator(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        """See `AdversarialLoss`."""
        return softplus(fake_logits - real_logits).mean()

    def generator(self, fake_logits: Tensor, real_logits: Tensor | None = None) -> Tensor:
        """See `AdversarialLoss`."""
        if real_logits is None:
            raise ValueError("the relativistic loss compares with real pictures; give their logits")
        return softplus(real_logits - fake_logits).mean()

    def probabilities(self, real_logits: Tensor, fake_logits: Tensor) -> tuple[Tensor, Tensor]:
        """See `AdversarialLoss`: how sure it is that the real one of each pair is the more real, and the other."""
        probability = (real_logits - fake_logits).sigmoid().mean()
        return probability, 1 - probability


LOSSES.add("relativistic", RelativisticLoss())
