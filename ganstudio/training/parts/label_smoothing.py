"""One-sided label smoothing: real pictures are called real with 90 %, so that the discriminator is never too sure.

Source: Salimans et al. 2016, section 3.4. With the logistic loss a target t adds (1 - t) times the logit, because
softplus(x) - softplus(-x) = x.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ganstudio.config_fields import setting
from ganstudio.training.errors import TrainingConfigError
from ganstudio.training.parts.base import PARTS, Game, Judged, Part, PartSettings, Term

if TYPE_CHECKING:
    from ganstudio.training.config import TrainingConfig

_LOGISTIC = ("non_saturating", "minimax")


@dataclass(frozen=True)
class LabelSmoothingSettings(PartSettings):
    """Settings of label smoothing."""

    target: float = setting(0.9, "Target", "What real pictures count as; 1 is no smoothing", low=0.5, high=1.0)


@PARTS.register("label_smoothing")
class LabelSmoothing(Part[LabelSmoothingSettings]):
    """Adds what the smoothed cross entropy has beyond the plain one."""

    title = "Label smoothing"
    description = "Calls real pictures 90 % real, so that the discriminator does not become too sure of itself."
    settings_type = LabelSmoothingSettings
    is_alike = True

    @classmethod
    def check(cls, settings: Any, config: "TrainingConfig") -> None:
        """See `Part`; other losses have no labels that could be smoothed."""
        del settings
        if config.loss not in _LOGISTIC:
            reason = f"the loss {config.loss} has no labels to smooth"
            raise TrainingConfigError("label_smoothing", reason, f"leave it out, or choose {' or '.join(_LOGISTIC)}")

    def for_discriminator(self, judged: Judged, game: Game) -> Sequence[Term]:
        """See `Part`."""
        del game
        return (Term("label_smoothing", judged.real_logits.mean(), 1 - self.settings.target),)
