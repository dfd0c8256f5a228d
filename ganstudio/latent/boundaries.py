"""Linear boundaries between two kinds of latents: logistic regression and a support vector machine.

Both minimise `mean_i c_i loss(y_i f(x_i)) + ridge / 2 * |b|²` over `f(x) = b·x + a` by Newton's method, with latents
scaled to a variance of 1 (one scale for all entries), y = ±1, and weights c that let both kinds count the same. The
same input gives the same bits: nothing is drawn.
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

MAX_STEPS = 100
TOLERANCE = 1e-9


@dataclass(frozen=True, eq=False)
class Boundary:
    """A plane between two kinds of latents.

    Attributes:
        weights: float64 `(D,)`; they point to the positive side.
        offset: What is added.
    """

    weights: Tensor
    offset: float

    def scores(self, latents: Tensor) -> Tensor:
        """How far latents `(N, D)` are on the positive side, `(N,)`; 0 on the plane."""
        return latents.double() @ self.weights + self.offset

    def normal(self) -> Tensor:
        """The weights at length 1."""
        unit: Tensor = self.weights / self.weights.norm()
        return unit


@dataclass(frozen=True)
class Loss:
    """A loss of margins m `(N,)`: its values, slopes and curvatures, `(N,)` each."""

    value: Callable[[Tensor], Tensor]
    slope: Callable[[Tensor], Tensor]
    curvature: Callable[[Tensor], Tensor]


LOGISTIC = Loss(
    lambda m: torch.nn.functional.softplus(-m),
    lambda m: -torch.sigmoid(-m),
    lambda m: torch.sigmoid(m) * torch.sigmoid(-m),
)
"""`log(1 + exp(-m))`. Source: Hastie et al. 2009, section 4.4."""

SQUARED_HINGE = Loss(
    lambda m: (1 - m).clamp_min(0).square(),
    lambda m: -2 * (1 - m).clamp_min(0),
    lambda m: 2 * (m < 1).double(),
)
"""`max(0, 1 - m)²`, the support vector machine that Newton's method can train. Source: Chapelle 2007, section 4."""


def fit_boundary(latents: Tensor, positive: Tensor, loss: Loss = LOGISTIC, ridge: float = 1e-2) -> Boundary:
    """Find the plane that parts the positive latents from the others.

    Args:
        latents: `(N, D)`; D may be larger than N.
        positive: bool `(N,)`.
        loss: `LOGISTIC` or `SQUARED_HINGE`.
        ridge: How strongly the weights are held back; more than 0.

    Raises:
        ValueError: Shapes that do not fit, values that are not finite, latents of one kind only or all the same.
    """
    _check(latents, positive, ridge)
    rows = latents.double()
    mean = rows.mean(0)
    centred = rows - mean
    scale = centred.square().mean().sqrt()
    if float(scale) <= 1e-12 * float(mean.abs().max()) or float(scale) == 0:
        raise ValueError("all latents are the same, so that no plane parts them")
    centred = centred / scale
    basis = None
    if centred.shape[1] > len(centred):  # the weights lie in the span of the rows
        basis, triangle = torch.linalg.qr(centred.T)
        centred = triangle.T
    solution = _newton(centred, positive, loss, ridge)
    weights = solution[:-1] if basis is None else basis @ solution[:-1]
    weights = weights / scale
    return Boundary(weights, float(solution[-1] - weights @ mean))


def balanced_weights(positive: Tensor) -> Tensor:
    """Weights `(N,)` with a sum of 1 that let both kinds count the same."""
    count = positive.sum().double()
    others = len(positive) - count
    return torch.where(positive, 0.5 / count, 0.5 / others)


def _newton(rows: Tensor, positive: Tensor, loss: Loss, ridge: float) -> Tensor:
    """The weights and the offset `(D + 1,)` that make the objective least."""
    signs = positive.double() * 2 - 1
    shares = balanced_weights(positive)
    wide = torch.cat([rows, torch.ones_like(rows[:, :1])], dim=1)
    penalty = torch.full_like(wide[0], ridge)
    penalty[-1] = 0.0

    def objective(solution: Tensor) -> float:
        margins = signs * (wide @ solution)
        return float(shares @ loss.value(margins) + (penalty * solution.square()).sum() / 2)

    solution = torch.zeros_like(wide[0])
    value = objective(solution)
    for _ in range(MAX_STEPS):
        margins = signs * (wide @ solution)
        gradient = wide.T @ (shares * signs * loss.slope(margins)) + penalty * solution
        if float(gradient.norm()) < TOLERANCE:
            break
        curvature = (wide.T * (shares * loss.curvature(margins))) @ wide + torch.diag(penalty + 1e-12)
        step = torch.linalg.solve(curvature, gradient)
        solution, value, moved = _descend(objective, solution, value, step, float(gradient @ step))
        if not moved:
            break
    return solution


def _descend(
    objective: Callable[[Tensor], float], solution: Tensor, value: float, step: Tensor, slope: float
) -> tuple[Tensor, float, bool]:
    """Go against `step`, half as far until it pays (Armijo); the last item says whether it did."""
    length = 1.0
    for _ in range(40):
        tried = solution - length * step
        found = objective(tried)
        if found <= value - 1e-4 * length * slope:
            return tried, found, True
        length /= 2
    return solution, value, False


def _check(latents: Tensor, positive: Tensor, ridge: float) -> None:
    if latents.ndim != 2 or positive.shape != latents.shape[:1] or positive.dtype != torch.bool:
        raise ValueError(f"latents {tuple(latents.shape)} and kinds {tuple(positive.shape)} do not fit together")
    if not latents.isfinite().all():
        raise ValueError("latents hold values that are not finite")
    if ridge <= 0:
        raise ValueError("the ridge must be more than 0")
    if bool(positive.all()) or not bool(positive.any()):
        raise ValueError("there are examples of one kind only, and a boundary needs both")
