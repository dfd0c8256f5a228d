"""Clipped weights: the crude bound on the critic's slope. Source: Arjovsky et al. 2017, algorithm 1."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ganstudio.config_fields import setting
from ganstudio.training.parts.base import PARTS, Part, PartSettings

if TYPE_CHECKING:
    from ganstudio.networks.base import Discriminator


@dataclass(frozen=True)
class WeightClippingSettings(PartSettings):
    """Settings of weight clipping."""

    limit: float = setting(0.01, "Limit", "Weights are kept between minus and plus this", low=1e-6, high=10.0)


@PARTS.register("weight_clipping")
class WeightClipping(Part[WeightClippingSettings]):
    """Clips all weights of the discriminator after each of its steps."""

    title = "Weight clipping"
    description = (
        "Bounds the critic's slope by clipping its weights, as the first WGAN did. A gradient penalty is better."
    )
    settings_type = WeightClippingSettings
    is_alike = True

    def after_discriminator(self, discriminator: "Discriminator") -> None:
        """See `Part`."""
        for weight in discriminator.parameters():
            weight.data.clamp_(-self.settings.limit, self.settings.limit)
