"""Keeps the last session on the disk, so that a crash or a power cut loses at most the last seconds."""

import logging
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from ganstudio.errors import GanStudioError
from ganstudio.files import user_data_dir
from ganstudio.gui.document import Document
from ganstudio.project.file import ProjectFileError, read_project, write_project
from ganstudio.project.state import Project

logger = logging.getLogger(__name__)

_DELAY_MS = 3000


class Autosave(QObject):
    """Writes the document a few seconds after a change, and when told to."""

    def __init__(self, document: Document, path: Path | None = None) -> None:
        super().__init__(document)
        self.path = path or session_path()
        self._document = document
        self._timer = QTimer(self, singleShot=True, interval=_DELAY_MS)
        self._timer.timeout.connect(self.save)
        document.changed.connect(self._on_document_changed)

    def save(self) -> None:
        """Write the session now; a full disk is logged and tried again after the next change."""
        self._timer.stop()
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            write_project(self.path, self._document.state)
        except (OSError, GanStudioError) as error:
            logger.warning("The session was not saved: %s", error)

    def _on_document_changed(self) -> None:
        if not self._timer.isActive():  # not restarted by every change: a long drag is saved as well
            self._timer.start()


def session_path() -> Path:
    """Where the last session is kept."""
    return user_data_dir() / "session.json"


def restore_session(path: Path | None = None) -> Project | None:
    """Read the last session; None, with a warning in the log, when there is none that can be read."""
    path = path or session_path()
    if not path.exists():
        return None
    try:
        return read_project(path)
    except ProjectFileError as error:
        logger.warning("The last session is not restored: %s", error)
        return None
