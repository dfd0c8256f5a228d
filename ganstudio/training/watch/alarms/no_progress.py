"""A score that was best some time ago."""

from ganstudio.training.runs.run_history import RunHistory
from ganstudio.training.watch.alarms.base import ALARMS, GO_BACK, STOP, Finding

PATIENCE = 5  # measurements since the best
LEAST_SCORES = 12


@ALARMS.register("no_progress")
def find_no_progress(history: RunHistory) -> Finding | None:
    """Look at the kernel distance to held-out pictures."""
    scores = [line for line in history.scores if "kid" in line]
    if len(scores) < LEAST_SCORES:
        return None
    best = min(range(len(scores)), key=lambda index: scores[index]["kid"])
    spread = scores[best].get("kid_deviation", 0.0)
    waited = len(scores) - 1 - best
    recent = min(line["kid"] for line in scores[-PATIENCE:])
    if waited < PATIENCE or recent < scores[best]["kid"] + 3 * spread:
        return None
    advice = (
        f"The score was best at {scores[best]['kimg']:g} kimg and has been worse ever since. That snapshot is kept."
    )
    confidence = min(1.0, 0.5 + 0.1 * (waited - PATIENCE))
    return Finding("warning", "It was better before", scores[best]["kimg"], advice, confidence, (GO_BACK, STOP))
