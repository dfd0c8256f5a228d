"""FreezeD: the first layers of a discriminator that was trained before stay as they are. Source: Mo et al. 2020."""

from dataclasses import dataclass

from ganstudio.config_fields import setting
from ganstudio.training.parts.base import PARTS, Part, PartSettings, Players


@dataclass(frozen=True)
class FreezeDiscriminatorSettings(PartSettings):
    """Settings of FreezeD."""

    share: float = setting(
        0.5, "Frozen share", "Of the layers, from the picture on; the last layer always learns", low=0.0, high=1.0
    )


@PARTS.register("freeze_discriminator")
class FreezeDiscriminator(Part[FreezeDiscriminatorSettings]):
    """Takes the gradients of the first layers away."""

    title = "Freeze D"
    description = (
        "Keeps the first layers of a discriminator that comes from another run: for going on with few pictures."
    )
    settings_type = FreezeDiscriminatorSettings
    is_alike = True

    def join(self, players: Players) -> None:
        """See `Part`."""
        weights = list(players.discriminator.parameters())
        for weight in weights[: min(round(self.settings.share * len(weights)), len(weights) - 2)]:
            weight.requires_grad_(False)
