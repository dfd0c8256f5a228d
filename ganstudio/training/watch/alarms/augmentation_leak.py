"""Augmentation that leaks: generated pictures show holes, shifts or colours that only augmented pictures have."""

from dataclasses import replace

from ganstudio.training.runs.run_history import RunHistory
from ganstudio.training.watch.alarms.base import ALARMS, MIN_SCORES, Finding, Remedy, augmented, find_stretch

LEAKS = 0.1  # of generated pictures have flat grey squares beyond what real ones have


@ALARMS.register("augmentation_leak")
def find_leak(history: RunHistory) -> Finding | None:
    """Look at the share of generated pictures that look cut out."""
    if history.config is not None and not augmented(history):
        return None
    stretch = find_stretch(history.scores[MIN_SCORES:], lambda line: line.get("leak", 0.0) > LEAKS, 2)
    if stretch is None:
        return None
    advice = (
        "Generated pictures have flat squares as only augmented ones have: the generator has taken augmentation for a "
        "part of the pictures. Augment fewer of them, or leave the holes out."
    )
    no_holes = Remedy("Leave the Holes Out", "change", {"diff_augment.cut_out": False})
    fewer = replace(no_holes, title="Augment Two Thirds", settings={"diff_augment.share": 0.66})
    return Finding("warning", "Augmentation leaks", stretch.since_kimg, advice, stretch.confidence, (no_holes, fewer))
