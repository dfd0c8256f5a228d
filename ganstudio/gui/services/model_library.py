"""The models that can be opened: the built-in one, runs, recent files, folders that are watched.

What the disk says is asked in a worker thread, so that a slow drive never holds the window. Models that nobody has
looked into yet are looked into one at a time, while nothing else is going on.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal

from ganstudio.checkpoints.builtin import builtin_models, is_builtin
from ganstudio.checkpoints.listing import FolderScanned, scan_folder
from ganstudio.checkpoints.public_models import downloads_folder
from ganstudio.gui.document import Document
from ganstudio.gui.jobs import Job, JobList, JobState, LatestOnly
from ganstudio.gui.services.training_session import TrainingSession
from ganstudio.gui.settings import Settings, SettingsStore
from ganstudio.rendering.cards import CardMade, ModelCard, make_card, read_card, thumbnail_path
from ganstudio.rendering.opening import OpeningProgress
from ganstudio.training.runs.run_folder import RunFolder, title_of
from ganstudio.training.runs.run_list import list_runs, runs_folder

LISTED_RUNS = 8
_DEBOUNCE_MS = 400
_QUIET_MS = 1500


@dataclass(frozen=True)
class ModelEntry:
    """A model of the library.

    Attributes:
        path: Its file.
        title: What a person calls it.
        note: What else to say in a line.
        section: What it is listed under.
        folder: The watched folder that it is in, or None.
        is_there: Whether the file exists.
        is_recent: Whether it is listed because it was opened.
        card: What is known of it.
        thumbnail: A picture of it, or None.
    """

    path: Path
    title: str
    note: str
    section: str
    folder: Path | None = None
    is_there: bool = True
    is_recent: bool = False
    card: ModelCard | None = None
    thumbnail: Path | None = None

    def matches(self, words: str) -> bool:
        """Whether every one of these words is in what is known of it."""
        known = f"{self.title} {self.note} {self.section} {self.path} {self.card.words if self.card else ''}".lower()
        return all(word in known for word in words.lower().split())


@dataclass(frozen=True)
class Survey:
    """What was found: the entries, and the folders whose changes are to be noticed."""

    entries: tuple[ModelEntry, ...] = ()
    folders: tuple[str, ...] = field(default=(), repr=False)
    notes: tuple[tuple[str, str], ...] = ()


class ModelLibrary(QObject):
    """Keeps the list up to date.

    Args:
        document: A change of its picture interrupts the looking into models.
        settings: Recent files and watched folders.
        session: Tells when there are new runs.
        jobs: Runs the looking into models.

    Signals:
        changed(): `survey` is another one.
    """

    changed = Signal()

    def __init__(
        self,
        document: Document,
        settings: SettingsStore,
        session: TrainingSession,
        jobs: JobList,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._jobs, self._settings = jobs, settings
        self.survey = Survey(tuple(_builtin()))
        self._job: Job | None = None
        self._may_look = False
        self._is_refused = False  # the person cancelled; asked again when there is something new
        self._worker: LatestOnly | None = None
        self._is_closed = False
        self._watcher = QFileSystemWatcher(self)
        self._watcher.directoryChanged.connect(self._on_watcher_directory_changed)
        self._debounce = QTimer(self, singleShot=True, interval=_DEBOUNCE_MS)
        self._debounce.timeout.connect(self.refresh)
        self._quiet = QTimer(self, singleShot=True, interval=_QUIET_MS)
        self._quiet.timeout.connect(self._on_quiet_timeout)
        document.changed.connect(self._interrupt)
        document.model_changed.connect(self.refresh)
        jobs.changed.connect(self._on_jobs_changed)
        session.runs_changed.connect(self.refresh)
        settings.changed.connect(self._on_settings_changed)

    def refresh(self, *_what: object) -> None:
        """Ask the disk again."""
        if self._is_closed:
            return
        if self._worker is None:
            self._worker = LatestOnly(lambda: make_survey, "library", self)
            self._worker.answered.connect(self._on_worker_answered)
        values = self._settings.values
        self._worker.submit((values.recent, values.watched))

    def begin_looking(self) -> None:
        """Look into models from now on, whenever it is quiet; called when the first picture is there."""
        if not self._may_look:
            self._may_look = True
            self._quiet.start()

    def watch(self, folder: Path) -> None:
        """List the models of a folder from now on."""
        self._settings.watch(folder.expanduser().resolve())

    def unwatch(self, folder: Path) -> None:
        """List them no longer."""
        self._settings.unwatch(folder)

    def begin_shutdown(self) -> None:
        """Ask nothing any more."""
        self._is_closed = True
        for timer in (self._debounce, self._quiet):
            timer.stop()
        if self._worker is not None:
            self._worker.begin_close()

    def is_shut_down(self) -> bool:
        """Whether the worker has ended."""
        return self._worker is None or self._worker.has_ended

    def _on_worker_answered(self, _request: object, survey: Survey) -> None:
        watched = set(self._watcher.directories())
        if gone := watched - set(survey.folders):
            self._watcher.removePaths(list(gone))
        if new := set(survey.folders) - watched:
            self._watcher.addPaths(sorted(new))
        if survey != self.survey:
            self._is_refused = self._is_refused and set(_unseen(survey)) <= set(_unseen(self.survey))
            self.survey = survey
            self.changed.emit()
        self._interrupt()

    def _on_watcher_directory_changed(self, _folder: str) -> None:
        if not self._is_closed:
            self._debounce.start()  # a file that is being written tells so many times a second

    def _on_settings_changed(self, old: Settings, new: Settings) -> None:
        if (old.recent, old.watched) != (new.recent, new.watched):
            self.refresh()

    # Looking into models

    def _on_jobs_changed(self) -> None:
        if any(job is not self._job for job in self._jobs.jobs()):
            self._interrupt()

    def _interrupt(self, *_what: object) -> None:
        """Let everything else go first."""
        if self._job is not None:
            self._job.pause()
        if self._may_look and not self._is_closed:
            self._quiet.start()

    def _on_quiet_timeout(self) -> None:
        if any(job is not self._job for job in self._jobs.jobs()):
            self._quiet.start()
        elif self._job is not None:
            self._job.resume()
        elif (paths := _unseen(self.survey)) and not self._is_refused:
            self._look_into(paths)

    def _look_into(self, paths: tuple[Path, ...]) -> None:
        job = Job(lambda: look_into(paths), "Looking at models")
        self._job = job
        job.progressed.connect(self._on_job_progressed)
        job.state_changed.connect(self._on_job_state_changed)
        self._jobs.start(job)

    def _on_job_progressed(self, events: list[object]) -> None:
        for event in events:
            if isinstance(event, OpeningProgress) and self._job is not None:
                self._jobs.tell(self._job, event.doing, event.fraction)
        if any(isinstance(event, CardMade) for event in events):
            self.refresh()

    def _on_job_state_changed(self, state: JobState) -> None:
        if state in (JobState.CANCELLED, JobState.FAILED):
            self._is_refused = True
        if state in (JobState.FINISHED, JobState.CANCELLED, JobState.FAILED):
            self._job = None
            self.refresh()


def look_into(
    paths: tuple[Path, ...], make: Callable[[Path], Iterator[OpeningProgress | CardMade]] = make_card
) -> Iterator[OpeningProgress | CardMade]:
    """Look into models one after the other; for a worker thread."""
    for number, path in enumerate(paths):
        yield OpeningProgress(f"{number + 1} of {len(paths)}", number / len(paths))
        for event in make(path):
            if isinstance(event, CardMade):
                yield event
            else:
                yield OpeningProgress(f"{number + 1} of {len(paths)}", (number + (event.fraction or 0)) / len(paths))


def make_survey(request: tuple[tuple[str, ...], tuple[str, ...]]) -> Survey:
    """Ask the disk for all models; for a worker thread.

    Args:
        request: Recent files and watched folders.
    """
    recent, watched = request
    entries = [*_builtin(), *_runs()]
    known = {entry.path for entry in entries}
    entries += [_recent(path) for path in map(Path, recent) if path not in known]
    known |= {entry.path for entry in entries}
    folders: list[str] = []
    notes: list[tuple[str, str]] = []
    downloaded = [downloads_folder()] if downloads_folder().is_dir() else []
    for folder in (*downloaded, *map(Path, watched)):
        if not folder.is_dir():
            notes.append((str(folder), "not there"))
            continue
        *_, scanned = scan_folder(folder)
        if isinstance(scanned, FolderScanned):
            found = [path for path in scanned.files if path not in known]
            entries += [_in_folder(path, folder) for path in found]
            known |= set(found)
            folders += sorted({str(folder), *(str(path.parent) for path in scanned.files)})
            if folder not in downloaded:
                notes.append((str(folder), _say_count(len(scanned.files), scanned.is_complete)))
    return Survey(tuple(entries), tuple(folders), tuple(notes))


def _say_count(count: int, is_complete: bool) -> str:
    if not count:
        return "no models in it yet"
    return f"{count} model{'s' if count > 1 else ''}{'' if is_complete else ', more not listed'}"


def _builtin() -> Iterator[ModelEntry]:
    for model in builtin_models():
        picture = model.preview if model.preview.is_file() else None
        yield ModelEntry(model.path, model.title, model.note, "Built in", thumbnail=picture)


def _runs() -> Iterator[ModelEntry]:
    for summary in list_runs(runs_folder())[:LISTED_RUNS]:
        if snapshots := RunFolder(summary.path).snapshots():
            kimg, path = snapshots[-1]
            card, picture = _looked_up(path)
            yield ModelEntry(path, summary.path.name, f"{kimg:,.0f} kimg", "Your runs", card=card, thumbnail=picture)


def _recent(path: Path) -> ModelEntry:
    card, picture = _looked_up(path)
    if not path.is_file():
        return ModelEntry(path, title_of(path), "not there any more", "Recent", is_there=False, is_recent=True)
    note = card.note if card is not None else path.parent.name
    return ModelEntry(path, title_of(path), note, "Recent", is_recent=True, card=card, thumbnail=picture)


def _in_folder(path: Path, folder: Path) -> ModelEntry:
    card, picture = _looked_up(path)
    inside = path.parent.relative_to(folder).as_posix()
    note = card.note if card is not None else "not looked into yet"
    title = path.stem if inside == "." else f"{inside}/{path.stem}"
    if folder == downloads_folder():
        return ModelEntry(path, title, note, "Downloaded", card=card, thumbnail=picture)
    return ModelEntry(path, title, note, folder.name or str(folder), folder, card=card, thumbnail=picture)


def _looked_up(path: Path) -> tuple[ModelCard | None, Path | None]:
    picture = thumbnail_path(path)
    return read_card(path), picture if picture is not None and picture.is_file() else None


def _unseen(survey: Survey) -> tuple[Path, ...]:
    """Models without a card: never looked into, or changed since."""
    return tuple(
        entry.path for entry in survey.entries if entry.card is None and entry.is_there and not is_builtin(entry.path)
    )
