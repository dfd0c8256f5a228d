"""Feature reconstruction: real pictures can be drawn again of what the discriminator makes of them.

Source: Liu et al. 2021, section 3.2, eq. 3; with the mean absolute difference in place of a perceptual one, which needs
another network's weights.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ganstudio.config_fields import setting
from ganstudio.training.errors import TrainingConfigError
from ganstudio.training.parts.base import PARTS, Game, Judged, Part, PartSettings, Players, Term

if TYPE_CHECKING:
    from torch import nn

    from ganstudio.training.config import TrainingConfig


@dataclass(frozen=True)
class FeatureReconstructionSettings(PartSettings):
    """Settings of feature reconstruction."""

    weight: float = setting(1.0, "Strength", "Of the mean difference between pictures and what is drawn again of them",
                            low=0.0, high=1e3)  # fmt: skip


@PARTS.register("feature_reconstruction")
class FeatureReconstruction(Part[FeatureReconstructionSettings]):
    """Small decoders that learn with the discriminator."""

    title = "Feature reconstruction"
    description = "Makes the discriminator of the light network describe whole pictures, not learn a few by heart."
    settings_type = FeatureReconstructionSettings
    is_alike = True

    @classmethod
    def check(cls, settings: Any, config: "TrainingConfig") -> None:
        """See `Part`."""
        del settings
        if config.network != "fastgan":
            reason = f"the discriminator of {config.network} keeps no maps to draw pictures of"
            raise TrainingConfigError("feature_reconstruction", reason, "leave it out, or choose the network fastgan")

    def join(self, players: Players) -> None:
        """See `Part`."""
        from ganstudio.networks.fastgan_discriminator import FastGANDiscriminator, PictureDecoders

        discriminator, spec = players.discriminator, players.generator.spec
        assert isinstance(discriminator, FastGANDiscriminator)  # noqa: S101 - checked with the settings
        channels = spec.channels * players.pack
        self._discriminator = discriminator
        self._decoders = PictureDecoders(discriminator.width, spec.resolution, channels, players.draws.generator)

    def module(self) -> "nn.Module | None":
        """See `Part`."""
        return self._decoders

    def for_discriminator(self, judged: Judged, game: Game) -> Sequence[Term]:
        """See `Part`."""
        maps = self._discriminator.maps_of(judged.real_features)
        corners = (game.draws.uniform(len(maps)) * 4).long()
        miss = self._decoders.miss(maps, judged.real_shown.detach(), corners)
        return (Term("reconstruction", miss, self.settings.weight),)
