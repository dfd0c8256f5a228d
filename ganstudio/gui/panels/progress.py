"""Progress: the controls of the run, the sample sheet over time, and the curves."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QImage, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QSlider, QSplitter, QVBoxLayout, QWidget

from ganstudio.gui.document import Document
from ganstudio.gui.jobs import Job, JobList
from ganstudio.gui.services.latent_over_time import FrameDrawn, draw_over_time
from ganstudio.gui.services.training_session import Phase, TrainingSession
from ganstudio.gui.widgets.durations import say_duration
from ganstudio.gui.widgets.picture_grid import GridItem, PictureGrid
from ganstudio.gui.widgets.pixels import to_image
from ganstudio.training.runs.run_history import series

_REFRESH_MS = 200
_SHEET_WIDTH = 300  # below this the faces of the sample sheet cannot be told apart


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


class TimeScrubber(QWidget):
    """The sample sheet at any moment of the run; follows the newest until the person goes back.

    Args:
        session: Whose sheets are shown.
    """

    def __init__(self, session: TrainingSession, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._shown = ""
        self._sheet = PictureGrid(parent=self)
        self._sheet.setAccessibleName("Sample sheet")
        self.slider = QSlider(Qt.Orientation.Horizontal, self)
        self.slider.setAccessibleName("Moment of the run")
        self.slider.setToolTip("Go back and forth over the whole run; the latents are always the same")
        self.slider.valueChanged.connect(self._on_slider_value_changed)
        self._moment = QLabel(self)
        self._moment.setProperty("role", "value")
        self._moment.setMinimumWidth(96)
        self._moment.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.open_button = QPushButton("Open in Explore", self)
        self.open_button.setToolTip("Open the snapshot nearest to this moment")
        self.open_button.clicked.connect(self._on_open_clicked)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.slider, 1)
        row.addWidget(self._moment)
        self.best_button = QPushButton("Open the Best", self)
        self.best_button.setToolTip("Open the snapshot that measured best, or the last one where nothing was measured")
        self.best_button.clicked.connect(self._on_best_clicked)
        below = QHBoxLayout()
        below.addWidget(self.open_button)
        below.addWidget(self.best_button)
        below.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self._sheet, 1)
        layout.addLayout(row)
        layout.addLayout(below)

    @property
    def kimg(self) -> float | None:
        """The moment shown."""
        samples = self._session.history.samples
        return samples[min(self.slider.value(), len(samples) - 1)][0] if samples else None

    def refresh(self) -> None:
        """Take in new sheets."""
        samples = self._session.history.samples
        follows = self.slider.value() >= self.slider.maximum()
        self.slider.blockSignals(True)
        self.slider.setRange(0, max(0, len(samples) - 1))
        if follows:
            self.slider.setValue(self.slider.maximum())
        self.slider.blockSignals(False)
        self.slider.setEnabled(len(samples) > 1)
        for button in (self.open_button, self.best_button):
            button.setEnabled(bool(self._session.history.snapshots))
        self._show_moment()

    def _on_slider_value_changed(self, _value: int) -> None:
        self._show_moment()

    def _show_moment(self) -> None:
        samples = self._session.history.samples
        if not samples:
            self._shown = ""
            self._moment.setText("")
            self._sheet.show_empty("The sample sheet appears here as soon as training begins.")
            return
        kimg, path = samples[min(self.slider.value(), len(samples) - 1)]
        self._moment.setText(self._session.say_moment(kimg))
        key = f"{path} {kimg}"
        if key != self._shown:
            self._shown = key
            image = QImage(str(path))
            text = "This sheet is not there any more." if image.isNull() else ""
            self._sheet.show_items([GridItem(image, self._session.say_moment(kimg))] if not text else [])
            if text:
                self._sheet.show_empty(text)

    def _on_open_clicked(self) -> None:
        found = self._session.history.nearest_snapshot(self.kimg or 0.0)
        if found is not None:
            self._session.snapshot_chosen.emit(found[1])

    def _on_best_clicked(self) -> None:
        best = self._session.best_snapshot()
        if best is not None:
            self.best_button.setToolTip(f"{self._session.say_moment(best.moment)}: {best.reason}")
            self._session.snapshot_chosen.emit(best.path)


class LatentWatcher(QWidget):
    """The picture that is open in Explore, as every snapshot of the run draws it.

    Args:
        session: Whose snapshots draw.
        document: Whose look is drawn.
        jobs: Runs the drawing.
    """

    def __init__(
        self, session: TrainingSession, document: Document, jobs: JobList, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._document, self._jobs = session, document, jobs
        self._job: Job | None = None
        self._frames: list[FrameDrawn] = []
        self.button = QPushButton("Watch This Latent Grow", self)
        self.button.setToolTip("Draw the latent that is open in Explore with every snapshot of this run")
        self.button.clicked.connect(self.start)
        self._strip = PictureGrid(gap=2, parent=self)
        self._strip.setFixedHeight(96)
        self._strip.clicked.connect(self._on_strip_clicked)
        self._strip.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self._strip)
        layout.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        session.run_changed.connect(self._on_run_changed)

    def start(self) -> None:
        """Begin to draw; a second press stops it."""
        if self._job is not None and self._job.is_active:
            self._job.cancel()
            return
        self._frames = []
        look, snapshots = self._document.state.look, list(self._session.history.snapshots)
        job = Job(lambda: draw_over_time(look, snapshots), f"Watching seed {look.seed}")
        self._job = job
        job.progressed.connect(self._on_job_progressed)
        job.failed.connect(self._session.failed)
        job.state_changed.connect(lambda _state: self.refresh())
        self._jobs.start(job)

    def refresh(self) -> None:
        """Say what the button does now."""
        active = self._job is not None and self._job.is_active
        self.button.setText("Cancel" if active else "Watch This Latent Grow")
        self.button.setEnabled(active or len(self._session.history.snapshots) > 1)

    def _on_run_changed(self, _run: object) -> None:
        self._frames = []
        self._strip.hide()

    def _on_job_progressed(self, frames: list[FrameDrawn]) -> None:
        self._frames += frames
        self._strip.show()
        items = [GridItem(to_image(frame.pixels), f"{frame.kimg:.1f} kimg", "click to open") for frame in self._frames]
        self._strip.show_items(items)
        if self._job is not None:
            total = min(len(self._session.history.snapshots), 24)
            self._jobs.tell(self._job, f"{len(self._frames)} of {total} snapshots", len(self._frames) / max(total, 1))

    def _on_strip_clicked(self, index: int) -> None:
        self._session.snapshot_chosen.emit(self._frames[index].path)


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
        self._curves: QWidget | None = None
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
        if self._curves is not None:
            history = self._session.history
            shown = {name: series([*history.scalars, *history.scores], name) for name in self._curves.names()}  # type: ignore[attr-defined]
            shown |= _bounds_of_kid(history.scores) | {"fid": _fid_of(history.scores)}
            self._curves.show_unit(self._session.unit)  # type: ignore[attr-defined]
            self._curves.show_series(shown)  # type: ignore[attr-defined] # RunCurves, imported on first show

    def showEvent(self, event: QShowEvent) -> None:  # noqa: D102, N802 - Qt's name
        super().showEvent(event)
        if self._curves is None:
            from ganstudio.gui.widgets.run_curves import RunCurves  # late: pyqtgraph takes most of a second to load

            self._curves = RunCurves(self._curves_place)
            place = self._curves_place.layout()
            if place is not None:
                place.addWidget(self._curves)
            self.refresh()

    def _on_record_changed(self) -> None:
        if self.isVisible() and not self._timer.isActive():
            self._timer.start()


def _bounds_of_kid(scores: list[dict[str, float]]) -> dict[str, tuple[list[float], list[float]]]:
    """The kernel distance less and plus its spread, where that was measured."""
    known = [line for line in scores if "kid" in line and "kid_deviation" in line]
    x = [line["kimg"] for line in known]
    return {
        f"kid_{side}": (x, [line["kid"] + sign * line["kid_deviation"] for line in known])
        for side, sign in (("low", -1), ("high", 1))
    }


def _fid_of(scores: list[dict[str, float]]) -> tuple[list[float], list[float]]:
    """The points of the metric that is an FID, whatever the program that measured it calls it (fid50k_full ...)."""
    names = sorted({name for line in scores for name in line if name.lower().startswith("fid")})
    return series(scores, names[0]) if names else ([], [])
