"""Least squares: logits are pulled towards 1 for real and 0 for generated pictures, and do not saturate.

Source: Mao et al. 2017, eq. 9 (a = 0, b = c = 1), without the factor of one half.
"""

from torch import Tensor

from ganstudio.losses.base import LOSSES, AdversarialLoss


class LeastSquaresLoss(AdversarialLoss):
    """At an even game each output is one half, the discriminator's loss one half and the generator's a quarter."""

    threshold = 0.5

    def discriminator(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        """See `AdversarialLoss`."""
        return (real_logits - 1).square().mean() + fake_logits.square().mean()

    def generator(self, fake_logits: Tensor, real_logits: Tensor | None = None) -> Tensor:  # noqa: ARG002
        """See `AdversarialLoss`."""
        return (fake_logits - 1).square().mean()

    def probabilities(self, real_logits: Tensor, fake_logits: Tensor) -> tuple[Tensor, Tensor]:
        """See `AdversarialLoss`: the outputs themselves aim at 0 and 1."""
        return real_logits.clamp(0, 1).mean(), fake_logits.clamp(0, 1).mean()


LOSSES.add("least_squares", LeastSquaresLoss())
