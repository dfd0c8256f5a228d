"""Relativistic average (RaGAN): each picture is judged against the mean logit of the other kind.

Source: Jolicoeur-Martineau 2019, section 4.2, eq. 6 to 8 with the logistic loss.
"""

from torch import Tensor
from torch.nn.functional import softplus

from ganstudio.losses.base import LOSSES, AdversarialLoss


class RelativisticAverageLoss(AdversarialLoss):
    """At an even game both losses are 2 log 2."""

    compares = True
    threshold = None

    def discriminator(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        """See `AdversarialLoss`."""
        real_lead, fake_lead = real_logits - fake_logits.mean(), fake_logits - real_logits.mean()
        return softplus(-real_lead).mean() + softplus(fake_lead).mean()

    def generator(self, fake_logits: Tensor, real_logits: Tensor | None = None) -> Tensor:
        """See `AdversarialLoss`."""
        if real_logits is None:
            raise ValueError("the relativistic loss compares with real pictures; give their logits")
        return self.discriminator(fake_logits, real_logits)  # the same with the kinds exchanged

    def probabilities(self, real_logits: Tensor, fake_logits: Tensor) -> tuple[Tensor, Tensor]:
        """See `AdversarialLoss`."""
        real = (real_logits - fake_logits.mean()).sigmoid().mean()
        return real, (fake_logits - real_logits.mean()).sigmoid().mean()


LOSSES.add("relativistic_average", RelativisticAverageLoss())
