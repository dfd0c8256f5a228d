"""Where real points come from: mixtures of small Gaussians in rings, grids and curves, or where a person drew them.

Source: Lin et al. 2018 (PacGAN), section 4.1, for ring and grid. Free of torch.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ganstudio.errors import GanStudioError

Points = npt.NDArray[np.float64]
HIGH_QUALITY = 3.0  # standard deviations from a mode within which a point is good
LEAST_DRAWN = 3
_MARGIN = 1.35  # of the half side that the modes take: around them, too, there is something to see


class DistributionError(GanStudioError):
    """Points that nothing can be learned from."""


@dataclass(frozen=True, eq=False)
class Mixture:
    """Equally likely Gaussians in the plane.

    Attributes:
        name: One of `MIXTURES`, or "own".
        title: What people call it.
        centres: `(K, 2)`.
        deviation: Of each Gaussian, in both directions.
        frame: Half the side of the square around the origin that is looked at; 0 for what the modes take.
    """

    name: str
    title: str
    centres: Points
    deviation: float
    frame: float = 0.0

    @property
    def scale(self) -> float:
        """The root mean square of all coordinates around their mean."""
        return float(np.sqrt(((self.centres - self.middle) ** 2).mean() + self.deviation**2))

    @property
    def window(self) -> tuple[tuple[float, float], float]:
        """What is looked at: the centre `(x, y)` of a square and half its side."""
        if self.frame > 0:
            return (0.0, 0.0), self.frame
        middle = (self.centres.max(axis=0) + self.centres.min(axis=0)) / 2
        extent = float(np.abs(self.centres - middle).max())
        return (float(middle[0]), float(middle[1])), _MARGIN * (extent + HIGH_QUALITY * self.deviation)

    @property
    def middle(self) -> Points:
        """The mean `(2,)`."""
        middle: Points = self.centres.mean(axis=0)
        return middle

    def sample(self, count: int, random: np.random.Generator) -> Points:
        """Draw points `(count, 2)`."""
        chosen = self.centres[random.integers(0, len(self.centres), count)]
        return chosen + self.deviation * random.standard_normal((count, 2))


def ring(modes: int = 8, radius: float = 1.0, deviation: float = 0.01) -> Mixture:
    """Modes at equal distances on a circle."""
    angles = 2 * math.pi * np.arange(modes) / modes
    centres = radius * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    return Mixture("ring", f"Ring of {modes}", centres, deviation)


def grid(side: int = 5, step: float = 2.0, deviation: float = 0.05) -> Mixture:
    """Modes on a square grid around the origin."""
    axis = step * (np.arange(side) - (side - 1) / 2)
    centres = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)
    return Mixture("grid", f"Grid of {side * side}", centres, deviation)


def moons(modes: int = 24, deviation: float = 0.04) -> Mixture:
    """Two half circles of radius 1 that reach into each other, as chains of overlapping modes."""
    angles = math.pi * (np.arange(modes // 2) + 0.5) / (modes // 2)
    upper = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    lower = np.array([1.0, 0.5]) - upper
    return Mixture("moons", "Two moons", np.concatenate([upper, lower]), deviation)


def spiral(modes: int = 24, turns: float = 1.75, deviation: float = 0.03) -> Mixture:
    """Modes at about equal distances along a curve that winds outwards to radius 1."""
    shares = np.sqrt(np.linspace(0.04, 1.0, modes))  # the curve gets longer with the square of its radius
    angles = 2 * math.pi * turns * shares
    centres = shares[:, None] * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    return Mixture("spiral", "Spiral", centres, deviation)


MIXTURES: Mapping[str, Callable[[], Mixture]] = {"ring": ring, "grid": grid, "moons": moons, "spiral": spiral}


def own(points: Points, frame: float = 0.0) -> Mixture:
    """A small Gaussian at each point that a person drew.

    Args:
        points: `(K, 2)`, in any unit.
        frame: Half the side of the square around the origin in which they were drawn; 0 where that is no matter.

    Raises:
        DistributionError: Fewer than three different points, or one that is no number.
    """
    points = np.asarray(points, np.float64).reshape(-1, 2)
    if not np.isfinite(points).all():
        raise DistributionError("points", "one of them is no number", "draw them again")
    centres = np.unique(points, axis=0)
    if len(centres) < LEAST_DRAWN:
        raise DistributionError("points", f"there are only {len(centres)}", f"draw at least {LEAST_DRAWN}")
    extent = float((centres.max(axis=0) - centres.min(axis=0)).max())
    return Mixture("own", "Your points", centres, 0.015 * extent, frame)
