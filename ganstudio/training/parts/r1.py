"""R1: the discriminator shall be flat at real pictures.

Source: Mescheder et al. 2018, eq. 9; lazily: Karras et al. 2020, appendix B; a strength that falls: Huang et al. 2024.
"""

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from ganstudio.config_fields import setting
from ganstudio.training.parts.base import PARTS, Game, Judged, Moment, Part, PartSettings, Term


@dataclass(frozen=True)
class ZeroCentredSettings(PartSettings):
    """Settings of R1 and R2."""

    gamma: float = setting(1.0, "Strength", "γ; more is steadier and slower to sharpen", low=0.0, high=1e6)
    final_share: float = setting(
        1.0, "At the end", "Share of the strength that is left at the end of the run (cosine)", low=0.0, high=1.0
    )
    interval: int = setting(
        1, "Interval", "Penalise at every so many steps, that much stronger", low=1, high=64, unit="steps"
    )

    def is_due(self, moment: Moment) -> bool:
        """Whether this round is penalised."""
        return self.gamma > 0 and moment.step % self.interval == 0

    def branch(self, moment: Moment) -> Hashable:
        """See `Part`."""
        return self.weight(moment) if self.is_due(moment) else 0.0

    def weight(self, moment: Moment) -> float:
        """What the penalty is multiplied by in this round."""
        falling = self.final_share + (1 - self.final_share) * 0.5 * (1 + math.cos(math.pi * moment.share))
        return self.gamma / 2 * self.interval * falling


@PARTS.register("r1")
class R1(Part[ZeroCentredSettings]):
    """Penalises the gradient at real pictures."""

    title = "R1"
    description = "Keeps the discriminator smooth at real pictures, so that training settles instead of circling."
    settings_type = ZeroCentredSettings

    def branch(self, moment: Moment) -> Hashable:
        """See `Part`."""
        return self.settings.branch(moment)

    def wants_gradients(self, moment: Moment) -> tuple[bool, bool]:
        """See `Part`."""
        return self.settings.is_due(moment), False

    def for_discriminator(self, judged: Judged, game: Game) -> Sequence[Term]:
        """See `Part`."""
        from ganstudio.losses.zero_centred import zero_centred_penalty

        if not self.settings.is_due(game.moment):
            return ()
        penalty = zero_centred_penalty(judged.real_images, judged.real_logits)
        return (Term("r1_penalty", penalty, self.settings.weight(game.moment)),)
