"""A score that was best some time ago, or that has never got better."""

from dataclasses import replace

from ganstudio.training.runs.run_history import RunHistory
from ganstudio.training.watch.alarms.base import ALARMS, GO_BACK, STOP, Finding, Lines, slower

PATIENCE = 5  # measurements since the best
LEAST_SCORES = 12
PARTING = 1.25  # times as varied as at first
LEAST_GAIN = 0.05  # of the first score; learning anything at all brings more


@ALARMS.register("no_progress")
def find_no_progress(history: RunHistory) -> Finding | None:
    """Look at the kernel distance to held-out pictures."""
    scores = [line for line in history.scores if "kid" in line]
    if len(scores) < LEAST_SCORES:
        return None
    if (stuck := _find_standstill(history, scores)) is not None:
        return stuck
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


def _find_standstill(history: RunHistory, scores: Lines) -> Finding | None:
    """Tell where no score is better than the first by more than chance. Networks that begin trained are not far off."""
    first = scores[0]
    if _gains(scores, "kid") or _gains(scores, "frechet") or _parts(scores) or not _could_be_better(first):
        return None
    advice = (
        "No score has been better than the first: nothing is learned. Try learning rates ten times as high, or another "
        "recipe; for a network that began trained, this may be as good as it gets."
    )
    confidence = min(1.0, 0.6 + 0.05 * (len(scores) - LEAST_SCORES))
    quicker = replace(slower(history, "generator", "discriminator", times=10.0), title="Learn Ten Times as Fast")
    return Finding("warning", "No progress", first["kimg"], advice, confidence, (quicker, STOP))


def _gains(scores: Lines, name: str) -> bool:
    """Whether a distance has fallen by more than chance. With few held-out pictures the Fréchet one tells it sooner."""
    values = [line[name] for line in scores if name in line]
    if not values:
        return False
    chance = 3 * scores[0].get(f"{name}_deviation", 0.0)
    return values[0] - min(values) > max(LEAST_GAIN * values[0], chance)


def _could_be_better(first: dict[str, float]) -> bool:
    """Whether the first pictures could be told from unseen ones at all: with few of those, bad ones cannot."""
    return first["kid"] > 3 * first.get("kid_deviation", 0.0)


def _parts(scores: Lines) -> bool:
    """Whether pictures that were alike become more varied: that is learning, too, and comes first."""
    first, last = scores[0].get("diversity", 1.0), scores[-1].get("diversity", 1.0)
    return last > PARTING * first
