"""Makes maps of the open model's latent space, in a job, and keeps those made last."""

from collections.abc import Iterator
from functools import partial

from PySide6.QtCore import QObject, Signal

from ganstudio.gui.document import Document
from ganstudio.gui.jobs import Job, JobList
from ganstudio.gui.services.rendering_service import RenderingService
from ganstudio.rendering.latent_map import LatentMap, MapProgress, MapRequest, map_looks
from ganstudio.rendering.looks.look import Look

_KEPT = 4


class MapMaking(QObject):
    """One map at a time.

    Signals:
        changed(): A map has been begun, has come further, or has ended.
        made(map): A `LatentMap` is there.
    """

    changed = Signal()
    made = Signal(object)

    def __init__(
        self, document: Document, jobs: JobList, rendering: RenderingService, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._document, self._jobs, self._rendering = document, jobs, rendering
        self._job: Job | None = None
        self._maps: list[LatentMap] = []
        self.progress: MapProgress | None = None

    @property
    def is_running(self) -> bool:
        """Whether a map is being made."""
        return self._job is not None

    def find(self) -> LatentMap | None:
        """The map made last of the open model, made as the picture on the canvas is; None where there is none."""
        state = self._document.state
        return next((one for one in reversed(self._maps) if _shows(one, state.checkpoint, state.look)), None)

    def start(self, count: int) -> None:
        """Map the open model with so many pictures."""
        state = self._document.state
        if state.checkpoint is None or self._job is not None:
            return
        request = MapRequest(state.checkpoint, state.look, count, self._rendering.device)
        self._job = Job(partial(_work, request), f"Mapping {count:,} pictures")
        self._job.progressed.connect(self._on_job_progressed)
        self._job.failed.connect(self._document.failed)
        self._job.ended.connect(self._on_job_ended)
        self._jobs.start(self._job)
        self.changed.emit()

    def cancel(self) -> None:
        """Give the map up."""
        if self._job is not None:
            self._job.cancel()

    def _on_job_progressed(self, events: list[MapProgress | LatentMap]) -> None:
        for event in events:
            if isinstance(event, LatentMap):
                self._maps = [*self._maps, event][-_KEPT:]
                self.made.emit(event)
            elif self._job is not None:
                self.progress = event
                self._jobs.tell(self._job, event.doing, event.fraction)
        self.changed.emit()

    def _on_job_ended(self, *_what: object) -> None:
        self._job, self.progress = None, None
        self.changed.emit()


def _work(request: MapRequest) -> Iterator[MapProgress | LatentMap]:
    from ganstudio.rendering.latent_map import make_map

    return make_map(request)


def _shows(known: LatentMap, checkpoint: str | None, look: Look) -> bool:
    """Whether a map is of a model, with pictures made as this look is but for what a map leaves out."""
    request = known.request
    wanted = MapRequest(request.checkpoint_path, look, 1)
    return request.checkpoint_path == checkpoint and map_looks(wanted) == map_looks(MapRequest("", request.look, 1))
