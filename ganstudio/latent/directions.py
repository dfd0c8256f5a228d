"""What a direction is, and the algebra that all ways of finding directions share."""

from dataclasses import dataclass, replace

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
    """

    name: str
    vector: torch.Tensor
    deviation: float
    quality: float
    low: float = -3.0
    high: float = 3.0

    def step(self) -> torch.Tensor:
        """The change of latent `(D,)` that strength 1 makes."""
        return self.vector * self.deviation


def make_direction(name: str, vector: torch.Tensor, latents: torch.Tensor, quality: float) -> Direction:
    """Bring `vector` `(D,)` to length 1 and measure its deviation on `latents` `(N, D)`."""
    unit = vector.double() / vector.double().norm().clamp_min(1e-12)
    deviation = float((latents.double() @ unit).std(correction=0))
    return Direction(name, unit.float(), deviation, quality)


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
