"""A discriminator that knows the training pictures by heart. Source: Karras et al. 2020b, section 3."""

from ganstudio.training.runs.run_history import RunHistory
from ganstudio.training.watch.alarms.base import (
    ALARMS,
    AUGMENT,
    MIN_SCORES,
    STOP,
    Finding,
    Remedy,
    Severity,
    augmented,
    find_stretch,
    stronger_r1,
)

GAP = 0.6  # 0: unseen pictures are judged as those trained on; 1: as generated ones
SEVERE = 0.85


@ALARMS.register("discriminator_overfits")
def find_overfitting(history: RunHistory) -> Finding | None:
    """Look at how the discriminator judges pictures that it never saw."""
    scores = history.scores[MIN_SCORES:]
    stretch = find_stretch(scores, lambda line: line.get("held_gap", 0.0) > GAP, 2)
    if stretch is None:
        return None
    gap = scores[-1]["held_gap"]
    advice = (
        f"Real pictures that it never saw are judged {gap:.0%} of the way towards generated ones: it knows the "
        "training pictures by heart, and soon teaches nothing. Augment, strengthen R1, or add pictures; stop if the "
        "score gets worse."
    )
    remedies: tuple[Remedy, ...] = (stronger_r1(history), STOP)
    if not augmented(history):
        remedies = (AUGMENT, *remedies)
    severity: Severity = "danger" if gap > SEVERE else "warning"
    return Finding(
        severity, "The discriminator learns by heart", stretch.since_kimg, advice, stretch.confidence, remedies
    )
