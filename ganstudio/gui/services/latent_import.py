"""Takes a dropped file of directions or latents into a copy of the open model, in a job, and opens the copy."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject

from ganstudio.checkpoints.latents.base import LatentFile
from ganstudio.files import user_data_dir
from ganstudio.gui.document import Document
from ganstudio.gui.jobs import Job, JobList
from ganstudio.rendering.direction_import import DirectionsImported, import_directions
from ganstudio.rendering.opening import OpeningProgress


class LatentImport(QObject):
    """One import after the other."""

    def __init__(self, document: Document, jobs: JobList, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document, self._jobs = document, jobs
        self._job: Job | None = None

    @property
    def is_running(self) -> bool:
        """Whether something is being imported."""
        return self._job is not None

    def start(self, latents: LatentFile) -> None:
        """Import into the open model."""
        checkpoint = self._document.state.checkpoint
        if checkpoint is None:
            self._document.announced.emit(f"{latents.path.name} holds {say_content(latents)}: open its model first")
            return
        if self._job is not None:
            self._document.announced.emit("Another file is being imported; drop this one again in a moment")
            return
        source = Path(checkpoint)
        job = Job(partial(import_directions, source, latents, free_path(source, latents.path)),
                  f"Importing {latents.path.name[:40]}")  # fmt: skip
        self._job = job
        job.progressed.connect(partial(self._on_job_progressed, latents))
        job.failed.connect(self._document.failed)
        for signal in (job.finished, job.cancelled, job.failed):
            signal.connect(self._on_job_ended)
        self._jobs.start(job)

    def _on_job_progressed(self, latents: LatentFile, events: list[object]) -> None:
        for event in events:
            if isinstance(event, OpeningProgress) and self._job is not None:
                self._jobs.tell(self._job, event.doing, event.fraction)
            elif isinstance(event, DirectionsImported):
                self._document.announced.emit(_say_done(event, latents))
                self._document.open_requested.emit(event.path)

    def _on_job_ended(self, *_what: object) -> None:
        self._job = None


def say_content(latents: LatentFile) -> str:
    """What a file holds, in words."""
    kind = latents.kind if latents.count == 1 else f"{latents.kind}s"
    return f"{latents.count:,} {kind} of {latents.space.replace('_plus', '+')}"


def _say_done(event: DirectionsImported, latents: LatentFile) -> str:
    sliders = f"{event.count} slider{'s' if event.count > 1 else ''}"
    hint = ": truncation 0 and strength 1 is the latent itself" if event.are_points else ""
    warning = f" ({event.warnings[0]})" if event.warnings else ""
    return f"{latents.path.name} gives {sliders}, in a copy of the model{hint}{warning}"


def free_path(source: Path, extra: Path) -> Path:
    """Where the copy goes: a name that is free and says what it carries."""
    folder = user_data_dir() / "models"
    stem = f"{source.stem[:60]} with {extra.stem[:40]}"
    names = (f"{stem}{number}.safetensors" for number in ("", *(f" {n}" for n in range(2, 1000))))
    return next(path for name in names if not (path := folder / name).exists())
