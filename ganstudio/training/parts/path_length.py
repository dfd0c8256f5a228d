"""Path length: steps of one size in w shall change pictures equally much. Source: Karras et al. 2020, section 3.2."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ganstudio.config_fields import setting
from ganstudio.training.parts.base import PARTS, Drawn, Game, Moment, Part, PartSettings, Players, Term

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from torch import Tensor

_SHRINK = 2  # lengths are measured on so many times fewer pictures (appendix B)


@dataclass(frozen=True)
class PathLengthSettings(PartSettings):
    """Settings of path length regularisation."""

    weight: float = setting(2.0, "Strength", "How strongly deviations from the mean length count", low=0.0, high=1e3)
    interval: int = setting(
        4, "Interval", "Regularise at every so many steps, that much stronger", low=1, high=64, unit="steps"
    )


@PARTS.register("path_length")
class PathLengthPart(Part[PathLengthSettings]):
    """Measures path lengths of a few pictures more; does nothing for a generator without w."""

    title = "Path length"
    description = "Makes equal steps in w equal changes in the picture, for smoother sliders; StyleGAN only."
    settings_type = PathLengthSettings

    def join(self, players: Players) -> None:
        """See `Part`."""
        from ganstudio.losses.path_length import PathLength

        self._penalty = PathLength().to(players.draws.device)

    def branch(self, moment: Moment) -> "Hashable":
        """See `Part`."""
        return self._is_due(moment)

    def for_generator(self, drawn: Drawn, game: Game) -> Sequence[Term]:
        """See `Part`."""
        from ganstudio.networks.peers import current_peers
        from ganstudio.training.game.fakes import draw_fakes

        if not self._is_due(game.moment) or drawn.fakes.w_plus is None:
            return ()
        count = max(1, len(drawn.fakes.images) // _SHRINK)
        peers = current_peers()
        labels = None if drawn.labels is None else peers.own(peers.gather(drawn.labels)[: count * peers.total])
        fakes = draw_fakes(game.generator, count, labels, drawn.fakes.mixing, game.draws)
        assert fakes.w_plus is not None  # noqa: S101 - the family of the fakes above
        penalty = self._penalty(fakes.images, fakes.w_plus, game.draws)
        return (
            Term("path_length", self._penalty.mean.clone(), 0.0),
            Term("path_penalty", penalty, self.settings.weight * self.settings.interval),
        )

    def _is_due(self, moment: Moment) -> bool:
        return self.settings.weight > 0 and moment.step % self.settings.interval == 0

    def state(self) -> "Mapping[str, Tensor]":
        """See `Part`."""
        return {"mean": self._penalty.mean}

    def restore(self, state: "Mapping[str, Tensor]") -> None:
        """See `Part`."""
        if "mean" in state:  # runs of before know nothing of it
            self._penalty.mean.copy_(state["mean"])
