"""Downloads of public models: a job each, gone on with where it stopped, opened only when somebody says so."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ganstudio.checkpoints.public_models import PublicModel
from ganstudio.gui.jobs import Job, JobList

if TYPE_CHECKING:
    from ganstudio.downloads import DownloadProgress


class ModelDownloads(QObject):
    """Knows of every public model whether it is there, partly there or on its way.

    Signals:
        changed(model): How one stands is another than before.
        finished(model, was_checked): One is there; whether it was compared with a published hash.
        failed(error): One could not be fetched.
    """

    changed = Signal(object)
    finished = Signal(object, bool)
    failed = Signal(object)

    def __init__(self, jobs: JobList, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._running: dict[str, Job] = {}
        self._progress: dict[str, DownloadProgress] = {}

    def start(self, model: PublicModel) -> None:
        """Fetch a model, or go on with it."""
        if model.name in self._running:
            return
        from ganstudio.downloads import download  # late: what speaks to servers delays the first window

        job = Job(partial(download, model.wish()), f"Downloading {model.name}")
        self._running[model.name] = job
        job.progressed.connect(partial(self._on_job_progressed, model))
        job.failed.connect(self.failed)
        job.ended.connect(partial(self._on_job_ended, model))
        self._jobs.start(job)
        self.changed.emit(model)

    def cancel(self, model: PublicModel) -> None:
        """Stop fetching; what has come stays."""
        if model.name in self._running:
            self._running[model.name].cancel()

    def discard(self, model: PublicModel) -> None:
        """Throw away what has come of a model so far."""
        if model.name not in self._running:
            from ganstudio.downloads import forget_part

            forget_part(model.wish())
            self.changed.emit(model)

    def is_running(self, model: PublicModel) -> bool:
        """Whether a model is on its way."""
        return model.name in self._running

    def has_part(self, model: PublicModel) -> bool:
        """Whether something of it has come before."""
        return model.wish().part.is_file()

    def say_state(self, model: PublicModel) -> str:
        """How a model stands, in a word or two."""
        if self.is_running(model):
            known = self._progress.get(model.name)
            return say_progress(known) if known is not None else "connecting"
        if model.path.is_file():
            return "on this machine"
        if self.has_part(model):
            return f"stopped at {model.wish().part.stat().st_size >> 20:,} MB"
        return ""

    def _on_job_progressed(self, model: PublicModel, events: list[object]) -> None:
        from ganstudio.downloads import DownloadFinished, DownloadProgress

        for event in events:
            if isinstance(event, DownloadProgress):
                self._progress[model.name] = event
            elif isinstance(event, DownloadFinished):
                self.finished.emit(model, event.was_checked)
        if (known := self._progress.get(model.name)) is not None:
            self._jobs.tell(self._running[model.name], say_progress(known), known.fraction)
        self.changed.emit(model)

    def _on_job_ended(self, model: PublicModel, *_what: object) -> None:
        self._running.pop(model.name, None)
        self._progress.pop(model.name, None)
        self.changed.emit(model)


def say_progress(progress: "DownloadProgress") -> str:
    """How far a download is, in words."""
    done = f"{progress.done / 2**20:,.0f}"
    amount = f"{done} MB" if progress.total is None else f"{done} of {progress.total / 2**20:,.0f} MB"
    return f"{progress.doing} {amount}".strip() if progress.doing else amount
