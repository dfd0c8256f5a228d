"""One latent, as every snapshot of a run draws it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from ganstudio.gui.document import Document
from ganstudio.gui.jobs import Job, JobList
from ganstudio.gui.services.latent_over_time import FrameDrawn, draw_over_time
from ganstudio.gui.services.training_session import TrainingSession
from ganstudio.gui.widgets.picture_grid import GridItem, PictureGrid
from ganstudio.gui.widgets.pixels import to_image


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
