"""The sound of the timeline, read and measured in the background, and kept as long as file and frame rate stay."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, QTimer, Signal

from ganstudio.animation.sound.clip import Clip, reading
from ganstudio.animation.sound.features import SoundFeatures, measuring, waveform
from ganstudio.errors import GanStudioError
from ganstudio.gui.document import Document
from ganstudio.gui.jobs import Job, JobList
from ganstudio.project.state import Project

_KEPT = 4
_COLUMNS_A_SECOND = 200  # of the waveform, so that seconds of an hour can be looked at
_SETTLE_MS = 200  # a rate that is being typed is not measured digit by digit
_READING = 0.3  # of the time, about


@dataclass(frozen=True, eq=False)
class MeasuredSound:
    """A sound and what was measured of it.

    Attributes:
        path: Its file.
        seconds: How long it is.
        features: What can drive parameters, one value a frame.
        wave: Lowest and highest sample of equal pieces, float32 `(columns, 2)`.
    """

    path: Path
    seconds: float
    features: SoundFeatures = field(repr=False)
    wave: npt.NDArray[np.float32] = field(repr=False)


Key = tuple[str, int, int, float]
"""Path, time of the last change, size, and frames a second."""


class SoundMeasuring(QObject):
    """Follows the sound of the document's timeline.

    Args:
        document: Names the file.
        jobs: Shows the measuring, with a cancel button.

    Attributes:
        sound: What was measured; None while that is not done, or there is none.
        problem: Why there is none though the timeline names one, or "".
        progress: How far the measuring is, 0 to 1; None while none runs.

    Signals:
        changed(): One of these is otherwise.
    """

    changed = Signal()

    def __init__(self, document: Document, jobs: JobList, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document, self._jobs = document, jobs
        self.sound: MeasuredSound | None = None
        self.problem = ""
        self.progress: float | None = None
        self._kept: dict[Key, MeasuredSound] = {}
        self._key: Key | None = None
        self._job: Job | None = None
        self._settle = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._settle.timeout.connect(self.look_again)
        document.changed.connect(self._on_document_changed)
        if document.state.timeline.sound:
            self._settle.start()

    def look_again(self) -> None:
        """Look for the file, and measure it where it is another one than before."""
        self._settle.stop()
        timeline = self._document.state.timeline
        if not timeline.sound:
            self._show(None, None, "")
            return
        path = Path(timeline.sound)
        try:
            stamp = path.stat()
        except (OSError, ValueError):
            self._show(None, None, f"{path.name} is not there: choose it again, or another; what it drives stays")
            return
        key = (str(path), stamp.st_mtime_ns, stamp.st_size, float(timeline.fps))
        if key in self._kept:
            self._show(key, self._kept[key], "")
        elif key != self._key or (self._job is None and self.sound is None):
            self._start(key)

    def begin_shutdown(self) -> None:
        """Measure no more, because the window closes; the job itself is cancelled by the list of jobs."""
        self._settle.stop()

    def is_shut_down(self) -> bool:
        """Whether nothing is about to begin."""
        return not self._settle.isActive()

    def _start(self, key: Key) -> None:
        self._cancel()
        self.sound, self.problem, self.progress, self._key = None, "", 0.0, key
        job = self._job = Job(partial(_measure, Path(key[0]), key[3]), f"Measuring {Path(key[0]).name[:40]}")
        job.progressed.connect(partial(self._on_progressed, job, key))
        job.failed.connect(partial(self._on_failed, job))
        job.cancelled.connect(partial(self._on_cancelled, job))
        job.finished.connect(partial(self._end, job))
        self._jobs.start(job)
        self.changed.emit()

    def _cancel(self) -> None:
        job, self._job = self._job, None
        if job is not None:
            job.cancel()

    def _show(self, key: Key | None, sound: MeasuredSound | None, problem: str) -> None:
        self._cancel()
        if (self._key, self.sound, self.problem, self.progress) != (key, sound, problem, None):
            self._key, self.sound, self.problem, self.progress = key, sound, problem, None
            self.changed.emit()

    def _on_progressed(self, job: Job, key: Key, events: list[float | MeasuredSound]) -> None:
        if job is not self._job:
            return
        for event in events:
            if isinstance(event, MeasuredSound):
                self._kept[key] = self.sound = event
                while len(self._kept) > _KEPT:
                    self._kept.pop(next(iter(self._kept)))
            else:
                self.progress = event
                self._jobs.tell(job, job.title, event)
        self.changed.emit()

    def _on_failed(self, job: Job, error: BaseException) -> None:
        if job is self._job:
            self.problem = error.message if isinstance(error, GanStudioError) else f"It cannot be measured ({error})"
            self._end(job)

    def _on_cancelled(self, job: Job) -> None:
        if job is self._job:
            self.problem = "The measuring was cancelled: what it drives stands still until it is measured"
            self._end(job)

    def _end(self, job: Job) -> None:
        if job is self._job:
            self._job, self.progress = None, None
            self.changed.emit()

    def _on_document_changed(self, old: Project, new: Project) -> None:
        before, after = old.timeline, new.timeline
        if before is not after and (before.sound, before.fps) != (after.sound, after.fps):
            if before.sound != after.sound:
                self.look_again()
            else:
                self._settle.start()


def _measure(path: Path, fps: float) -> Iterator[float | MeasuredSound]:
    for read in reading(path):
        if isinstance(read, Clip):
            wave = waveform(read, max(1, round(read.seconds * _COLUMNS_A_SECOND)))
            for found in measuring(read, fps):
                if isinstance(found, SoundFeatures):
                    yield MeasuredSound(path, read.seconds, found, wave)
                else:
                    yield _READING + found * (1 - _READING)
        else:
            yield read * _READING
