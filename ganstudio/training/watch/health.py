"""What is wrong with a run, since when, how sure, and what to do about it: all alarms together."""

from ganstudio.training.runs.run_history import RunHistory
from ganstudio.training.watch.alarms.base import Finding
from ganstudio.training.watch.alarms.catalogue import ALARMS

_SHOWN_WARNINGS = 3


def diagnose(history: RunHistory) -> tuple[Finding, ...]:
    """Return what is wrong with a run now, gravest first; nothing where all is well."""
    found = [finding for alarm in ALARMS.values() if (finding := alarm(history)) is not None]
    found += [
        Finding("danger", "Something failed", kimg, message) for kimg, message in history.warnings[-_SHOWN_WARNINGS:]
    ]
    return tuple(sorted(found, key=lambda finding: (finding.severity != "danger", -finding.confidence)))
