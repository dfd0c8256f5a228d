"""What is to be seen of a game on points at one moment: both kinds of points, D's landscape, and where G is sent."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from ganstudio.networks.draws import Draws
from ganstudio.training.game.pair import Pair
from ganstudio.training.toys.distributions import Mixture, Points
from ganstudio.training.toys.measures import SAMPLES

SHOWN = 600  # generated points, and real ones
PUSHED = 150  # of the generated ones have an arrow
SPREAD = 3.0  # deviation of all points as the networks take them; with 1, narrow modes took half as long again
SIDE = 56  # places of the landscape in each direction


@dataclass(frozen=True, eq=False)
class Scene:
    """A moment of a game, in the mixture's own unit.

    Attributes:
        real: Real points `(N, 2)`, always the same.
        generated: What the generator makes of always the same latents, `(N, 2)`.
        pushes: Where its loss sends the first of them: `(M, 2)`, as fractions of the steepest.
        steepest: How steep that is: the slope of the loss at one point, per unit of the scaled plane.
        landscape: How sure the discriminator is that a point is real, `(S, S)` in [0, 1]: rows from the lowest y up,
            columns from the lowest x.
        middle: The centre `(x, y)` of what the landscape spans.
        reach: Half the side of it.
        real_belief: How sure the discriminator is of the real points, in the mean: 0 to 1.
        fake_belief: How sure it is that the generated ones are real.
    """

    real: Points
    generated: Points
    pushes: Points
    steepest: float
    landscape: npt.NDArray[np.float32]
    middle: tuple[float, float]
    reach: float
    real_belief: float
    fake_belief: float


class Viewer:
    """Looks at a game without changing it: with chance of its own, drawn once.

    Args:
        pair: The game.
        mixture: Where its real points come from.
        seed: The same seed shows the same points.
    """

    def __init__(self, pair: Pair, mixture: Mixture, seed: int) -> None:
        self._pair, self._mixture = pair, mixture
        self._latents = Draws(pair.device, seed).normal(SAMPLES, pair.generator.spec.z_dim)
        self._real = mixture.sample(SHOWN, np.random.default_rng([seed, 4]))

    @torch.inference_mode()
    def draw_averaged(self) -> Points:
        """Points `(2500, 2)` of the averaged generator, to be measured."""
        return to_plane(self._pair.averaged(self._latents), self._mixture)

    def look(self) -> Scene:
        """See all there is."""
        with torch.no_grad():
            fake = self._draw(SHOWN)
            real = to_game(self._real, self._mixture)
            real_logits, fake_logits = self._judge(real, real), self._judge(fake, fake)
            landscape = self._landscape(real, fake)
            beliefs = self._believe(real_logits, fake_logits)
        pushes, steepest = self._push(fake[:PUSHED], real_logits)
        return Scene(
            self._real, to_plane(fake, self._mixture), pushes, steepest, landscape,
            *self._mixture.window, *beliefs,
        )  # fmt: skip

    def _draw(self, count: int) -> Tensor:
        """Points of the generator as it is, without teaching its batch norms."""
        was_training = self._pair.generator.training
        points: Tensor = self._pair.generator.eval()(self._latents[:count])
        self._pair.generator.train(was_training)
        return points

    def _judge(self, points: Tensor, partners: Tensor) -> Tensor:
        """The logits `(N,)`; a discriminator of packs sees each point with the next of its partners."""
        packs = [points]
        for shift in range(1, self._pair.pack):
            numbers = torch.arange(len(points)) + shift
            packs.append(partners[numbers % len(partners)])
        logits: Tensor = self._pair.discriminator(torch.cat(packs, dim=1))
        return logits

    def _believe(self, real_logits: Tensor, fake_logits: Tensor) -> tuple[float, float]:
        """How sure it is of both kinds, each for itself: also where the loss compares the two."""
        middle = self._threshold(real_logits, fake_logits)
        real, fake = self._squash(real_logits - middle).mean(), self._squash(fake_logits - middle).mean()
        return float(real), float(fake)

    def _threshold(self, real_logits: Tensor, fake_logits: Tensor) -> float:
        """The logit of 50 %; a critic's values mean something only beside each other: there, it is their middle."""
        own = self._pair.loss.threshold
        return float(real_logits.mean() + fake_logits.mean()) / 2 if own is None else own

    def _squash(self, above: Tensor) -> Tensor:
        """Probabilities of logits above the threshold; the outputs of least squares are such themselves."""
        return (above + 0.5).clamp(0, 1) if self._pair.config.loss == "least_squares" else above.sigmoid()

    def _landscape(self, real: Tensor, fake: Tensor) -> npt.NDArray[np.float32]:
        middle, reach = self._mixture.window
        axis = np.linspace(-reach, reach, SIDE)
        places = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2) + middle
        points = to_game(places, self._mixture)
        logits = self._judge(points, real)
        if self._pair.pack > 1:  # with what a pack is filled up, it is half way between the two kinds
            logits = (logits + self._judge(points, fake)) / 2
        threshold = self._threshold(self._judge(real, real), self._judge(fake, fake))
        return self._squash(logits - threshold).view(SIDE, SIDE).numpy()

    def _push(self, fake: Tensor, real_logits: Tensor) -> tuple[Points, float]:
        points = fake.detach().requires_grad_()
        logits = self._judge(points, points.detach())
        partners = real_logits[torch.arange(len(points)) % len(real_logits)]
        loss = self._pair.loss.generator(logits, partners) * len(points)
        (gradient,) = torch.autograd.grad(loss, points)
        pushes: Points = -gradient[:, :, 0, 0].double().numpy()
        steepest = float(np.linalg.norm(pushes, axis=1).max())
        return (pushes / steepest if steepest > 0 else pushes), steepest


def to_game(points: Points, mixture: Mixture) -> Tensor:
    """Points `(N, 2)` of the plane as the networks take them, `(N, 2, 1, 1)` around 0 with deviation `SPREAD`."""
    scaled = (points - mixture.middle) * (SPREAD / mixture.scale)
    return torch.from_numpy(scaled.astype(np.float32))[:, :, None, None]


def to_plane(points: Tensor, mixture: Mixture) -> Points:
    """The way back."""
    scaled: Points = points.detach()[:, :, 0, 0].double().numpy()
    return scaled * (mixture.scale / SPREAD) + mixture.middle
