"""What an alarm finds and offers, the registry of alarms, and the stretches that they look at."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from ganstudio.registry import Registry
from ganstudio.training.parts.catalogue import PARTS
from ganstudio.training.runs.run_history import RunHistory

Severity = Literal["warning", "danger"]
Kind = Literal["change", "roll_back", "restart", "stop"]
Lines = Sequence[dict[str, float]]

MIN_POINTS = 12  # points of the curves before a judgement
WINDOW = 12  # points that must agree
LAST_SCORES = 3  # measurements that show whether pictures get better
STILL_FALLING = 0.9  # of the best distance before
MIN_SCORES = 3  # measurements before a judgement; the first ones are always bad


@dataclass(frozen=True)
class Remedy:
    """Something that can be done at a press.

    Attributes:
        title: What the button says.
        kind: "change" goes on with other settings, "roll_back" goes back to the best state first, and then changes the
            settings if there are some; "restart" begins another run on the same pictures, for settings that a run
            keeps for life; "stop" saves and ends.
        settings: New settings by name, as for `config.with_settings`.
    """

    title: str
    kind: Kind
    settings: Mapping[str, Any] = field(default_factory=dict)


STOP = Remedy("Stop Here", "stop")
GO_BACK = Remedy("Go Back to the Best", "roll_back")


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong.

    Attributes:
        severity: "warning" to look at, "danger" to act on.
        title: What is wrong, in a few words.
        since_kimg: When it began.
        advice: What it means and what to do.
        confidence: How sure it is, 0 to 1: it grows with the time that it lasts, up to certainty after three times the
            stretch that raises it.
        remedies: What can be done at a press.
    """

    severity: Severity
    title: str
    since_kimg: float
    advice: str
    confidence: float = 1.0
    remedies: tuple[Remedy, ...] = ()


Alarm = Callable[[RunHistory], Finding | None]
ALARMS: Registry[Alarm] = Registry("alarm")


@dataclass(frozen=True)
class Stretch:
    """A bad stretch that lasts until now.

    Attributes:
        since_kimg: When it began.
        length: Points or measurements in it.
        needed: How many raise the alarm.
    """

    since_kimg: float
    length: int
    needed: int

    @property
    def confidence(self) -> float:
        """0.6 for one that has just become long enough, 1 for one of three times that length."""
        return min(1.0, 0.4 + 0.2 * self.length / self.needed)


def find_stretch(lines: Lines, is_bad: Callable[[dict[str, float]], bool], needed: int) -> Stretch | None:
    """Return the bad stretch that lasts until now, if it is at least `needed` long."""
    start = len(lines)
    while start > 0 and is_bad(lines[start - 1]):
        start -= 1
    length = len(lines) - start
    return Stretch(lines[start]["kimg"], length, needed) if length >= max(needed, 1) else None


def is_learning(scores: Lines) -> bool:
    """Whether pictures have got much better in the last few measurements: then they are not yet what they will be."""
    kids = [line["kid"] for line in scores if "kid" in line]
    before, last = kids[:-LAST_SCORES], kids[-LAST_SCORES:]
    return bool(before) and min(last) < STILL_FALLING * min(before)


def lead(line: dict[str, float]) -> float:
    """How much more the discriminator believes in real pictures; 0 where the program that trained did not log it."""
    return line["d_real"] - line["d_fake"] if "d_real" in line and "d_fake" in line else 0.0


def has_critic(history: RunHistory) -> bool:
    """Whether the run has a critic, which is meant to be far ahead, and whose values are no probabilities."""
    return history.config is not None and history.config.loss == "wasserstein"


def setting_of(history: RunHistory, part: str, name: str, default: float) -> float:
    """What a setting of a part is in this run; `default` where it is not known or the part is not there."""
    own: Mapping[str, Any] = history.config.parts.get(part, {}) if history.config is not None else {}
    return float(own.get(name, default))


def stronger_r1(history: RunHistory, times: float = 4.0) -> Remedy:
    """Offer more of the penalty that keeps the discriminator smooth, at real pictures and where it is on at fakes."""
    settings = {"r1.gamma": times * setting_of(history, "r1", "gamma", 0.25)}
    if history.config is not None and "r2" in history.config.parts:
        settings["r2.gamma"] = times * setting_of(history, "r2", "gamma", 0.25)
    return Remedy("Strengthen R1", "change", settings)


def slower(history: RunHistory, *players: str, times: float = 0.5) -> Remedy:
    """Offer lower learning rates for "generator", "discriminator" or both."""
    rates = {f"{player}_lr": times * float(getattr(history.config, f"{player}_lr", 2e-4)) for player in players}
    return Remedy(f"{'Slow Both' if len(players) > 1 else f'Slow the {players[0].title()}'}", "change", rates)


def anew_in_packs(history: RunHistory) -> tuple[Remedy, ...]:
    """Offer a new run whose discriminator judges two pictures at once, where that can be."""
    config = history.config
    if config is None or "packing" in config.parts or config.network_config.get("num_classes"):
        return ()
    return (Remedy("Begin Anew in Packs of Two", "restart", {"packing": True}),)


def anew_with_spectral_norm(history: RunHistory) -> tuple[Remedy, ...]:
    """Offer a new run whose discriminator cannot get steep, where it could until now."""
    config = history.config
    if config is None or "spectral_norm" in config.parts:
        return ()
    return (Remedy("Begin Anew with Spectral Norm", "restart", {"spectral_norm": True}),)


def anew_without_copies(history: RunHistory) -> tuple[Remedy, ...]:
    """Offer a new run without pictures that are there twice, where they were not left out."""
    config = history.config
    if config is None or config.leave_out_copies:
        return ()
    return (Remedy("Begin Anew without Copies", "restart", {"leave_out_copies": True}),)


AUGMENT = Remedy("Augment", "change", {"diff_augment": True})


def augmented(history: RunHistory) -> bool:
    """Whether pictures are augmented in this run."""
    return history.config is not None and any(PARTS[name].augments for name in history.config.parts)
