"""Closing the window during every kind of work: it ends, what the work saves in `finally` is saved, nothing freezes."""

import threading
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from ganstudio.gui.jobs import Job
from ganstudio.gui.main_window import MainWindow


class SlowWork:
    """Counts until it is closed, and then takes a while to save, like training does."""

    def __init__(self) -> None:
        self.may_finish_saving = threading.Event()
        self.began = threading.Event()
        self.has_saved = False

    def __call__(self) -> Iterator[object]:
        try:
            while True:
                self.began.set()
                yield object()
                threading.Event().wait(0.002)
        finally:
            self.may_finish_saving.wait(10)
            self.has_saved = True


def start(window: MainWindow, work: Callable[[], Iterator[object]]) -> Job:
    return window.jobs.start(Job(work, "Training"))


@pytest.mark.parametrize("paused", [False, True])
def test_closing_waits_for_a_job_to_save_without_freezing(window: MainWindow, qtbot: QtBot, paused: bool) -> None:
    work = SlowWork()
    job = start(window, work)
    assert work.began.wait(5)
    if paused:
        job.pause()
    ticks: list[int] = []
    timer = QTimer(interval=1)
    timer.timeout.connect(lambda: ticks.append(1))
    timer.start()
    window.close()
    assert window.isVisible()
    assert "Saving…" in [label.text() for label in window.findChildren(QLabel) if label.isVisible()]
    qtbot.waitUntil(lambda: len(ticks) > 20)  # the event loop lives on
    assert window.isVisible()
    work.may_finish_saving.set()
    qtbot.waitUntil(lambda: not window.isVisible())
    timer.stop()
    assert work.has_saved
    assert not window.jobs.jobs()


def test_closing_twice_and_during_several_jobs(window: MainWindow, qtbot: QtBot) -> None:
    works = [SlowWork() for _ in range(3)]
    for work in works:
        start(window, work)
        work.may_finish_saving.set()
    window.close()
    window.close()
    qtbot.waitUntil(lambda: not window.isVisible())
    assert all(work.has_saved or not work.began.is_set() for work in works)


def test_a_job_that_fails_while_closing_does_not_keep_the_window(window: MainWindow, qtbot: QtBot) -> None:
    def fail_at_the_end() -> Iterator[object]:
        try:
            while True:
                yield object()
                threading.Event().wait(0.002)
        finally:
            raise OSError("disk full")

    start(window, fail_at_the_end)
    window.close()
    qtbot.waitUntil(lambda: not window.isVisible())


def test_a_running_job_is_in_the_status_bar_until_it_ends(window: MainWindow, qtbot: QtBot) -> None:
    work = SlowWork()
    work.may_finish_saving.set()
    job = start(window, work)
    window.jobs.tell(job, "3 min left", 0.5)
    shown = [label.text() for label in window.status.findChildren(QLabel)]
    assert "Training: 3 min left" in shown
    job.cancel()
    qtbot.waitUntil(lambda: not window.jobs.jobs())
    qtbot.waitUntil(
        lambda: "Training: 3 min left" not in [label.text() for label in window.status.findChildren(QLabel)]
    )
