"""Mode collapse: generated pictures are much more alike than real ones."""

import statistics
from collections.abc import Sequence
from dataclasses import replace

from ganstudio.training.runs.run_history import RunHistory
from ganstudio.training.watch.alarms.base import (
    ALARMS,
    GO_BACK,
    MIN_SCORES,
    Finding,
    Remedy,
    Severity,
    anew_in_packs,
    find_stretch,
    stronger_r1,
)

WARN, ACT = 0.5, 0.2
NEEDED = 2  # measurements
AHEAD = 3  # times the discriminator's learning rate, which lets the generator chase each of its mistakes
GROWING = 1.05  # times what it was in the first half: pictures begin blurred and alike, and part as they get sharp
PAIRED = Remedy("Go Back and Play in Pairs", "roll_back", {"loss": "relativistic", "r1.interval": 1, "r2": True})


@ALARMS.register("collapse")
def find_collapse(history: RunHistory) -> Finding | None:
    """Look at the variety, relative to that of real pictures."""
    scores = history.scores[MIN_SCORES:]
    stretch = find_stretch(scores, lambda line: line.get("diversity", 1.0) < WARN, NEEDED)
    if stretch is None or (stretch.length == len(scores) and _is_growing([line["diversity"] for line in scores])):
        return None
    variety = scores[-1]["diversity"]
    advice = (
        f"Generated pictures are only {variety:.0%} as varied as real ones: the generator repeats a few that the "
        "discriminator believes in. Go back to the best snapshot, and go on with a stronger R1, or with pairs of real "
        "and generated pictures, which leave no place for it."
    )
    severity: Severity = "danger" if variety < ACT else "warning"
    back = replace(stronger_r1(history), title="Go Back with a Stronger R1", kind="roll_back")
    remedies = (back, PAIRED, *_anew_with_equal_rates(history), *anew_in_packs(history), GO_BACK)
    return Finding(severity, "Mode collapse", stretch.since_kimg, advice, stretch.confidence, remedies)


def _anew_with_equal_rates(history: RunHistory) -> tuple[Remedy, ...]:
    """Offer a new run whose generator does not run ahead of its judge, where it did."""
    config = history.config
    if config is None or config.generator_lr < AHEAD * config.discriminator_lr:
        return ()
    return (Remedy("Begin Anew with Equal Rates", "restart", {"generator_lr": config.discriminator_lr}),)


def _is_growing(diversities: Sequence[float]) -> bool:
    """Whether a variety that was low from the start is on the way up."""
    half = len(diversities) // 2
    return statistics.mean(diversities[half:]) > GROWING * statistics.mean(diversities[:half])
