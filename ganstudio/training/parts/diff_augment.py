"""Differentiable augmentation, always on. Source: Zhao et al. 2020 (DiffAugment)."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ganstudio.config_fields import setting
from ganstudio.training.parts.base import PARTS, Game, Part, PartSettings

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True)
class DiffAugmentSettings(PartSettings):
    """Settings of differentiable augmentation."""

    shift: bool = setting(default=True, title="Shift", explanation="Move pictures by up to an eighth of their side")
    cut_out: bool = setting(default=True, title="Cut out", explanation="Hide a square of half the side")
    colour: bool = setting(default=True, title="Colour", explanation="Change brightness, saturation and contrast")
    share: float = setting(1.0, "Share", "Of the pictures that each change is made to", low=0.0, high=1.0)


@PARTS.register("diff_augment")
class DiffAugment(Part[DiffAugmentSettings]):
    """Changes all pictures before the discriminator sees them, so that it cannot learn a few by heart."""

    title = "Augmentation"
    description = (
        "Shows pictures shifted, with holes, in other colours: for fewer than some ten thousand pictures, else the "
        "discriminator learns them by heart."
    )
    settings_type = DiffAugmentSettings
    is_alike = True
    augments = True

    def show(self, images: "Tensor", game: Game) -> "Tensor":
        """See `Part`."""
        from ganstudio.training.augmentation import simple

        own = self.settings
        changes = (
            (own.colour, simple.colour_at_random),
            (own.shift, simple.shift_at_random),
            (own.cut_out, simple.cut_out_at_random),
        )
        for is_on, change in changes:
            if is_on:
                changed = change(images, game.draws)
                if own.share < 1:
                    chosen = game.draws.uniform(len(images), 1, 1, 1).to(images) < own.share
                    changed = changed.where(chosen, images)
                images = changed
        return images
