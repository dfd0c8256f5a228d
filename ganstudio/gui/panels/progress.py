"""Progress: the controls of the run, the sample sheet over time, and the curves."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from ganstudio.gui.document import Document
from ganstudio.gui.jobs import JobList
from ganstudio.gui.sections.latent_watcher import LatentWatcher
from ganstudio.gui.sections.run_header import RunHeader
from ganstudio.gui.sections.time_scrubber import TimeScrubber
from ganstudio.gui.services.training_session import TrainingSession

if TYPE_CHECKING:
    from ganstudio.gui.sections.run_plots import RunPlots

_REFRESH_MS = 200
_SHEET_WIDTH = 300  # below this the faces of the sample sheet cannot be told apart


class ProgressPanel(QWidget):
    """The middle of the Train workspace.

    Args:
        session: The run shown.
        document: For watching its latent.
        jobs: For drawing it.
    """

    def __init__(
        self, *, session: TrainingSession, document: Document, jobs: JobList, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self._session = session
        self.header = RunHeader(session, self)
        self.scrubber = TimeScrubber(session, self)
        self.watcher = LatentWatcher(session, document, jobs, self)
        self._curves_place = QWidget(self)
        QVBoxLayout(self._curves_place).setContentsMargins(0, 0, 0, 0)
        self._plots: RunPlots | None = None
        left = QWidget(self)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(8)
        column.addWidget(self.scrubber, 1)
        column.addWidget(self.watcher)
        self._splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self._splitter.setChildrenCollapsible(False)
        for part in (left, self._curves_place):
            self._splitter.addWidget(part)
        left.setMinimumWidth(_SHEET_WIDTH)
        self._splitter.setSizes([560, 440])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.setSpacing(12)
        layout.addWidget(self.header)
        layout.addWidget(self._splitter, 1)
        self._timer = QTimer(self, singleShot=True, interval=_REFRESH_MS)
        self._timer.timeout.connect(self.refresh)
        session.record_changed.connect(self._on_record_changed)
        session.phase_changed.connect(lambda _phase: self.refresh())
        self.refresh()

    def refresh(self) -> None:
        """Show the record as it is now."""
        self.header.refresh()
        self.scrubber.refresh()
        self.watcher.refresh()
        if self._plots is not None:
            self._plots.refresh()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: D102, N802 - Qt's name
        super().showEvent(event)
        if self._plots is None:
            from ganstudio.gui.sections.run_plots import RunPlots  # late: pyqtgraph takes most of a second to load

            self._plots = RunPlots(self._session, self._curves_place)
            place = self._curves_place.layout()
            if place is not None:
                place.addWidget(self._plots)
            self.refresh()

    def _on_record_changed(self) -> None:
        if self.isVisible() and not self._timer.isActive():
            self._timer.start()
