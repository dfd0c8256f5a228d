"""Opening as a job: what is open stays until the new model has drawn, and nothing is left of an opening that fails."""

import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot
from waiting import wait_opened

from ganstudio.checkpoints.base import CheckpointError
from ganstudio.checkpoints.builtin import builtin_path
from ganstudio.gui.main_window import MainWindow
from ganstudio.gui.services import opening_work
from ganstudio.project.state import Project
from ganstudio.rendering.opening import ModelReady, OpeningProgress
from ganstudio.rendering.request import RenderRequest

MakeWindow = Callable[..., MainWindow]


class Gate:
    """Holds every opening before its network is handed over, until it is opened."""

    def __init__(self) -> None:
        self.opened = threading.Event()
        self.arrived: list[Path] = []
        self.error: CheckpointError | None = None

    def wrap(self, open_model: Callable[..., Iterator[Any]]) -> Callable[..., Iterator[Any]]:
        def held(file: Any, device: str = "cpu", **options: Any) -> Iterator[Any]:
            for event in open_model(file, device, **options):
                if isinstance(event, ModelReady):
                    self.arrived.append(file.path)
                    while not self.opened.wait(0.01):
                        yield OpeningProgress("held", 0.5)
                    if self.error is not None:
                        raise self.error
                yield event

        return held


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    gate = Gate()
    monkeypatch.setattr(opening_work, "open_model", gate.wrap(opening_work.open_model))
    yield gate
    gate.opened.set()


@pytest.fixture
def copies(tiny_checkpoint: Path) -> list[Path]:
    """Three models beside the open one."""
    return [Path(shutil.copy(tiny_checkpoint, tiny_checkpoint.with_name(f"{name}.safetensors"))) for name in "abc"]


def wait_held(gate: Gate, path: Path, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: path in gate.arrived, timeout=20_000)


def shown_path(window: MainWindow) -> str:
    rendered = window.explore.canvas.rendered
    return "" if rendered is None else rendered.request.checkpoint_path


def test_the_old_model_can_be_worked_with_until_the_new_one_has_drawn(
    gate: Gate, make_window: MakeWindow, tiny_checkpoint: Path, copies: list[Path], qtbot: QtBot
) -> None:
    gate.opened.set()
    window = make_window(open_path=tiny_checkpoint)
    gate.opened.clear()
    window.opener.open(copies[0])
    wait_held(gate, copies[0], qtbot)
    assert window.document.state.checkpoint == str(tiny_checkpoint)
    with qtbot.waitSignal(window.rendering.picture_ready, timeout=20_000):
        window.commands["picture.new"].trigger()  # the canvas goes on
    assert shown_path(window) == str(tiny_checkpoint)
    assert any(job.title == "Opening a.safetensors" for job in window.jobs.jobs())
    gate.opened.set()
    wait_opened(window, qtbot)
    assert window.document.state.checkpoint == str(copies[0])
    qtbot.waitUntil(lambda: shown_path(window) == str(copies[0]), timeout=20_000)


def test_the_first_picture_is_drawn_once_and_by_nobody_else(
    make_window: MakeWindow, tiny_checkpoint: Path, copies: list[Path], qtbot: QtBot
) -> None:
    window = make_window(open_path=tiny_checkpoint)
    qtbot.waitUntil(lambda: shown_path(window) == str(tiny_checkpoint), timeout=20_000)
    shown: list[RenderRequest] = []
    worker = window.rendering._worker
    assert worker is not None
    answered: list[object] = []
    worker.answered.connect(lambda ask, _answer: None if ask.is_minor else answered.append(ask))
    window.rendering.picture_ready.connect(lambda rendered: shown.append(rendered.request))
    window.opener.open(copies[0])
    wait_opened(window, qtbot)
    qtbot.waitUntil(lambda: bool(shown), timeout=20_000)
    assert shown == [RenderRequest(str(copies[0]), (window.document.state.look,))]
    assert not answered


@pytest.mark.parametrize("end", ["cancel", "fail"])
def test_an_opening_that_comes_to_nothing_changes_nothing(
    end: str, gate: Gate, make_window: MakeWindow, tiny_checkpoint: Path, copies: list[Path], qtbot: QtBot
) -> None:
    gate.opened.set()
    window = make_window(open_path=tiny_checkpoint)
    window.commands["picture.new"].trigger()
    before, steps = window.document.state, window.document.undo_stack.count()
    gate.opened.clear()
    window.opener.open(copies[0])
    wait_held(gate, copies[0], qtbot)
    if end == "fail":
        gate.error = CheckpointError(copies[0], "its weights do not fit", "copy it again")
        gate.opened.set()
    else:
        [button] = [
            button
            for button in window.status.findChildren(QToolButton)
            if button.accessibleName().startswith("Cancel: Opening a.safetensors")
        ]
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    wait_opened(window, qtbot)
    assert window.document.state == before
    assert window.document.undo_stack.count() == steps
    assert bool(window.toasts.shown) == (end == "fail")
    assert str(copies[0]) not in window.settings.values.recent
    gate.error = None


