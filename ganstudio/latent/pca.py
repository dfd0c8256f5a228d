"""Directions without labels: the main axes of a generator's first features, carried back to the latent."""

from collections.abc import Callable
from dataclasses import dataclass

import torch

from ganstudio.latent.directions import Direction, determination, make_direction, split


@dataclass(frozen=True, eq=False)
class PrincipalComponents:
    """The main axes of a cloud of features.

    Attributes:
        mean: float64 `(F,)`.
        components: Orthonormal rows float64 `(K, F)`, most varied first; the entry of largest size is positive.
        deviations: Standard deviation of the features along each, float64 `(K,)`.
        shares: Share of the whole variance along each, float64 `(K,)`, at most 1 in sum.
    """

    mean: torch.Tensor
    components: torch.Tensor
    deviations: torch.Tensor
    shares: torch.Tensor

    def coordinates(self, features: torch.Tensor) -> torch.Tensor:
        """Coordinates `(N, K)` of `features` `(N, F)` along the components."""
        return (features.double() - self.mean) @ self.components.T


def principal_components(features: torch.Tensor, count: int) -> PrincipalComponents:
    """Find the `count` main axes of `features` `(N, F)`; fewer if the features span fewer.

    The eigenvectors of the smaller of the two Gram matrices, in float64: the singular value decomposition of the
    centred features, at a cost that grows with the smaller side only.
    """
    mean = features.double().mean(0)
    centred = features.double() - mean
    wide = centred.shape[1] > centred.shape[0]
    values, vectors = torch.linalg.eigh(centred @ centred.T if wide else centred.T @ centred)
    values, vectors = values.flip(0).clamp_min(0), vectors.flip(1)
    kept = int((values[:count] > 1e-10 * values[0].clamp_min(1e-30)).sum())
    components = (centred.T @ vectors[:, :kept]).T if wide else vectors[:, :kept].T
    return components_of(mean, components, values[:kept] / len(features), float(values.sum()) / len(features))


def components_of(
    mean: torch.Tensor, vectors: torch.Tensor, variances: torch.Tensor, total: float
) -> PrincipalComponents:
    """Make principal components of eigenvectors `(K, F)` of any length and of the variances `(K,)` along them.

    Args:
        mean: `(F,)`.
        vectors: Most varied first.
        variances: Of the features along each.
        total: The whole variance.
    """
    components = vectors / vectors.norm(dim=1, keepdim=True)
    largest = components.gather(1, components.abs().argmax(1, keepdim=True))
    return PrincipalComponents(mean, components * largest.sign(), variances.sqrt(), variances / max(total, 1e-30))


def pca_directions(
    features_of: Callable[[torch.Tensor], torch.Tensor], latents: torch.Tensor, count: int = 10, batch: int = 256
) -> tuple[Direction, ...]:
    """Find the latent directions along which a generator's features vary most.

    PCA of the features of many latents gives coordinates x; the directions are the columns of the U that minimises
    `sum_j |U x_j - z_j|²`: what a latent has in common with each coordinate.

    Args:
        features_of: Latents `(B, D)` to features `(B, F)`, such as a generator's `first_features`.
        latents: z `(N, D)`, at least ten rows; the features are computed in batches.
        count: How many directions at most; not more than D can be told apart.
        batch: Rows at once.

    Returns:
        Directions "pca_1", "pca_2" ..., most varied first. The quality is the R² with which the coordinate is read
        off the latent along the direction, on held-out rows.

    Raises:
        ValueError: Too few latents.

    Source: Härkönen et al. 2020 (GANSpace), section 3.1, eq. 1 (as for BigGAN).
    """
    if len(latents) < 10:
        raise ValueError(f"{len(latents)} samples are too few for PCA, at least 10 are needed")
    features = torch.cat([features_of(part).detach() for part in torch.split(latents, batch)])
    found = principal_components(features, min(count, latents.shape[1]))
    z = latents.double() - latents.double().mean(0)
    coordinates = found.coordinates(features).to(z.device)
    steps = torch.linalg.lstsq(coordinates, z).solution  # (K, D): the transposed U
    directions = []
    for index in range(len(found.deviations)):
        quality = _readability(z, steps[index], coordinates[:, index])
        directions.append(make_direction(f"pca_{index + 1}", steps[index], latents, quality))
    return tuple(directions)


def _readability(z: torch.Tensor, step: torch.Tensor, coordinate: torch.Tensor) -> float:
    fit, held = split(len(z))
    projection = z @ (step / step.norm().clamp_min(1e-12))
    centre, middle = projection[fit].mean(), coordinate[fit].mean()
    spread = (projection[fit] - centre).square().sum().clamp_min(1e-12)
    slope = ((projection[fit] - centre) * (coordinate[fit] - middle)).sum() / spread
    predicted = middle + slope * (projection[held] - centre)
    return float(determination(predicted[:, None], coordinate[held][:, None])[0])
