"""What is wrong with a run, since when, how sure, and what to do about it: all alarms together."""

from dataclasses import replace

from ganstudio.training.runs.run_history import RunHistory
from ganstudio.training.watch.alarms.base import Finding, Remedy
from ganstudio.training.watch.alarms.catalogue import ALARMS

_SHOWN_WARNINGS = 3


def diagnose(history: RunHistory) -> tuple[Finding, ...]:
    """Return what is wrong with a run now, gravest first; nothing where all is well."""
    alarms = [finding for alarm in ALARMS.values() if (finding := alarm(history)) is not None]
    found = [replace(finding, remedies=_possible(finding.remedies, history)) for finding in alarms]
    found += [
        Finding("danger", "Something failed", kimg, message) for kimg, message in history.warnings[-_SHOWN_WARNINGS:]
    ]
    return tuple(sorted(found, key=lambda finding: (finding.severity != "danger", -finding.confidence)))


def _possible(remedies: tuple[Remedy, ...], history: RunHistory) -> tuple[Remedy, ...]:
    """Where no best moment is kept to go back to, what was to be changed there begins another run."""
    if history.best_kimg is not None:
        return remedies
    kept = [remedy for remedy in remedies if remedy.kind != "roll_back" or remedy.settings]
    return tuple(
        replace(remedy, title=remedy.title.replace("Go Back", "Begin Anew", 1), kind="restart")
        if remedy.kind == "roll_back"
        else remedy
        for remedy in kept
    )


def remedies_at_the_end(finding: Finding) -> tuple[Remedy, ...]:
    """What can still be done about a run that has reached its length.

    Going back makes room to go on; settings can only be those of another run; and there is nothing to stop.
    """
    kept = [remedy for remedy in finding.remedies if remedy.kind != "stop"]
    return tuple(
        replace(remedy, title=f"Begin Anew: {remedy.title}", kind="restart") if remedy.kind == "change" else remedy
        for remedy in kept
    )
