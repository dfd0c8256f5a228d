"""Feeds the status bar: what runs, how much memory is held."""

from PySide6.QtCore import QObject, QTimer

from ganstudio.devices import resident_bytes
from ganstudio.gui.jobs import Job, JobList, JobState
from ganstudio.gui.widgets.status_bar import StatusBar

_MEMORY_EVERY_MS = 2000


class StatusFeed(QObject):
    """Shows every running job with its progress and a cancel button, and the memory every two seconds."""

    def __init__(self, bar: StatusBar, jobs: JobList, parent: QObject) -> None:
        super().__init__(parent)
        self._bar = bar
        self._jobs = jobs
        self._shown: dict[str, Job] = {}
        jobs.changed.connect(self._on_jobs_changed)
        self._timer = QTimer(self, interval=_MEMORY_EVERY_MS)
        self._timer.timeout.connect(self._show_memory)

    def start(self) -> None:
        """Begin to watch the memory."""
        self._show_memory()
        self._timer.start()

    def stop(self) -> None:
        """Stop watching."""
        self._timer.stop()

    def _show_memory(self) -> None:
        self._bar.show_memory(resident_bytes())

    def _on_jobs_changed(self) -> None:
        running = {f"job {id(job)}": job for job in self._jobs.jobs()}
        for key in [key for key in self._shown if key not in running]:
            self._bar.end_job(key)
        for key, job in running.items():
            progress = self._jobs.progress(job)
            stopping = job.state is JobState.STOPPING
            text = f"{job.title}: stopping…" if stopping else ": ".join(filter(None, (job.title, progress.text)))
            self._bar.show_job(key, text, progress.fraction, None if stopping else job.cancel)
        self._shown = running
