"""The training that this window does or watches: one run at a time, its record, and what is planned next."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from ganstudio.datasets.preparation import PictureSkipped, PicturesPrepared
from ganstudio.datasets.prepared import DatasetFacts
from ganstudio.errors import GanStudioError
from ganstudio.files import user_data_dir
from ganstudio.gui.jobs import ENDED, Job, JobList, JobState
from ganstudio.training.config import TrainingConfig, with_settings
from ganstudio.training.errors import RunFolderError, RunLockedError
from ganstudio.training.events import TrainingEnded, TrainingStarted
from ganstudio.training.origin import Origin, prepare_and_train
from ganstudio.training.presets.base import PictureFacts, with_length
from ganstudio.training.presets.catalogue import PRESETS
from ganstudio.training.runs.changes import change_settings, roll_back, settings_after
from ganstudio.training.runs.readers.base import BestSnapshot, RunRecord
from ganstudio.training.runs.run_folder import RunFolder
from ganstudio.training.runs.run_history import RunHistory

_WATCH_EVERY_MS = 2000


class Phase(Enum):
    """What the session is doing."""

    IDLE = "Nothing is being trained"
    PREPARING = "Preparing pictures"
    TRAINING = "Training"
    PAUSED = "Paused"
    STOPPING = "Saving and stopping"
    STOPPED = "Stopped"
    FINISHED = "Finished"
    FAILED = "Failed"
    WATCHING = "Trained elsewhere, watched from here"
    FOREIGN = "Trained by another program"


BUSY = (Phase.PREPARING, Phase.TRAINING, Phase.PAUSED, Phase.STOPPING)


@dataclass(frozen=True)
class Plan:
    """What Start would do.

    Attributes:
        preset: Name in `PRESETS`.
        kimg: Length, or None for the preset's own.
        name: Name of the run's folder, or "" to number one.
        overrides: Settings changed by hand, by name.
    """

    preset: str = "recommended"
    kimg: float | None = None
    name: str = ""
    overrides: dict[str, Any] = field(default_factory=dict)

    def configure(self, facts: PictureFacts) -> TrainingConfig:
        """Make the settings for given pictures.

        Raises:
            TrainingConfigError: An override is out of range.
        """
        config = PRESETS[self.preset].configure(facts)
        config = config if self.kimg is None else with_length(config, self.kimg)
        return with_settings(config, self.overrides)


@dataclass(frozen=True)
class RunSummary:
    """A run on disk, for the list of runs."""

    path: Path
    kimg: float
    planned_kimg: float
    locked: bool

    @property
    def is_finished(self) -> bool:
        """Whether it came to its planned end."""
        return self.kimg >= self.planned_kimg - 1e-6


class TrainingSession(QObject):
    """Owns the one training job and the record that the Train panels show.

    Signals:
        phase_changed(phase): The session does something else now.
        record_changed(): `history` has grown or was replaced.
        run_changed(run): Another run is shown (RunFolder or None).
        origin_changed(origin): Other pictures were chosen (Origin or None).
        snapshot_chosen(path): Somebody wants to see this snapshot in Explore.
        runs_changed(): The list of runs on disk may differ.
        failed(error): Something went wrong; the window shows it.
    """

    phase_changed = Signal(object)
    record_changed = Signal()
    run_changed = Signal(object)
    origin_changed = Signal(object)
    snapshot_chosen = Signal(object)
    runs_changed = Signal()
    failed = Signal(object)

    def __init__(self, jobs: JobList, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._job: Job | None = None
        self.phase = Phase.IDLE
        self.run: RunFolder | None = None
        self.record: RunRecord | None = None
        self.history = RunHistory()
        self.origin: Origin | None = None
        self.source_facts: PictureFacts | None = None
        self.plan = Plan()
        self.error: GanStudioError | None = None
        self.prepared: tuple[int, int] = (0, 0)
        self.skipped_count = 0
        self._when_ended: Callable[[], None] | None = None
        self._watch_timer = QTimer(self, interval=_WATCH_EVERY_MS)
        self._watch_timer.timeout.connect(self._on_watch_timer_timeout)

    @property
    def is_busy(self) -> bool:
        """Whether a job of this window prepares or trains."""
        return self.phase in BUSY

    @property
    def title(self) -> str:
        """What the run shown is called, or ""."""
        return self.record.title if self.record is not None else self.run.name if self.run is not None else ""

    @property
    def unit(self) -> str:
        """What the moments of the run shown count: "kimg", or whatever another program counts."""
        return self.record.unit if self.record is not None else "kimg"

    def say_moment(self, moment: float) -> str:
        """A moment of the run shown, in words."""
        return f"{moment:.1f} kimg" if self.unit == "kimg" else f"{moment:,.10g} {self.unit}"

    def best_snapshot(self) -> BestSnapshot | None:
        """The snapshot of the run shown to open first, or None where there is none."""
        from ganstudio.training.runs.readers.catalogue import open_run  # late: few runs are of other programs

        try:
            record = self.record or (open_run(self.run.path) if self.run is not None else None)
        except RunFolderError as error:
            self.failed.emit(error)
            return None
        return record.best_snapshot() if record is not None else None

    def choose_pictures(self, origin: Origin | None, facts: PictureFacts | None) -> None:
        """Take these pictures for the next run; `facts` is what is known of them before they are prepared."""
        self.origin, self.source_facts = origin, facts
        self.origin_changed.emit(origin)

    def start(self) -> None:
        """Begin a new run with the chosen pictures and plan."""
        if self.origin is None or self.is_busy:
            return
        name = self.plan.name.strip() or next_run_name(self.origin)
        path = runs_folder() / safe_name(name)
        plan, origin = self.plan, self.origin
        self._begin(RunFolder(path), RunHistory(planned_kimg=plan.kimg or 0.0))
        self._run_job(lambda: prepare_and_train(origin, plan.configure, RunFolder(path)), f"Training {path.name}")

    def resume_run(self, path: Path, kimg: float | None = None) -> None:
        """Go on with a run on disk, where it stopped; `kimg` makes it longer."""
        if self.is_busy:
            return
        run = RunFolder(path)
        try:
            origin, history = Origin.of(run), RunHistory.of(run)
            config = run.config() if kimg is None else replace(run.config(), kimg=kimg)
        except GanStudioError as error:
            self.failed.emit(error)
            return

        def configure(_facts: DatasetFacts) -> TrainingConfig:
            return config

        history.planned_kimg = config.kimg
        self._begin(run, history)
        self._run_job(lambda: prepare_and_train(origin, configure, run, resume=True), f"Training {path.name}")

    def change_settings(self, values: Mapping[str, Any], goes_back: bool = False) -> None:
        """Give the run shown other settings and let it go on; one that is trained is stopped for a moment.

        Args:
            values: As for `config.with_settings`; none to change nothing.
            goes_back: Go back to the best moment first; what came after it is set aside.
        """
        if self.run is None or self.phase in (Phase.PREPARING, Phase.STOPPING, Phase.WATCHING):
            return
        run = self.run
        try:
            settings_after(run.config(), values)  # a wish that cannot be does not stop the run
        except GanStudioError as error:
            self.failed.emit(error)
            return

        def change() -> None:
            try:
                if goes_back:
                    roll_back(run)
                change_settings(run, values)
            except GanStudioError as error:
                self.failed.emit(error)
                return
            self.resume_run(run.path)

        if self.is_busy:
            self._when_ended = change
            self.stop()
        else:
            change()

    def show_run(self, path: Path) -> None:
        """Look at a run on disk without training it; one that is trained elsewhere is followed live."""
        if self.is_busy:
            return
        run = RunFolder(path)
        try:
            history = RunHistory.of(run)
        except GanStudioError as error:
            self.failed.emit(error)
            return
        self._begin(run, history)
        finished = history.kimg >= history.planned_kimg - 1e-6
        locked = run.is_locked()
        self._set_phase(Phase.WATCHING if locked else Phase.FINISHED if finished else Phase.STOPPED)
        if locked:
            self._watch_timer.start()

    def show_record(self, record: RunRecord) -> None:
        """Look at a run of another program."""
        if self.is_busy:
            return
        self._begin(None, RunHistory.of_record(record), record)
        self._set_phase(Phase.FOREIGN)

    def show_latest_unfinished(self) -> None:
        """At a start: show the run that was stopped last, ready to be resumed."""
        summary = next((found for found in list_runs() if not found.is_finished and not found.locked), None)
        if summary is not None:
            self.show_run(summary.path)

    def pause(self) -> None:
        """Hold training at the next step."""
        if self._job is not None and self.phase is Phase.TRAINING:
            self._job.pause()
            self._set_phase(Phase.PAUSED)

    def resume(self) -> None:
        """Let paused training go on."""
        if self._job is not None and self.phase is Phase.PAUSED:
            self._job.resume()
            self._set_phase(Phase.TRAINING)

    def stop(self) -> None:
        """Save and end the run; it can be resumed."""
        if self._job is not None and self.is_busy:
            self._set_phase(Phase.STOPPING)
            self._job.cancel()

    def begin_shutdown(self) -> None:
        """Save and end, because the window closes."""
        self._watch_timer.stop()
        self._when_ended = None
        self.stop()

    def is_shut_down(self) -> bool:
        """Whether nothing of this session runs any more."""
        return self._job is None or self._job.state in ENDED

    def _begin(self, run: RunFolder | None, history: RunHistory, record: RunRecord | None = None) -> None:
        self._watch_timer.stop()
        self.run, self.record, self.history, self.error = run, record, history, None
        self.prepared, self.skipped_count = (0, 0), 0
        self.run_changed.emit(run)
        self.record_changed.emit()

    def _run_job(self, work: Any, title: str) -> None:
        job = Job(lambda: _as_work(work), title)
        self._job = job
        job.progressed.connect(self._on_job_progressed)
        job.finished.connect(self._on_job_finished)
        job.cancelled.connect(self._on_job_cancelled)
        job.failed.connect(self._on_job_failed)
        self._set_phase(Phase.PREPARING)
        self._jobs.start(job)

    def _on_job_progressed(self, events: list[object]) -> None:
        for event in events:
            if isinstance(event, PicturesPrepared):
                self.prepared = (event.done, event.total)
            elif isinstance(event, PictureSkipped):
                self.skipped_count += 1
            elif isinstance(event, TrainingStarted):
                self.history.forget_after(event.resumed_at_kimg)
                if self.phase is Phase.PREPARING:
                    self._set_phase(Phase.TRAINING)
                self.runs_changed.emit()
            elif isinstance(event, TrainingEnded):
                self.history.kimg = event.kimg
            self.history.add(event)
        self._tell_progress()
        self.record_changed.emit()

    def _on_job_finished(self) -> None:
        self._end(Phase.FINISHED)

    def _on_job_cancelled(self) -> None:
        self._end(Phase.STOPPED)

    def _on_job_failed(self, error: BaseException) -> None:
        if isinstance(error, RunLockedError) and self.run is not None:
            path = self.run.path
            self._end(Phase.IDLE)
            self.show_run(path)
        else:
            self.error = error if isinstance(error, GanStudioError) else None
            self._end(Phase.FAILED)
        self.failed.emit(error)

    def _end(self, phase: Phase) -> None:
        self._job = None
        self._set_phase(phase)
        self.record_changed.emit()
        self.runs_changed.emit()
        next_act, self._when_ended = self._when_ended, None
        if next_act is not None and phase is Phase.STOPPED:
            next_act()

    def _tell_progress(self) -> None:
        if self._job is None or self._job.state is JobState.STOPPING:
            return
        if self.phase is Phase.PREPARING:
            done, total = self.prepared
            self._jobs.tell(self._job, f"{done:,} of {total:,} pictures", done / total if total else None)
        else:
            share = self.history.kimg / self.history.planned_kimg if self.history.planned_kimg else None
            self._jobs.tell(self._job, f"{self.history.kimg:.1f} of {self.history.planned_kimg:g} kimg", share)

    def _on_watch_timer_timeout(self) -> None:
        if self.run is None:
            return
        try:
            self.history = RunHistory.of(self.run)
        except RunFolderError as error:
            self._watch_timer.stop()
            self._set_phase(Phase.FAILED)
            self.failed.emit(error)
            return
        if not self.run.is_locked():
            self._watch_timer.stop()
            finished = self.history.kimg >= self.history.planned_kimg - 1e-6
            self._set_phase(Phase.FINISHED if finished else Phase.STOPPED)
            self.runs_changed.emit()
        self.record_changed.emit()

    def _set_phase(self, phase: Phase) -> None:
        if phase is not self.phase:
            self.phase = phase
            self.phase_changed.emit(phase)


def _as_work(make: Any) -> Iterator[object]:
    events: Iterator[object] = make()
    return events


def runs_folder() -> Path:
    """Where this person's runs are kept."""
    return user_data_dir() / "runs"


def list_runs() -> list[RunSummary]:
    """All runs on disk, newest first; damaged ones are left out."""
    try:
        folders = sorted(runs_folder().iterdir(), key=lambda path: path.stat().st_mtime, reverse=True)
    except OSError:
        return []
    return [summary for folder in folders if (summary := _summarise(RunFolder(folder))) is not None]


def _summarise(run: RunFolder) -> RunSummary | None:
    if not run.exists:
        return None
    try:
        planned = run.config().kimg
    except GanStudioError:
        return None
    stamps = [pairs[-1][0] for pairs in (run.states(), run.samples()) if pairs]
    return RunSummary(run.path, max(stamps, default=0.0), planned, run.is_locked())


def next_run_name(origin: Origin) -> str:
    """A name for the next run: what it is trained on, and a number that is free."""
    stem = safe_name(origin.place.split(":")[0] if origin.place.startswith("avatars") else Path(origin.place).stem)
    number = 1
    while (runs_folder() / f"{stem}-{number}").exists():
        number += 1
    return f"{stem}-{number}"


def safe_name(name: str) -> str:
    """Turn what a person typed into the name of a folder."""
    cleaned = re.sub(r"[^\w\- .]+", "-", name).strip(" .-")[:80]
    return cleaned or "run"
