"""The runs that wait for their turn, in the order in which they come."""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from ganstudio.gui.services.training_session import TrainingSession
from ganstudio.gui.services.waiting_runs import WaitingRuns
from ganstudio.gui.widgets.clearing import clear_layout
from ganstudio.gui.widgets.elided_label import ElidedLabel
from ganstudio.training.presets.catalogue import PRESETS
from ganstudio.training.runs.queue import QueuedRun

_SEEN = 3  # rows


class WaitingRow(QWidget):
    """One run that waits."""

    def __init__(self, waiting: QueuedRun, runs: WaitingRuns, is_first: bool, parent: QWidget) -> None:
        super().__init__(parent)
        name = ElidedLabel(waiting.name, self)
        name.setToolTip(f"{waiting.name}: {say_waiting(waiting)}")
        self.earlier_button = self._make_button("Earlier", f"Let {waiting.name} come one earlier")
        self.earlier_button.clicked.connect(partial(runs.move_up, waiting.name))
        self.earlier_button.setVisible(not is_first)
        self.remove_button = self._make_button("Remove", f"Let {waiting.name} wait no longer")
        self.remove_button.clicked.connect(partial(runs.remove, waiting.name))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(name, 1)
        layout.addWidget(self.earlier_button)
        layout.addWidget(self.remove_button)

    def _make_button(self, text: str, explanation: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setProperty("role", "flat")
        button.setToolTip(explanation)
        button.setAccessibleName(explanation)
        return button


def say_waiting(waiting: QueuedRun) -> str:
    """What a waiting run is to be, in words."""
    if waiting.plan is None or waiting.origin is None:
        return "goes on where it stopped"
    length = f", {waiting.plan.kimg:g} kimg" if waiting.plan.kimg is not None else ""
    return f"{PRESETS[waiting.plan.preset].title}{length}, on {waiting.origin.place}"


class WaitingList(QWidget):
    """All runs that wait; hidden while none does.

    Args:
        runs: The queue.
        session: Says whether something is trained, so that nothing needs to be started by hand.
    """

    def __init__(self, runs: WaitingRuns, session: TrainingSession, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._runs, self._session = runs, session
        self.rows: list[WaitingRow] = []
        heading = QLabel("Waiting", self)
        heading.setProperty("role", "heading")
        self.start_button = QPushButton("Start Next", self)
        self.start_button.setToolTip("Begin the first run that waits; the others follow by themselves")
        self.start_button.clicked.connect(runs.start_next)
        head = QHBoxLayout()
        head.addWidget(heading, 1)
        head.addWidget(self.start_button)
        self._column = QVBoxLayout()
        self._column.setSpacing(4)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(head)
        layout.addWidget(self._make_scroll())
        runs.changed.connect(self.refresh)
        session.phase_changed.connect(lambda _phase: self._refresh_button())
        self.refresh()

    def _make_scroll(self) -> QScrollArea:
        """Room for a few rows; more scroll, so that Start stays in sight."""
        rows = QWidget(self)
        rows.setProperty("role", "panel")
        rows.setLayout(self._column)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._scroll = QScrollArea(self)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(rows)
        return self._scroll

    def refresh(self) -> None:
        """Show the queue as it is."""
        clear_layout(self._column)
        self.rows = [
            WaitingRow(waiting, self._runs, is_first=index == 0, parent=self)
            for index, waiting in enumerate(self._runs.queue)
        ]
        for row in self.rows:
            self._column.addWidget(row)
        height = self.rows[0].sizeHint().height() + self._column.spacing() if self.rows else 0
        self._scroll.setFixedHeight(min(len(self.rows), _SEEN) * height)
        self.setVisible(bool(self.rows))
        self._refresh_button()

    def _refresh_button(self) -> None:
        self.start_button.setVisible(not self._session.is_busy)
