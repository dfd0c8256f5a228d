"""What a direction is, and the algebra that all ways of finding directions share."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch

MIN_REACH, MAX_REACH = 2.0, 5.0


@dataclass(frozen=True, eq=False)
class Direction:
    """A line in latent space along which the picture's meaning changes.

    Attributes:
        name: What it is called in files and requests.
        vector: float32 `(D,)` of length 1.
        deviation: Standard deviation of the latents' projection on `vector`: the step that strength 1 makes.
        quality: R² of the linear relation on held-out samples, at most 1; 0 or less means that nothing was found.
        low: The slider's lower end, in deviations.
        high: The slider's upper end, in deviations.
        space: Where the step is taken, "z", "w" or "features:N".
        layers: In w: first layer, and one past the last, that are changed; None for all.
        fold: 0 for a straight direction; 1 for one that leads away from the plane through zero, on whichever side of it
            a latent is; -1 for one that leads towards that plane. See `fold_step`.
    """

    name: str
    vector: torch.Tensor
    deviation: float
    quality: float
    low: float = -3.0
    high: float = 3.0
    space: str = "z"
    layers: tuple[int, int] | None = None
    fold: int = 0

    def step(self) -> torch.Tensor:
        """The change of latent `(D,)` that strength 1 makes."""
        return self.vector * self.deviation

    def move(self, latents: torch.Tensor, strength: float) -> torch.Tensor:
        """Latents `(N, D)` moved by `strength`."""
        step = self.step().to(latents)
        return fold_step(latents, step, strength * self.fold) if self.fold else latents + strength * step


def fold_step(latents: torch.Tensor, step: torch.Tensor, strength: float) -> torch.Tensor:
    """Move latents `(N, D)` away from the plane through zero at right angles to `step` `(D,)`, each on its own side.

    For what is strong far from a plane on both sides and weak near it. Negative strengths lead towards the plane and no
    further; 0 changes nothing.
    """
    deviation = step.norm().clamp_min(1e-12)
    unit = step / deviation
    place = latents @ unit
    side = torch.where(place < 0, -torch.ones_like(place), torch.ones_like(place))
    change = ((place.abs() + strength * deviation).clamp_min(0) - place.abs()) * side
    moved: torch.Tensor = latents + change[:, None] * unit
    return moved


def make_direction(name: str, vector: torch.Tensor, latents: torch.Tensor, quality: float) -> Direction:
    """Bring `vector` `(D,)` to length 1 and measure its deviation on `latents` `(N, D)`."""
    unit = vector.double() / vector.double().norm().clamp_min(1e-12)
    deviation = float((latents.double() @ unit).std(correction=0))
    return Direction(name, unit.float(), deviation, quality)


def in_space(direction: Direction, space: str, layers: tuple[int, int] | None) -> Direction:
    """Say where a direction's step is taken."""
    return replace(direction, space=space, layers=layers)


def with_reach(direction: Direction, slope: float) -> Direction:
    """Set the slider's ends so that they move the factor by two of its own standard deviations.

    Args:
        direction: Whose ends to set.
        slope: Change of the factor, in its standard deviations, that strength 1 makes.
    """
    reach = 2.0 / max(abs(slope), 1e-6)
    reach = round(min(max(reach, MIN_REACH), MAX_REACH) * 2) / 2
    return replace(direction, low=-reach, high=reach)


def orthogonalise(vectors: torch.Tensor) -> torch.Tensor:
    """Make each of `vectors` `(K, D)` orthogonal to all the others as they came; of length 1.

    Going along a result then leaves the linear reading of every other factor as it is. A vector that lies in the span
    of the others has no such part and keeps its own course.

    Source: Shen et al. 2020 (InterFaceGAN), section 3.3, conditional manipulation.
    """
    vectors = vectors.double() / vectors.double().norm(dim=1, keepdim=True).clamp_min(1e-12)
    results = []
    for index, vector in enumerate(vectors):
        others = torch.cat([vectors[:index], vectors[index + 1 :]])
        remainder = vector - _project(vector, others)
        results.append(remainder if remainder.norm() > 1e-3 else vector)
    stacked = torch.stack(results)
    unit: torch.Tensor = stacked / stacked.norm(dim=1, keepdim=True).clamp_min(1e-12)
    return unit


def condition(vector: torch.Tensor, others: Sequence[torch.Tensor]) -> torch.Tensor:
    """Take out of `vector` `(D,)` what it shares with any of `others` `(D,)`; float64, of length 1.

    For one other of length 1 this is `v - (v·o) o` at length 1, as InterFaceGAN computes it, to rounding.

    Raises:
        ValueError: Lengths that differ, values that are not finite, a vector of zeros, or one that lies in the span of
            the others, so that nothing of it is left.

    Source: Shen et al. 2020 (InterFaceGAN), section 3.3, conditional manipulation, for any number of conditions.
    """
    rest = _as_numbers(vector)
    size = np.linalg.norm(rest)
    if not size > 0:
        raise ValueError("the direction is zero; find it again")
    basis: list[_Numbers] = []
    for number, other in enumerate(map(_as_numbers, others), start=1):
        if other.shape != rest.shape:
            raise ValueError(f"condition {number} has {other.size} numbers and the direction {rest.size}")
        left = other
        for _ in range(2 if basis else 0):  # twice is enough (Giraud et al. 2005)
            for unit in basis:
                left = left - left.dot(unit) * unit
        length = np.linalg.norm(left)
        if length > 1e-9 * np.linalg.norm(other):  # else it says nothing beyond those before
            basis.append(left if abs(length - 1) < 1e-12 else left / length)
    for unit in basis:
        rest = rest - rest.dot(unit) * unit
    if np.linalg.norm(rest) < 1e-6 * size:
        raise ValueError("nothing of the direction is left without the others; leave one of them out")
    return torch.from_numpy(rest / np.linalg.norm(rest))


_Numbers = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


def _as_numbers(vector: torch.Tensor) -> _Numbers:
    numbers: _Numbers = vector.detach().cpu().double().numpy().reshape(-1)
    if not np.isfinite(numbers).all():
        raise ValueError("a direction holds values that are not finite")
    return numbers


def _project(vector: torch.Tensor, others: torch.Tensor) -> torch.Tensor:
    if not len(others):
        return torch.zeros_like(vector)
    _, values, basis = torch.linalg.svd(others, full_matrices=False)
    basis = basis[values > 1e-6 * values[0].clamp_min(1e-12)]
    projection: torch.Tensor = basis.T @ (basis @ vector)
    return projection


def split(count: int, every: int = 5) -> tuple[torch.Tensor, torch.Tensor]:
    """Row numbers to fit on, and every fifth row, held out to measure on."""
    rows = torch.arange(count)
    held = rows % every == every - 1
    return rows[~held], rows[held]


def determination(predicted: torch.Tensor, actual: torch.Tensor) -> torch.Tensor:
    """R², the coefficient of determination, `(F,)` of predictions `(N, F)`: `1 - SS_residual / SS_total`.

    A factor that does not vary has nothing to be predicted: its R² is 0.
    """
    total = (actual - actual.mean(0)).square().sum(0)
    residual = (actual - predicted).square().sum(0)
    return torch.where(total > 1e-12, 1 - residual / total.clamp_min(1e-12), torch.zeros_like(total))
