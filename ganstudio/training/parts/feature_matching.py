"""Feature matching: generated pictures shall have the mean features of real ones. Source: Salimans et al. 2016."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ganstudio.config_fields import setting
from ganstudio.training.parts.base import PARTS, Drawn, Game, Judged, Part, PartSettings, Players, Term

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True)
class FeatureMatchingSettings(PartSettings):
    """Settings of feature matching."""

    weight: float = setting(1.0, "Strength", "Of the squared distance between the means", low=0.0, high=1e4)


@PARTS.register("feature_matching")
class FeatureMatching(Part[FeatureMatchingSettings]):
    """Adds the distance between the mean features to the generator's loss."""

    title = "Feature matching"
    description = (
        "Gives the generator a goal beside deceiving: the mean of what the discriminator sees in real pictures."
    )
    settings_type = FeatureMatchingSettings
    is_alike = True

    def join(self, players: Players) -> None:
        """See `Part`."""
        import torch

        from ganstudio.networks.minibatch_discrimination import feature_length

        length = feature_length(players.discriminator, players.generator.spec, players.pack)
        self._mean = torch.zeros(length, device=players.draws.device)

    def watch(self, judged: Judged, game: Game) -> None:
        """See `Part`."""
        from ganstudio.networks.peers import current_peers

        del game
        self._mean.copy_(current_peers().mean(judged.real_features.detach().float().mean(dim=0)))

    def for_generator(self, drawn: Drawn, game: Game) -> Sequence[Term]:
        """See `Part`; the mean is that of the whole batch where several processes share it."""
        from ganstudio.networks.peers import current_peers

        del game
        distance = (current_peers().mean(drawn.features.mean(dim=0)) - self._mean).square().mean()
        return (Term("feature_distance", distance, self.settings.weight),)

    def state(self) -> "Mapping[str, Tensor]":
        """See `Part`."""
        return {"mean": self._mean}

    def restore(self, state: "Mapping[str, Tensor]") -> None:
        """See `Part`."""
        if "mean" in state:
            self._mean.copy_(state["mean"])
