"""Finds directions of the open model in the background and opens the copy that carries them."""

from collections.abc import Generator as Work
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ganstudio.datasets.avatars.factors import FACTORS
from ganstudio.datasets.builtin import WORD, AvatarSource
from ganstudio.datasets.fitting import PreparationConfig
from ganstudio.datasets.preparation import DatasetPrepared, PicturesPrepared, prepare
from ganstudio.files import user_data_dir
from ganstudio.gui.document import Document
from ganstudio.gui.jobs import Job, JobList

if TYPE_CHECKING:
    from ganstudio.networks.base import Generator
    from ganstudio.training.direction_search import FoundDirection

_AXES = 8
LABELLED_PICTURES, READING_STEPS, SAMPLES = 4000, 800, 6000


@dataclass(frozen=True)
class FindingProgress:
    """What the search does, and how far it is, 0 to 1."""

    doing: str
    fraction: float


@dataclass(frozen=True)
class DirectionsSaved:
    """The copy with directions is written."""

    path: Path


class DirectionFinding(QObject):
    """One search at a time.

    Signals:
        changed(): A search has begun or ended.
    """

    changed = Signal()

    def __init__(self, document: Document, jobs: JobList, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._jobs = jobs
        self._job: Job | None = None

    @property
    def is_running(self) -> bool:
        """Whether a search is on its way."""
        return self._job is not None

    def start(self) -> None:
        """Search in the open model."""
        checkpoint = self._document.state.checkpoint
        if checkpoint is None or self._job is not None:
            return
        source = Path(checkpoint)
        self._job = Job(partial(find_directions, source, _free_path(source)), "Finding directions")
        self._job.progressed.connect(partial(self._on_job_progressed, source))
        self._job.failed.connect(self._document.failed)
        for signal in (self._job.finished, self._job.cancelled, self._job.failed):
            signal.connect(self._on_job_ended)
        self._jobs.start(self._job)
        self.changed.emit()

    def _on_job_progressed(self, source: Path, events: list[object]) -> None:
        for event in events:
            if isinstance(event, FindingProgress) and self._job is not None:
                self._jobs.tell(self._job, event.doing, event.fraction)
            if not isinstance(event, DirectionsSaved):
                continue
            if self._document.state.checkpoint == str(source):
                self._document.open_requested.emit(event.path)
            else:
                self._document.announced.emit(f"The directions of {source.name} are in {event.path}")

    def _on_job_ended(self) -> None:
        self._job = None
        self.changed.emit()


def find_directions(source: Path, target: Path, count: int = _AXES) -> Iterator[FindingProgress | DirectionsSaved]:
    """Search the directions of a checkpoint and write a copy that carries them; for a worker thread.

    The main axes of any model; for one that was trained on the avatars, whose factors are known, named directions
    before them.

    Args:
        source: The checkpoint.
        target: The copy; its folder is made.
        count: How many axes, at most as many as the latent has numbers.

    Yields:
        Progress, then DirectionsSaved.

    Raises:
        CheckpointError: The checkpoint cannot be read.
        FileWriteError: The copy cannot be written.
    """
    import torch  # only here, in the worker: the window does not wait for it

    from ganstudio.checkpoints.building import build_generator, replace_directions
    from ganstudio.checkpoints.catalogue import read
    from ganstudio.devices import default_threads
    from ganstudio.training.direction_search import DirectionsFound, search_main_axes

    torch.set_num_threads(default_threads())
    checkpoint = read(source)
    generator = build_generator(checkpoint, torch.device("cpu"))
    found: list[FoundDirection] = []
    if str(checkpoint.description.facts.get("data", "")).startswith(WORD):
        found += yield from _find_factors(generator)
    for event in search_main_axes(generator, min(count, checkpoint.description.spec.z_dim)):
        if isinstance(event, DirectionsFound):
            found += event.directions
        yield FindingProgress("main axes", 0.98)
    target.parent.mkdir(parents=True, exist_ok=True)
    replace_directions(target, checkpoint, found)
    yield DirectionsSaved(target)


def _find_factors(generator: "Generator") -> "Work[FindingProgress, None, list[FoundDirection]]":
    from ganstudio.training.direction_search import DirectionsFound, SearchProgress, search_factors

    config = PreparationConfig(generator.spec.resolution, generator.spec.channels)
    found: list[FoundDirection] = []
    for event in prepare(AvatarSource(LABELLED_PICTURES), config):
        if isinstance(event, PicturesPrepared):
            yield FindingProgress("drawing labelled pictures", 0.2 * event.done / event.total)
        elif isinstance(event, DatasetPrepared):
            titles = {factor.name: factor.title for factor in FACTORS}
            for step in search_factors(generator, event.dataset, titles, READING_STEPS, SAMPLES):
                if isinstance(step, SearchProgress):
                    yield FindingProgress(step.doing, 0.2 + 0.75 * step.fraction)
                elif isinstance(step, DirectionsFound):
                    found += step.directions
    return found


def _free_path(source: Path) -> Path:
    folder = user_data_dir() / "models"
    names = (
        f"{source.stem} with directions{number}.safetensors" for number in ("", *(f" {n}" for n in range(2, 1000)))
    )
    return next(path for name in names if not (path := folder / name).exists())
