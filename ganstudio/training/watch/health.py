"""What is wrong with a run, since when, how sure, and what to do about it: all alarms together."""

from dataclasses import replace

from ganstudio.training.runs.run_history import RunHistory
from ganstudio.training.watch.alarms.base import Finding, Remedy
from ganstudio.training.watch.alarms.catalogue import ALARMS

_SHOWN_WARNINGS = 3


def diagnose(history: RunHistory) -> tuple[Finding, ...]:
    """Return what is wrong with a run now, gravest first; nothing where all is well."""
    found = [finding for alarm in ALARMS.values() if (finding := alarm(history)) is not None]
    found += [
        Finding("danger", "Something failed", kimg, message) for kimg, message in history.warnings[-_SHOWN_WARNINGS:]
    ]
    return tuple(sorted(found, key=lambda finding: (finding.severity != "danger", -finding.confidence)))


def remedies_at_the_end(finding: Finding) -> tuple[Remedy, ...]:
    """What can still be done about a run that has reached its length.

    Going back makes room to go on; settings can only be those of another run; and there is nothing to stop.
    """
    kept = [remedy for remedy in finding.remedies if remedy.kind != "stop"]
    return tuple(
        replace(remedy, title=f"Begin Anew: {remedy.title}", kind="restart") if remedy.kind == "change" else remedy
        for remedy in kept
    )
