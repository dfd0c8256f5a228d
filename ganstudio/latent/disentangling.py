"""Directions that move one factor and leave the others alone, from how factors change with latents.

A regression says how a factor changes on average; taking out of it what other factors share (`orthogonalise`) keeps
their averages. What a person sees is one picture, in which the slopes are others than on average. Here the changes of
the other factors in each picture are made small, and what a slider really does decides between candidates.
"""

from collections.abc import Generator as Work
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import torch
from torch import Tensor

from ganstudio.latent.directions import MAX_REACH, Direction, make_direction, orthogonalise
from ganstudio.latent.effects import Effect, Read, measure_effect

RESTRAINTS = (0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 10.0)
"""From hardly anything else moves, to the factor moves most."""
WANTED = 1.0  # deviations that a straight slider must move its factor, or a folded one is tried
TOLERATED = 0.15  # entanglement below which further movement counts more than further purity
_STRENGTHS = tuple(step / 2 for step in range(-10, 11))
_MEASURED = 250  # latents that candidates are moved along from
_STILL = 0.2  # a slider ends where a factor changes less than this share of what it does at best
_MIN_REACH = 1.0


class Reader(Protocol):
    """Reads factors off latents and knows its own slopes (see `networks.latent_reader`)."""

    def __call__(self, latents: Tensor) -> Tensor:
        """Map latents `(N, D)` to values `(N, F)`."""

    def slopes(self, latents: Tensor) -> Tensor:
        """`(N, F, D)`."""


@dataclass(frozen=True, eq=False)
class Disentangled:
    """A direction, and what it does by the reader's account.

    Attributes:
        factor: Number of the factor.
        direction: With ends between which the factor moves one way.
        effect: From end to end.
    """

    factor: int
    direction: Direction
    effect: Effect

    @property
    def change(self) -> float:
        """How far the factor moves from end to end, in its deviations."""
        return float(self.effect.change()[self.factor])

    @property
    def entanglement(self) -> float:
        """See `Effect`."""
        return self.effect.entanglement(self.factor)


def least_entangled(slopes: Tensor, factor: int, restraint: float) -> Tensor:
    """Find the step v of given effect on one factor that changes the others least, picture by picture.

    Minimises `mean_n mean_j (J_nj·v)² + restraint * t |v|²` over all other factors j with `mean_n J_ni·v` given; t is
    the mean diagonal of the first term. The solution is in closed form.

    Args:
        slopes: J `(N, F, D)`, in units of each factor's deviation.
        factor: i.
        restraint: Little keeps the others still, much lets the factor move far.

    Returns:
        float64 `(D,)` of length 1.

    Raises:
        ValueError: The factor has no mean slope, so that no one step moves it in most pictures.
    """
    slopes = slopes.detach().double()
    others = torch.cat([slopes[:, :factor], slopes[:, factor + 1 :]], dim=1).flatten(0, 1)
    wanted = slopes[:, factor].mean(0)
    if float(wanted.norm()) < 1e-9:
        raise ValueError("the factor changes with no step in most pictures; follow a path instead")
    if not len(others):
        alone: Tensor = wanted / wanted.norm()
        return alone
    change = others.T @ others / len(others)
    penalty = restraint * change.diagonal().mean() + 1e-12
    step = torch.linalg.solve(change + penalty * torch.eye(len(change), dtype=change.dtype), wanted)
    unit: Tensor = step / step.norm()
    return unit


def fold_of(slopes: Tensor, latents: Tensor, factor: int) -> tuple[Tensor, int]:
    """Find the plane from which a factor rises on both sides, and whether it rises (1) or falls (-1).

    Args:
        slopes: `(N, F, D)` at
        latents: `(N, D)`.
        factor: Which.

    Returns:
        The plane's normal, float64 `(D,)` of length 1: the main axis of the factor's slopes, signs aside.

    Source: Constantine et al. 2014 (active subspaces), of one dimension.
    """
    wanted = slopes[:, factor].double()
    normal = torch.linalg.eigh(wanted.T @ wanted).eigenvectors[:, -1]
    outwards = (wanted @ normal) * (latents.double() @ normal).sign()
    return normal, 1 if float(outwards.sum()) >= 0 else -1


