"""A generator that hardly gets a signal. Source: Arjovsky & Bottou 2017, theorem 2.4."""

from ganstudio.training.runs.run_history import RunHistory
from ganstudio.training.watch.alarms.base import (
    ALARMS,
    MIN_POINTS,
    WINDOW,
    Finding,
    Remedy,
    find_stretch,
    stronger_r1,
)

SHARE = 1e-3  # of the largest gradient
SIGNAL = 1e-3  # of the slope that the minimax loss can have: that is D(fake) itself, which a sure discriminator takes


@ALARMS.register("vanishing_gradient")
def find_vanishing_gradient(history: RunHistory) -> Finding | None:
    """Look at the norm of the generator's gradient, next to its largest; of the minimax loss, at its slope."""
    norms = [line.get("gradient_generator", 0.0) for line in history.scalars]
    if len(norms) < MIN_POINTS + WINDOW:
        return None
    limit = max(norms) * SHARE
    is_minimax = history.config is not None and history.config.loss == "minimax"

    def has_vanished(line: dict[str, float]) -> bool:
        no_slope = is_minimax and line.get("d_fake", 1.0) < SIGNAL
        return no_slope or line.get("gradient_generator", 0.0) < limit

    stretch = find_stretch(history.scalars, has_vanished, WINDOW)
    if stretch is None:
        return None
    advice = (
        "The generator hardly receives a signal any more. Go back, and go on with a stronger R1 or with noise on all "
        "pictures; the minimax loss does this whenever the discriminator is sure, the non-saturating one does not."
    )
    remedies = [Remedy("Go Back with Noise", "roll_back", {"instance_noise": True}), stronger_r1(history)]
    if is_minimax:
        remedies.insert(0, Remedy("Change to Non-Saturating", "change", {"loss": "non_saturating"}))
    return Finding(
        "danger", "The generator's gradient has vanished", stretch.since_kimg, advice, stretch.confidence,
        tuple(remedies),
    )  # fmt: skip
