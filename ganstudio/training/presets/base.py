"""What a recipe is, the registry of them, and what several of them share."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Protocol

from ganstudio.registry import Registry
from ganstudio.training.config import TrainingConfig
from ganstudio.training.errors import TrainingConfigError


class PictureFacts(Protocol):
    """What a preset needs to know of the prepared pictures."""

    @property
    def count(self) -> int | None:
        """How many pictures there are; None while nobody knows."""

    @property
    def resolution(self) -> int:
        """Height and width in pixels."""

    @property
    def channels(self) -> int:
        """3 for RGB, 1 for grey."""

    @property
    def class_count(self) -> int:
        """Number of classes, 0 where there are no labels."""


Check = Callable[[PictureFacts], TrainingConfigError | None]


def up_to_128(facts: PictureFacts) -> TrainingConfigError | None:
    """The check of the plain networks."""
    if facts.resolution <= 128:
        return None
    reason = f"this network draws pictures of up to 128 px, not {facts.resolution}"
    return TrainingConfigError("resolution", reason, "choose a smaller size, or the recipe for few pictures")


@dataclass(frozen=True)
class Preset:
    """One recipe.

    Attributes:
        title: Its name for people.
        description: What it does and when to take it, in one or two plain sentences.
        configure: Makes the configuration for given pictures.
        checks: Each says why given pictures are not for it, or None.
        group: Where it stands in lists: one of `GROUPS`.
        explanation: Says why it is what it is for given pictures; "" where there is nothing to say.
    """

    title: str
    description: str
    configure: Callable[[PictureFacts], TrainingConfig]
    checks: tuple[Check, ...] = (up_to_128,)
    group: str = "modern"
    explanation: Callable[[PictureFacts], str] = lambda _facts: ""

    def refusal(self, facts: PictureFacts) -> TrainingConfigError | None:
        """Why given pictures are not for it, and what to do; None where they are."""
        return next((found for check in self.checks if (found := check(facts)) is not None), None)


GROUPS = {"recommended": "Recommended", "everyday": "Every day", "classic": "Classic, as taught", "modern": "Modern"}

PRESETS: Registry[Preset] = Registry("preset")


def with_length(config: TrainingConfig, kimg: float) -> TrainingConfig:
    """Return the config for another length, its samples, snapshots and scores spread over it as before.

    About 100 sample sheets and 40 snapshots and scores come out of a run of any length.
    """
    return replace(
        config,
        kimg=float(kimg),
        sample_kimg=_round_nicely(kimg / 100),
        snapshot_kimg=_round_nicely(kimg / 40),
        score_kimg=_round_nicely(kimg / 40),
    )


def _round_nicely(value: float) -> float:
    """Round up to 1, 2 or 5 times a power of ten, at least 0.1."""
    value = max(value, 0.1)
    power = 10.0 ** math.floor(math.log10(value))
    return next(float(f"{step * power:.6g}") for step in (1, 2, 5, 10) if step * power >= value * 0.999)


def picture_settings(facts: PictureFacts) -> dict[str, Any]:
    """What every network's config says of the pictures; one class is none."""
    classes = facts.class_count if facts.class_count > 1 else 0
    return {"resolution": facts.resolution, "channels": facts.channels, "num_classes": classes}


def powers_of_two(facts: PictureFacts) -> TrainingConfigError | None:
    """The check of networks that double 4 px again and again."""
    size = facts.resolution
    if size >= 16 and not size & (size - 1):
        return None
    reason = f"this network draws 32, 64 or 128 px, not {size}"
    return TrainingConfigError("resolution", reason, "choose such a size for the pictures")


def classes_wanted(facts: PictureFacts) -> TrainingConfigError | None:
    """The check of recipes that are about classes."""
    if facts.class_count > 1:
        return None
    reason = "this recipe learns classes, and these pictures have none"
    return TrainingConfigError("classes", reason, "put each class into a folder of its own")
