"""Sliders that go round corners: a path along which one factor rises and the others stay, picture by picture.

Some factors rise on either side of a plane (eyes are large far from it, on both sides), so that no straight direction
serves all pictures. The path asks at each step anew which way the factor rises here.
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from ganstudio.latent.disentangling import Reader

STEPS_A_UNIT = 4
_ENDS = (0.02, 0.98)
_NEAR = 0.05  # of the way from end to end
_FLAT = 0.3  # of a factor's usual slope
_DAMPING = 0.05  # of slopes in deviations: where others change as the factor does, a little is let pass
_MAX_CORRECTION = 0.5


@dataclass(frozen=True, eq=False)
class Terrain:
    """What is known of a factor all over the latent space; made once.

    Attributes:
        reader: Reads the factors, in their deviations.
        factor: Which is to move.
        low: Lowest value that the model usually shows ...
        high: ... and the highest; paths stop there.
        slope: The factor's usual slope, more than 0.
        course: The direction `(D,)` in which it rises on the whole, or None where it rises both ways alike.
    """

    reader: Reader
    factor: int
    low: float
    high: float
    slope: float
    course: Tensor | None


@torch.no_grad()
def survey(reader: Reader, latents: Tensor, factor: int, straightness: float = 0.3) -> Terrain:
    """Learn the terrain of a factor from random latents `(N, D)`.

    Args:
        reader: Reads the factors.
        latents: At least a few hundred.
        factor: Which is to move.
        straightness: R² of a straight line from which on the factor is held to rise one way on the whole.
    """
    values, slopes = reader(latents)[:, factor], reader.slopes(latents)[:, factor]
    low, high = (float(torch.quantile(values, share)) for share in _ENDS)
    centred = latents - latents.mean(0)
    course = torch.linalg.lstsq(centred.double(), (values - values.mean()).double()[:, None]).solution[:, 0]
    explained = float((centred.double() @ course).var() / values.double().var().clamp_min(1e-12))
    unit = (course / course.norm().clamp_min(1e-12)).to(latents)
    usual = max(float(slopes.norm(dim=1).mean()), 1e-9)
    return Terrain(reader, factor, low, high, usual, unit if explained >= straightness else None)


@torch.no_grad()
def follow_path(terrain: Terrain, latents: Tensor, strength: float) -> Tensor:
    """Go up to `strength` far through the latent space so that one factor rises (falls, if negative) and others stay.

    Each step goes along the factor's slope less what the others' slopes share with it, and takes back what the others
    have strayed. Where the ground is flat (glasses are worn or not) it goes the way in which the factor rises on the
    whole. It stops where the factor is as high as the model usually shows it.

    Args:
        terrain: See `survey`.
        latents: `(N, D)` of deviation 1 in each number, as z is.
        strength: Length of the path, as for a direction of deviation 1.

    Returns:
        `(N, D)`.

    Source: predictor and corrector of numerical continuation (Allgower & Georg 1990), on the factors' level sets.
    """
    count = math.ceil(abs(strength) * STEPS_A_UNIT)
    start = terrain.reader(latents)
    places = latents
    for _ in range(count):
        course, is_blind = _course(terrain, places, strength > 0)
        places = places + abs(strength) / count * course
        places = places - _strayed(terrain, places, start, course * is_blind)
    return places


def _course(terrain: Terrain, places: Tensor, upwards: bool) -> tuple[Tensor, Tensor]:
    """The way on `(N, D)`, of length 1 or, at the end, 0; and where it is gone blindly `(N, 1)`."""
    slopes = terrain.reader.slopes(places)
    value = terrain.reader(places)[:, terrain.factor]
    wanted, rest = _split(slopes, terrain.factor)
    course = wanted - _through(rest, (rest @ wanted[:, :, None])[..., 0])
    is_blind = torch.zeros_like(value, dtype=torch.bool)[:, None]
    if terrain.course is not None:
        is_blind = course.norm(dim=1, keepdim=True) < _FLAT * terrain.slope
        course = torch.where(is_blind, terrain.course.to(course), course)
    course = course / course.norm(dim=1, keepdim=True).clamp_min(1e-6)
    room = (terrain.high - value if upwards else value - terrain.low) / max(terrain.high - terrain.low, 1e-9)
    going = (room > _NEAR).to(course)[:, None]
    return course * going * (1 if upwards else -1), is_blind & (going > 0)


def _strayed(terrain: Terrain, places: Tensor, start: Tensor, kept: Tensor) -> Tensor:
    """The step `(N, D)` by which the other factors have strayed, at most half a unit, less what is along `kept`."""
    _, rest = _split(terrain.reader.slopes(places), terrain.factor)
    change = terrain.reader(places) - start
    back = _through(rest, torch.cat([change[:, : terrain.factor], change[:, terrain.factor + 1 :]], dim=1))
    back = back - (back * kept).sum(dim=1, keepdim=True) * kept
    limited: Tensor = back * (_MAX_CORRECTION / back.norm(dim=1, keepdim=True).clamp_min(1e-9)).clamp(max=1)
    return limited


def _split(slopes: Tensor, factor: int) -> tuple[Tensor, Tensor]:
    """The slopes of one factor `(N, D)`, and those of the others `(N, F - 1, D)`."""
    return slopes[:, factor], torch.cat([slopes[:, :factor], slopes[:, factor + 1 :]], dim=1)


def _through(slopes: Tensor, change: Tensor) -> Tensor:
    """The least step `(N, D)` that makes a change `(N, F)` by slopes `(N, F, D)`, damped."""
    gram = slopes @ slopes.mT
    gram = gram + _DAMPING * torch.eye(gram.shape[1], dtype=gram.dtype, device=gram.device)
    step: Tensor = (slopes.mT @ torch.linalg.solve(gram, change[:, :, None]))[..., 0]
    return step
