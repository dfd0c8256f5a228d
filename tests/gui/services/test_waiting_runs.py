"""The queue in the window: runs follow each other by themselves, and stop where the person stops them."""

import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from ganstudio.datasets.fitting import PreparationConfig
from ganstudio.files import FileWriteError
from ganstudio.gui.jobs import JobList
from ganstudio.gui.sections.waiting_list import WaitingList
from ganstudio.gui.services.training_session import Phase, TrainingSession
from ganstudio.gui.services.waiting_runs import WaitingRuns
from ganstudio.training.origin import Origin
from ganstudio.training.plan import Plan
from ganstudio.training.presets.base import PictureFacts
from ganstudio.training.runs.changes import change_settings
from ganstudio.training.runs.run_folder import RunFolder
from ganstudio.training.runs.run_list import runs_folder

TINY = {"batch_size": 4, "threads": 1, "device": "cpu", "score_kimg": 9.0, "sample_count": 4, "sample_kimg": 9.0}


class Facts(PictureFacts):
    count, resolution, channels, class_count = 40, 28, 1, 0


@pytest.fixture
def session(qtbot: QtBot) -> Iterator[TrainingSession]:
    session = TrainingSession(JobList())
    session.choose_pictures(Origin("avatars:40", PreparationConfig(28, 1), use_labels=False), Facts())
    session.plan = Plan("quick", 0.04, "", TINY)
    yield session
    qtbot.waitUntil(lambda: not any(thread.name.startswith("job") for thread in threading.enumerate()))


@pytest.fixture
def waiting(session: TrainingSession, qtbot: QtBot) -> WaitingRuns:
    return WaitingRuns(session, session)


@pytest.fixture
def shown(waiting: WaitingRuns, session: TrainingSession, qtbot: QtBot) -> WaitingList:
    shown = WaitingList(waiting, session)
    qtbot.addWidget(shown)
    session.setParent(shown)
    return shown


def is_finished(name: str) -> bool:
    states = RunFolder(runs_folder() / name).states()
    return bool(states) and states[-1][0] >= 0.04


def test_runs_follow_each_other(shown, waiting, session, qtbot):
    for _ in range(3):
        waiting.start()
    assert [one.name for one in waiting.queue] == ["avatars-2", "avatars-3"]
    assert len(shown.rows) == 2
    qtbot.mouseClick(shown.rows[1].earlier_button, Qt.MouseButton.LeftButton)
    assert [one.name for one in waiting.queue] == ["avatars-3", "avatars-2"]
    qtbot.waitUntil(lambda: not session.is_busy and not len(waiting.queue), timeout=30_000)
    assert all(is_finished(f"avatars-{number}") for number in (1, 2, 3))
    assert session.title == "avatars-2"


def test_a_person_who_stops_a_run_starts_the_next_by_hand(shown, waiting, session, qtbot):
    session.plan = Plan("quick", 40.0, "", TINY)
    waiting.start()
    session.plan = Plan("quick", 0.04, "second", TINY)
    waiting.start()
    qtbot.waitUntil(lambda: session.phase is Phase.TRAINING, timeout=20_000)
    session.stop()
    qtbot.waitUntil(lambda: session.phase is Phase.STOPPED, timeout=20_000)
    assert len(waiting.queue) == 1
    waiting.add_resume("avatars-1")
    qtbot.mouseClick(shown.rows[1].remove_button, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(shown.start_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: session.phase is Phase.FINISHED, timeout=20_000)
    assert is_finished("second")
    assert not shown.rows


def test_a_run_that_stopped_goes_on_in_its_turn(waiting, session, qtbot):
    waiting.start()
    qtbot.waitUntil(lambda: session.phase is Phase.FINISHED, timeout=20_000)
    run = RunFolder(runs_folder() / "avatars-1")
    session.plan = Plan("quick", 0.04, "", TINY)
    waiting.start()
    change_settings(run, {"kimg": 0.08})
    waiting.add_resume("avatars-1")
    qtbot.waitUntil(lambda: not session.is_busy and not len(waiting.queue), timeout=30_000)
    assert run.states()[-1][0] >= 0.08


def test_what_keeps_a_run_from_beginning_holds_the_queue(waiting, session, qtbot):
    waiting.start()
    session.choose_pictures(Origin("/nowhere/at/all", PreparationConfig(28, 1), use_labels=False), Facts())
    for name in ("lost", "waits"):
        session.plan = Plan("quick", 0.04, name, TINY)
        waiting.start()
    with qtbot.waitSignal(session.failed, timeout=30_000):
        pass
    qtbot.waitUntil(lambda: session.phase is Phase.FAILED and session.is_shut_down(), timeout=20_000)
    assert [one.name for one in waiting.queue] == ["waits"]


def test_a_name_that_is_taken_is_refused(waiting, session, qtbot):
    waiting.start()
    qtbot.waitUntil(lambda: session.phase is Phase.TRAINING, timeout=20_000)
    session.plan = Plan("quick", 0.04, "avatars-1", TINY)
    errors = []
    session.failed.connect(errors.append)
    waiting.start()
    assert "already" in errors[0].reason
    assert not len(waiting.queue)
    qtbot.waitUntil(lambda: not session.is_busy, timeout=20_000)


def test_a_queue_that_cannot_be_written_is_told(waiting, session, qtbot, monkeypatch):
    def refuse(path, _text):
        raise FileWriteError(path, "no room", "free some")

    waiting.start()
    monkeypatch.setattr("ganstudio.training.runs.queue.write_text_atomically", refuse)
    errors = []
    session.failed.connect(errors.append)
    waiting.start()
    assert isinstance(errors[0], FileWriteError)
    qtbot.waitUntil(lambda: not session.is_busy, timeout=20_000)


def test_closing_begins_no_other_run(waiting, session, qtbot):
    waiting.start()
    waiting.start()
    waiting.begin_shutdown()
    qtbot.waitUntil(lambda: session.phase is Phase.FINISHED, timeout=20_000)
    assert [one.name for one in waiting.queue] == ["avatars-2"]
