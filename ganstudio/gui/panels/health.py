"""Health: what is wrong with the run, since when, and what to do."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QLabel, QScrollArea, QVBoxLayout, QWidget

from ganstudio.gui.services.training_session import Phase, TrainingSession
from ganstudio.gui.widgets.clearing import clear_layout
from ganstudio.gui.widgets.wrapping_button import WrappingButton
from ganstudio.training.runs.comparing import say_value
from ganstudio.training.watch.alarms.base import Finding, Remedy
from ganstudio.training.watch.health import diagnose, remedies_at_the_end

_REFRESH_MS = 1000
_MAY_ACT = (Phase.TRAINING, Phase.PAUSED, Phase.STOPPED, Phase.FAILED, Phase.FINISHED)


class FindingCard(QWidget):
    """One thing that is wrong, with a button for each thing that can be done.

    Args:
        finding: What is wrong.
        remedies: What can be done from here.

    Signals:
        wanted(remedy): The person wants it done.
    """

    wanted = Signal(object)

    def __init__(self, finding: Finding, remedies: tuple[Remedy, ...], parent: QWidget) -> None:
        super().__init__(parent)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 8)
        layout.setSpacing(4)
        since = f"since {finding.since_kimg:.1f} kimg, {_say_confidence(finding.confidence)}"
        rows = ((finding.title, finding.severity), (since, "subheading"), (finding.advice, "muted"))
        for text, role in rows:
            label = QLabel(text, self, wordWrap=True)
            label.setProperty("role", role)
            layout.addWidget(label)
        for remedy in remedies:
            layout.addWidget(self._make_button(remedy), 0, Qt.AlignmentFlag.AlignLeft)

    def _make_button(self, remedy: Remedy) -> WrappingButton:
        button = WrappingButton(remedy.title, self)
        button.setToolTip(_explain(remedy))
        button.setAccessibleDescription(_explain(remedy))
        button.clicked.connect(lambda: self.wanted.emit(remedy))
        return button


def _say_confidence(confidence: float) -> str:
    return "certain" if confidence > 0.95 else "very likely" if confidence >= 0.75 else "likely"


def _explain(remedy: Remedy) -> str:
    """What a press does, in words."""
    changes = ", ".join(f"{name} {say_value(value)}" for name, value in remedy.settings.items())
    words = {
        "change": "Saves, changes the settings, and goes on from here",
        "roll_back": "Goes back to the snapshot with the best score and on from there; what came later is set aside",
        "restart": "Saves and stops this run, which is kept, and begins another on the same pictures",
        "stop": "Saves and stops; the run can be resumed",
    }
    return words[remedy.kind] + (f". Settings: {changes}" if changes else "")


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
        phase, record = self._session.phase, self._session.record
        may_act = phase in _MAY_ACT, phase is Phase.FINISHED
        state = (findings, error, bool(self._session.history.scalars), record is not None, may_act)
        if state == self._shown:
            return
        self._shown = state
        clear_layout(self._column)
        if error is not None:
            advice = f"{error.reason[:1].upper()}{error.reason[1:]}. {error.remedy[:1].upper()}{error.remedy[1:]}."
            self._add_card(Finding("danger", "The run ended early", self._session.history.kimg, advice))
        for finding in findings:
            self._add_card(finding)
        if not findings and error is None:
            self._show_well()

    def _add_card(self, finding: Finding) -> None:
        card = FindingCard(finding, self._remedies_for(finding), self)
        card.wanted.connect(self._on_remedy_wanted)
        self._column.addWidget(card)

    def _remedies_for(self, finding: Finding) -> tuple[Remedy, ...]:
        session = self._session
        if session.run is None or session.phase not in _MAY_ACT:
            return ()
        return remedies_at_the_end(finding) if session.phase is Phase.FINISHED else finding.remedies

    def _on_remedy_wanted(self, remedy: Remedy) -> None:
        if remedy.kind == "stop":
            self._session.stop()
        elif remedy.kind == "restart":
            self._session.begin_anew(remedy.settings)
        else:
            self._session.change_settings(remedy.settings, goes_back=remedy.kind == "roll_back")

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
