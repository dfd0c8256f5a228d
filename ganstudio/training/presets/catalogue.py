"""All recipes, imported by name so that a search and a frozen program both find them; in the order of lists."""

from ganstudio.training.presets import (
    dcgan,
    dcgan_2016,
    few_pictures,
    first_gan,
    paired,
    recommended,
    spectral,
    style,
    wasserstein,
)
from ganstudio.training.presets.base import PRESETS

__all__ = [
    "PRESETS",
    "dcgan",
    "dcgan_2016",
    "few_pictures",
    "first_gan",
    "paired",
    "recommended",
    "spectral",
    "style",
    "wasserstein",
]
