"""All recipes, imported by name so that a search and a frozen program both find them; lists keep their order."""

from ganstudio.training.presets import (  # isort: skip
    recommended,
    dcgan,
    first_gan,
    minimax,
    first_gan_steady,
    dcgan_2016,
    conditional,
    conditional_projection,
    ac_gan,
    least_squares,
    wgan,
    wgan_gp,
    spectral,
    dragan,
    relativistic,
    style,
    paired,
)
from ganstudio.training.presets.base import PRESETS

__all__ = [
    "PRESETS",
    "ac_gan",
    "conditional",
    "conditional_projection",
    "dcgan",
    "dcgan_2016",
    "dragan",
    "first_gan",
    "first_gan_steady",
    "least_squares",
    "minimax",
    "paired",
    "recommended",
    "relativistic",
    "spectral",
    "style",
    "wgan",
    "wgan_gp",
]
