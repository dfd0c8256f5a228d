"""Jobs: batches, exactly one end, cancel, pause, errors; previews: newest wins, last is answered."""

import threading
import time

import pytest
from PySide6.QtCore import QTimer

from ganstudio.gui.jobs import Job, JobList, JobState, LatestOnly


class Record:
    """Everything a job tells."""

    def __init__(self, job: Job) -> None:
        self.batches: list[list] = []
        self.ends: list = []
        job.progressed.connect(self.batches.append)
        job.finished.connect(lambda: self.ends.append("finished"))
        job.cancelled.connect(lambda: self.ends.append("cancelled"))
        job.failed.connect(self.ends.append)

    @property
    def events(self) -> list:
        return [event for batch in self.batches for event in batch]


@pytest.fixture
def start(qtbot):
    jobs: list[Job] = []

    def starter(work) -> tuple[Job, Record]:
        job = Job(work, "test")
        jobs.append(job)
        record = Record(job)
        job.start()
        return job, record

    yield starter
    for job in jobs:
        job.cancel()
        assert job.wait(5000)


def test_all_events_arrive_in_order_then_one_end(qtbot, start):
    _, record = start(lambda: iter(range(1000)))
    qtbot.waitUntil(lambda: bool(record.ends))
    assert record.events == list(range(1000))
    assert record.ends == ["finished"]


def test_a_flood_of_events_leaves_the_window_alive(qtbot, start):
    ticks: list[float] = []
    timer = QTimer(interval=5)
    timer.timeout.connect(lambda: ticks.append(time.perf_counter()))
    timer.start()
    _, record = start(lambda: iter(range(20_000)))
    qtbot.waitUntil(lambda: bool(record.ends))
    qtbot.waitUntil(lambda: len(ticks) > 3)
    timer.stop()
    assert len(record.events) == 20_000
    assert len(record.batches) < 5_000


def test_cancel_closes_the_generator_in_its_own_thread(qtbot, start):
    closed_in: list[str] = []

    def work():
        try:
            while True:
                time.sleep(0.001)
                yield 1
        finally:
            closed_in.append(threading.current_thread().name)

    job, record = start(work)
    qtbot.waitUntil(lambda: bool(record.batches))
    job.cancel()
    assert job.state is JobState.STOPPING
    qtbot.waitUntil(lambda: bool(record.ends))
    assert record.ends == ["cancelled"]
    assert closed_in == ["job test"]


def test_a_paused_job_stands_still_and_can_be_cancelled(qtbot, start):
    count = [0]

    def work():
        while True:
            count[0] += 1
            yield count[0]
            time.sleep(0.001)

    job, record = start(work)
    qtbot.waitUntil(lambda: count[0] > 3)
    job.pause()
    qtbot.wait(30)
    seen = count[0]
    qtbot.wait(60)
    assert count[0] == seen
    job.resume()
    qtbot.waitUntil(lambda: count[0] > seen)
    job.pause()
    job.cancel()
    qtbot.waitUntil(lambda: bool(record.ends))
    assert record.ends == ["cancelled"]


def test_a_job_cancelled_before_it_starts_never_runs(qtbot):
    ran: list[int] = []
    job = Job(lambda: iter(ran.append(1) or ()), "test")
    record = Record(job)
    job.cancel()
    job.start()
    assert record.ends == ["cancelled"]
    assert ran == []


@pytest.mark.parametrize("where", ["making", "working", "closing"])
def test_an_error_anywhere_is_told_once(qtbot, start, where):
    def work():
        if where == "working":
            yield 1
            raise ValueError("broken")
        try:
            while True:
                yield 1
                time.sleep(0.001)
        finally:
            raise ValueError("broken")

    def make():
        raise ValueError("broken")

    job, record = start(make if where == "making" else work)
    if where == "closing":
        qtbot.waitUntil(lambda: bool(record.batches))
        job.cancel()
    qtbot.waitUntil(lambda: bool(record.ends))
    assert [str(end) for end in record.ends] == ["broken"]
    assert job.state is JobState.FAILED


def test_waiting_tells_the_end_without_an_event_loop(qtbot):
    job = Job(lambda: iter(range(5)), "test")
    record = Record(job)
    job.start()
    assert job.wait(5000)
    assert record.events == [0, 1, 2, 3, 4]
    assert record.ends == ["finished"]


def test_who_hears_of_the_end_finds_the_thread_gone(qtbot, monkeypatch):
    """Here the worker is held up after it has woken the window."""
    job = Job(lambda: iter(range(5)), "slow to leave")
    wake = job._wake

    def wake_and_linger() -> None:
        wake()
        time.sleep(0.2)

    monkeypatch.setattr(job, "_wake", wake_and_linger)
    threads: list[list[str]] = []
    job.ended.connect(lambda: threads.append([thread.name for thread in threading.enumerate()]))
    job.start()
    qtbot.waitUntil(lambda: bool(threads))
    assert "job slow to leave" not in threads[0]


def test_the_list_knows_what_runs_and_stops_it(qtbot):
    jobs = JobList()
    forever = Job(lambda: iter(lambda: time.sleep(0.001), 1), "forever")
    jobs.start(forever)
    jobs.start(Job(lambda: iter(()), "short"))
    qtbot.waitUntil(lambda: [job.title for job in jobs.jobs()] == ["forever"])
    jobs.tell(forever, "half", 0.5)
    assert jobs.progress(forever).fraction == 0.5
    jobs.cancel_all()
    assert jobs.wait(5000)
    assert jobs.jobs() == ()


