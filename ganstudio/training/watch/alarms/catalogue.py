"""All alarms, imported by name so that a search and a frozen program both find them; the gravest first."""

from ganstudio.training.watch.alarms import (
    augmentation_at_cap,
    augmentation_leak,
    collapse,
    discriminator_lost,
    discriminator_overfits,
    discriminator_silent,
    discriminator_wins,
    exploding,
    memorised,
    missing_modes,
    no_progress,
    vanishing_gradient,
)
from ganstudio.training.watch.alarms.base import ALARMS

__all__ = [
    "ALARMS",
    "augmentation_at_cap",
    "augmentation_leak",
    "collapse",
    "discriminator_lost",
    "discriminator_overfits",
    "discriminator_silent",
    "discriminator_wins",
    "exploding",
    "memorised",
    "missing_modes",
    "no_progress",
    "vanishing_gradient",
]
