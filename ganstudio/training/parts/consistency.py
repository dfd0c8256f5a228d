"""Consistency: the discriminator shall answer alike for a picture and the same shifted and mirrored.

Source: Zhang et al. 2020 (CR-GAN); Zhao et al. 2021 (for generated pictures, too).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ganstudio.config_fields import setting
from ganstudio.training.parts.base import PARTS, Game, Judged, Part, PartSettings, Term

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True)
class ConsistencySettings(PartSettings):
    """Settings of consistency."""

    weight: float = setting(10.0, "Strength", "Of squared differences between the two answers", low=0.0, high=1e4)
    of_generated: bool = setting(
        default=True, title="Generated, too", explanation="Ask it of generated pictures as well (bCR)"
    )
    mirrors: bool = setting(
        default=True, title="Mirror", explanation="Mirror half of the copies; not for text and digits"
    )


@PARTS.register("consistency")
class Consistency(Part[ConsistencySettings]):
    """Penalises differences between the answers."""

    title = "Consistency"
    description = (
        "Asks the discriminator to answer alike for a picture shifted or mirrored: it then looks at what matters."
    )
    settings_type = ConsistencySettings
    is_alike = True

    def for_discriminator(self, judged: Judged, game: Game) -> Sequence[Term]:
        """See `Part`."""
        penalty = self._difference(judged.real_images, judged.real_logits, judged.labels, game)
        if self.settings.of_generated:
            penalty = penalty + self._difference(judged.fake_images, judged.fake_logits, judged.labels, game)
        return (Term("consistency", penalty, self.settings.weight),)

    def _difference(self, images: "Tensor", logits: "Tensor", labels: "Tensor | None", game: Game) -> "Tensor":
        from ganstudio.training.augmentation.simple import shift_at_random

        copies = shift_at_random(images.detach(), game.draws)
        if self.settings.mirrors:
            is_mirrored = game.draws.uniform(len(copies), 1, 1, 1).to(copies) < 0.5
            copies = copies.flip(3).where(is_mirrored, copies)
        return (game.judge(copies, labels) - logits).square().mean()