def test_a_newer_opening_overtakes_an_older_one(
    gate: Gate, make_window: MakeWindow, tiny_checkpoint: Path, copies: list[Path], qtbot: QtBot
) -> None:
    gate.opened.set()
    window = make_window(open_path=tiny_checkpoint)
    gate.opened.clear()
    window.opener.open(copies[0])
    wait_held(gate, copies[0], qtbot)
    window.opener.open(copies[1])
    wait_held(gate, copies[1], qtbot)
    gate.opened.set()
    wait_opened(window, qtbot)
    qtbot.waitUntil(lambda: not window.jobs.jobs(), timeout=20_000)
    assert window.document.state.checkpoint == str(copies[1])
    assert window.document.undo_stack.count() == 1
    assert window.settings.values.recent[:1] == (str(copies[1]),)


def test_undo_and_redo_walk_models_also_those_let_go_of(
    make_window: MakeWindow, tiny_checkpoint: Path, copies: list[Path], qtbot: QtBot
) -> None:
    window = make_window(open_path=tiny_checkpoint)
    loading: list[object] = []
    window.rendering.loading_changed.connect(loading.append)
    for path in copies:
        window.opener.open(path)
        wait_opened(window, qtbot)
    for path in (*reversed(copies[:2]), tiny_checkpoint):
        window.commands["edit.undo"].trigger()
        assert window.document.state.checkpoint == str(path)
        assert window.explore.directions.sliders
        qtbot.waitUntil(lambda path=path: shown_path(window) == str(path), timeout=20_000)
    assert tiny_checkpoint in loading  # it was let go of, and read again with a word in the status bar
    assert loading[-1] is None
    window.commands["edit.redo"].trigger()
    qtbot.waitUntil(lambda: shown_path(window) == str(copies[0]), timeout=20_000)


def test_closing_while_a_model_is_opened_keeps_the_session(
    gate: Gate, make_window: MakeWindow, tiny_checkpoint: Path, qtbot: QtBot
) -> None:
    window = make_window(project=Project(checkpoint=str(tiny_checkpoint)), wait=False)
    wait_held(gate, tiny_checkpoint, qtbot)
    window.close()
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=20_000)
    assert window.document.state.checkpoint == str(tiny_checkpoint)


def test_cancelling_what_a_start_restores_shows_the_built_in_model(
    gate: Gate, make_window: MakeWindow, tiny_checkpoint: Path, qtbot: QtBot
) -> None:
    window = make_window(project=Project(checkpoint=str(tiny_checkpoint)), wait=False)
    wait_held(gate, tiny_checkpoint, qtbot)
    qtbot.waitUntil(lambda: bool(window.explore.directions.sliders))  # it is described before its weights are there
    gate.opened.set()
    window.jobs.jobs()[0].cancel()
    wait_opened(window, qtbot)
    assert window.document.state.checkpoint in (str(tiny_checkpoint), str(builtin_path()))


def test_a_file_that_cannot_be_opened_at_a_start_leaves_the_session(
    make_window: MakeWindow, tiny_checkpoint: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    window = make_window(project=Project(checkpoint=str(tiny_checkpoint)), open_path=tmp_path / "nothing.pkl")
    assert window.document.state.checkpoint == str(tiny_checkpoint)
    assert window.document.description is not None
    qtbot.waitUntil(lambda: shown_path(window) == str(tiny_checkpoint), timeout=20_000)
    assert any("nothing.pkl" in toast.message.text for toast in window.toasts.shown)


def test_the_window_lives_while_a_large_file_is_read(
    make_window: MakeWindow, tiny_checkpoint: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    large = tmp_path / "large.pkl"
    with large.open("wb") as file:
        file.write(b"no checkpoint")
        file.truncate(200 << 20)
    window = make_window(open_path=tiny_checkpoint)
    texts: list[str] = []
    ticks: list[int] = []
    timer = QTimer(window, interval=5)
    timer.timeout.connect(lambda: ticks.append(1))
    timer.start()
    window.jobs.changed.connect(lambda: texts.extend(window.jobs.progress(job).text for job in window.jobs.jobs()))
    window.opener.open(large)
    wait_opened(window, qtbot)
    timer.stop()
    assert any("of 200 MB" in text for text in texts)
    assert window.document.state.checkpoint == str(tiny_checkpoint)
