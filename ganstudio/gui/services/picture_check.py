"""Looking through the pictures chosen for training: which are copies or outliers, and which the person leaves out."""

from collections.abc import Iterable, Iterator

from PySide6.QtCore import QObject, Signal

from ganstudio.datasets.catalogue import open_source
from ganstudio.datasets.checking import SetChecked, check_set
from ganstudio.datasets.fitting import PreparationConfig
from ganstudio.datasets.likeness import PicturesCompared
from ganstudio.datasets.preparation import PicturesPrepared
from ganstudio.gui.jobs import Job, JobList

_PREPARING = 0.5  # share of the time


def check_place(place: str, preparation: PreparationConfig) -> Iterator[object]:
    """Work: open a place and look through its pictures."""
    source = open_source(place)
    try:
        yield from check_set(source, preparation)
    finally:
        source.close()


class PictureCheck(QObject):
    """What was found in one place, and what is left out of it.

    Signals:
        changed(): Something was found, or another picture is left out.
        failed(error): The pictures could not be looked through.

    Args:
        jobs: Runs the looking.
    """

    changed = Signal()
    failed = Signal(object)

    def __init__(self, jobs: JobList, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._job: Job | None = None
        self._place = ""
        self._preparation: PreparationConfig | None = None
        self.found: SetChecked | None = None
        self.left_out: frozenset[str] = frozenset()

    @property
    def is_active(self) -> bool:
        """Whether pictures are being looked through."""
        return self._job is not None and self._job.is_active

    def take(self, place: str, preparation: PreparationConfig | None) -> None:
        """These pictures are chosen now; of another place, nothing is known or left out."""
        if place != self._place:
            self.cancel()
            self.found, self.left_out = None, frozenset()
        self._place, self._preparation = place, preparation
        self.changed.emit()

    def start(self) -> None:
        """Look through the pictures."""
        if self.is_active or self._preparation is None:
            return
        place, preparation = self._place, self._preparation
        job = Job(lambda: check_place(place, preparation), "Looking for copies and outliers")
        self._job = job
        job.progressed.connect(lambda events: self._on_job_progressed(job, events))
        job.failed.connect(self.failed)
        job.ended.connect(self.changed)
        self._jobs.start(job)
        self.changed.emit()

    def cancel(self) -> None:
        """Leave it."""
        if self._job is not None and self._job.is_active:
            self._job.cancel()

    def leave_out(self, names: Iterable[str], is_out: bool = True) -> None:
        """Leave these pictures out, or take them again."""
        names = frozenset(names)
        self.left_out = self.left_out | names if is_out else self.left_out - names
        self.changed.emit()

    def extra_copies(self) -> frozenset[str]:
        """All but the first picture of each group."""
        return frozenset(self.found.extra() if self.found is not None else ())

    def _on_job_progressed(self, job: Job, events: list[object]) -> None:
        if job is not self._job:
            return
        for event in events:
            if isinstance(event, SetChecked):
                self.found, self._job = event, None  # it has nothing more to tell
                self.changed.emit()
            elif isinstance(event, PicturesPrepared):
                share = event.done / event.total if event.total else 0.0
                self._jobs.tell(job, f"{event.done:,} of {event.total:,} pictures prepared", _PREPARING * share)
            elif isinstance(event, PicturesCompared):
                self._jobs.tell(job, "comparing all with all", _PREPARING + (1 - _PREPARING) * event.share)
