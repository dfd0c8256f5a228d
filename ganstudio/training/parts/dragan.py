"""DRAGAN: the discriminator's slope shall be 1 near real pictures. Source: Kodali et al. 2017, algorithm 1."""

from collections.abc import Sequence
from dataclasses import dataclass

from ganstudio.config_fields import setting
from ganstudio.training.parts.base import PARTS, Game, Judged, Part, PartSettings, Term


@dataclass(frozen=True)
class DraganSettings(PartSettings):
    """Settings of DRAGAN."""

    weight: float = setting(10.0, "Strength", "λ", low=0.0, high=1e4)
    reach: float = setting(0.5, "Reach", "How far around real pictures, in deviations of the batch", low=0.0, high=10.0)


@PARTS.register("dragan")
class Dragan(Part[DraganSettings]):
    """Penalises slopes other than 1 at real pictures with noise on them."""

    title = "DRAGAN"
    description = "Keeps the discriminator's slope at 1 around real pictures: against collapse, with any logistic loss."
    settings_type = DraganSettings
    is_alike = True

    def for_discriminator(self, judged: Judged, game: Game) -> Sequence[Term]:
        """See `Part`."""
        from ganstudio.losses.slope import slope_penalty

        real = judged.real_images.detach()
        noise = game.draws.uniform(*real.shape).to(real)
        near = (real + self.settings.reach * real.std() * noise).requires_grad_()
        return (Term("slope_penalty", slope_penalty(near, game.judge(near, judged.labels)), self.settings.weight),)
