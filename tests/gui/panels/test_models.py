"""The Models panel: what is listed, found, missing, watched, and told of the open model."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QLabel, QListWidgetItem, QToolButton
from pytestqt.qtbot import QtBot
from waiting import wait_opened

from ganstudio.checkpoints.catalogue import describe
from ganstudio.gui.main_window import MainWindow
from ganstudio.gui.widgets.entry_delegate import HEADING_ROLE, NOTE_ROLE
from ganstudio.rendering.cards import read_card, thumbnail_path


def rows(window: MainWindow) -> dict[str, QListWidgetItem]:
    found = window.explore.models.list
    items = (found.item(row) for row in range(found.count()))
    return {item.text(): item for item in items if not item.data(HEADING_ROLE)}


def headings(window: MainWindow) -> list[str]:
    found = window.explore.models.list
    items = (found.item(row) for row in range(found.count()))
    return [item.text() for item in items if item.data(HEADING_ROLE)]


def wait_row(window: MainWindow, name: str, qtbot: QtBot, is_there: bool = True) -> None:
    qtbot.waitUntil(lambda: (name in rows(window)) == is_there, timeout=20_000)


def run_menu(window: MainWindow, item: QListWidgetItem, text: str) -> None:
    menu = window.explore.models.menu_for(item)
    [action] = [action for action in menu.actions() if action.text() == text]
    assert action.isEnabled()
    action.trigger()
    menu.deleteLater()


@pytest.fixture
def folder(tmp_path: Path, tiny_checkpoint: Path) -> Path:
    """Two models, one of them in a folder of its own, and what is none."""
    folder = tmp_path / "my models"
    (folder / "deep").mkdir(parents=True)
    for name in ("faces.pkl", "deep/a name that is far too long for any panel and goes on and on.bin"):
        shutil.copy(tiny_checkpoint, folder / name)
    (folder / "notes.txt").write_text("no model" * 100)
    return folder


def test_a_watched_folder_is_listed_by_content_and_followed(
    window: MainWindow, folder: Path, tiny_checkpoint: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(folder))
    window.commands["file.watch_folder"].trigger()
    wait_row(window, "faces", qtbot)
    assert "my models" in headings(window)
    assert not any("notes" in name for name in rows(window))
    shutil.copy(tiny_checkpoint, folder / "new.pt")
    wait_row(window, "new", qtbot)
    (folder / "new.pt").unlink()
    wait_row(window, "new", qtbot, is_there=False)
    run_menu(window, rows(window)["faces"], "Stop Watching This Folder")
    wait_row(window, "faces", qtbot, is_there=False)
    assert window.settings.values.watched == ()


def test_models_nobody_looked_into_get_a_card_and_a_thumbnail_by_and_by(
    window: MainWindow, folder: Path, qtbot: QtBot
) -> None:
    window.library._quiet.setInterval(1)
    window.library.watch(folder)
    wait_row(window, "faces", qtbot)
    qtbot.waitUntil(lambda: rows(window)["faces"].data(NOTE_ROLE) == "MLP, 28 px, grey", timeout=30_000)
    kept = thumbnail_path(folder / "faces.pkl")
    assert kept is not None
    assert kept.is_file()
    card = read_card(folder / "faces.pkl")
    assert card is not None
    assert card.classes == 3


def test_looking_into_models_gives_way_and_can_be_cancelled(window: MainWindow, folder: Path, qtbot: QtBot) -> None:
    window.library._quiet.setInterval(1)
    window.library.watch(folder)
    qtbot.waitUntil(lambda: window.library._job is not None, timeout=20_000)
    job = window.library._job
    assert job is not None
    window.library._quiet.setInterval(60_000)
    window.commands["picture.new"].trigger()
    job.cancel()
    qtbot.waitUntil(lambda: window.library._job is None, timeout=20_000)
    window.library._quiet.setInterval(1)
    window.commands["picture.new"].trigger()
    qtbot.wait(50)
    assert window.library._job is None  # refused until there is something new


def test_search_finds_by_name_family_and_folder(window: MainWindow, folder: Path, qtbot: QtBot) -> None:
    window.library.watch(folder)
    wait_row(window, "faces", qtbot)
    models = window.explore.models
    qtbot.keyClicks(models.search, "FACES my")
    assert list(rows(window)) == ["faces"]
    models.search.clear()
    qtbot.keyClicks(models.search, "28px mlp tiny")
    assert "tiny" in rows(window)
    models.search.clear()
    qtbot.keyClicks(models.search, "nothing like this")
    assert not rows(window)
    assert any("No model matches" in label.text() for label in models.findChildren(QLabel) if label.isVisible())


def test_a_missing_file_is_located_or_removed(
    window: MainWindow, tiny_checkpoint: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone, moved = tiny_checkpoint.with_name("gone.safetensors"), tiny_checkpoint.with_name("moved.safetensors")
    shutil.copy(tiny_checkpoint, moved)
    for name in ("other gone.pkl", gone.name):
        window.settings.add_recent(tiny_checkpoint.with_name(name))
    wait_row(window, "gone", qtbot)
    assert rows(window)["gone"].data(NOTE_ROLE) == "not there any more"
    run_menu(window, rows(window)["other gone"], "Remove from List")
    wait_row(window, "other gone", qtbot, is_there=False)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(moved), ""))
    run_menu(window, rows(window)["gone"], "Locate…")
    wait_opened(window, qtbot)
    assert window.document.state.checkpoint == str(moved)
    assert str(gone) not in window.settings.values.recent


def test_the_menu_copies_the_path(window: MainWindow, tiny_checkpoint: Path, qtbot: QtBot) -> None:
    wait_row(window, "tiny", qtbot)
    run_menu(window, rows(window)["tiny"], "Copy Path")
    assert QGuiApplication.clipboard().text() == str(tiny_checkpoint)


def test_facts_tell_classes_licence_and_tensors(window: MainWindow, qtbot: QtBot) -> None:
    facts = window.explore.models.facts
    told = dict(facts.rows)
    assert told["Classes"] == "3: a, b, c"
    assert told["Trained"] == "on 1,500 pictures"
    assert told["Licence"] == "not stated in the file"
    assert told["Latent z"] == "8 numbers, normal"
    qtbot.waitUntil(lambda: bool(window.document.layers), timeout=20_000)
    [toggle] = [button for button in facts.findChildren(QToolButton) if button.text().startswith("Tensors")]
    qtbot.mouseClick(toggle, Qt.MouseButton.LeftButton)
    assert facts.layers is not None
    assert facts.layers.topLevelItem(0) is not None
    assert facts.layers.isVisible()


def test_a_dropped_folder_of_models_is_watched(
    window: MainWindow, folder: Path, qtbot: QtBot, make_window: Callable[..., MainWindow]
) -> None:
    window.opener.open(folder)
    wait_opened(window, qtbot)
    wait_row(window, "faces", qtbot)
    assert window.settings.values.watched == (str(folder),)
    assert window.workspaces.current == "explore"


def test_a_model_is_saved_as_another_kind_of_file(
    window: MainWindow, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "copy"
    kinds: list[str] = []

    def choose(_window: object, _title: str, _start: str, filters: str) -> tuple[str, str]:
        kinds.extend(filters.split(";;"))
        return str(target), kinds[0]

    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose)
    window.commands["file.save_model"].trigger()
    qtbot.waitUntil(lambda: any("Saved copy" in toast.message.text for toast in window.toasts.shown), timeout=30_000)
    assert describe(target.with_suffix(".safetensors")).family == "mlp"
    assert any("ONNX" in kind for kind in kinds)
