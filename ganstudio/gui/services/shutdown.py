"""Closing without freezing and without losing: asks all background work to stop and waits while the window lives on."""

from typing import Protocol

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from ganstudio.gui.jobs import JobList

_LOOK_EVERY_MS = 20


class BackgroundWork(Protocol):
    """Something with threads that must be gone before the window is."""

    def begin_shutdown(self) -> None:
        """Ask it to save what it has and to end; returns at once."""

    def is_shut_down(self) -> bool:
        """Whether all its threads have ended."""


class RunningJobs:
    """All jobs of a list, as one thing to end; each saves what it has in its own thread."""

    def __init__(self, jobs: JobList) -> None:
        self._jobs = jobs

    def begin_shutdown(self) -> None:
        """Cancel all."""
        self._jobs.cancel_all()

    def is_shut_down(self) -> bool:
        """Whether the last one has told its end."""
        return not self._jobs.jobs()


class Shutdown(QObject):
    """Ends background work once.

    Signals:
        finished(): Nothing runs any more.
    """

    finished = Signal()

    def __init__(self, works: list[BackgroundWork], parent: QObject) -> None:
        super().__init__(parent)
        self._works = works
        self._timer = QTimer(self, interval=_LOOK_EVERY_MS)
        self._timer.timeout.connect(self._on_timer_timeout)
        self.has_begun = False

    @property
    def is_done(self) -> bool:
        """Whether nothing runs any more and nothing will."""
        return self.has_begun and all(work.is_shut_down() for work in self._works)

    def begin(self) -> None:
        """Ask everything to end; a second call does nothing."""
        if self.has_begun:
            return
        self.has_begun = True
        for work in self._works:
            work.begin_shutdown()
        self._timer.start()

    def _on_timer_timeout(self) -> None:
        if self.is_done:
            self._timer.stop()
            self.finished.emit()


class SavingCover(QWidget):
    """Covers the window while the last things are saved, so that nobody starts new ones."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("role", "cover")
        title = QLabel("Saving…", self)
        title.setProperty("role", "title")
        more = QLabel("Running work stops at the next safe point and can go on from there.", self)
        more.setProperty("role", "muted")
        layout = QVBoxLayout(self)
        layout.setSpacing(8)
        layout.addStretch(1)
        for label in (title, more):
            layout.addWidget(label, 0, Qt.AlignmentFlag.AlignCenter)
        layout.addStretch(1)
        self.setGeometry(window.rect())
        self.show()
        self.raise_()
