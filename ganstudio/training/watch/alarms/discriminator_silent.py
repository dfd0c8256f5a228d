"""A discriminator whose loss is nearly nothing for long: the game is over, whatever the curves of the generator say."""

from ganstudio.training.runs.run_history import RunHistory
from ganstudio.training.watch.alarms.base import (
    ALARMS,
    GO_BACK,
    MIN_POINTS,
    WINDOW,
    Finding,
    anew_with_spectral_norm,
    find_stretch,
    has_critic,
    stronger_r1,
)

NOTHING = 0.02  # nats


@ALARMS.register("discriminator_silent")
def find_silent_discriminator(history: RunHistory) -> Finding | None:
    """Look at the discriminator's loss."""
    if has_critic(history):
        return None
    stretch = find_stretch(
        history.scalars[MIN_POINTS:], lambda line: abs(line.get("loss_discriminator", 1.0)) < NOTHING, 2 * WINDOW
    )
    if stretch is None:
        return None
    advice = (
        "Its loss has been almost nothing for long: it makes no mistake any more, and the generator wanders. Look at "
        "the pictures; go back to the best snapshot, and go on with a stronger R1."
    )
    remedies = (stronger_r1(history), GO_BACK, *anew_with_spectral_norm(history))
    return Finding("danger", "The game is over", stretch.since_kimg, advice, stretch.confidence, remedies)
