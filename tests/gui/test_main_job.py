"""The main job through the window's own widgets: explore a model, train one, come back to it."""

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot
from waiting import wait_opened

from ganstudio import images
from ganstudio.gui.main_window import MainWindow
from ganstudio.gui.services.training_session import Phase
from ganstudio.project import direction_edits, edits
from ganstudio.rendering.renderer import Renderer
from ganstudio.rendering.request import RenderRequest
from ganstudio.training.plan import Plan
from ganstudio.training.runs.run_folder import RunFolder

MakeWindow = Callable[..., MainWindow]
OVERRIDES = {
    "batch_size": 4,
    "sample_kimg": 0.02,
    "snapshot_kimg": 0.02,
    "score_kimg": 0.2,
    "log_kimg": 0.004,
    "sample_count": 4,
    "threads": 1,
    "device": "cpu",
}


def wait_for_picture(window: MainWindow, qtbot: QtBot) -> np.ndarray:
    """Wait until the canvas shows what the document says, and return it."""
    state, canvas = window.document.state, window.explore.canvas
    looks = state.grid_looks if state.view == "grid" else (state.look,)

    def is_shown() -> bool:
        request = None if canvas.rendered is None else canvas.rendered.request
        return request is not None and (request.checkpoint_path, request.looks) == (state.checkpoint, looks)

    qtbot.waitUntil(is_shown, timeout=60_000)
    assert canvas.rendered is not None
    return canvas.rendered.pixels


def drag(qtbot: QtBot, track: object, share: float) -> None:
    """Drag the handle of a slider from where it is to a share of its width."""
    width, middle = track.width(), track.height() // 2  # type: ignore[attr-defined]
    start = QPoint(round(track._x_of(track.value)), middle)  # type: ignore[attr-defined]
    qtbot.mousePress(track, Qt.MouseButton.LeftButton, pos=start)
    for step in range(1, 6):
        x = start.x() + (share * width - start.x()) * step / 5
        qtbot.mouseMove(track, QPoint(round(x), middle))
    qtbot.mouseRelease(track, Qt.MouseButton.LeftButton)


@pytest.fixture
def picture_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "pictures"
    folder.mkdir()
    random = np.random.default_rng(0)
    for number in range(12):
        Image.fromarray(random.integers(0, 256, (28, 28), np.uint8)).save(folder / f"{number}.png")
    (folder / "broken.png").write_bytes(b"\x89PNG and then nothing")
    return folder


def choose(window: MainWindow, folder: Path, qtbot: QtBot) -> None:
    window.document.open_requested.emit(folder)
    qtbot.waitUntil(lambda: window.session.origin is not None, timeout=20_000)


def start(window: MainWindow, qtbot: QtBot, kimg: float = 50.0, name: str = "run") -> Path:
    window.session.plan = Plan("first_gan", kimg, name, dict(OVERRIDES))
    window.commands["train.start"].trigger()
    assert window.session.run is not None
    qtbot.waitUntil(lambda: len(window.session.history.snapshots) > 1, timeout=60_000)
    return window.session.run.path


def stop(window: MainWindow, qtbot: QtBot) -> None:
    window.commands["train.stop"].trigger()
    qtbot.waitUntil(lambda: window.session.phase is Phase.STOPPED, timeout=20_000)


def test_dragging_a_named_slider_moves_the_picture_and_is_one_step(window: MainWindow, qtbot: QtBot) -> None:
    before = wait_for_picture(window, qtbot)
    slider = window.explore.directions.sliders["smile"]
    drag(qtbot, slider.track, 0.9)
    assert window.document.state.look.strength_of("smile") > 1
    after = wait_for_picture(window, qtbot)
    assert (after != before).any()
    assert window.document.undo_stack.count() == 1
    window.commands["edit.undo"].trigger()
    assert slider.value == 0.0
    assert (wait_for_picture(window, qtbot) == before).all()


def test_an_arrow_key_on_a_slider_moves_the_slider_not_the_history(window: MainWindow, qtbot: QtBot) -> None:
    window.commands["picture.new"].trigger()
    track = window.explore.latent.truncation.track
    track.setFocus()
    qtbot.keyClick(track, Qt.Key.Key_Left)
    assert window.document.state.history_index == 1
    assert window.document.state.look.truncation < 1


def test_the_grid_shows_neighbours_and_a_click_opens_one(window: MainWindow, qtbot: QtBot) -> None:
    window.commands["view.grid"].trigger()
    assert len(wait_for_picture(window, qtbot)) == 16
    window.explore.canvas.views.grid.grid.clicked.emit(3)
    assert window.document.state.view == "single"
    assert window.document.state.look.seed == 3
    assert len(wait_for_picture(window, qtbot)) == 1


def test_copy_and_save_keep_the_recipe(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    window.document.apply("Smile", direction_edits.set_strength(window.document.state, "smile", 1.5))
    shown = wait_for_picture(window, qtbot)[0]
    window.commands["edit.copy"].trigger()
    assert QGuiApplication.clipboard().image().width() == shown.shape[1]
    path = tmp_path / "kept.png"
    window.explore.canvas.save(path)
    qtbot.waitUntil(path.exists)
    made = window.document.state.look
    window.commands["picture.new"].trigger()
    window.opener.open(path)
    wait_opened(window, qtbot)
    assert window.document.state.look == made
    assert images.read_recipe(path) is not None


def test_what_is_shown_is_what_the_renderer_draws(window: MainWindow, qtbot: QtBot, tiny_checkpoint: Path) -> None:
    window.document.apply("Seed", edits.set_seed(window.document.state, 12))
    shown = wait_for_picture(window, qtbot)
    request = RenderRequest(str(tiny_checkpoint), (window.document.state.look,))
    assert (Renderer(tiny_checkpoint, "cpu").render(request).pixels == shown).all()


def test_closing_while_the_engine_starts(make_window: MakeWindow, tiny_checkpoint: Path, qtbot: QtBot) -> None:
    window = make_window(open_path=tiny_checkpoint, wait=False)
    window.close()
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=20_000)
    assert window.rendering.is_shut_down()


