"""How long the planned run will take: asked of a few real rounds, in the background, while nothing is trained."""

from collections.abc import Iterator

from PySide6.QtCore import QObject, Signal

from ganstudio.gui.jobs import Job, JobList
from ganstudio.gui.services.training_session import TrainingSession
from ganstudio.training.config import TrainingConfig


class Estimating(QObject):
    """One estimate at a time.

    Signals:
        changed(): `estimate` or `is_active` is another.
    """

    changed = Signal()

    def __init__(self, session: TrainingSession, jobs: JobList, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._jobs = session, jobs
        self._job: Job | None = None
        self.estimate: object | None = None
        """The `training.probe.Estimate` of the plan as it was asked about; None before, and after it has changed."""
        session.phase_changed.connect(lambda _phase: self._stop_for_training())

    @property
    def is_active(self) -> bool:
        """Whether rounds are being played."""
        return self._job is not None and self._job.is_active

    def forget(self) -> None:
        """The plan is another: what is known does not hold any more."""
        if self.estimate is not None or self.is_active:
            self.estimate = None
            self.cancel()
            self.changed.emit()

    def start(self, config: TrainingConfig) -> None:
        """Ask for an estimate of a plan."""
        if self.is_active or self._session.is_busy:
            return
        job = Job(lambda: _probe(config), "Estimating time and memory")
        self._job = job
        job.progressed.connect(self._on_job_progressed)
        job.failed.connect(self._session.failed)
        job.ended.connect(self.changed)
        self._jobs.start(job)
        self.changed.emit()

    def cancel(self) -> None:
        """Leave it."""
        if self._job is not None and self._job.is_active:
            self._job.cancel()

    def _stop_for_training(self) -> None:
        if self._session.is_busy:
            self.cancel()

    def _on_job_progressed(self, events: list[object]) -> None:
        for event in events:
            share = getattr(event, "share", None)
            if share is None:
                self.estimate = event
                self.changed.emit()
            elif self._job is not None:
                self._jobs.tell(self._job, "playing a few rounds", share)


def _probe(config: TrainingConfig) -> Iterator[object]:
    from ganstudio.training.probe import probe  # late: it loads torch

    return iter(probe(config))
