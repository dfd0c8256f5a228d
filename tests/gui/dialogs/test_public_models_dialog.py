"""The catalogue of public models, with a server of our own instead of theirs."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from file_server import Server, serve
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot
from waiting import wait_opened

from ganstudio.checkpoints.public_models import PublicModel
from ganstudio.gui.dialogs import public_models
from ganstudio.gui.dialogs.public_models import PublicModelsDialog
from ganstudio.gui.main_window import MainWindow


@pytest.fixture
def server(tiny_checkpoint: Path) -> Iterator[Server]:
    with serve() as state:
        state.body = tiny_checkpoint.read_bytes()
        yield state


@pytest.fixture
def dialog(server: Server, window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> Iterator[PublicModelsDialog]:
    def make(name: str, family: str) -> PublicModel:
        return PublicModel(name, f"Drawings of {name}", family, 256, 0, f"{server.url}/{name}.pkl", "free for all",
                           "https://example.invalid", None, "", "")  # fmt: skip

    models = (make("cats", "StyleGAN2"), make("dogs", "StyleGAN3-R"))
    monkeypatch.setattr(public_models, "public_models", lambda: models)
    window.commands["file.public_models"].trigger()
    [dialog] = window.findChildren(PublicModelsDialog)
    yield dialog
    dialog.close()


def click(dialog: PublicModelsDialog, qtbot: QtBot) -> None:
    qtbot.mouseClick(dialog.main_button, Qt.MouseButton.LeftButton)


def test_a_model_is_downloaded_then_opened_when_somebody_says_so(
    dialog: PublicModelsDialog, window: MainWindow, qtbot: QtBot
) -> None:
    before = window.document.state
    qtbot.keyClicks(dialog.search, "dogs stylegan3")
    assert dialog.list.topLevelItemCount() == 1
    assert dialog.main_button.text() == "Download"
    with qtbot.waitSignal(window.downloads.finished, timeout=20_000):
        click(dialog, qtbot)
    qtbot.waitUntil(lambda: dialog.main_button.text() == "Open", timeout=20_000)
    assert window.document.state == before  # never by itself
    model = dialog.model()
    assert model is not None
    [toast] = [toast for toast in window.toasts.shown if "dogs is here" in toast.message.text]
    assert "no hash" in toast.message.more
    [button] = [button for button in toast.findChildren(QPushButton) if button.text() == "Open"]
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    wait_opened(window, qtbot)
    assert window.document.state.checkpoint == str(model.path)


def test_a_stopped_download_keeps_its_part_and_goes_on(
    dialog: PublicModelsDialog, server: Server, window: MainWindow, qtbot: QtBot
) -> None:
    server.body += bytes(60 << 20)
    dialog.choose("cats")
    model = dialog.model()
    assert model is not None
    click(dialog, qtbot)
    qtbot.waitUntil(lambda: "of" in window.downloads.say_state(model), timeout=20_000)
    assert dialog.main_button.text() == "Stop"
    click(dialog, qtbot)
    qtbot.waitUntil(lambda: not window.downloads.is_running(model), timeout=20_000)
    if not model.path.is_file():  # a fast machine is done before the click
        assert dialog.main_button.text() == "Go On"
        assert window.downloads.say_state(model).startswith("stopped at")
        qtbot.mouseClick(dialog.discard_button, Qt.MouseButton.LeftButton)
        assert dialog.main_button.text() == "Download"


def test_without_a_network_a_sentence_says_so_and_nothing_breaks(
    dialog: PublicModelsDialog, server: Server, window: MainWindow, qtbot: QtBot
) -> None:
    server.status = 404
    dialog.choose("cats")
    with qtbot.waitSignal(window.downloads.failed, timeout=20_000):
        click(dialog, qtbot)
    qtbot.waitUntil(lambda: dialog.main_button.text() == "Download", timeout=20_000)
    assert any("not there any more" in toast.message.text for toast in window.toasts.shown)


def test_the_address_can_be_copied(dialog: PublicModelsDialog, server: Server, qtbot: QtBot) -> None:
    dialog.choose("dogs")
    qtbot.mouseClick(dialog.copy_button, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == f"{server.url}/dogs.pkl"
