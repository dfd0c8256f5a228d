"""Gradients a hundred times as large as they were at first."""

import statistics
from dataclasses import replace

from ganstudio.training.runs.run_history import RunHistory
from ganstudio.training.watch.alarms.base import (
    ALARMS,
    MIN_POINTS,
    Finding,
    Stretch,
    anew_with_spectral_norm,
    find_stretch,
    slower,
)

TIMES = 100.0
NEEDED = 3
EARLY = 4  # one part in so many of the run


@ALARMS.register("exploding")
def find_explosion(history: RunHistory) -> Finding | None:
    """Look at both gradients, next to their medians in the first part of the run: one of all would grow with them."""
    for player in ("generator", "discriminator"):
        stretch = _explodes(history, f"gradient_{player}")
        if stretch is not None:
            advice = (
                f"The {player}'s gradient is more than a hundred times as large as at first. Go back to the best "
                "snapshot, and go on with half the learning rates."
            )
            half = slower(history, "generator", "discriminator")
            back = replace(half, title="Go Back, Half as Fast", kind="roll_back")
            remedies = (back, *anew_with_spectral_norm(history))
            return Finding("danger", "Gradients explode", stretch.since_kimg, advice, stretch.confidence, remedies)
    return None


def _explodes(history: RunHistory, name: str) -> Stretch | None:
    norms = [line[name] for line in history.scalars if name in line]
    if len(norms) < 2 * MIN_POINTS:
        return None
    limit = TIMES * statistics.median(norms[: max(MIN_POINTS, len(norms) // EARLY)])
    return find_stretch(history.scalars, lambda line: line.get(name, 0.0) > limit, NEEDED)