def test_the_newest_request_replaces_waiting_ones_and_the_last_is_answered(qtbot):
    gate = threading.Event()
    begun: list[int] = []

    def make():
        def answer(request: int) -> int:
            begun.append(request)
            gate.wait(5)
            return request * 10

        return answer

    preview = LatestOnly(make)
    answers: list[tuple[int, int]] = []
    preview.answered.connect(lambda request, answer: answers.append((request, answer)))
    preview.submit(1)
    qtbot.waitUntil(lambda: begun == [1])
    for request in range(2, 50):
        preview.submit(request)
    gate.set()
    qtbot.waitUntil(lambda: len(answers) == 2)
    assert answers == [(1, 10), (49, 490)]
    assert preview.close()


def test_a_failed_answer_is_told_and_the_next_is_tried(qtbot):
    def make():
        def answer(request: int) -> float:
            return 1 / request

        return answer

    preview = LatestOnly(make)
    failures: list = []
    answers: list = []
    preview.failed.connect(lambda request, error: failures.append((request, type(error))))
    preview.answered.connect(lambda _, answer: answers.append(answer))
    preview.submit(0)
    qtbot.waitUntil(lambda: bool(failures))
    preview.submit(2)
    qtbot.waitUntil(lambda: bool(answers))
    assert failures == [(0, ZeroDivisionError)]
    assert answers == [0.5]
    assert preview.close()


def test_nothing_is_told_after_closing(qtbot):
    begun = threading.Event()

    def make():
        def answer(request: int) -> int:
            begun.set()
            time.sleep(0.05)
            return request

        return answer

    preview = LatestOnly(make)
    answers: list = []
    preview.answered.connect(lambda *answer: answers.append(answer))
    preview.submit(1)
    assert begun.wait(5)
    assert preview.close()
    qtbot.wait(50)
    assert answers == []


def test_ten_thousand_emits_keep_the_binding_alive(qtbot):
    preview = LatestOnly(lambda: lambda request: request)
    seen = [0]

    def count(request: object, answer: object) -> None:
        seen[0] += 1

    preview.answered.connect(count)
    for _ in range(10_000):
        preview.answered.emit(True, None)
    assert seen == [10_000]
    assert preview.close()


class Steps:
    """An answerer whose generators go on only when told to."""

    def __init__(self) -> None:
        self.allowed = threading.Semaphore(0)
        self.closed: list[int] = []

    def __call__(self, request: int):
        try:
            for step in range(4):
                assert self.allowed.acquire(timeout=10)
                yield None if step % 2 == 0 else request * 10 + step
        finally:
            self.closed.append(request)

    def allow(self, count: int) -> None:
        self.allowed.release(count)


def streaming(steps: Steps, is_minor=lambda _request: False):
    preview = LatestOnly(lambda: steps, is_minor=is_minor)
    told: list = []
    preview.answered.connect(lambda _request, answer: told.append(answer))
    preview.ended.connect(lambda request, in_full: told.append((request, in_full)))
    return preview, told


def test_an_answer_comes_in_parts(qtbot):
    steps = Steps()
    preview, told = streaming(steps)
    preview.submit(1)
    steps.allow(2)
    qtbot.waitUntil(lambda: told == [11])
    steps.allow(2)
    qtbot.waitUntil(lambda: told == [11, 13, (1, True)])
    assert preview.close()


def test_a_newer_request_waits_for_the_first_part_and_no_longer(qtbot):
    steps = Steps()
    preview, told = streaming(steps)
    preview.submit(1)
    qtbot.waitUntil(lambda: preview._request is None)
    steps.allow(1)
    preview.submit(2)
    steps.allow(1)  # the first part of the first request
    qtbot.waitUntil(lambda: (1, False) in told)
    assert told == [11, (1, False)]
    assert steps.closed == [1]
    steps.allow(4)
    qtbot.waitUntil(lambda: (2, True) in told)
    assert told[2:] == [21, 23, (2, True)]
    assert preview.close()


def test_a_minor_request_gives_way_before_its_first_part(qtbot):
    steps = Steps()
    preview, told = streaming(steps, is_minor=lambda request: request == 1)
    preview.submit(1)
    qtbot.waitUntil(lambda: preview._request is None)
    preview.submit(2)
    steps.allow(5)
    qtbot.waitUntil(lambda: (2, True) in told)
    assert told == [(1, False), 21, 23, (2, True)]
    assert preview.close()


def test_parts_of_an_answer_that_fails_are_told_and_then_the_failure(qtbot):
    def answer(request: int):
        yield request
        raise ValueError("half-way")

    preview = LatestOnly(lambda: answer)
    told: list = []
    preview.answered.connect(lambda _request, part: told.append(part))
    preview.failed.connect(lambda _request, error: told.append(str(error)))
    preview.ended.connect(lambda _request, in_full: told.append(in_full))
    preview.submit(7)
    qtbot.waitUntil(lambda: len(told) == 3)
    assert told == [7, "half-way", False]
    assert preview.close()


def test_closing_ends_an_answer_between_its_parts(qtbot):
    steps = Steps()
    preview, told = streaming(steps)
    preview.submit(1)
    steps.allow(2)
    qtbot.waitUntil(lambda: told == [11])
    preview.begin_close()
    steps.allow(1)
    assert preview.close()
    assert steps.closed == [1]
    assert told == [11]
