"""Augmentation that leaks: generated pictures show holes, turns or colours that only augmented pictures have."""

from dataclasses import replace

from ganstudio.training.runs.run_history import RunHistory, series
from ganstudio.training.watch.alarms.base import (
    ALARMS,
    MIN_SCORES,
    Finding,
    Remedy,
    Stretch,
    augmented,
    find_stretch,
    is_learning,
    setting_of,
)

STRENGTH = "augmentation_p"
NEEDED = 2  # measurements
HOLES = 0.1  # of generated pictures have flat grey squares beyond what real ones have
ERRORS, NEARER = 4.0, 0.75  # standard errors, and share of the distance to real ones: beyond chance, and to be seen
LATELY, FALLEN = 0.05, 0.02  # of the time from 0 to 1, in which so much less is a fall
LESS = 0.75  # of the strength now: where adaptive augmentation is capped
FEWER = 2 / 3  # of the pictures augmented now


@ALARMS.register("augmentation_leak")
def find_leak(history: RunHistory) -> Finding | None:
    """Look whether generated pictures have holes, or are nearer to augmented than to real ones beyond chance."""
    if history.config is not None and not augmented(history):
        return None
    if holes := find_stretch(history.scores[MIN_SCORES:], lambda line: line.get("leak", 0.0) > HOLES, NEEDED):
        seen, stretch = "have flat squares as only augmented ones have", holes
    elif nearer := _find_nearer(history):
        seen, stretch = "look more like augmented ones than like real ones", nearer
    else:
        return None
    advice = (
        f"Generated pictures {seen}: the generator has taken augmentation for a part of the pictures. Augment fewer of "
        "them, or less, and go back to where it did not show."
    )
    return Finding("warning", "Augmentation leaks", stretch.since_kimg, advice, stretch.confidence, _remedies(history))


def _find_nearer(history: RunHistory) -> Stretch | None:
    """The stretch in which pictures have learned to look augmented; what is far from all is often nearer to the odd."""
    stretch = find_stretch(history.scores[MIN_SCORES:], _nearer_to_augmented, NEEDED)
    if stretch is None or is_learning(history.scores) or _falls(history):
        return None
    return stretch


def _nearer_to_augmented(line: dict[str, float]) -> bool:
    return line.get("augmented_errors", 0.0) > ERRORS and line.get("augmented_ratio", 1.0) < NEARER


def _falls(history: RunHistory) -> bool:
    """Whether adaptive augmentation goes down by itself, at two fifths of its highest speed or more."""
    begun = history.kimg - LATELY * setting_of(history, "adaptive_augmentation", "speed_kimg", 100.0)
    lately = [strength for kimg, strength in zip(*series(history.scalars, STRENGTH), strict=True) if kimg >= begun]
    return len(lately) > 1 and lately[-1] < lately[0] - FALLEN


def _remedies(history: RunHistory) -> tuple[Remedy, ...]:
    """Less of what is on; where it is not told what that is, as if pictures were augmented plainly."""
    parts = history.config.parts if history.config is not None else {"diff_augment": {}}
    remedies = []
    if "adaptive_augmentation" in parts:
        cap = setting_of(history, "adaptive_augmentation", "cap", 0.8)
        now = [cap, *series(history.scalars, STRENGTH)[1]][-1]
        lower = round(LESS * min(now, cap), 2)
        remedies.append(Remedy(f"Augment at Most {lower:.0%}", "change", {"adaptive_augmentation.cap": lower}))
    if "diff_augment" in parts:
        share = round(FEWER * setting_of(history, "diff_augment", "share", 1.0), 2)
        remedies.append(Remedy("Augment Fewer", "change", {"diff_augment.share": share}))
        if setting_of(history, "diff_augment", "cut_out", default=True):
            remedies.append(Remedy("Leave the Holes Out", "change", {"diff_augment.cut_out": False}))
    back = [replace(one, title=f"Go Back, {one.title}", kind="roll_back") for one in remedies[:1]]
    return (*remedies, *back)
