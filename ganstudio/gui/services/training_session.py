"""The training that this window does or watches: one run at a time, its record, what is planned and what waits."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from enum import Enum
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from ganstudio.datasets.preparation import PictureSkipped, PicturesPrepared
from ganstudio.datasets.prepared import DatasetFacts
from ganstudio.errors import GanStudioError
from ganstudio.files import FileWriteError
from ganstudio.gui.jobs import ENDED, Job, JobList, JobState
from ganstudio.training.config import TrainingConfig, with_settings
from ganstudio.training.errors import RunFolderError, RunLockedError
from ganstudio.training.events import TrainingEnded, TrainingStarted
from ganstudio.training.origin import Configure, Origin, prepare_and_train
from ganstudio.training.plan import Plan
from ganstudio.training.presets.base import PictureFacts
from ganstudio.training.runs.changes import change_settings, roll_back, settings_after
from ganstudio.training.runs.following import RunFollower
from ganstudio.training.runs.readers.base import BestSnapshot, RunRecord
from ganstudio.training.runs.run_folder import RunFolder
from ganstudio.training.runs.run_history import RunHistory
from ganstudio.training.runs.run_list import look_through, next_name, runs_folder, safe_name

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


class TrainingSession(QObject):
    """Owns the one training job and the record that the Train panels show.

    Signals:
        phase_changed(phase): The session does something else now.
        record_changed(): `history` has grown or was replaced.
        run_changed(run): Another run is shown (RunFolder or None).
        origin_changed(origin): Other pictures were chosen (Origin or None).
        snapshot_chosen(path): Somebody wants to see this snapshot in Explore.
        runs_changed(): The list of runs on disk may differ.
        came_to_rest(may_follow): The run has ended and nothing else is done with it; whether another may follow by
            itself: not where the person stopped it, nor where what ended it would end the next as well.
        failed(error): Something went wrong; the window shows it.
    """

    phase_changed = Signal(object)
    record_changed = Signal()
    run_changed = Signal(object)
    origin_changed = Signal(object)
    snapshot_chosen = Signal(object)
    runs_changed = Signal()
    came_to_rest = Signal(bool)
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
        self.waiting_names: Callable[[], frozenset[str]] = frozenset
        """Names promised to runs that wait; whoever keeps the queue sets it."""
        self.error: GanStudioError | None = None
        self.prepared: tuple[int, int] = (0, 0)
        self.skipped_count = 0
        self._when_ended: Callable[[], None] | None = None
        self._follower: RunFollower | None = None
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

    def promised_names(self) -> frozenset[str]:
        """Names of runs that have no folder yet, but will: of those that wait, and of the one being prepared."""
        return self.waiting_names() | (frozenset() if self.run is None else {self.run.name})

    def next_name(self) -> str:
        """What the next run is called where nobody says otherwise; "" before pictures are chosen."""
        return "" if self.origin is None else next_name(runs_folder(), self.origin.place, self.promised_names())

    def planned_name(self) -> str:
        """What the next run is called: as the plan says, or by the next name."""
        return safe_name(self.plan.name.strip() or self.next_name())

    def start(self) -> None:
        """Begin a new run with the chosen pictures and plan."""
        if self.origin is not None:
            self.start_new(self.planned_name(), self.origin, self.plan.configure, self.plan.kimg)

    def start_new(self, name: str, origin: Origin, configure: Configure, kimg: float | None = None) -> None:
        """Begin a new run, where none is trained.

        Args:
            name: Of its folder.
            origin: Its pictures.
            configure: Makes its settings.
            kimg: How long it is to be, where that is known already.
        """
        if self.is_busy:
            return
        run = RunFolder(runs_folder() / name)
        self._begin(run, RunHistory(planned_kimg=kimg or 0.0))
        self._run_job(lambda: prepare_and_train(origin, configure, run), f"Training {name}")

    def begin_anew(self, values: Mapping[str, Any]) -> None:
        """Begin another run on the pictures of the one shown, with its settings but for some; that one is kept.

        Args:
            values: As for `config.with_settings`.
        """
        if self.run is None or self.phase in (Phase.PREPARING, Phase.STOPPING, Phase.WATCHING):
            return
        try:
            origin, config = Origin.of(self.run), with_settings(self.run.config(), values)
        except GanStudioError as error:
            self.failed.emit(error)
            return
        name = next_name(runs_folder(), origin.place, self.promised_names())
        self._when_still(lambda: self.start_new(name, origin, lambda _facts: config, config.kimg))

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

        self._when_still(change)

    def _when_still(self, act: Callable[[], None]) -> None:
        """Do something with the run when nobody trains it: at once, or when it has been saved and stopped."""
        if self.is_busy:
            self._when_ended = act
            self.stop()
        else:
            act()

    def show_run(self, path: Path) -> None:
        """Look at a run on disk without training it; one that is trained elsewhere is followed live."""
        if self.is_busy:
            return
        run = RunFolder(path)
        try:
            follower = RunFollower(run)
        except GanStudioError as error:
            self.failed.emit(error)
            return
        self._begin(run, follower.history)
        locked = run.is_locked()
        self._set_phase(Phase.WATCHING if locked else self._phase_at_rest())
        if locked:
            self._follower = follower
            self._watch_timer.start()

    def show_nothing(self) -> None:
        """Look at no run, because the one shown goes away."""
        if not self.is_busy:
            self._begin(None, RunHistory())
            self._set_phase(Phase.IDLE)

    def show_record(self, record: RunRecord) -> None:
        """Look at a run of another program."""
        if self.is_busy:
            return
        self._begin(None, RunHistory.of_record(record), record)
        self._set_phase(Phase.FOREIGN)

    def show_latest_unfinished(self) -> None:
        """At a start: show the run that was stopped last, ready to be resumed."""
        summary = next((found for found in look_through(runs_folder()) if found.can_go_on), None)
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
            self.failed.emit(error)
            return
        had_begun = bool(self.history.scalars) and not isinstance(error, FileWriteError)
        self.error = error if isinstance(error, GanStudioError) else None
        self._end(Phase.FAILED)
        self.failed.emit(error)
        self.came_to_rest.emit(had_begun)

    def _end(self, phase: Phase) -> None:
        self._job = None
        self._set_phase(phase)
        self.record_changed.emit()
        self.runs_changed.emit()
        next_act, self._when_ended = self._when_ended, None
        if next_act is not None and phase in (Phase.STOPPED, Phase.FINISHED):
            next_act()
        elif phase in (Phase.STOPPED, Phase.FINISHED):
            self.came_to_rest.emit(phase is Phase.FINISHED)

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
        if self.run is None or self._follower is None:
            return
        was_locked = self.run.is_locked()  # asked before reading: what is written last is read after it
        try:
            is_new = self._follower.poll()
        except RunFolderError as error:
            self._watch_timer.stop()
            self._set_phase(Phase.FAILED)
            self.failed.emit(error)
            return
        self.history = self._follower.history
        if not was_locked:
            self._watch_timer.stop()
            self._set_phase(self._phase_at_rest())
            self.runs_changed.emit()
        if is_new or not was_locked:
            self.record_changed.emit()

    def _phase_at_rest(self) -> Phase:
        return Phase.FINISHED if self.history.kimg >= self.history.planned_kimg - 1e-6 else Phase.STOPPED

    def _set_phase(self, phase: Phase) -> None:
        if phase is not self.phase:
            self.phase = phase
            self.phase_changed.emit(phase)


def _as_work(make: Any) -> Iterator[object]:
    events: Iterator[object] = make()
    return events
