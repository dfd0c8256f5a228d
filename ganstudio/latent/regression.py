"""Directions of known factors: a linear regression of what was measured in the pictures on their latents."""

from collections.abc import Sequence

import torch

from ganstudio.latent.directions import Direction, determination, make_direction, orthogonalise, split, with_reach


def fit_directions(
    latents: torch.Tensor,
    targets: torch.Tensor,
    names: Sequence[str],
    ridge: float = 1e-3,
    orthogonal: bool = False,
) -> tuple[Direction, ...]:
    """Find for each factor the direction in which its linear reading rises fastest.

    Minimises `|Z b - y|² + ridge * n * v * |b|²` (v: the latents' mean variance) on four fifths of the rows, with
    means removed, and measures R² on the held-out fifth. The direction is b at length 1.

    Args:
        latents: `(N, D)`, at least ten rows.
        targets: The factors' values in the pictures, `(N, F)`.
        names: F names.
        ridge: Share of the latents' variance that is added to the diagonal; steadies the fit when N is small.
        orthogonal: Take out of each direction what it shares with the others.

    Returns:
        F directions in the order of `names`, with slider ends that move the factor by two of its deviations.

    Raises:
        ValueError: Shapes that do not fit together, too few rows, or values that are not finite.

    Source: Hoerl & Kennard 1970 (ridge); Shen et al. 2020 (InterFaceGAN) for the reading as an editing direction.
    """
    _check(latents, targets, names)
    fit, held = split(len(latents))
    z, y = latents.double(), targets.double()
    weights = _ridge(z[fit] - z[fit].mean(0), y[fit] - y[fit].mean(0), ridge)
    predicted = (z[held] - z[fit].mean(0)) @ weights + y[fit].mean(0)
    quality = determination(predicted, y[held])
    vectors = orthogonalise(weights.T) if orthogonal else weights.T
    spreads = y[fit].std(0, correction=0).clamp_min(1e-12)
    directions = []
    for index, name in enumerate(names):
        direction = make_direction(name, vectors[index], z, float(quality[index]))
        slope = float(direction.step().double() @ weights[:, index] / spreads[index])
        directions.append(with_reach(direction, slope))
    return tuple(directions)


def _ridge(z: torch.Tensor, y: torch.Tensor, ridge: float) -> torch.Tensor:
    gram = z.T @ z
    penalty = ridge * gram.diagonal().mean()
    ridged = gram + penalty * torch.eye(len(gram), dtype=gram.dtype, device=gram.device)
    weights: torch.Tensor = torch.linalg.solve(ridged, z.T @ y)
    return weights


def _check(latents: torch.Tensor, targets: torch.Tensor, names: Sequence[str]) -> None:
    if latents.ndim != 2 or targets.ndim != 2 or len(latents) != len(targets):
        raise ValueError(f"latents {tuple(latents.shape)} and targets {tuple(targets.shape)} do not fit together")
    if len(names) != targets.shape[1]:
        raise ValueError(f"{len(names)} names for {targets.shape[1]} factors")
    if len(latents) < 10:
        raise ValueError(f"{len(latents)} samples are too few for a regression, at least 10 are needed")
    if not (latents.isfinite().all() and targets.isfinite().all()):
        raise ValueError("latents or targets hold values that are not finite")
