"""The game as it was first written down: the generator lowers log(1 - D(G(z))), whose gradient vanishes when D wins.

Source: Goodfellow et al. 2014, eq. 1, on logits: -log(1 - D) = softplus(logit).
"""

from torch import Tensor
from torch.nn.functional import softplus

from ganstudio.losses.base import LOSSES
from ganstudio.losses.non_saturating import NonSaturatingLoss


class MinimaxLoss(NonSaturatingLoss):
    """One value for both players: what the discriminator raises, the generator lowers."""

    def generator(self, fake_logits: Tensor, real_logits: Tensor | None = None) -> Tensor:  # noqa: ARG002
        """See `AdversarialLoss`; -log 2 at an even game, 0 for a generator that is found out each time."""
        return -softplus(fake_logits).mean()


LOSSES.add("minimax", MinimaxLoss())
