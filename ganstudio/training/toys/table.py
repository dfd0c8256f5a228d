"""A table at which the game on points is played: one step of one player at a time, or round after round."""

from collections.abc import Iterator

import numpy as np
import torch

from ganstudio.training.config import POINTS, TrainingConfig
from ganstudio.training.errors import TrainingConfigError
from ganstudio.training.game.pair import Batch, Pair, Scalars
from ganstudio.training.toys.distributions import Mixture
from ganstudio.training.toys.findings import ToyProgress
from ganstudio.training.toys.measures import ToyScores, measure
from ganstudio.training.toys.scene import Scene, Viewer, to_game

_CPU = torch.device("cpu")


class ToyFeed:
    """Endless real points, scaled as the networks take them.

    Args:
        mixture: Where they come from.
        batch_size: How many at once.
        seed: The same seed gives the same points.
    """

    def __init__(self, mixture: Mixture, batch_size: int, seed: int) -> None:
        self._mixture, self._size = mixture, batch_size
        self._random = np.random.default_rng([seed, 3])

    def take(self) -> Batch:
        """See `Feed`."""
        points = self._mixture.sample(self._size, self._random)
        return Batch(to_game(points, self._mixture), None)

    def partners(self) -> Batch:
        """See `Feed`."""
        return self.take()


class ToyTable:
    """One game on points.

    Attributes:
        rounds: Generator steps taken.
        discriminator_steps: Discriminator steps taken.

    Args:
        config: Its network must be "points"; `kimg` is the length over which rates and penalties fall.
        mixture: Where real points come from.

    Raises:
        TrainingConfigError: The network is one for pictures.
        NetworkConfigError: It cannot be built.
    """

    def __init__(self, config: TrainingConfig, mixture: Mixture) -> None:
        if config.network != POINTS:
            reason = "it draws pictures, not points of the plane"
            raise TrainingConfigError(f"network {config.network}", reason, f"set it to {POINTS!r}")
        self.config, self.mixture = config, mixture
        self.pair = Pair(config, _CPU)
        self.rounds = self.discriminator_steps = 0
        self._feed = ToyFeed(mixture, config.batch_size, config.seed)
        self._viewer = Viewer(self.pair, mixture, config.seed + 7)
        self._images = 0
        self._scalars: Scalars = {}

    @property
    def kimg(self) -> float:
        """Real points shown, in thousands."""
        return self._images / 1000

    @property
    def share(self) -> float:
        """How much of the planned length is played, 0 to 1; one may play on, at the last rates."""
        return min(self.kimg / self.config.kimg, 1.0)

    @property
    def is_over(self) -> bool:
        """Whether the planned length is reached."""
        return self.kimg >= self.config.kimg - 1e-9

    def play_round(self) -> None:
        """Both players learn.

        Raises:
            TrainingDivergedError: A loss or a gradient is no number; nothing was updated with it.
        """
        played = self.pair.play(self._feed, self.rounds, self.kimg)
        self._scalars |= played.scalars
        self._images += played.images
        self.discriminator_steps += played.images // self.config.batch_size
        self.rounds += 1

    def step_discriminator(self) -> None:
        """Only the discriminator learns, once. Raises as `play_round`."""
        moment = self.pair.moment(self.rounds, self.kimg)
        self.pair.set_learning_rates(moment)
        scalars, _ = self.pair.step_discriminator(self._feed.take(), moment)
        self._scalars |= scalars
        self._images += self.config.batch_size
        self.discriminator_steps += 1

    def step_generator(self) -> None:
        """Only the generator learns, once. Raises as `play_round`."""
        moment = self.pair.moment(self.rounds, self.kimg)
        self.pair.set_learning_rates(moment)
        self._scalars |= self.pair.step_generator(self._feed.partners(), moment)
        self.pair.average(self.config.batch_size, self.kimg)
        self.rounds += 1

    def scores(self) -> ToyScores:
        """Measure the averaged generator."""
        return measure(self._viewer.draw_averaged(), self.mixture)

    def progress(self) -> ToyProgress:
        """How far it has come."""
        scalars = {name: float(value) for name, value in self._scalars.items()}
        return ToyProgress(self.rounds, self.share, self.scores(), scalars)

    def scene(self) -> Scene:
        """Look at the game, without changing it."""
        return self._viewer.look()


def play_toy(config: TrainingConfig, mixture: Mixture, every: int = 500) -> Iterator[ToyProgress]:
    """Play until the planned length.

    Args:
        config: See `ToyTable`.
        mixture: See `ToyTable`.
        every: Rounds from one measurement to the next.

    Yields:
        A ToyProgress every so many rounds, and at the end.
    """
    table = ToyTable(config, mixture)
    while not table.is_over:
        table.play_round()
        if table.rounds % every == 0 or table.is_over:
            yield table.progress()
