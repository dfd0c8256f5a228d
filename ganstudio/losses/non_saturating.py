"""The non-saturating loss: the generator raises log D(G(z)) instead of lowering log(1 - D(G(z))).

Source: Goodfellow et al. 2014, section 3 (the heuristic after eq. 1), on logits: -log D = softplus(-logit).
"""

from torch import Tensor
from torch.nn.functional import softplus

from ganstudio.losses.base import LOSSES, AdversarialLoss


class NonSaturatingLoss(AdversarialLoss):
    """Logistic loss for both players; at an even game each logit is 0, D is 50 % and its loss is 2 log 2."""

    def discriminator(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        """See `AdversarialLoss`."""
        return softplus(-real_logits).mean() + softplus(fake_logits).mean()

    def generator(self, fake_logits: Tensor, real_logits: Tensor | None = None) -> Tensor:  # noqa: ARG002
        """See `AdversarialLoss`."""
        return softplus(-fake_logits).mean()


LOSSES.add("non_saturating", NonSaturatingLoss())