def test_training_from_a_dropped_folder_to_its_snapshot_in_explore(
    window: MainWindow, qtbot: QtBot, picture_folder: Path
) -> None:
    choose(window, picture_folder, qtbot)
    assert window.workspaces.current == "train"
    shown = " ".join(label.text() for label in window.train.dataset.findChildren(QLabel))
    assert "picture" in shown
    start(window, qtbot)
    window.commands["train.pause"].trigger()
    assert window.session.phase is Phase.PAUSED
    assert window.commands["train.pause"].isChecked()
    window.commands["view.explore"].trigger()  # exploring goes on meanwhile
    window.commands["picture.new"].trigger()
    wait_for_picture(window, qtbot)
    window.commands["train.pause"].trigger()
    points = len(window.session.history.scalars)
    qtbot.waitUntil(lambda: len(window.session.history.scalars) > points, timeout=20_000)
    stop(window, qtbot)
    window.commands["view.train"].trigger()
    line = window.train.recipe.estimate
    assert "at the speed of the last run" in line._text.text()
    window.train.recipe.recipes.cards["balanced"].click()
    assert line._text.text() == ""  # other work, of which that says nothing
    qtbot.waitUntil(window.train.progress.scrubber.open_button.isEnabled)
    window.train.progress.refresh()
    qtbot.mouseClick(window.train.progress.scrubber.open_button, Qt.MouseButton.LeftButton)
    wait_opened(window, qtbot)
    assert window.workspaces.current == "explore"
    assert "snapshots" in (window.document.state.checkpoint or "")
    assert wait_for_picture(window, qtbot).shape[1:] == (28, 28, 1)


def test_closing_during_training_saves_and_it_resumes_the_next_day(
    make_window: MakeWindow, qtbot: QtBot, picture_folder: Path
) -> None:
    first = make_window()
    choose(first, picture_folder, qtbot)
    path = start(first, qtbot)
    first.close()
    qtbot.waitUntil(lambda: not first.isVisible(), timeout=20_000)
    kept = RunFolder(path).states()[-1][0]
    assert kept > 0
    second = make_window()
    second.commands["view.train"].trigger()
    header = second.train.progress.header
    assert header._title.text() == path.name
    qtbot.mouseClick(header.resume_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: second.session.history.kimg > kept, timeout=60_000)
    second.close()
    qtbot.waitUntil(lambda: not second.isVisible(), timeout=20_000)
    assert RunFolder(path).states()[-1][0] > kept


def test_closing_while_pictures_are_looked_at(window: MainWindow, qtbot: QtBot, picture_folder: Path) -> None:
    window.document.open_requested.emit(picture_folder)
    window.close()
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=20_000)
    assert not window.jobs.jobs()


def test_a_run_deleted_during_training_is_told(window: MainWindow, qtbot: QtBot, picture_folder: Path) -> None:
    choose(window, picture_folder, qtbot)
    path = start(window, qtbot)
    shutil.rmtree(path.rename(path.with_name("moved away")))  # at once, for the trainer writes on meanwhile
    qtbot.waitUntil(lambda: window.session.phase is Phase.FAILED, timeout=30_000)
    assert window.toasts.shown


def test_an_empty_folder_is_told_and_nothing_can_start(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    window.document.open_requested.emit(empty)
    qtbot.waitUntil(lambda: not window.jobs.jobs(), timeout=20_000)
    words = " ".join(label.text() for label in window.train.dataset.findChildren(QLabel) if label.isVisible())
    assert "empty" in words
    assert not window.commands["train.start"].isEnabled()


def test_two_windows_on_one_run_the_second_watches(make_window: MakeWindow, qtbot: QtBot, picture_folder: Path) -> None:
    first, second = make_window(), make_window()
    choose(first, picture_folder, qtbot)
    path = start(first, qtbot)
    second.session.resume_run(path)
    qtbot.waitUntil(lambda: second.session.phase is Phase.WATCHING, timeout=30_000)
    assert first.session.phase is Phase.TRAINING
    stop(first, qtbot)
    qtbot.waitUntil(lambda: second.session.phase is Phase.STOPPED, timeout=30_000)


def test_a_dropped_run_folder_is_shown_not_trained_on(
    make_window: MakeWindow, qtbot: QtBot, picture_folder: Path
) -> None:
    first = make_window()
    choose(first, picture_folder, qtbot)
    path = start(first, qtbot)
    stop(first, qtbot)
    second = make_window()
    second.opener.open(path)
    wait_opened(second, qtbot)
    assert second.workspaces.current == "train"
    assert second.session.phase is Phase.STOPPED
    assert second.session.history.snapshots
    assert second.session.origin is None


def test_classes_of_a_new_place_are_learned_unless_they_are_the_avatars_own(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, picture_folder: Path
) -> None:
    folder = tmp_path / "kinds"
    for kind in ("cats", "dogs"):
        shutil.copytree(picture_folder, folder / kind)
    choose(window, folder, qtbot)
    assert window.session.origin is not None
    assert window.session.origin.use_labels
    window.train.dataset.choose("avatars:40")
    qtbot.waitUntil(lambda: window.session.origin is not None and window.session.origin.place == "avatars:40")
    assert not window.session.origin.use_labels
