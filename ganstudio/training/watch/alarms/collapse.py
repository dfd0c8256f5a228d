"""Mode collapse: generated pictures are much more alike than real ones."""

from dataclasses import replace

from ganstudio.training.runs.run_history import RunHistory
from ganstudio.training.watch.alarms.base import (
    ALARMS,
    GO_BACK,
    MIN_SCORES,
    Finding,
    Remedy,
    Severity,
    find_stretch,
    stronger_r1,
)

WARN, ACT = 0.5, 0.2
PAIRED = Remedy("Go Back and Play in Pairs", "roll_back", {"loss": "relativistic", "r1.interval": 1, "r2": True})


@ALARMS.register("collapse")
def find_collapse(history: RunHistory) -> Finding | None:
    """Look at the variety, relative to that of real pictures."""
    scores = history.scores[MIN_SCORES:]
    stretch = find_stretch(scores, lambda line: line.get("diversity", 1.0) < WARN, 1)
    if stretch is None:
        return None
    variety = scores[-1]["diversity"]
    advice = (
        f"Generated pictures are only {variety:.0%} as varied as real ones: the generator repeats a few that the "
        "discriminator believes in. Go back to the best snapshot, and go on with a stronger R1, or with pairs of real "
        "and generated pictures, which leave no place for it."
    )
    severity: Severity = "danger" if variety < ACT else "warning"
    back = replace(stronger_r1(history), title="Go Back with a Stronger R1", kind="roll_back")
    return Finding(severity, "Mode collapse", stretch.since_kimg, advice, stretch.confidence, (back, PAIRED, GO_BACK))
