"""A table at which the game on points is played: one step of one player at a time, or round after round."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from ganstudio.training.config import TrainingConfig
from ganstudio.training.game.pair import Batch, Pair, Scalars
from ganstudio.training.toys.distributions import Mixture, Points
from ganstudio.training.toys.measures import SAMPLES, ToyScores, measure

CPU = torch.device("cpu")
_PUSHES = 120  # points whose arrows are shown


@dataclass(frozen=True, eq=False)
class Scene:
    """All that is to be seen of a game at one moment, in the mixture's own unit.

    Attributes:
        rounds: Generator steps taken.
        discriminator_steps: Discriminator steps taken.
        real: Real points `(N, 2)`.
        generated: What the generator makes of fixed latents `(N, 2)`.
        pushes: Where its loss sends the first of them: `(M, 2)`, as long as the steepest is 1.
        landscape: How sure the discriminator is that a point would be real, `(S, S)` in [0, 1]: rows from the lowest
            y up, columns from the lowest x.
        reach: The landscape spans the square of this half side around `middle`.
        middle: Its centre, `(x, y)`.
        scalars: The last values by name, as in `events.ScalarsLogged`.
        scores: Of the averaged generator.
    """

    rounds: int
    discriminator_steps: int
    real: Points
    generated: Points
    pushes: Points
    landscape: npt.NDArray[np.float32]
    reach: float
    middle: tuple[float, float]
    scalars: dict[str, float]
    scores: ToyScores


class ToyFeed:
    """Endless real points, divided by the mixture's scale.

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

    Args:
        config: Its network must be "points"; `kimg` is the length over which rates and penalties fall.
        mixture: Where real points come from.
    """

    def __init__(self, config: TrainingConfig, mixture: Mixture) -> None:
        self.config, self.mixture = config, mixture
        self.pair = Pair(config, CPU)
        self.feed = ToyFeed(mixture, config.batch_size, config.seed)
        self.rounds = self.discriminator_steps = 0
        self._images = 0
        self._scalars: Scalars = {}
        random = torch.Generator().manual_seed(config.seed + 7)
        self._latents = torch.randn(SAMPLES, self.pair.generator.spec.z_dim, generator=random)
        self._real = mixture.sample(1000, np.random.default_rng([config.seed, 4]))

    @property
    def kimg(self) -> float:
        """Real points shown, in thousands."""
        return self._images / 1000

    @property
    def is_over(self) -> bool:
        """Whether the planned length is reached; one may play on at the last rates."""
        return self.kimg >= self.config.kimg - 1e-9

    def play_round(self) -> None:
        """Both players learn."""
        played = self.pair.play(self.feed, self.rounds, self.kimg)
        self._scalars |= played.scalars
        self._images += played.images
        self.discriminator_steps += played.images // self.config.batch_size
        self.rounds += 1

    def step_discriminator(self) -> None:
        """Only the discriminator learns."""
        moment = self.pair.moment(self.rounds, self.kimg)
        self.pair.set_learning_rates(moment)
        scalars, _ = self.pair.step_discriminator(self.feed.take(), moment)
        self._scalars |= scalars
        self._images += self.config.batch_size
        self.discriminator_steps += 1

    def step_generator(self) -> None:
        """Only the generator learns."""
        moment = self.pair.moment(self.rounds, self.kimg)
        self.pair.set_learning_rates(moment)
        self._scalars |= self.pair.step_generator(self.feed.partners(), moment)
        self.pair.average(self.config.batch_size, max(self.kimg, self.config.batch_size / 1000))
        self.rounds += 1

    def scores(self) -> ToyScores:
        """Measure the averaged generator."""
        with torch.inference_mode():
            points = self.pair.averaged(self._latents)
        return measure(to_plane(points, self.mixture), self.mixture)

    def scene(self, side: int = 64, shown: int = 600) -> Scene:
        """Look at the game.

        Args:
            side: Places of the landscape in each direction.
            shown: How many generated points.
        """
        middle = self.mixture.middle
        reach = 1.35 * float(np.abs(self.mixture.centres - middle).max() + 3 * self.mixture.deviation)
        with torch.inference_mode():
            generated = self.pair.generator(self._latents[:shown])
        return Scene(
            self.rounds, self.discriminator_steps, self._real, to_plane(generated, self.mixture), self._pushes(),
            self._landscape(side, reach), reach, (float(middle[0]), float(middle[1])),
            {name: float(value) for name, value in self._scalars.items()}, self.scores(),
        )  # fmt: skip

    @torch.no_grad()
    def _landscape(self, side: int, reach: float) -> npt.NDArray[np.float32]:
        """A critic's values mean something only beside each other: they are shown around their middle."""
        axis = np.linspace(-reach, reach, side)
        places = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2) + self.mixture.middle
        logits = self._judge(to_game(places, self.mixture))
        threshold = self.pair.loss.threshold
        if threshold is None:
            real, fake = (self._judge(points).mean() for points in (to_game(self._real, self.mixture), self._drawn()))
            threshold = float(real + fake) / 2
        sure = (logits - threshold) if self.config.loss == "least_squares" else (logits - threshold).sigmoid() - 0.5
        return (sure + 0.5).clamp(0, 1).view(side, side).numpy()

    def _drawn(self) -> Tensor:
        drawn: Tensor = self.pair.generator(self._latents[:1000])
        return drawn

    def _judge(self, points: Tensor) -> Tensor:
        """The logit of each point; a discriminator of packs is shown packs of the same point."""
        pack = self.pair.pack
        discriminator = self.pair.discriminator
        logits: Tensor = discriminator(points.repeat(1, pack, 1, 1))
        return logits

    def _pushes(self) -> Points:
        """Which way the generator's points would have to go to please the discriminator."""
        points = self.pair.generator(self._latents[:_PUSHES]).detach().requires_grad_()
        logits = self._judge(points)
        loss = self.pair.loss.generator(logits, logits.detach())
        (gradient,) = torch.autograd.grad(loss, points)
        pushes = -gradient[:, :, 0, 0].double().numpy()
        longest = float(np.linalg.norm(pushes, axis=1).max(initial=0.0))
        scaled: Points = pushes / longest if longest > 0 else pushes
        return scaled


def to_game(points: Points, mixture: Mixture) -> Tensor:
    """Points `(N, 2)` of the plane as the networks take them, `(N, 2, 1, 1)`."""
    scaled = (points - mixture.middle) / mixture.scale
    return torch.from_numpy(scaled.astype(np.float32))[:, :, None, None]


def to_plane(points: Tensor, mixture: Mixture) -> Points:
    """The way back."""
    scaled: Points = points.detach()[:, :, 0, 0].double().numpy()
    return scaled * mixture.scale + mixture.middle


@dataclass(frozen=True)
class ToyProgress:
    """How far a game has come, with the scores of the averaged generator."""

    rounds: int
    share: float
    scores: ToyScores
    scalars: dict[str, float]


def play_toy(config: TrainingConfig, mixture: Mixture, every: int = 500) -> Iterator[ToyProgress]:
    """Play until the planned length.

    Yields:
        A ToyProgress every so many rounds, and at the end.
    """
    table = ToyTable(config, mixture)
    while not table.is_over:
        table.play_round()
        if table.rounds % every == 0 or table.is_over:
            scalars = {name: float(value) for name, value in table._scalars.items()}
            yield ToyProgress(table.rounds, min(table.kimg / config.kimg, 1.0), table.scores(), scalars)
