"""Measures what the sliders of the open model do, in the background, and lets the project know."""

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from ganstudio.files import FileWriteError, write_text_atomically
from ganstudio.gui.document import Document
from ganstudio.gui.jobs import Job, JobList
from ganstudio.gui.services.direction_events import FindingProgress
from ganstudio.gui.services.measuring_works import Measuring, SlidersMeasured, measure, to_csv
from ganstudio.gui.widgets.durations import say_left
from ganstudio.project import direction_edits
from ganstudio.rendering.bench_shelf import BenchShelf


class SliderMeasuring(QObject):
    """One measuring at a time.

    Args:
        document: Says which sliders there are, and keeps what they do.
        jobs: Shows the measuring, with a cancel button.
        benches: Lend a network.
        device: Says on which device to compute.

    Attributes:
        found: What was measured last, None before.

    Signals:
        changed(): A measuring has begun, gone on or ended.
    """

    changed = Signal()

    def __init__(
        self,
        document: Document,
        jobs: JobList,
        benches: BenchShelf,
        device: Callable[[], str],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._document, self._jobs, self._benches, self._device = document, jobs, benches, device
        self._job: Job | None = None
        self._begun = 0.0
        self.found: SlidersMeasured | None = None
        self.progress: tuple[str, float] | None = None

    def start(self, place: str, pictures: int) -> None:
        """Measure all sliders of the open model.

        Args:
            place: Pictures of which something is known, "" for none.
            pictures: How many pictures each slider is moved on.
        """
        document = self._document
        if self._job is not None or document.description is None:
            return
        wanted = Measuring(document.state, document.description, pictures, place, self._device())
        self._job = Job(partial(measure, wanted, self._benches), "Measuring sliders")
        self._begun, self.progress = time.monotonic(), ("beginning", 0.0)
        self._job.progressed.connect(partial(self._on_job_progressed, self._job))
        self._job.failed.connect(document.failed)
        self._job.ended.connect(self._on_job_ended)
        self._jobs.start(self._job)
        self.changed.emit()

    def cancel(self) -> None:
        """End the measuring; nothing changes."""
        if self._job is not None:
            self._job.cancel()

    def save(self, path: Path) -> None:
        """Write what was measured last as a table of text."""
        if self.found is None:
            return
        try:
            write_text_atomically(path, to_csv(self.found))
        except FileWriteError as error:
            self._document.failed.emit(error)
        else:
            self._document.announced.emit(f"Saved {path.name}")

    def _on_job_progressed(self, job: Job, events: list[object]) -> None:
        for event in events:
            if isinstance(event, FindingProgress):
                text = say_left(event.doing, event.fraction, time.monotonic() - self._begun)
                self.progress = (text, event.fraction)
                self._jobs.tell(job, text, event.fraction)
            elif isinstance(event, SlidersMeasured):
                self._take(event)
        self.changed.emit()

    def _take(self, found: SlidersMeasured) -> None:
        self.found = found
        document = self._document
        known = {direction.name for direction in document.state.directions}
        if document.description is not None:
            known |= {info.name for info in document.description.directions}
        kept = {name: one for name, one in found.effects.items() if name in known or ":" in name}
        if kept and document.state.checkpoint == found.checkpoint:
            document.apply("Measure Sliders", direction_edits.set_effects(document.state, kept))

    def _on_job_ended(self, *_what: object) -> None:
        self._job, self.progress = None, None
        self.changed.emit()
