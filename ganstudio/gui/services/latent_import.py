"""Takes files of directions and latents into the project, in a job: fitted to the open model, as one step of undo."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from ganstudio.checkpoints.latents.base import LatentFile
from ganstudio.errors import GanStudioError
from ganstudio.gui.document import Document
from ganstudio.gui.jobs import Job, JobList
from ganstudio.project.importing import take_in
from ganstudio.rendering.direction_import import LatentsImported, import_latents
from ganstudio.rendering.opening import OpeningProgress


class LatentImport(QObject):
    """One import after the other.

    Signals:
        imported(latents, result): What a file holds is in the project (`LatentFile`, `LatentsImported`).
    """

    imported = Signal(object, object)

    def __init__(self, document: Document, jobs: JobList, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document, self._jobs = document, jobs
        self._job: Job | None = None

    @property
    def is_running(self) -> bool:
        """Whether something is being imported."""
        return self._job is not None

    def start(self, latents: LatentFile, as_sliders: bool = False) -> None:
        """Import a file for the open model; of latents, sliders towards them where those are wanted."""
        checkpoint, description = self._document.state.checkpoint, self._document.description
        if checkpoint is None or description is None:
            self._document.announced.emit(f"{latents.path.name} holds {say_content(latents)}: open its model first")
            return
        if self._job is not None:
            self._document.announced.emit("Another file is being imported; drop this one again in a moment")
            return
        work = partial(import_latents, Path(checkpoint), description.spec, latents, as_sliders)
        self._job = job = Job(work, f"Importing {latents.path.name[:40]}")
        job.progressed.connect(partial(self._on_job_progressed, latents, checkpoint))
        job.failed.connect(self._document.failed)
        job.ended.connect(self._on_job_ended)
        self._jobs.start(job)

    def _on_job_progressed(self, latents: LatentFile, checkpoint: str, events: list[object]) -> None:
        for event in events:
            if isinstance(event, OpeningProgress) and self._job is not None:
                self._jobs.tell(self._job, event.doing, event.fraction)
            elif isinstance(event, LatentsImported):
                self._take_in(latents, checkpoint, event)

    def _take_in(self, latents: LatentFile, checkpoint: str, result: LatentsImported) -> None:
        if self._document.state.checkpoint != checkpoint:
            self._document.announced.emit(f"{latents.path.name} is left: another model is open now")
            return
        try:
            state = take_in(self._document.state, result)
        except GanStudioError as error:
            self._document.failed.emit(error)
            return
        self._document.apply(f"Import {latents.path.name[:40]}", state)
        self.imported.emit(latents, result)

    def _on_job_ended(self, *_what: object) -> None:
        self._job = None


def say_content(latents: LatentFile) -> str:
    """What a file holds, in words."""
    kind = latents.kind if latents.count == 1 else f"{latents.kind}s"
    return f"{latents.count:,} {kind} of {latents.space.replace('_plus', '+')}"


def say_imported(latents: LatentFile, result: LatentsImported) -> tuple[str, str]:
    """What became of a file: in a sentence, and what else a person should know."""
    count = len(result.points) or len(result.directions)
    what = "picture" if result.points else "slider"
    text = f"{latents.path.name} gives {count} {what}{'s' if count > 1 else ''}"
    more = list(result.warnings)
    if result.left_out:
        more.append(f"{result.left_out} more are left out")
    if latents.kind == "latent" and not result.points:
        more.append("at truncation 0 and strength 1 the picture is the latent itself")
    return text, "; ".join(more)[:1].upper() + "; ".join(more)[1:]
