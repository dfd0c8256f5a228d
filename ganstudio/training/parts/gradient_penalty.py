"""Gradient penalty: the critic's slope shall be 1 between real and generated pictures.

Source: Gulrajani et al. 2017, eq. 3.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ganstudio.config_fields import setting
from ganstudio.training.parts.base import PARTS, Game, Judged, Part, PartSettings, Term


@dataclass(frozen=True)
class GradientPenaltySettings(PartSettings):
    """Settings of the gradient penalty."""

    weight: float = setting(10.0, "Strength", "λ; 10 for pictures, 0.1 for points", low=0.0, high=1e4)
    one_sided: bool = setting(default=False, title="Only above 1", explanation="Leave slopes below 1 alone")


@PARTS.register("gradient_penalty")
class GradientPenalty(Part[GradientPenaltySettings]):
    """Penalises slopes other than 1 at random places on the lines between real and generated pictures."""

    title = "Gradient penalty"
    description = "Bounds the critic's slope, which the Wasserstein loss needs; WGAN-GP is the two together."
    settings_type = GradientPenaltySettings
    is_alike = True

    def for_discriminator(self, judged: Judged, game: Game) -> Sequence[Term]:
        """See `Part`."""
        from ganstudio.losses.slope import slope_penalty

        count = len(judged.real_images)
        where = game.draws.uniform(count, 1, 1, 1)
        between = judged.fake_images.detach().lerp(judged.real_images.detach(), where).requires_grad_()
        logits = game.judge(between, judged.labels)
        return (
            Term("gradient_penalty", slope_penalty(between, logits, self.settings.one_sided), self.settings.weight),
        )
