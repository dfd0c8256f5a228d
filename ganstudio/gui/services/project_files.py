"""Writes the project into its file and reads it back, in jobs, so that no slow disk holds the window."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from ganstudio.checkpoints.errors import CheckpointError
from ganstudio.checkpoints.fingerprints import FileHashed, find_fingerprint
from ganstudio.gui.document import Document
from ganstudio.gui.jobs import Job, JobList
from ganstudio.project.file import ProjectContent, read_content, save_project


@dataclass(frozen=True)
class ProjectWritten:
    """A file holds a project now; its stamp."""

    stamp: int


@dataclass(frozen=True)
class ProjectRead:
    """What a file holds."""

    content: ProjectContent


class ProjectFiles(QObject):
    """Saves and reverts.

    Args:
        document: What is saved; it stays modified until the file is there, whole.
        jobs: Runs the writing.

    Signals:
        saved(path): A file holds the project now.
        failed(error): It could not be written or read.
    """

    saved = Signal(object)
    failed = Signal(object)

    def __init__(self, document: Document, jobs: JobList, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document, self._jobs = document, jobs

    def save(self, path: Path, may_replace: bool = False) -> None:
        """Write the project as it is now; the file is the project's from then on.

        Args:
            path: Where to.
            may_replace: Whether what somebody else has written there since may be written over.
        """
        content = self._document.content
        if may_replace or path != self._document.path:
            content = replace(content, stamp=0)
        job = Job(lambda: _write(path, content), f"Saving {path.name}")
        job.progressed.connect(partial(self._on_job_saved, path, content))
        job.failed.connect(self.failed)
        self._jobs.start(job)

    def revert(self) -> None:
        """Go back to what the file has, as one step of undo."""
        path = self._document.path
        if path is not None:
            job = Job(lambda: _read(path), f"Opening {path.name}")
            job.progressed.connect(partial(self._on_job_read, path))
            job.failed.connect(self.failed)
            self._jobs.start(job)

    def _on_job_saved(self, path: Path, content: ProjectContent, events: list[FileHashed | ProjectWritten]) -> None:
        last = events[-1]
        if not isinstance(last, ProjectWritten):
            return
        self._document.note_saved(path, content.project, last.stamp)
        self.saved.emit(path)

    def _on_job_read(self, path: Path, events: list[ProjectRead]) -> None:
        self._document.open_project("Revert to Saved", events[0].content, path)


def _write(path: Path, content: ProjectContent) -> Iterator[FileHashed | ProjectWritten]:
    """Write a project with the fingerprint of its model, which is found first where nobody knows it yet."""
    checkpoint, models = content.project.checkpoint, dict(content.models)
    if checkpoint is not None and checkpoint not in models:
        with contextlib.suppress(CheckpointError):  # it is gone: the project is saved all the same
            for event in find_fingerprint(Path(checkpoint)):
                if isinstance(event, FileHashed):
                    yield event
                else:
                    models[checkpoint] = event.fingerprint
    yield ProjectWritten(save_project(path, replace(content, models=models)))


def _read(path: Path) -> Iterator[ProjectRead]:
    yield ProjectRead(read_content(path))
