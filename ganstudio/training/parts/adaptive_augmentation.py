"""Adaptive augmentation: as much of it as keeps the discriminator from learning the pictures by heart.

Source: Karras et al. 2020b, section 3.1. The cap is ours: without one the strength has been seen to run far beyond 1,
and near 1 augmentation leaks into the pictures.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ganstudio.config_fields import setting
from ganstudio.training.parts.base import PARTS, Game, Judged, Moment, Part, PartSettings, Players

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True)
class AdaptiveAugmentationSettings(PartSettings):
    """Settings of adaptive augmentation."""

    target: float = setting(
        0.6,
        "Target",
        "Share of real pictures taken for real, above those that are not, that is held",
        low=0.0,
        high=1.0,
    )
    speed_kimg: float = setting(
        100.0, "From 0 to 1 in", "How fast the strength may grow; 500 in the paper, 100 for short runs", low=0.1,
        high=1e5, unit="kimg",
    )  # fmt: skip
    start: float = setting(0.0, "Start", "The strength p at first", low=0.0, high=1.0)
    cap: float = setting(0.8, "Cap", "The strength p at most; above 0.8 changes leak into pictures", low=0.0, high=1.0)
    interval: int = setting(4, "Interval", "Adjusted every so many steps", low=1, high=1000, unit="steps")
    mirrors: bool = setting(default=False, title="Mirror", explanation="Mirrored pictures are real ones; not for text")
    turns: bool = setting(default=False, title="Quarter turns", explanation="Turned pictures are real ones as well")


@PARTS.register("adaptive_augmentation")
class AdaptiveAugmentation(Part[AdaptiveAugmentationSettings]):
    """Changes pictures with a probability that follows the sign of the discriminator's answers to real ones."""

    title = "Adaptive augmentation"
    description = (
        "Augments as much as the discriminator's certainty asks for: for a few hundred to some ten thousand pictures, "
        "when the right strength is not known (ADA)."
    )
    settings_type = AdaptiveAugmentationSettings
    augments = True

    def join(self, players: Players) -> None:
        """See `Part`."""
        import torch

        from ganstudio.training.augmentation.pipeline import can_be_penalised

        self._strength = float(self.settings.start)
        self._shown_strength = torch.tensor(self._strength, device=players.draws.device)
        self._count = 0
        self._signs = torch.zeros(2, device=players.draws.device)  # sum of means, and how many
        self._certainty = 0.0
        self._moves = can_be_penalised(str(players.draws.device))

    def branch(self, moment: Moment) -> Hashable:
        """See `Part`."""
        del moment
        return self._strength > 0

    def show(self, images: "Tensor", game: Game) -> "Tensor":
        """See `Part`."""
        from ganstudio.training.augmentation import pipeline, simple

        own = self.settings
        if self._moves:
            if self._strength <= 0:
                return images
            return pipeline.augment(images, game.draws, self._shown_strength, own.mirrors, own.turns)
        is_moved = game.draws.uniform(len(images), 1, 1, 1).to(images) < self._shown_strength
        return simple.shift_at_random(images, game.draws).where(is_moved, images)

    def makes_unreal_pictures(self) -> bool:
        """See `Part`; where turned or mirrored pictures are real, generated ones may well look like augmented ones."""
        return not (self.settings.mirrors or self.settings.turns)

    def watch(self, judged: Judged, game: Game) -> None:
        """See `Part`; logits of losses whose zero means nothing are taken around the middle of the batch."""
        import torch

        from ganstudio.networks.peers import current_peers

        real, fake = judged.real_logits.detach(), judged.fake_logits.detach()
        sign = (real - self._middle(real, fake, game)).sign().mean()
        self._signs += torch.stack([current_peers().mean(sign), torch.ones_like(sign)])
        self._count = len(judged.real_images)

    def after_round(self, moment: Moment) -> None:
        """See `Part`."""
        if (moment.step + 1) % self.settings.interval == 0:
            self._adjust()
            self._shown_strength.fill_(self._strength)

    def curves(self) -> "Mapping[str, Tensor | float]":
        """See `Part`."""
        return {"augmentation_p": self._strength, "overfitting_rt": self._certainty}

    def state(self) -> "Mapping[str, Tensor]":
        """See `Part`."""
        import torch

        return {"signs": self._signs, "strength": torch.tensor([self._strength, self._certainty], dtype=torch.float64)}

    def restore(self, state: "Mapping[str, Tensor]") -> None:
        """See `Part`."""
        if "strength" in state:
            self._strength, self._certainty = (float(value) for value in state["strength"])
            self._shown_strength.fill_(self._strength)
            self._signs.copy_(state["signs"])

    def _middle(self, real: "Tensor", fake: "Tensor", game: Game) -> "Tensor | float":
        return game.threshold if game.threshold is not None else (real.mean() + fake.mean()) / 2

    def _adjust(self) -> None:
        """Go a step towards the target."""
        from ganstudio.networks.peers import current_peers

        total, number = (float(value) for value in self._signs)
        self._signs.zero_()
        if number == 0:
            return
        self._certainty = total / number
        images = self._count * current_peers().total * number
        step = images / 1000 / self.settings.speed_kimg
        towards = (self._certainty > self.settings.target) - (self._certainty < self.settings.target)
        self._strength = min(max(self._strength + towards * step, 0.0), self.settings.cap)
