"""What is wrong with a run, since when, and what to do about it: read off its record alone.

The limits are those of `_CHECKS`; each check looks at stretches, never at a single point, so that one bad batch is no
alarm.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from ganstudio.training.runs.run_history import RunHistory

Severity = Literal["warning", "danger"]

MIN_POINTS = 12  # points of the curves before a judgement
WINDOW = 12  # points that must agree
MIN_SCORES = 3  # measurements before a judgement; the first ones are always bad


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong.

    Attributes:
        severity: "warning" to look at, "danger" to act on.
        title: What is wrong, in a few words.
        since_kimg: When it began.
        advice: What it means and what to do.
    """

    severity: Severity
    title: str
    since_kimg: float
    advice: str


def diagnose(history: RunHistory) -> tuple[Finding, ...]:
    """Return what is wrong with a run now, gravest first; nothing where all is well."""
    found = [finding for check in _CHECKS if (finding := check(history)) is not None]
    found += [Finding("danger", "Something failed", kimg, message) for kimg, message in history.warnings[-3:]]
    return tuple(sorted(found, key=lambda finding: finding.severity != "danger"))


def _find_stretch(
    lines: Sequence[dict[str, float]], is_bad: Callable[[dict[str, float]], bool], length: int
) -> float | None:
    """Return where the bad stretch began that lasts until now, if it is at least `length` long."""
    start = len(lines)
    while start > 0 and is_bad(lines[start - 1]):
        start -= 1
    return lines[start]["kimg"] if len(lines) - start >= length else None


def _lead(line: dict[str, float]) -> float:
    """How much more the discriminator believes in real pictures; 0 where the program that trained did not log it."""
    return line["d_real"] - line["d_fake"] if "d_real" in line and "d_fake" in line else 0.0


def _check_discriminator_wins(history: RunHistory) -> Finding | None:
    since = _find_stretch(history.scalars[MIN_POINTS:], lambda line: _lead(line) > 0.9, WINDOW)
    if since is None:
        return None
    advice = (
        "It tells real from generated pictures almost every time, so the generator learns little from it. Raise R1, "
        "lower the discriminator's learning rate, or add pictures."
    )
    return Finding("warning", "The discriminator wins", since, advice)


def _check_discriminator_lost(history: RunHistory) -> Finding | None:
    since = _find_stretch(history.scalars[MIN_POINTS:], lambda line: _lead(line) < 0, WINDOW)
    if since is None:
        return None
    advice = (
        "It takes generated pictures for real more often than real ones. Raise its learning rate or lower R1; if the "
        "pictures look right all the same, this is the even game that training aims at."
    )
    return Finding("warning", "The discriminator is lost", since, advice)


def _check_vanishing_gradient(history: RunHistory) -> Finding | None:
    norms = [line.get("gradient_generator", 0.0) for line in history.scalars]
    if len(norms) < MIN_POINTS + WINDOW:
        return None
    limit = max(norms) * 1e-3
    since = _find_stretch(history.scalars, lambda line: line.get("gradient_generator", 0.0) < limit, WINDOW)
    if since is None:
        return None
    advice = "The generator hardly receives a signal any more. Start again from an earlier snapshot with a stronger R1."
    return Finding("danger", "The generator's gradient has vanished", since, advice)


def _check_collapse(history: RunHistory) -> Finding | None:
    later = history.scores[MIN_SCORES:]
    since = _find_stretch(later, lambda line: line.get("diversity", 1.0) < 0.5, 1)
    if since is None:
        return None
    severe = later[-1].get("diversity", 1.0) < 0.2
    advice = (
        f"Generated pictures are only {later[-1]['diversity']:.0%} as varied as real ones: the generator repeats "
        "a few. Open an earlier snapshot, and start again with a larger batch or a stronger R1."
    )
    return Finding("danger" if severe else "warning", "Mode collapse", since, advice)


def _check_copying(history: RunHistory) -> Finding | None:
    later = history.scores[MIN_SCORES:]
    since = _find_stretch(later, lambda line: line.get("copying", 1.0) < 0.6, 1)
    if since is None:
        return None
    advice = (
        "Generated pictures come much closer to training pictures than unseen ones do: they are being memorised. "
        "Stop here, use an earlier snapshot, or add pictures."
    )
    return Finding("warning", "Training pictures are copied", since, advice)


def _check_no_progress(history: RunHistory) -> Finding | None:
    scores = [line for line in history.scores if "kid" in line]
    if len(scores) < 12:
        return None
    best = min(range(len(scores)), key=lambda index: scores[index]["kid"])
    spread = scores[best].get("kid_deviation", 0.0)
    if len(scores) - best < 6 or scores[-1]["kid"] < scores[best]["kid"] + 3 * spread:
        return None
    advice = (
        f"The score was best at {scores[best]['kimg']:g} kimg and has been worse ever since. That snapshot is kept."
    )
    return Finding("warning", "It was better before", scores[best]["kimg"], advice)


_CHECKS = (
    _check_collapse,
    _check_vanishing_gradient,
    _check_discriminator_wins,
    _check_discriminator_lost,
    _check_copying,
    _check_no_progress,
)
