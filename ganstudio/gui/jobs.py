"""The only module with threads: long work, previews, and the list of what is running.

Worker threads are plain Python threads; they reach the window through one queued signal at a time. All objects here
belong to the GUI thread; only what is named `_run*` runs in a worker.
"""

import logging
import threading
import time
from collections.abc import Callable, Generator, Iterator
from enum import Enum
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal, SignalInstance

logger = logging.getLogger(__name__)


class JobState(Enum):
    """Where a job stands."""

    WAITING = "waiting"
    RUNNING = "running"
    PAUSED = "paused"
    STOPPING = "stopping"
    FINISHED = "finished"
    CANCELLED = "cancelled"
    FAILED = "failed"


ENDED = (JobState.FINISHED, JobState.CANCELLED, JobState.FAILED)


class Job(QObject):
    """Runs a generator of events in a background thread.

    Emits `progressed` with lists of events, at most one delivery waiting at a time, then exactly one of `finished`,
    `cancelled` or `failed`, and `ended` after whichever it was. Cancel and pause act between events; a cancel closes
    the generator in its own thread, so that its `finally:` runs there.

    Args:
        work: Makes the generator; called in the worker thread.
        title: What a person calls the job.
        parent: Qt parent.
    """

    progressed = Signal(list)
    finished = Signal()
    cancelled = Signal()
    failed = Signal(object)
    ended = Signal()
    state_changed = Signal(object)
    _woken = Signal()

    def __init__(self, work: Callable[[], Iterator[Any]], title: str = "", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.title = title
        self.state = JobState.WAITING
        self._work = work
        self._events: list[Any] = []
        self._outcome: tuple[JobState, BaseException | None] | None = None
        self._lock = threading.Lock()
        self._delivery_waits = False
        self._cancel_asked = threading.Event()
        self._may_run = threading.Event()
        self._may_run.set()
        self._thread = threading.Thread(target=self._run, name=f"job {title}", daemon=True)
        self._woken.connect(self._on_woken, Qt.ConnectionType.QueuedConnection)

    @property
    def is_active(self) -> bool:
        """Whether it was started and its end has not been told yet."""
        return self.state not in (JobState.WAITING, *ENDED)

    def start(self) -> None:
        """Start the thread; a job runs once."""
        if self.state is JobState.WAITING:
            self._set_state(JobState.RUNNING)
            self._thread.start()

    def cancel(self) -> None:
        """Ask the work to stop at its next event; also wakes a paused job."""
        if self.state is JobState.WAITING:
            self._set_state(JobState.CANCELLED)
            self.cancelled.emit()
            self.ended.emit()
        elif self.is_active:
            self._cancel_asked.set()
            self._may_run.set()
            self._set_state(JobState.STOPPING)

    def pause(self) -> None:
        """Hold the work at its next event."""
        if self.state is JobState.RUNNING:
            self._may_run.clear()
            self._set_state(JobState.PAUSED)

    def resume(self) -> None:
        """Let a paused job go on."""
        if self.state is JobState.PAUSED:
            self._may_run.set()
            self._set_state(JobState.RUNNING)

    def wait(self, timeout_ms: int) -> bool:
        """Block until the thread has ended; tells the end, too. For shutting down and tests.

        Returns:
            Whether it ended in time.
        """
        if self._thread.ident is not None:
            self._thread.join(timeout_ms / 1000)
            if self._thread.is_alive():
                return False
        self._on_woken()
        return True

    def _run(self) -> None:
        outcome: tuple[JobState, BaseException | None]
        try:
            outcome = (self._run_work(), None)
        except BaseException as error:  # noqa: BLE001 - whatever ends a worker is told, never lost
            outcome = (JobState.FAILED, error)
        with self._lock:
            self._outcome = outcome
        self._wake()

    def _run_work(self) -> JobState:
        work = self._work()
        try:
            for event in work:
                self._push(event)
                self._may_run.wait()
                if self._cancel_asked.is_set():
                    return JobState.CANCELLED
        finally:
            if isinstance(work, Generator):
                work.close()
        return JobState.FINISHED

    def _push(self, event: Any) -> None:
        with self._lock:
            self._events.append(event)
        self._wake()

    def _wake(self) -> None:
        with self._lock:
            if self._delivery_waits:
                return
            self._delivery_waits = True
        self._woken.emit()

    def _on_woken(self) -> None:
        with self._lock:
            events, self._events = self._events, []
            outcome = self._outcome
            self._delivery_waits = False
        if events:
            self.progressed.emit(events)
        if outcome is not None and self.state not in ENDED:
            self._thread.join()  # has nothing left to do: who hears of the end may count on the thread being gone
            self._tell_end(*outcome)

    def _tell_end(self, state: JobState, error: BaseException | None) -> None:
        self._set_state(state)
        if state is JobState.FINISHED:
            self.finished.emit()
        elif state is JobState.CANCELLED:
            self.cancelled.emit()
        else:
            logger.info("job %r failed", self.title, exc_info=error)
            self.failed.emit(error)
        self.ended.emit()

    def _set_state(self, state: JobState) -> None:
        self.state = state
        self.state_changed.emit(state)


class LatestOnly(QObject):
    """Answers requests in one worker thread; a newer request replaces one that waits.

    The last request is always answered in full. Each answer comes with its request, so that the asker can drop one
    that no longer matters. An answer may come in parts: the answerer is then a generator of parts, and of None wherever
    it could as well be given up. It is given up there when a newer request waits, but not before its first part, so
    that requests that come fast are answered, too.

    Args:
        make_answerer: Called once in the worker thread; returns the function from request to answer, which then
            belongs to that thread.
        is_minor: Whether a request may be given up before its first part, too.
        parent: Qt parent.

    Signals:
        answered(request, answer): An answer, or a part of it.
        ended(request, in_full): No more parts come of a request that was begun; False when it was given up.
        failed(request, error): The answer could not be made.
    """

    answered = Signal(object, object)
    ended = Signal(object, bool)
    failed = Signal(object, object)
    _woken = Signal()

    def __init__(
        self,
        make_answerer: Callable[[], Callable[[Any], Any]],
        name: str = "preview",
        parent: QObject | None = None,
        is_minor: Callable[[Any], bool] = lambda _request: False,
    ) -> None:
        super().__init__(parent)
        self._is_minor = is_minor
        self._make_answerer = make_answerer
        self._condition = threading.Condition()
        self._request: tuple[Any] | None = None
        self._news: list[tuple[SignalInstance, Any, Any]] = []
        self._delivery_waits = False
        self._closed = False
        self._woken.connect(self._on_woken, Qt.ConnectionType.QueuedConnection)
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def submit(self, request: Any) -> None:
        """Ask; replaces a request that has not been begun."""
        with self._condition:
            self._request = (request,)
            self._condition.notify()

    @property
    def has_ended(self) -> bool:
        """Whether the worker thread is gone."""
        return not self._thread.is_alive()

    def begin_close(self) -> None:
        """Tell the worker to stop after what it is doing; no answer is told afterwards."""
        with self._condition:
            self._closed = True
            self._request = None
            self._condition.notify()

    def close(self, timeout_ms: int = 10_000) -> bool:
        """Stop the worker and block until it has; for tests, the window uses `begin_close`.

        Returns:
            Whether the thread ended in time.
        """
        self.begin_close()
        self._thread.join(timeout_ms / 1000)
        return self.has_ended

    def _run(self) -> None:
        answerer: Callable[[Any], Any] | None = None
        while (request := self._run_wait()) is not None:
            in_full = False
            try:
                answerer = answerer or self._make_answerer()
                in_full = self._run_answer(request[0], answerer(request[0]))
            except BaseException as error:  # noqa: BLE001 - whatever a worker meets is told, never lost
                self._run_tell(self.failed, request[0], error)
            self._run_tell(self.ended, request[0], in_full)

    def _run_answer(self, request: Any, answer: Any) -> bool:
        """Tell an answer, part by part; whether it was not given up."""
        if not isinstance(answer, Generator):
            self._run_tell(self.answered, request, answer)
            return True
        has_begun = self._is_minor(request)
        try:
            for part in answer:
                if part is not None:
                    has_begun = True
                    self._run_tell(self.answered, request, part)
                if self._closed or (has_begun and self._request is not None):
                    return False
        finally:
            answer.close()
        return True

    def _run_tell(self, signal: SignalInstance, request: Any, value: Any) -> None:
        with self._condition:
            self._news.append((signal, request, value))
            is_to_wake = not (self._closed or self._delivery_waits)
            self._delivery_waits = True
        if is_to_wake:
            self._woken.emit()

    def _run_wait(self) -> tuple[Any] | None:
        with self._condition:
            self._condition.wait_for(lambda: self._closed or self._request is not None)
            request, self._request = self._request, None
            return None if self._closed else request

    def _on_woken(self) -> None:
        with self._condition:
            news, self._news = self._news, []
            self._delivery_waits = False
            if self._closed:
                return
        for signal, request, value in news:
            signal.emit(request, value)


class JobProgress:
    """What the status bar shows of a job: a sentence and how far it is, 0 to 1 or None where nobody knows."""

    def __init__(self) -> None:
        self.text = ""
        self.fraction: float | None = None


class JobList(QObject):
    """All running jobs: for the status bar, and for closing the window."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs: dict[Job, JobProgress] = {}

    def start(self, job: Job) -> Job:
        """Take over a job, start it, and let go of it when it has ended."""
        job.setParent(self)
        self._jobs[job] = JobProgress()
        job.state_changed.connect(self._on_job_state_changed)
        job.start()
        self.changed.emit()
        return job

    def jobs(self) -> tuple[Job, ...]:
        """The jobs that have not ended, oldest first."""
        return tuple(self._jobs)

    def progress(self, job: Job) -> JobProgress:
        """What is known of a job's progress; empty for one that has ended."""
        return self._jobs.get(job, JobProgress())

    def tell(self, job: Job, text: str, fraction: float | None = None) -> None:
        """Say how far a job is; called by whoever understands its events."""
        if job in self._jobs:
            self._jobs[job].text, self._jobs[job].fraction = text, fraction
            self.changed.emit()

    def cancel_all(self) -> None:
        """Ask every job to stop."""
        for job in self.jobs():
            job.cancel()

    def wait(self, timeout_ms: int) -> bool:
        """Block until all threads have ended; returns whether they did in time."""
        deadline = time.monotonic() + timeout_ms / 1000
        return all(job.wait(max(0, int((deadline - time.monotonic()) * 1000))) for job in self.jobs())

    def _on_job_state_changed(self, state: JobState) -> None:
        job = self.sender()
        if isinstance(job, Job) and state in ENDED and self._jobs.pop(job, None) is not None:
            job.setParent(None)  # whoever still holds it may look at its end
        self.changed.emit()
