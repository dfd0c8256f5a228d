"""Health: what is wrong with the run, since when, and what to do."""

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLabel, QScrollArea, QVBoxLayout, QWidget

from ganstudio.gui.services.training_session import Phase, TrainingSession
from ganstudio.training.watch.alarms.base import Finding
from ganstudio.training.watch.health import diagnose

_REFRESH_MS = 1000


class FindingCard(QWidget):
    """One thing that is wrong."""

    def __init__(self, finding: Finding, parent: QWidget) -> None:
        super().__init__(parent)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 8)
        layout.setSpacing(4)
        since = f"since {finding.since_kimg:.1f} kimg"
        rows = ((finding.title, finding.severity), (since, "subheading"), (finding.advice, "muted"))
        for text, role in rows:
            label = QLabel(text, self, wordWrap=True)
            label.setProperty("role", role)
            layout.addWidget(label)


class HealthPanel(QWidget):
    """Shows what `training.health` finds, at most once a second.

    Args:
        session: Whose record is judged.
    """

    def __init__(self, *, session: TrainingSession, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self._session = session
        self._shown: tuple[object, ...] | None = None
        self._column = QVBoxLayout()
        content = QWidget(self)
        content.setProperty("role", "panel")
        outer = QVBoxLayout(content)
        outer.setContentsMargins(12, 12, 12, 12)
        outer.addLayout(self._column)
        outer.addStretch(1)
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setWidget(content)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scroll)
        self._timer = QTimer(self, singleShot=True, interval=_REFRESH_MS)
        self._timer.timeout.connect(self.refresh)
        session.record_changed.connect(self._on_record_changed)
        session.phase_changed.connect(lambda _phase: self.refresh())
        self.refresh()

    def refresh(self) -> None:
        """Judge the record now."""
        findings = diagnose(self._session.history)
        error = self._session.error if self._session.phase is Phase.FAILED else None
        state = (findings, error, bool(self._session.history.scalars), self._session.record is not None)
        if state == self._shown:
            return
        self._shown = state
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        if error is not None:
            advice = f"{error.reason[:1].upper()}{error.reason[1:]}. {error.remedy[:1].upper()}{error.remedy[1:]}."
            self._column.addWidget(
                FindingCard(Finding("danger", "The run ended early", self._session.history.kimg, advice), self)
            )
        for finding in findings:
            self._column.addWidget(FindingCard(finding, self))
        if not findings and error is None:
            self._show_well()

    def _show_well(self) -> None:
        is_judged = bool(self._session.history.scalars) and self._session.record is None
        if self._session.record is not None:
            title, text = (
                "Hardly anything to judge by",
                "Another program trained this run and logged little of what shows trouble. Its FID and its sheets tell "
                "most.",
            )
        elif is_judged:
            title, text = "All well", "No sign of collapse, copying, a one-sided game or numbers that blow up."
        else:
            title, text = (
                "Nothing to judge yet",
                "While a run goes on, trouble is named here: what, since when, what to do.",
            )
        for words, role in ((title, "positive" if is_judged else "heading"), (text, "muted")):
            label = QLabel(words, self, wordWrap=True)
            label.setProperty("role", role)
            self._column.addWidget(label)

    def _on_record_changed(self) -> None:
        if not self._timer.isActive():
            self._timer.start()
