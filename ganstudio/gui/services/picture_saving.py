"""Writes many pictures into a folder, in a job, so that it can be watched and ended."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject

from ganstudio.gui.document import Document
from ganstudio.gui.jobs import Job, JobList
from ganstudio.project.picture_files import MadePicture, PictureWritten, write_pictures


class PictureSaving(QObject):
    """Saves pictures with their recipes.

    Args:
        document: Tells what came of it.
        jobs: Runs it.
    """

    def __init__(self, document: Document, jobs: JobList, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document, self._jobs = document, jobs

    def start(self, folder: Path, pictures: Sequence[MadePicture], device: str = "auto") -> None:
        """Write pictures into a folder, at full size; none that is there is overwritten."""
        job = Job(lambda: write_pictures(folder, pictures, device), f"Saving {len(pictures)} pictures")
        job.progressed.connect(partial(self._on_job_progressed, job))
        job.failed.connect(self._document.failed)
        self._jobs.start(job)

    def _on_job_progressed(self, job: Job, events: list[PictureWritten]) -> None:
        last = events[-1]
        self._jobs.tell(job, f"{last.done} of {last.total}", last.done / last.total)
        if last.done == last.total:
            self._document.announced.emit(f"Saved {last.total} pictures in {last.path.parent.name}")
