"""Measures how evenly the timeline's picture changes, in a job, and times it anew."""

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ganstudio.animation.timeline import Timeline
from ganstudio.gui.document import Document
from ganstudio.gui.jobs import Job, JobList
from ganstudio.gui.services.rendering_service import RenderingService
from ganstudio.project import timeline_edits
from ganstudio.project.state import Project

if TYPE_CHECKING:
    from ganstudio.animation.pace import PaceEvent, PaceMeasured, PaceRequest


class EvenPace(QObject):
    """One measurement at a time.

    Args:
        document: Holds the timeline.
        jobs: Runs it.
        rendering: Says on what to draw.

    Signals:
        changed(): It has begun or ended, or what was measured holds no longer.
    """

    changed = Signal()

    def __init__(
        self, document: Document, jobs: JobList, rendering: RenderingService, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._document, self._jobs, self._rendering = document, jobs, rendering
        self._job: Job | None = None
        self._asked: tuple[object, ...] = ()
        self.found: PaceMeasured | None = None
        document.changed.connect(self._on_document_changed)

    @property
    def is_running(self) -> bool:
        """Whether something is being measured."""
        return self._job is not None

    def start(self, is_timing: bool) -> None:
        """Measure, and time the picture anew as one step of undo, or only measure."""
        state = self._document.state
        if self._job is not None or state.checkpoint is None:
            return
        from ganstudio.animation.pace import PaceRequest  # late: numeric, and seldom needed

        looks = tuple(key.value for track in state.timeline.tracks for key in track.keys if track.parameter == "latent")
        directions = state.directions_of((state.look, *looks))
        device = self._rendering.device
        request = PaceRequest(state.checkpoint, state.timeline, state.look, directions, device)
        self._asked, self.found = _depends_on(state), None
        self._job = Job(
            partial(_work, request, is_timing), "Evening out the pace" if is_timing else "Measuring the pace"
        )
        self._job.progressed.connect(partial(self._on_job_progressed, is_timing))
        self._job.failed.connect(self._document.failed)
        self._job.ended.connect(self._on_job_ended)
        self._jobs.start(self._job)
        self.changed.emit()

    def cancel(self) -> None:
        """Give it up."""
        if self._job is not None:
            self._job.cancel()

    def _on_job_progressed(self, is_timing: bool, events: "list[PaceEvent]") -> None:
        from ganstudio.animation.pace import PaceMeasured

        for event in events:
            if not isinstance(event, PaceMeasured):
                if self._job is not None:
                    self._jobs.tell(self._job, event.doing, event.fraction)
                continue
            state = self._document.state
            if _depends_on(state) != self._asked:
                self._document.announced.emit("The keys have changed meanwhile: measure the pace again")
                return
            self.found = event
            if is_timing:
                self._document.apply("Even Pace", timeline_edits.set_pace(state, event.pace))

    def _on_job_ended(self, *_what: object) -> None:
        self._job = None
        self.changed.emit()

    def _on_document_changed(self, _old: Project, new: Project) -> None:
        if self.found is not None and _depends_on(new) != self._asked:
            self.found = None
            self.changed.emit()


def _depends_on(state: Project) -> tuple[object, ...]:
    """What decides how the picture changes, but for the pace itself."""
    timeline: Timeline = state.timeline
    return (state.checkpoint, state.look, timeline.track_of("latent"), timeline.length, timeline.is_loop)


def _work(request: "PaceRequest", is_timing: bool) -> "Iterator[PaceEvent]":
    from ganstudio.animation.pace import measure_pace

    return measure_pace(request, is_timing)
