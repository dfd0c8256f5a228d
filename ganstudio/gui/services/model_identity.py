"""Finds out which file the open model is, once, in the background, when its picture is there."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from ganstudio.checkpoints.fingerprints import FileHashed, FileKnown, find_fingerprint
from ganstudio.gui.document import Document
from ganstudio.gui.jobs import Job, JobState
from ganstudio.gui.services.rendering_service import RenderingService
from ganstudio.rendering.request import Rendered

_QUIET_MS = 300


class ModelIdentity(QObject):
    """Tells the document the fingerprint of every model that draws; one file is read at a time.

    Args:
        document: Takes note of it.
        rendering: Tells when a picture is there.
    """

    def __init__(self, document: Document, rendering: RenderingService, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._job: Job | None = None
        self._unreadable: set[str] = set()
        self._is_closed = False
        self._quiet = QTimer(self, singleShot=True, interval=_QUIET_MS)
        self._quiet.timeout.connect(self._begin)
        rendering.picture_ready.connect(self._on_picture_ready)

    def begin_shutdown(self) -> None:
        """Read nothing any more."""
        self._is_closed = True
        self._quiet.stop()
        if self._job is not None:
            self._job.cancel()

    def is_shut_down(self) -> bool:
        """Whether the thread has ended."""
        return self._job is None

    def _on_picture_ready(self, rendered: Rendered) -> None:
        if self._is_wanted(rendered.request.checkpoint_path) and self._job is None and not self._quiet.isActive():
            self._quiet.start()

    def _is_wanted(self, path: str | None) -> bool:
        is_known = path is None or path in self._unreadable or self._document.opened_as(path) is not None
        return not is_known and not self._is_closed

    def _begin(self) -> None:
        path = self._document.state.checkpoint
        if path is None or self._job is not None or not self._is_wanted(path):
            return
        job = self._job = Job(lambda: find_fingerprint(Path(path)), f"Reading {Path(path).name}", self)
        job.progressed.connect(partial(self._on_job_progressed, path))
        job.failed.connect(lambda _error: self._unreadable.add(path))
        job.state_changed.connect(self._on_job_state_changed)
        job.start()

    def _on_job_progressed(self, path: str, events: list[FileHashed | FileKnown]) -> None:
        if isinstance(events[-1], FileKnown):
            self._document.note_opened(path, events[-1].fingerprint)

    def _on_job_state_changed(self, state: JobState) -> None:
        if state in (JobState.FINISHED, JobState.CANCELLED, JobState.FAILED) and self._job is not None:
            job, self._job = self._job, None
            job.deleteLater()
            if self._is_wanted(self._document.state.checkpoint):  # another was opened meanwhile
                self._quiet.start()
