"""AC-GAN: the discriminator also says which class a picture is of, and the generator draws what it recognises.

Source: Odena et al. 2017, eq. 2 and 3.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ganstudio.config_fields import setting
from ganstudio.training.errors import TrainingConfigError
from ganstudio.training.parts.base import PARTS, Drawn, Game, Judged, Part, PartSettings, Players, Term

if TYPE_CHECKING:
    from torch import Tensor, nn

    from ganstudio.training.config import TrainingConfig


@dataclass(frozen=True)
class AuxiliaryClassifierSettings(PartSettings):
    """Settings of the auxiliary classifier."""

    weight: float = setting(1.0, "Strength", "Of the cross entropy, for both players", low=0.0, high=100.0)


@PARTS.register("auxiliary_classifier")
class AuxiliaryClassifier(Part[AuxiliaryClassifierSettings]):
    """A layer on the discriminator's features that reads the class."""

    title = "Auxiliary classifier"
    description = "Lets the discriminator name the class as well, and the generator draw what it names rightly: AC-GAN."
    settings_type = AuxiliaryClassifierSettings
    is_alike = True

    @classmethod
    def check(cls, settings: Any, config: "TrainingConfig") -> None:
        """See `Part`."""
        del settings
        if not config.network_config.get("num_classes"):
            reason = "there are no classes to name"
            raise TrainingConfigError("auxiliary_classifier", reason, "leave it out, or train with classes")

    def join(self, players: Players) -> None:
        """See `Part`."""
        from torch import nn

        from ganstudio.networks.minibatch_discrimination import feature_length

        length = feature_length(players.discriminator, players.generator.spec, players.pack)
        self._head = nn.Linear(length, players.generator.spec.num_classes)
        device = players.draws.device
        self._head.to(device)
        self._head.weight.data = players.draws.normal(*self._head.weight.shape) * length**-0.5
        nn.init.zeros_(self._head.bias)

    def module(self) -> "nn.Module | None":
        """See `Part`."""
        return self._head

    def for_discriminator(self, judged: Judged, game: Game) -> Sequence[Term]:
        """See `Part`; real pictures alone: generated ones are not yet of any class."""
        del game
        return (Term("class_loss", self._miss(judged.real_features, judged.labels), self.settings.weight),)

    def for_generator(self, drawn: Drawn, game: Game) -> Sequence[Term]:
        """See `Part`."""
        del game
        return (Term("class_loss_generator", self._miss(drawn.features, drawn.labels), self.settings.weight),)

    def _miss(self, features: "Tensor", labels: "Tensor | None") -> "Tensor":
        from torch.nn.functional import cross_entropy

        if labels is None:
            return features.sum() * 0
        return cross_entropy(self._head(features), labels)
