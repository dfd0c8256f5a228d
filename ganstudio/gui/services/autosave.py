"""Keeps the session on the disk, so that a crash or a power cut loses at most the last seconds."""

import logging
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from ganstudio.errors import GanStudioError
from ganstudio.gui.document import Document
from ganstudio.gui.jobs import LatestOnly
from ganstudio.project.session import Session, session_path, write_session

logger = logging.getLogger(__name__)

DELAY_MS = 3000


class Autosave(QObject):
    """Writes the document a few seconds after a change, in a worker thread, and when the window closes.

    Args:
        document: What is kept.
        path: Where; the first window's session by default.

    Signals:
        failed(error): The session cannot be kept; told once, until it can be again.
    """

    failed = Signal(object)

    def __init__(self, document: Document, path: Path | None = None) -> None:
        super().__init__(document)
        self.path = path or session_path()
        self._document = document
        self._worker: LatestOnly | None = None
        self._has_failed = False
        self._timer = QTimer(self, singleShot=True, interval=DELAY_MS)
        self._timer.timeout.connect(self.save)
        document.changed.connect(self._on_document_changed)
        document.filed.connect(self._on_document_changed)

    def save(self) -> None:
        """Write the session now, while the window goes on."""
        self._timer.stop()
        if self._worker is None:
            self._worker = LatestOnly(lambda: self._run_write, "autosave", self)
            self._worker.answered.connect(self._on_worker_answered)
            self._worker.failed.connect(self._on_worker_failed)
        self._worker.submit(replace(self._document.session, is_closed=False))

    def finish(self) -> GanStudioError | None:
        """Write the session for the last time, and wait until it is written; the error where it cannot be."""
        self._timer.stop()
        if self._worker is not None:
            self._worker.close()
            self._worker = None
        try:
            write_session(self.path, self._document.session)
        except GanStudioError as error:
            logger.warning("The session was not saved: %s", error)
            return error
        return None

    def _run_write(self, session: Session) -> None:
        write_session(self.path, session)

    def _on_worker_answered(self, _session: object, _answer: object) -> None:
        self._has_failed = False

    def _on_worker_failed(self, _session: object, error: BaseException) -> None:
        """Tell it once; it is tried again after the next change."""
        logger.warning("The session was not saved: %s", error)
        if not self._has_failed:
            self._has_failed = True
            self.failed.emit(error)

    def _on_document_changed(self) -> None:
        if not self._timer.isActive():  # not restarted by every change: a long drag is saved as well
            self._timer.start()
