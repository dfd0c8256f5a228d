"""Writes a model as another kind of file, in a job; the result is checked against the original before it is there."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject

from ganstudio.checkpoints.writers.base import ConversionProgress, Converted
from ganstudio.gui.document import Document
from ganstudio.gui.jobs import Job, JobList


class ModelConversion(QObject):
    """Converts, several at once where somebody wants that.

    Args:
        document: Tells what came of it.
        jobs: Runs it.
    """

    def __init__(self, document: Document, jobs: JobList, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document, self._jobs = document, jobs

    def start(self, source: Path, target: Path, kind: str | None = None) -> None:
        """Write a model as a file of another kind, told by the suffix where `kind` is None."""
        job = Job(lambda: _convert(source, target, kind), f"Saving {target.name[:40]}")
        job.progressed.connect(partial(self._on_job_progressed, job))
        job.failed.connect(self._document.failed)
        self._jobs.start(job)

    def _on_job_progressed(self, job: Job, events: list[object]) -> None:
        for event in events:
            if isinstance(event, ConversionProgress):
                self._jobs.tell(job, event.doing, event.fraction)
            elif isinstance(event, Converted):
                text = f"Saved {event.path.name}; it draws the same, to {event.relative_difference:.1g} of full scale"
                self._document.announced.emit(text)


def _convert(source: Path, target: Path, kind: str | None) -> Iterator[ConversionProgress | Converted]:
    from ganstudio.checkpoints.conversion import convert  # late: it needs torch

    return convert(source, target, kind)


def suffix_of(kind: str) -> str:
    """What files of a kind usually end in."""
    from ganstudio.checkpoints.writers.catalogue import WRITERS

    return WRITERS[kind].suffixes[0]


def file_kinds() -> dict[str, str]:
    """The kinds of files that can be written, as a file dialog lists them, each with its name in `WRITERS`."""
    from ganstudio.checkpoints.writers.catalogue import WRITERS  # late: all formats together delay the first window

    kinds = {}
    for name in WRITERS:
        patterns = " ".join(f"*{suffix}" for suffix in WRITERS[name].suffixes)
        kinds[f"{WRITERS[name].title.replace('(', '– ').replace(')', '')} ({patterns})"] = name
    return kinds
