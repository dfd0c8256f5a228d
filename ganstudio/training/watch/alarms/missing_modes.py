"""Missing modes: some kinds of pictures come much too rarely. Source: Richardson & Weiss 2018 (NDB)."""

from collections.abc import Mapping

from ganstudio.training.runs.run_history import RunHistory
from ganstudio.training.watch.alarms.base import (
    ALARMS,
    MIN_SCORES,
    Finding,
    anew_in_packs,
    find_stretch,
    is_learning,
    stronger_r1,
)

NEEDED = 3  # measurements
EMPTY = 0.08  # of all real pictures belong to bins that generated ones avoid
OFF = 1.3  # times as far from real pictures as unseen ones are, or
VARIED = 0.5  # times as varied as real ones; below, it is a collapse
UNLIKE = 0.6  # of all bins filled otherwise: then pictures are bad as a whole, and lack every kind


@ALARMS.register("missing_modes")
def find_missing_modes(history: RunHistory) -> Finding | None:
    """Look at the share of real pictures whose bins generated ones avoid significantly."""
    scores = history.scores[MIN_SCORES:]
    stretch = find_stretch(scores, _lacks_kinds, NEEDED)
    if stretch is None or is_learning(history.scores):  # what is bad as a whole lacks every kind
        return None
    advice = (
        f"About {scores[-1]['missing']:.0%} of the real pictures are of kinds that are hardly ever drawn. Longer "
        "training may find them; packs of pictures, or a stronger R1, make it harder to leave them out."
    )
    return Finding(
        "warning", "Some kinds of pictures are missing", stretch.since_kimg, advice, stretch.confidence,
        (stronger_r1(history), *anew_in_packs(history)),
    )  # fmt: skip


def _lacks_kinds(line: Mapping[str, float]) -> bool:
    """Whether kinds are missing among pictures that are good otherwise."""
    is_good = line.get("copying", 1.0) < OFF and line.get("ndb", 0.0) < UNLIKE
    is_varied = line.get("diversity", 1.0) >= VARIED
    return is_good and is_varied and line.get("missing", 0.0) > EMPTY
