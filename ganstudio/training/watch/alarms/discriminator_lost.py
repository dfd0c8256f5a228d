"""A discriminator that takes generated pictures for real more often than real ones."""

from ganstudio.training.runs.run_history import RunHistory
from ganstudio.training.watch.alarms.base import (
    ALARMS,
    MIN_POINTS,
    WINDOW,
    Finding,
    Remedy,
    find_stretch,
    lead,
    setting_of,
)

LOST = -0.01  # an even game goes to and fro around 0


@ALARMS.register("discriminator_lost")
def find_lost_discriminator(history: RunHistory) -> Finding | None:
    """Look at D(real) - D(fake)."""
    stretch = find_stretch(history.scalars[MIN_POINTS:], lambda line: lead(line) < LOST, WINDOW)
    if stretch is None:
        return None
    advice = (
        "It takes generated pictures for real more often than real ones. Raise its learning rate or lower R1; if the "
        "pictures look right all the same, this is the even game that training aims at."
    )
    remedies = []
    if history.config is not None:
        remedies.append(
            Remedy("Quicken the Discriminator", "change", {"discriminator_lr": 2 * history.config.discriminator_lr})
        )
        if "r1" in history.config.parts:
            remedies.append(Remedy("Weaken R1", "change", {"r1.gamma": setting_of(history, "r1", "gamma", 1.0) / 4}))
    return Finding(
        "warning", "The discriminator is lost", stretch.since_kimg, advice, stretch.confidence, tuple(remedies)
    )
