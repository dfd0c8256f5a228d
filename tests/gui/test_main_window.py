import gzip
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QCoreApplication, QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication, QPushButton, QToolBar
from pytestqt.qtbot import QtBot
from waiting import wait_opened

from ganstudio.gui.main_window import MainWindow
from ganstudio.images import save_picture
from ganstudio.project import direction_edits, edits
from ganstudio.project.file import write_project
from ganstudio.project.recipe import Recipe
from ganstudio.project.session import restore_session, session_path
from ganstudio.project.state import Project
from ganstudio.rendering.looks.edit import Edit
from ganstudio.rendering.looks.look import Look

MakeWindow = Callable[..., MainWindow]


def drop(window: MainWindow, *paths: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    event = QDropEvent(
        QPointF(300, 300),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    window.dropEvent(event)


def drop_and_wait(window: MainWindow, path: Path, qtbot: QtBot) -> None:
    drop(window, path)
    wait_opened(window, qtbot)


def toasts(window: MainWindow) -> list[str]:
    return [toast.message.text for toast in window.toasts.shown]


def test_keys_make_new_pictures_walk_the_history_and_undo(window: MainWindow, qtbot: QtBot) -> None:
    first = window.document.state.look
    qtbot.keyClick(window, Qt.Key.Key_R)
    second = window.document.state.look
    assert second.seed != first.seed
    qtbot.keyClick(window, Qt.Key.Key_Left)
    assert window.document.state.look == first
    qtbot.keyClick(window, Qt.Key.Key_Right)
    assert window.document.state.look == second
    qtbot.keyClick(window, Qt.Key.Key_G)
    assert window.document.state.view == "grid"
    for _ in range(2):
        qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert window.document.state.view == "single"
    assert window.document.state.look == first


def test_switching_workspaces_keeps_the_picture(window: MainWindow) -> None:
    window.commands["picture.new"].trigger()
    before = window.document.state
    window.commands["view.train"].trigger()
    assert window.workspaces.current == "train"
    assert window.commands["view.train"].isChecked()
    assert not window.commands["view.explore"].isChecked()
    window.commands["view.explore"].trigger()
    assert window.workspaces.current == "explore"
    assert window.document.state == before


def test_a_dropped_checkpoint_opens_and_is_remembered(
    make_window: MakeWindow, tiny_checkpoint: Path, qtbot: QtBot
) -> None:
    window = make_window()
    drop_and_wait(window, tiny_checkpoint, qtbot)
    assert window.document.state.checkpoint == str(tiny_checkpoint)
    assert window.settings.values.recent[0] == str(tiny_checkpoint)
    assert tiny_checkpoint.stem in window.windowTitle()


def test_of_several_dropped_files_the_first_is_opened_and_the_others_are_told(
    make_window: MakeWindow, tiny_checkpoint: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    window = make_window()
    drop(window, tiny_checkpoint, tmp_path / "second.pt", tmp_path / "third.pt")
    wait_opened(window, qtbot)
    assert window.document.state.checkpoint == str(tiny_checkpoint)
    assert any("the other 2 are left" in text for text in toasts(window))


def test_a_dropped_picture_restores_its_look_and_model_in_one_step(
    make_window: MakeWindow, tiny_checkpoint: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    look = Look(seed=7, truncation=0.5, edits=(Edit("smile", 1.5),))
    picture = tmp_path / "made here.png"
    save_picture(picture, np.zeros((8, 8, 3), np.uint8), Recipe(look, str(tiny_checkpoint)).to_json())
    window = make_window()
    before = window.document.state
    drop_and_wait(window, picture, qtbot)
    assert window.document.state.look == look
    assert window.document.state.checkpoint == str(tiny_checkpoint)
    window.commands["edit.undo"].trigger()
    assert window.document.state == before


def test_a_picture_with_a_forged_recipe_is_refused_in_words(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    picture = tmp_path / "forged.png"
    save_picture(picture, np.zeros((8, 8, 3), np.uint8), {"look": {"seed": "0; rm -rf"}, "checkpoint": None})
    before = window.document.state
    drop_and_wait(window, picture, qtbot)
    assert window.document.state == before
    assert any("seed" in text for text in toasts(window))


def test_a_plain_picture_is_offered_as_data(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    picture = tmp_path / "holiday.png"
    save_picture(picture, np.zeros((8, 8, 3), np.uint8))
    drop_and_wait(window, picture, qtbot)
    [toast] = [toast for toast in window.toasts.shown if "holiday" in toast.message.text]
    [button] = [button for button in toast.findChildren(QPushButton) if "Train" in button.text()]
    with qtbot.waitSignal(window.document.data_dropped) as heard:
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert heard.args == [tmp_path]
    assert window.workspaces.current == "train"


def write_data(path: Path) -> Path:
    """Training pictures of the kind that the name says, with a name that may lie."""
    picture = io.BytesIO()
    Image.new("L", (8, 8)).save(picture, "PNG")
    if "." not in path.name:
        path.mkdir()
        (path / "0.png").write_bytes(picture.getvalue())
    elif "zip" in path.name:
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("0.png", picture.getvalue())
    elif "idx" in path.name:
        path.write_bytes(gzip.compress(bytes([0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 8, 0, 0, 0, 8]) + bytes(64)))
    else:
        with path.open("wb") as file:
            np.savez(file, images=np.zeros((2, 8, 8, 3), np.uint8))
    return path


@pytest.mark.parametrize("name", ["pictures", "pictures.zip", "zip called.pt", "idx3.gz", "npz called.pkl"])
def test_dropped_training_pictures_go_to_train(window: MainWindow, tmp_path: Path, name: str, qtbot: QtBot) -> None:
    path = write_data(tmp_path / name)
    with qtbot.waitSignal(window.document.data_dropped) as heard:
        drop(window, path)
    assert heard.args == [path]
    assert window.workspaces.current == "train"
    qtbot.waitUntil(lambda: not window.jobs.jobs(), timeout=20_000)


def test_a_dropped_project_opens_with_its_model_in_one_step(
    window: MainWindow, tmp_path: Path, tiny_checkpoint: Path, qtbot: QtBot
) -> None:
    other = tmp_path / "other.safetensors"
    other.write_bytes(tiny_checkpoint.read_bytes())
    kept = edits.set_seed(Project(checkpoint=str(other)), 77)
    write_project(tmp_path / "kept.bin", kept)
    before = window.document.state
    drop_and_wait(window, tmp_path / "kept.bin", qtbot)
    assert window.document.state == kept
    window.commands["edit.undo"].trigger()
    assert window.document.state == before


def test_a_checkpoint_cut_in_half_is_told_and_changes_nothing(
    window: MainWindow, tiny_checkpoint: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    half = tmp_path / "half.safetensors"
    half.write_bytes(tiny_checkpoint.read_bytes()[: tiny_checkpoint.stat().st_size // 2])
    before = window.document.state
    drop_and_wait(window, half, qtbot)
    assert window.document.state == before
    assert any("half.safetensors" in text for text in toasts(window))


def test_the_session_comes_back(make_window: MakeWindow, tiny_checkpoint: Path, qtbot: QtBot) -> None:
    first = make_window(open_path=tiny_checkpoint)
    first.document.apply("Smile", direction_edits.set_strength(first.document.state, "smile", 1.0))
    left = first.document.state
    first.close()
    qtbot.waitUntil(lambda: not first.isVisible())
    assert restore_session() == left
    second = make_window(project=restore_session())
    assert second.document.state == left
    assert second.document.description is not None


def test_a_change_is_saved_without_closing(window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    window.autosave._timer.setInterval(1)
    window.commands["picture.new"].trigger()
    qtbot.waitUntil(lambda: restore_session() == window.document.state)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"schema": 99}', b'{"schema": 1, "history": 5}', b"\xff\xfe"])
def test_a_garbled_session_is_ignored(content: bytes, caplog: pytest.LogCaptureFixture) -> None:
    session_path().parent.mkdir(parents=True, exist_ok=True)
    session_path().write_bytes(content)
    assert restore_session() is None
    assert "not restored" in caplog.text


def test_a_session_whose_model_is_gone_still_starts(make_window: MakeWindow, tmp_path: Path) -> None:
    window = make_window(project=Project(checkpoint=str(tmp_path / "gone.safetensors")))
    assert window.isVisible()
    assert window.document.state.checkpoint != str(tmp_path / "gone.safetensors")
    assert "gone.safetensors" in window.explore.canvas.notice.title.text()
    assert window.document.state.history[0].checkpoint == str(tmp_path / "gone.safetensors")


def test_layouts_and_theme_are_remembered(make_window: MakeWindow, qtbot: QtBot) -> None:
    first = make_window()
    first.commands["view.train"].trigger()
    first.commands["view.theme_light"].trigger()
    first.close()
    qtbot.waitUntil(lambda: not first.isVisible())
    stored = json.loads(first.settings.path.read_text(encoding="utf-8"))
    assert stored["workspace"] == "train"
    assert {name for name, _layout in stored["layouts"]} == {"explore", "train"}
    second = make_window()
    assert second.workspaces.current == "train"
    assert second.commands["view.theme_light"].isChecked()


def test_changing_the_theme_moves_nothing(window: MainWindow) -> None:
    bars = [bar for bar in window.findChildren(QToolBar) if bar.isVisible()]
    before = [bar.geometry() for bar in bars]
    assert len(bars) >= 2
    window.commands["view.theme_light"].trigger()
    QCoreApplication.processEvents()
    assert [bar.geometry() for bar in bars] == before
    window.commands["view.theme_dark"].trigger()


def test_changing_the_theme_recolours_the_window(window: MainWindow) -> None:
    dark = window.palette().window().color().lightness()
    window.commands["view.theme_light"].trigger()
    assert window.palette().window().color().lightness() > dark + 100
    assert window.commands["view.theme_light"].isChecked()
    assert not window.commands["view.theme_dark"].isChecked()
    window.commands["view.theme_dark"].trigger()
    assert window.palette().window().color().lightness() == dark


def test_the_window_leaves_torch_out_of_the_process() -> None:
    code = "import sys, ganstudio.gui.app, ganstudio.gui.main_window; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_window_is_painted_before_torch_is_imported() -> None:
    code = (
        "import sys\n"
        "from PySide6.QtCore import QEvent\n"
        "from PySide6.QtWidgets import QApplication\n"
        "from ganstudio.gui.document import Document\n"
        "from ganstudio.gui.main_window import MainWindow\n"
        "from ganstudio.gui.settings import SettingsStore\n"
        "painted, started = [], []\n"
        "class Window(MainWindow):\n"
        "    def event(self, event):\n"
        "        handled = super().event(event)\n"
        "        if event.type() == QEvent.Type.Paint: painted.append('torch' in sys.modules)\n"
        "        return handled\n"
        "app = QApplication([])\n"
        "window = Window(document=Document(), settings=SettingsStore())\n"
        "window.start()\n"
        "def on_started(_text): started.append('torch' in sys.modules); window.close()\n"
        "window.rendering.device_known.connect(on_started)\n"
        "window.show()\n"
        "app.exec()\n"
        "sys.exit(painted[:1] + started != [False, True])\n"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_no_text_of_the_shell_is_clipped(window: MainWindow) -> None:
    QApplication.processEvents()
    for button in window.findChildren(QPushButton):
        if button.isVisible():
            assert button.width() >= button.minimumSizeHint().width(), button.text()
