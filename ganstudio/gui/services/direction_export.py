"""Writes directions into files, onto the clipboard, or into a copy of the model that carries them; in jobs."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from ganstudio.checkpoints.latents.exporting import DIRECTION_KINDS, export_directions, what_is_lost
from ganstudio.gui.document import Document
from ganstudio.gui.jobs import Job, JobList
from ganstudio.project.direction_text import directions_to_text
from ganstudio.project.slider_list import SliderEntry, list_sliders
from ganstudio.rendering.direction_gathering import DirectionsGathered, Wanted, as_pairs, gather_directions
from ganstudio.rendering.looks.own_direction import OwnDirection
from ganstudio.rendering.opening import OpeningProgress

Gathered = tuple[OwnDirection, ...]


@dataclass(frozen=True)
class Written:
    """It is done; what there is to say of it."""

    text: str


class DirectionExport(QObject):
    """Several at once where somebody wants that.

    Args:
        document: Has the directions; tells what came of it.
        jobs: Runs what may take long.
    """

    def __init__(self, document: Document, jobs: JobList, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document, self._jobs = document, jobs
        self._running = 0

    @property
    def is_running(self) -> bool:
        """Whether something is being written."""
        return self._running > 0

    def write(self, names: Sequence[str], path: Path, kind: str) -> None:
        """Write directions to a file of a kind of `DIRECTION_KINDS`."""
        kind = kind or "ganstudio"
        path = name_as_its_readers_do(path, kind, {entry.space for entry in self._entries() if entry.name in names})

        def finish(found: Gathered) -> Written:
            models = {direction.name: direction.model for direction in found}
            export_directions(path, as_pairs(found), kind, models)
            lost = what_is_lost(kind, [direction.info for direction in found])
            count = f"{len(found)} direction{'s' if len(found) > 1 else ''}"
            return Written(f"Saved {count} in {path.name}{f'; {lost}' if lost else ''}")

        self._start(names, f"Saving {path.name[:40]}", finish)

    def copy(self, names: Sequence[str]) -> None:
        """Put directions onto the clipboard, as text."""

        def finish(found: Gathered) -> str:
            return directions_to_text(found)

        self._start(names, "Copying directions", finish)

    def write_model(self, path: Path) -> None:
        """Write a copy of the open model that carries the project's directions beside its own."""
        path = path if path.suffix else path.with_suffix(".safetensors")
        source = Path(self._document.state.checkpoint or "")
        entries = [entry for entry in self._entries() if entry.info is not None]
        carried = {entry.name: entry for entry in entries if not entry.is_own}

        def finish(found: Gathered) -> Written:
            count = _write_model(source, path, found, carried)
            return Written(f"Saved {path.name}; it carries {count} directions")

        self._start([entry.name for entry in entries if entry.is_own], f"Saving {path.name[:40]}", finish)

    def _entries(self) -> tuple[SliderEntry, ...]:
        return list_sliders(self._document.state, self._document.description)

    def _start(self, names: Sequence[str], title: str, finish: Callable[[Gathered], Written | str]) -> None:
        state, description = self._document.state, self._document.description
        if state.checkpoint is None or description is None:
            return
        listed = {entry.name: entry for entry in self._entries()}
        wanted = [
            Wanted(entry.name, entry.title, entry.low, entry.high, state.direction_of(entry.name))
            for name in names
            if (entry := listed.get(name)) is not None
        ]
        work = partial(_gather_and, gather_directions(Path(state.checkpoint), description.spec, wanted), finish)
        job = Job(work, title)
        job.progressed.connect(partial(self._on_job_progressed, job))
        job.failed.connect(self._document.failed)
        job.ended.connect(self._on_job_ended)
        self._running += 1
        self._jobs.start(job)

    def _on_job_progressed(self, job: Job, events: list[object]) -> None:
        for event in events:
            if isinstance(event, OpeningProgress):
                self._jobs.tell(job, event.doing, event.fraction)
            elif isinstance(event, Written):
                self._document.announced.emit(event.text)
            elif isinstance(event, str):
                QGuiApplication.clipboard().setText(event)
                self._document.announced.emit("The direction is on the clipboard, as text")

    def _on_job_ended(self, *_what: object) -> None:
        self._running -= 1


def _gather_and(
    gathering: Iterator[OpeningProgress | DirectionsGathered], finish: Callable[[Gathered], Written | str]
) -> Iterator[OpeningProgress | Written | str]:
    for event in gathering:
        if isinstance(event, DirectionsGathered):
            yield OpeningProgress("writing", 0.8)
            yield finish(event.directions)
        else:
            yield event


def _write_model(source: Path, path: Path, own: Gathered, carried: dict[str, SliderEntry]) -> int:
    """Write the copy; directions are called as here, and keep their names, so that pictures find them. How many."""
    from ganstudio.checkpoints.building import replace_directions
    from ganstudio.checkpoints.catalogue import read

    checkpoint = read(source)
    pairs = []
    for info in checkpoint.description.directions:
        entry = carried.get(info.name)
        shown = info if entry is None else replace(info, title=entry.title, low=entry.low, high=entry.high)
        pairs.append((shown, checkpoint.directions[info.name]))
    pairs += as_pairs(own)
    replace_directions(path, checkpoint, pairs)
    return len(pairs)


def name_as_its_readers_do(path: Path, kind: str, spaces: set[str]) -> Path:
    """Give a file the suffix of its kind, and the end of its name by which its readers tell the space.

    A name that was not asked for is made free, so that nothing is written over unasked.
    """
    suffixes = {known.suffix for known in DIRECTION_KINDS.values()}
    stem = path.stem if path.suffix in suffixes else path.name
    in_w = spaces == {"w"}
    if kind == "boundary" and not stem.endswith("_boundary"):
        stem += "_w_boundary" if in_w else "_boundary"
    elif kind == "ganspace" and in_w and not stem.endswith("_w"):
        stem += "_w"
    wanted = path.with_name(stem + DIRECTION_KINDS[kind].suffix)
    if wanted == path or not wanted.exists():
        return wanted
    numbered = (path.with_name(f"{n} {stem}{wanted.suffix}") for n in range(2, 1000))
    return next(free for free in numbered if not free.exists())


def file_kinds() -> dict[str, str]:
    """The kinds of files, as a file dialog lists them, each with its name in `DIRECTION_KINDS`."""
    return {f"{kind.title} (*{kind.suffix})": name for name, kind in DIRECTION_KINDS.items()}
