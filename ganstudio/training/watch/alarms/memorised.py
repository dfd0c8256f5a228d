"""Training pictures that are repeated. Source: Meehan et al. 2020."""

from ganstudio.training.runs.run_history import RunHistory
from ganstudio.training.watch.alarms.base import (
    ALARMS,
    AUGMENT,
    GO_BACK,
    MIN_SCORES,
    STOP,
    Finding,
    augmented,
    find_stretch,
)

NEAR = 0.6


@ALARMS.register("memorised")
def find_memorised(history: RunHistory) -> Finding | None:
    """Look at how near generated pictures come to training pictures, next to unseen ones."""
    stretch = find_stretch(history.scores[MIN_SCORES:], lambda line: line.get("copying", 1.0) < NEAR, 1)
    if stretch is None:
        return None
    advice = (
        "Generated pictures come much closer to training pictures than unseen ones do: they are being memorised. "
        "Stop here, use an earlier snapshot, augment, or add pictures."
    )
    remedies = (GO_BACK, STOP) if augmented(history) else (AUGMENT, GO_BACK, STOP)
    return Finding("warning", "Training pictures are copied", stretch.since_kimg, advice, stretch.confidence, remedies)
