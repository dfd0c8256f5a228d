"""LeCam regularisation: logits shall not run away from the moving means of the other kind.

Source: Tseng et al. 2021, eq. 4 and 5.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ganstudio.config_fields import setting
from ganstudio.training.parts.base import PARTS, Game, Judged, Moment, Part, PartSettings, Players, Term

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True)
class LeCamSettings(PartSettings):
    """Settings of LeCam regularisation."""

    weight: float = setting(0.3, "Strength", "λ; 0.01 to 1", low=0.0, high=100.0)
    keep: float = setting(0.99, "Memory", "Share of the means that is kept at each step", low=0.0, high=0.99999)
    wait_kimg: float = setting(
        1.0, "Begins after", "The means must mean something first", low=0.0, high=1e4, unit="kimg"
    )


@PARTS.register("lecam")
class LeCam(Part[LeCamSettings]):
    """Penalises real logits above the mean of generated ones, and the other way round."""

    title = "LeCam"
    description = "Holds the discriminator's answers near their means: for few pictures, beside augmentation."
    settings_type = LeCamSettings

    def join(self, players: Players) -> None:
        """See `Part`."""
        import torch

        self._means = torch.zeros(2, device=players.draws.device)

    def branch(self, moment: Moment) -> Hashable:
        """See `Part`."""
        return self._is_on(moment)

    def for_discriminator(self, judged: Judged, game: Game) -> Sequence[Term]:
        """See `Part`; the logits are held to the means of before."""
        if not self._is_on(game.moment):
            return ()
        mean_real, mean_fake = self._means.unbind()
        real_part = (judged.real_logits - mean_fake).square().mean()
        fake_part = (judged.fake_logits - mean_real).square().mean()
        return (Term("lecam", real_part + fake_part, self.settings.weight),)

    def watch(self, judged: Judged, game: Game) -> None:
        """See `Part`."""
        import torch

        from ganstudio.networks.peers import current_peers

        del game
        means = torch.stack([judged.real_logits.detach().mean(), judged.fake_logits.detach().mean()])
        now = current_peers().mean(means)
        self._means.copy_(torch.lerp(now, self._means, self.settings.keep))

    def state(self) -> "Mapping[str, Tensor]":
        """See `Part`."""
        return {"means": self._means}

    def restore(self, state: "Mapping[str, Tensor]") -> None:
        """See `Part`."""
        if "means" in state:
            self._means.copy_(state["means"])

    def _is_on(self, moment: Moment) -> bool:
        return moment.kimg >= self.settings.wait_kimg
