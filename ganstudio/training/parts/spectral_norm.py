"""Spectral normalisation of the discriminator. Source: Miyato et al. 2018."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ganstudio.training.parts.base import PARTS, Part, PartSettings, Players

if TYPE_CHECKING:
    from ganstudio.networks.base import Discriminator


@dataclass(frozen=True)
class SpectralNormSettings(PartSettings):
    """It has none."""


@PARTS.register("spectral_norm")
class SpectralNormPart(Part[SpectralNormSettings]):
    """Normalises all weights of the discriminator; one step of the power iteration after each of its steps."""

    title = "Spectral norm"
    description = "Bounds how steep the discriminator can get, cheaply; with the hinge loss this is SNGAN."
    settings_type = SpectralNormSettings
    is_alike = True

    def join(self, players: Players) -> None:
        """See `Part`."""
        from ganstudio.networks.spectral_norm import normalise_spectrally

        normalise_spectrally(players.discriminator, players.draws)

    def after_discriminator(self, discriminator: "Discriminator") -> None:
        """See `Part`."""
        from ganstudio.networks.spectral_norm import iterate_all

        iterate_all(discriminator)
