"""Adaptive augmentation that wants more than it may have: too few pictures."""

from ganstudio.training.runs.run_history import RunHistory
from ganstudio.training.watch.alarms.base import ALARMS, GO_BACK, STOP, Finding, find_stretch, setting_of

LASTING_KIMG = 50.0


@ALARMS.register("augmentation_at_cap")
def find_capped_augmentation(history: RunHistory) -> Finding | None:
    """Look at the probability of augmentation, next to its cap."""
    cap = setting_of(history, "adaptive_augmentation", "cap", 0.8)
    stretch = find_stretch(history.scalars, lambda line: line.get("augmentation_p", 0.0) >= cap - 1e-6, 1)
    if stretch is None or history.kimg - stretch.since_kimg < LASTING_KIMG:
        return None
    advice = (
        "Pictures are augmented as much as they may be, and the discriminator still learns them by heart: there are "
        "too few. Add pictures, or begin with a model that was trained on similar ones."
    )
    return Finding("warning", "Too few pictures", stretch.since_kimg, advice, 0.9, (GO_BACK, STOP))
