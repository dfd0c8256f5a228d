"""Instance noise: real and generated pictures are blurred by noise until they overlap, less and less.

Source: Sønderby et al. 2017, section 3.2; Arjovsky & Bottou 2017, section 3.
"""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ganstudio.config_fields import setting
from ganstudio.training.parts.base import PARTS, Game, Moment, Part, PartSettings

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True)
class InstanceNoiseSettings(PartSettings):
    """Settings of instance noise."""

    deviation: float = setting(0.1, "Noise", "Its deviation at first; pictures go from -1 to 1", low=0.0, high=10.0)
    until: float = setting(0.5, "Gone after", "The share of the run after which there is none left (linear)", low=0.0,
                           high=1.0)  # fmt: skip

    def at(self, moment: Moment) -> float:
        """The deviation of a round."""
        left = 1 - moment.share / self.until if self.until > 0 else 0.0
        return self.deviation * max(0.0, left)


@PARTS.register("instance_noise")
class InstanceNoise(Part[InstanceNoiseSettings]):
    """Adds noise to all that the discriminator sees."""

    title = "Instance noise"
    description = (
        "Adds noise to real and generated pictures, which fades: gives the generator a gradient while D would win."
    )
    settings_type = InstanceNoiseSettings
    _now = 0.0

    def branch(self, moment: Moment) -> Hashable:
        """See `Part`."""
        return self.settings.at(moment)

    def show(self, images: "Tensor", game: Game) -> "Tensor":
        """See `Part`."""
        self._now = self.settings.at(game.moment)
        if self._now <= 0:
            return images
        return images + self._now * game.draws.normal(*images.shape).to(images)

    def curves(self) -> "dict[str, float]":
        """See `Part`."""
        return {"instance_noise": self._now}