@torch.no_grad()
def disentangle(
    reader: Reader, latents: Tensor, names: Sequence[str], quality: Sequence[float], folds: bool = True
) -> Work[float, None, list[Disentangled]]:
    """Find for each factor the direction that moves it furthest while the others stay tolerably still.

    Candidates of several restraints, and the orthogonalised mean slope, are moved along by the reader's account. Where
    none is good, because the factor rises on both sides of a plane, one is tried that leads away from that plane.

    Args:
        reader: Reads the factors, in their deviations.
        latents: Random latents `(N, D)`; the first half gives slopes, some of the second measure.
        names: F names.
        quality: What is known of how well each is read, F numbers; goes into the directions.
        folds: Whether latents have their middle at zero, so that such planes may be looked for.

    Yields:
        How much is done, 0 to 1.

    Returns:
        One for each factor that some candidate moves, in the order of names.
    """
    half = len(latents) // 2
    held = latents[half : half + _MEASURED]
    slopes = reader.slopes(latents[:half]).double()
    plain = orthogonalise(slopes.mean(0))
    found = []
    for factor, name in enumerate(names):
        candidates = [least_entangled(slopes, factor, restraint) for restraint in RESTRAINTS]
        judged = [
            judge(reader, make_direction(name, vector, latents, quality[factor]), held, factor)
            for vector in (*candidates, plain[factor])
        ]
        best = min(judged, key=_rank)
        if folds and (best.entanglement > TOLERATED or best.change < WANTED):
            normal, fold = fold_of(slopes, latents[:half], factor)
            folded = replace(make_direction(name, normal, latents, quality[factor]), fold=fold)
            best = min(best, judge(reader, folded, held, factor), key=_rank)
        if best.change > 0:
            found.append(best)
        yield (factor + 1) / len(names)
    return found


def _rank(found: Disentangled) -> tuple[bool, float]:
    """Lower is better: those that are tolerable by how far they move, then the others by how much else they change."""
    entanglement = found.entanglement
    tolerable = entanglement <= TOLERATED
    return not tolerable, -found.change if tolerable else entanglement


@torch.no_grad()
def judge(
    read: Read, direction: Direction, latents: Tensor, factor: int, strengths: Sequence[float] = _STRENGTHS
) -> Disentangled:
    """Move latents along a direction, see what happens, and set its ends so that it works all the way.

    Args:
        read: Reads the factors, in their deviations, off latents or off their pictures.
        direction: What is judged.
        latents: `(N, D)`.
        factor: Which it is to move.
        strengths: Where to look, rising, 0 among them.
    """
    effect = measure_effect(read, direction.move, latents, strengths)
    low, high = useful_range(effect, factor)
    kept = (effect.strengths >= low) & (effect.strengths <= high)
    spans = measure_effect(read, direction.move, latents, (low, high)).spans
    effect = Effect(effect.strengths[kept], effect.means[kept], spans)
    return Disentangled(factor, replace(direction, low=low, high=high), effect)


def useful_range(effect: Effect, factor: int) -> tuple[float, float]:
    """The ends between which a slider moves its factor upwards and not in vain.

    From strength 0 outwards, as long as each step changes the factor by a fifth of what the best step does; at least 1
    and at most 5 either way.
    """
    rates = (effect.means[1:, factor] - effect.means[:-1, factor]) / (effect.strengths[1:] - effect.strengths[:-1])
    useful = (rates > _STILL * rates.max()).tolist()
    places = effect.strengths.tolist()
    low = high = places.index(0.0)
    while high < len(useful) and useful[high]:
        high += 1
    while low > 0 and useful[low - 1]:
        low -= 1
    return max(-MAX_REACH, min(places[low], -_MIN_REACH)), min(MAX_REACH, max(places[high], _MIN_REACH))
