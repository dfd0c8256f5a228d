"""Exports animations in jobs, each with a network of its own, while editing goes on; estimates what one would take."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from ganstudio.gui.document import Document
from ganstudio.gui.jobs import Job, JobList
from ganstudio.gui.widgets.durations import say_duration
from ganstudio.gui.widgets.pixels import to_image
from ganstudio.project.animation_files import plan_export

if TYPE_CHECKING:
    from ganstudio.animation.estimate import Estimate
    from ganstudio.animation.exporting.plan import ExportPlan


@dataclass
class Running:
    """An export that runs.

    Attributes:
        plan: What is written.
        text: How far it is, in words.
        fraction: Likewise, 0 to 1; None while nobody knows.
        preview: The newest frame, small; None before the first.
    """

    plan: "ExportPlan"
    text: str = "beginning"
    fraction: float | None = None
    preview: QImage | None = None


class AnimationExport(QObject):
    """Runs exports, several at once where somebody wants that, but one for each file.

    Args:
        document: Says what is exported; told of failures.
        jobs: Shows the exports, with a cancel button each.
        device: Says on which device to compute: "auto", "cpu" or "cuda".

    Signals:
        changed(): An export has begun, gone on or ended.
        finished(path, text): A film is there, and how large it is and how long it took.
        estimated(plan, estimate): What a plan would take (`Estimate`); None where it could not be told.
    """

    changed = Signal()
    finished = Signal(object, str)
    estimated = Signal(object, object)

    def __init__(
        self, document: Document, jobs: JobList, device: Callable[[], str], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._document, self._jobs, self._device = document, jobs, device
        self._running: dict[Job, Running] = {}
        self._estimating: Job | None = None

    @property
    def running(self) -> tuple[Running, ...]:
        """The exports that have not ended, oldest first."""
        return tuple(self._running.values())

    def plan(self, output: Path, **values: Any) -> "ExportPlan":
        """An export of the project as it is now; raises AnimationError for a value that none can have."""
        return plan_export(self._document.content, output, device=self._device(), **values)

    def start(self, plan: "ExportPlan") -> bool:
        """Export, unless this file is being written already; whether it was begun."""
        if any(one.plan.output == plan.output for one in self.running):
            return False
        self.stop_estimating()
        job = Job(partial(_export, plan), f"Exporting {plan.output.name[:40]}")
        self._running[job] = Running(plan)
        job.progressed.connect(partial(self._on_job_progressed, job))
        job.failed.connect(self._document.failed)
        job.ended.connect(partial(self._on_job_ended, job))
        self._jobs.start(job)
        self.changed.emit()
        return True

    def cancel(self, output: Path) -> None:
        """End the export of a file; nothing is left of it."""
        for job, one in self._running.items():
            if one.plan.output == output:
                job.cancel()

    def estimate(self, plan: "ExportPlan") -> None:
        """Find out what a plan would take; a newer wish replaces an older one."""
        self.stop_estimating()
        job = Job(partial(_estimate, plan), "Estimating the export")
        self._estimating = job
        job.progressed.connect(partial(self._on_estimating, job, plan))
        job.failed.connect(partial(self._on_estimate_failed, job, plan))
        self._jobs.start(job)

    def stop_estimating(self) -> None:
        """Give up the estimate that is being made."""
        job, self._estimating = self._estimating, None
        if job is not None:
            job.cancel()

    def _on_job_progressed(self, job: Job, events: list[Any]) -> None:
        from ganstudio.animation.export import ExportDone, ExportPreparing, FrameDone

        one = self._running[job]
        for event in events:
            if isinstance(event, ExportPreparing):
                one.text = event.doing
            elif isinstance(event, FrameDone):
                left = "" if event.seconds_left is None else f", {say_duration(event.seconds_left)} left"
                one.text, one.fraction = f"{event.done:,} of {event.total:,} frames{left}", event.done / event.total
                one.preview = one.preview if event.preview is None else to_image(event.preview)
            elif isinstance(event, ExportDone):
                self.finished.emit(event.path, f"{_size(event.size_bytes)}, in {say_duration(event.seconds)}")
        self._jobs.tell(job, one.text, one.fraction)
        self.changed.emit()

    def _on_job_ended(self, job: Job, *_what: object) -> None:
        self._running.pop(job, None)
        self.changed.emit()

    def _on_estimating(self, job: Job, plan: "ExportPlan", events: list[Any]) -> None:
        from ganstudio.animation.estimate import Estimate

        if job is self._estimating and isinstance(events[-1], Estimate):
            self._estimating = None
            self.estimated.emit(plan, events[-1])

    def _on_estimate_failed(self, job: Job, plan: "ExportPlan", _error: BaseException) -> None:
        if job is self._estimating:
            self._estimating = None
            self.estimated.emit(plan, None)  # the export itself says why


def say_estimate(estimate: "Estimate") -> str:
    """Say what an export takes: "256 x 256 px, about 3 MB and 40 s"."""
    size = f"{estimate.width} × {estimate.height} px"
    return f"{size}, about {_size(estimate.size_bytes)} in {say_duration(estimate.seconds)}"


def _size(size_bytes: float) -> str:
    megabytes = size_bytes / 1e6
    if megabytes < 1:
        return f"{max(1, round(size_bytes / 1000))} KB"
    return f"{megabytes:.1f} MB" if megabytes < 1000 else f"{megabytes / 1000:.1f} GB"


def _export(plan: "ExportPlan") -> Iterator[Any]:
    from ganstudio.animation.export import export  # late: few sessions export

    return export(plan)


def _estimate(plan: "ExportPlan") -> Iterator[Any]:
    from ganstudio.animation.estimate import estimate

    return estimate(plan)
