"""Training pictures that are repeated. Source: Meehan et al. 2020."""

from ganstudio.training.runs.run_history import RunHistory
from ganstudio.training.watch.alarms.base import (
    ALARMS,
    AUGMENT,
    GO_BACK,
    MIN_SCORES,
    STOP,
    Finding,
    anew_without_copies,
    augmented,
    find_stretch,
)

NEEDED = 2  # measurements
VARIED = 0.5  # below, all are the same few or blurred, and lie near to everything: that is a collapse
NEAR = 0.75  # of the way from unseen pictures, which is 1 give or take 0.2 with the fewest that are measured


@ALARMS.register("memorised")
def find_memorised(history: RunHistory) -> Finding | None:
    """Look at how near generated pictures come to training pictures, next to unseen ones."""
    stretch = find_stretch(history.scores[MIN_SCORES:], _copies, NEEDED)
    if stretch is None:
        return None
    advice = (
        "Generated pictures come much closer to training pictures than unseen ones do: they are being memorised. "
        "Stop here, use an earlier snapshot, augment, or add pictures."
    )
    remedies = (*(() if augmented(history) else (AUGMENT,)), GO_BACK, *anew_without_copies(history), STOP)
    return Finding("warning", "Training pictures are copied", stretch.since_kimg, advice, stretch.confidence, remedies)


def _copies(line: dict[str, float]) -> bool:
    return line.get("copying", 1.0) < NEAR and line.get("diversity", 1.0) >= VARIED
