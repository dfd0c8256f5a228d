"""All adversarial losses, imported by name so that a search and a frozen program both find them."""

from ganstudio.losses import (
    hinge,
    least_squares,
    minimax,
    non_saturating,
    relativistic,
    relativistic_average,
    wasserstein,
)
from ganstudio.losses.base import LOSSES

__all__ = [
    "LOSSES",
    "hinge",
    "least_squares",
    "minimax",
    "non_saturating",
    "relativistic",
    "relativistic_average",
    "wasserstein",
]
