"""Writes pictures with their recipes, one or many, in a job, so that it can be watched and ended."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject

from ganstudio.checkpoints.fingerprints import FileHashed
from ganstudio.gui.document import Document
from ganstudio.gui.jobs import Job, JobList
from ganstudio.project.picture_files import MadePicture, PictureWritten, write_identified, write_pictures

Event = FileHashed | PictureWritten


class PictureSaving(QObject):
    """Saves pictures with their recipes.

    Args:
        document: Completes the recipes; tells what came of it.
        jobs: Runs it.
    """

    def __init__(self, document: Document, jobs: JobList, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document, self._jobs = document, jobs

    def save(self, path: Path, made: MadePicture) -> None:
        """Write a picture; one of this name is replaced."""
        complete = self._complete(made)
        self._start(f"Saving {path.name}", lambda: write_identified(path, complete), f"Saved {path.name}")

    def start(self, folder: Path, pictures: Sequence[MadePicture], device: str = "auto") -> None:
        """Write pictures into a folder, at full size; none that is there is overwritten."""
        complete = [self._complete(made) for made in pictures]
        text = f"{len(pictures)} picture{'s' if len(pictures) > 1 else ''}"
        done = f"Saved {text} in {folder.name}"
        self._start(f"Saving {text}", lambda: write_pictures(folder, complete, device), done)

    def _complete(self, made: MadePicture) -> MadePicture:
        return replace(made, recipe=self._document.complete(made.recipe))

    def _start(self, title: str, write: Callable[[], Iterator[Event]], done: str) -> None:
        job = Job(write, title)
        job.progressed.connect(partial(self._on_job_progressed, job))
        job.finished.connect(partial(self._document.announced.emit, done))
        job.failed.connect(self._document.failed)
        self._jobs.start(job)

    def _on_job_progressed(self, job: Job, events: list[Event]) -> None:
        last = events[-1]
        if isinstance(last, FileHashed):
            self._jobs.tell(job, f"reading {last.path.name[:40]} once to note which it is", last.fraction)
        else:
            self._jobs.tell(job, f"{last.done} of {last.total}", last.done / last.total)
