"""Draws many looks on one sheet, in a job, to be looked at and saved with the recipes of all."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, Signal

from ganstudio.gui.document import Document
from ganstudio.gui.jobs import Job, JobList
from ganstudio.gui.services.rendering_service import RenderingService
from ganstudio.gui.widgets.pixels import Pixels
from ganstudio.project.picture_files import MadePicture
from ganstudio.project.recipe import Recipe, Sheet
from ganstudio.rendering.looks.look import Look
from ganstudio.rendering.request import RenderRequest

_LARGEST_PX = 4096  # of a sheet, across
_BATCH = 8


@dataclass(frozen=True, eq=False)
class PicturesDrawn:
    """Some more are there."""

    pixels: Pixels = field(repr=False)
    done: int
    total: int


class SheetDrawing(QObject):
    """One sheet at a time; a newer one takes the place of one that is being drawn.

    Signals:
        drawn(made): A `MadePicture` is there.
    """

    drawn = Signal(object)

    def __init__(
        self, document: Document, jobs: JobList, rendering: RenderingService, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._document, self._jobs, self._rendering = document, jobs, rendering
        self._job: Job | None = None
        self._pictures: list[Pixels] = []
        self.looks: tuple[Look, ...] = ()
        self._checkpoint = ""

    def start(self, looks: Sequence[Look], columns: int) -> None:
        """Draw these, so many in a row."""
        state, description = self._document.state, self._document.description
        if state.checkpoint is None or description is None:
            return
        if self._job is not None:
            self._job.cancel()
        self.looks, self._checkpoint, self._pictures = tuple(looks), state.checkpoint, []
        size = min(description.spec.resolution, max(32, _LARGEST_PX // columns))
        request = RenderRequest(state.checkpoint, self.looks, columns, size, state.directions_of(self.looks))
        job = self._job = Job(partial(_work, request, self._rendering.device), f"Drawing {len(looks)} pictures")
        job.progressed.connect(partial(self._on_job_progressed, job, columns))
        job.failed.connect(self._document.failed)
        job.ended.connect(partial(self._on_job_ended, job))
        self._jobs.start(job)

    def _on_job_progressed(self, job: Job, columns: int, events: list[PicturesDrawn]) -> None:
        if job is not self._job:
            return
        for event in events:
            self._pictures += list(event.pixels)
            self._jobs.tell(job, f"{event.done} of {event.total}", event.done / event.total)
        if len(self._pictures) == len(self.looks):
            from ganstudio import images

            pixels = images.tile(np.stack(self._pictures), columns)
            recipe = Recipe(self.looks[0], self._checkpoint, sheet=Sheet(self.looks, columns))
            self.drawn.emit(MadePicture(recipe, pixels))

    def _on_job_ended(self, job: Job, *_what: object) -> None:
        if job is self._job:
            self._job = None


def _work(request: RenderRequest, device: str) -> Iterator[PicturesDrawn]:
    from dataclasses import replace

    from ganstudio.rendering.opening import draw_fitting
    from ganstudio.rendering.renderer import Renderer

    renderer = Renderer(Path(request.checkpoint_path), device)
    for start in range(0, len(request.looks), _BATCH):
        some = request.looks[start : start + _BATCH]
        pixels = draw_fitting(renderer, replace(request, looks=some)).pixels
        yield PicturesDrawn(pixels, start + len(some), len(request.looks))
