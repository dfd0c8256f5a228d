"""Minibatch discrimination: the discriminator sees how close each picture is to the others of its batch.

Source: Salimans et al. 2016, section 3.2.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ganstudio.config_fields import setting
from ganstudio.training.parts.base import PARTS, Part, PartSettings, Players

if TYPE_CHECKING:
    from torch import Tensor, nn


@dataclass(frozen=True)
class MinibatchDiscriminationSettings(PartSettings):
    """Settings of minibatch discrimination."""

    kernels: int = setting(32, "Kernels", "Ways in which closeness is measured", low=1, high=1024)
    length: int = setting(8, "Length", "Numbers that each compares", low=1, high=256)


@PARTS.register("minibatch_discrimination")
class MinibatchDiscriminationPart(Part[MinibatchDiscriminationSettings]):
    """Adds to the logits what closeness says; its layers are made when the first features come."""

    title = "Minibatch discrimination"
    description = "Lets the discriminator compare the pictures of a batch with each other: a cure for mode collapse."
    settings_type = MinibatchDiscriminationSettings
    is_alike = True

    def join(self, players: Players) -> None:
        """See `Part`."""
        from ganstudio.networks.minibatch_discrimination import MinibatchDiscrimination, feature_length

        length = feature_length(players.discriminator, players.generator.spec, players.pack)
        own = self.settings
        self._layers = MinibatchDiscrimination(length, own.kernels, own.length, players.draws).to(players.draws.device)

    def module(self) -> "nn.Module | None":
        """See `Part`."""
        return self._layers

    def add_to_logits(self, features: "Tensor") -> "Tensor | None":
        """See `Part`."""
        added: Tensor = self._layers(features)
        return added
