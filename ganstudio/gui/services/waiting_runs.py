"""Runs that wait for their turn: added while another is trained, begun when that one has ended."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from ganstudio.errors import GanStudioError
from ganstudio.files import user_data_dir
from ganstudio.gui.services.training_session import TrainingSession
from ganstudio.training.errors import RunFolderError
from ganstudio.training.runs.queue import QueuedRun, RunQueue
from ganstudio.training.runs.run_folder import RunFolder
from ganstudio.training.runs.run_list import runs_folder


class WaitingRuns(QObject):
    """The queue, and what starts its next.

    Signals:
        changed(): Other runs wait.

    Args:
        session: Trains.
    """

    changed = Signal()

    def __init__(self, session: TrainingSession, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._is_closing = False
        self.queue = RunQueue(user_data_dir() / "queue.json")
        session.waiting_names = self.queue.names
        session.came_to_rest.connect(self._on_session_came_to_rest)

    def start(self) -> None:
        """Begin a run with the chosen pictures and plan; while another is trained, let it wait for its turn."""
        session = self._session
        if not session.is_busy:
            session.start()
        elif session.origin is not None:
            self._add(QueuedRun(session.planned_name(), session.origin, session.plan))

    def add_resume(self, name: str) -> None:
        """Let a run on disk wait for its turn to go on."""
        self._add(QueuedRun(name))

    def remove(self, name: str) -> None:
        """Let a run wait no longer."""
        self._change(lambda: self.queue.remove(name))

    def move_up(self, name: str) -> None:
        """Let a waiting run come one earlier."""
        self._change(lambda: self.queue.move_up(name))

    def start_next(self) -> None:
        """Begin the first run that waits, where none is trained."""
        if self._session.is_busy:
            return
        try:
            waiting = self.queue.take()
        except GanStudioError as error:
            self._session.failed.emit(error)
            return
        self.changed.emit()
        if waiting is None:
            return
        if waiting.origin is None or waiting.plan is None:
            self._session.resume_run(runs_folder() / waiting.name)
        else:
            self._session.start_new(waiting.name, waiting.origin, waiting.plan.configure, waiting.plan.kimg)

    def begin_shutdown(self) -> None:
        """Begin no other run; those that wait are kept."""
        self._is_closing = True

    def is_shut_down(self) -> bool:
        """Whether nothing of it runs any more: nothing ever does by itself."""
        return True

    def _add(self, waiting: QueuedRun) -> None:
        is_there = RunFolder(runs_folder() / waiting.name).exists or waiting.name in self._session.promised_names()
        if not waiting.goes_on and is_there:
            reason, remedy = "there is a run of this name already", "choose another name"
            self._session.failed.emit(RunFolderError(runs_folder() / waiting.name, reason, remedy))
        else:
            self._change(lambda: self.queue.add(waiting))

    def _change(self, change: Callable[[], None]) -> None:
        try:
            change()
        except GanStudioError as error:
            self._session.failed.emit(error)
        self.changed.emit()

    def _on_session_came_to_rest(self, may_follow: bool) -> None:
        if may_follow and not self._is_closing:
            self.start_next()
