"""A discriminator that tells real from generated pictures almost every time."""

from ganstudio.training.runs.run_history import RunHistory
from ganstudio.training.watch.alarms.base import (
    ALARMS,
    MIN_POINTS,
    WINDOW,
    Finding,
    anew_with_spectral_norm,
    find_stretch,
    has_critic,
    lead,
    slower,
    stronger_r1,
)

LEAD = 0.9


@ALARMS.register("discriminator_wins")
def find_winning_discriminator(history: RunHistory) -> Finding | None:
    """Look at D(real) - D(fake)."""
    if has_critic(history):
        return None
    stretch = find_stretch(history.scalars[MIN_POINTS:], lambda line: lead(line) > LEAD, WINDOW)
    if stretch is None:
        return None
    advice = (
        "It tells real from generated pictures almost every time, so the generator learns little from it. Strengthen "
        "R1, lower the discriminator's learning rate, or add pictures."
    )
    remedies = (stronger_r1(history), slower(history, "discriminator"), *anew_with_spectral_norm(history))
    return Finding("warning", "The discriminator wins", stretch.since_kimg, advice, stretch.confidence, remedies)
