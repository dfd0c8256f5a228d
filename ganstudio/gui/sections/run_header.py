"""The line over a run: what goes on, how far, how fast, how long; and what can be done with it."""

from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from ganstudio.gui.services.training_session import Phase, TrainingSession
from ganstudio.gui.widgets.durations import say_duration


class RunHeader(QWidget):
    """One line: what goes on, how far, how fast, how long; pause and stop.

    Args:
        session: Whose run it is.
    """

    def __init__(self, session: TrainingSession, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._title = QLabel(self)
        self._title.setProperty("role", "title")
        self._facts = QLabel(self)
        self._facts.setProperty("role", "muted")
        self._bar = QProgressBar(self, textVisible=False)
        self._bar.setRange(0, 1000)
        self._bar.setFixedHeight(4)
        self.pause_button = QPushButton("Pause", self)
        self.stop_button = QPushButton("Stop", self)
        self.resume_button = QPushButton("Resume", self)
        self.pause_button.clicked.connect(self._on_pause_clicked)
        self.stop_button.clicked.connect(session.stop)
        self.stop_button.setToolTip("Save and stop; the run can be resumed at any time")
        self.resume_button.clicked.connect(self._on_resume_clicked)
        row = QHBoxLayout()
        row.setSpacing(8)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._title)
        words.addWidget(self._facts)
        row.addLayout(words, 1)
        for button in (self.resume_button, self.pause_button, self.stop_button):
            row.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(row)
        layout.addWidget(self._bar)

    def refresh(self) -> None:
        """Show how things stand."""
        session, history = self._session, self._session.history
        self._title.setText(session.title or "No run yet")
        self._facts.setText("  ·  ".join(self._say_facts()))
        planned = history.planned_kimg
        done, total = session.prepared
        preparing = session.phase is Phase.PREPARING
        share = (done / total if total else 0.0) if preparing else history.kimg / planned if planned else 0.0
        self._bar.setValue(round(min(share, 1.0) * 1000))
        self.pause_button.setVisible(session.phase in (Phase.TRAINING, Phase.PAUSED))
        self.pause_button.setText("Go On" if session.phase is Phase.PAUSED else "Pause")
        self.stop_button.setVisible(session.is_busy)
        self.stop_button.setEnabled(session.phase is not Phase.STOPPING)
        self.resume_button.setVisible(session.phase in (Phase.STOPPED, Phase.FAILED) and session.run is not None)

    def _say_facts(self) -> list[str]:
        session, history = self._session, self._session.history
        if not session.title and not session.is_busy:
            return ["Choose pictures on the left and a recipe on the right, then press Start Training"]
        facts = [session.phase.value]
        if session.phase is Phase.PREPARING:
            facts.append(f"{session.prepared[0]:,} of {session.prepared[1]:,}")
        elif history.planned_kimg:
            facts.append(f"{history.kimg:,.10g} of {history.planned_kimg:,.10g} {session.unit}")
        elif session.record is not None:
            facts.append(session.say_moment(history.kimg))
        if session.phase in (Phase.TRAINING, Phase.WATCHING) and history.seconds_left is not None:
            facts += [f"{history.images_per_second:.0f} images/s", f"{say_duration(history.seconds_left)} left"]
        if session.skipped_count:
            facts.append(f"{session.skipped_count} pictures left out")
        return facts

    def _on_pause_clicked(self) -> None:
        if self._session.phase is Phase.PAUSED:
            self._session.resume()
        else:
            self._session.pause()

    def _on_resume_clicked(self) -> None:
        if self._session.run is not None:
            self._session.resume_run(self._session.run.path)
