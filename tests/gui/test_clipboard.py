"""Copy and paste through the actions of the window."""

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot
from waiting import wait_opened

from ganstudio.gui.main_window import MainWindow
from ganstudio.project import direction_edits, edits, latent_edits
from ganstudio.rendering.looks.point import latent_point

CTRL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)


def messages(window: MainWindow) -> list[str]:
    return [f"{toast.message.text} {toast.message.more}" for toast in window.toasts.shown]


def test_a_latent_is_copied_and_pasted_onto_other_settings(window: MainWindow, qtbot: QtBot) -> None:
    document = window.document
    point = latent_point("z", np.random.default_rng(0).normal(size=8))
    document.apply("Latent", latent_edits.set_point(document.state, point))
    qtbot.keyClick(window, Qt.Key.Key_C, CTRL | SHIFT)
    text = QGuiApplication.clipboard().text()
    assert '"space": "z"' in text
    document.apply("New", edits.set_seed(document.state, 5))
    document.apply("Smile", direction_edits.set_strength(document.state, "smile", 1.0))
    qtbot.keyClick(window, Qt.Key.Key_V, CTRL)
    assert document.state.look.point == point
    assert document.state.look.strength_of("smile") == 1.0
    assert any("Pasted a latent" in text for text in messages(window))
    window.commands["edit.undo"].trigger()
    assert document.state.look.point is None


def test_edits_are_copied_and_pasted(window: MainWindow, qtbot: QtBot) -> None:
    document = window.document
    assert not window.commands["edit.copy_edits"].isEnabled()
    document.apply("Smile", direction_edits.set_strength(document.state, "smile", 1.5))
    made = document.state.look.edits
    qtbot.keyClick(window, Qt.Key.Key_C, CTRL | ALT)
    window.commands["edit.reset_sliders"].trigger()
    window.commands["picture.new"].trigger()
    seed = document.state.look.seed
    qtbot.keyClick(window, Qt.Key.Key_V, CTRL)
    assert (document.state.look.edits, document.state.look.seed) == (made, seed)
    qtbot.keyClick(window, Qt.Key.Key_V, CTRL)
    assert any("already" in text for text in messages(window))


def test_a_copied_picture_is_pasted_with_its_look(window: MainWindow, qtbot: QtBot) -> None:
    document = window.document
    document.apply("Smile", direction_edits.set_strength(document.state, "smile", 1.5))
    look = document.state.look
    qtbot.waitUntil(lambda: window.explore.canvas.rendered is not None
                    and window.explore.canvas.rendered.request.looks[0] == look)  # fmt: skip
    qtbot.keyClick(window, Qt.Key.Key_C, CTRL)
    assert not QGuiApplication.clipboard().image().isNull()
    window.commands["picture.new"].trigger()
    qtbot.keyClick(window, Qt.Key.Key_V, CTRL)
    assert document.state.look == look


@pytest.mark.parametrize("text", ["", "what a day", "[1, 2, 3]", "{", '{"look": 5}', "[1 2 ... 3]"])
def test_garbage_gives_one_message_and_changes_nothing(window: MainWindow, text: str, qtbot: QtBot) -> None:
    QGuiApplication.clipboard().setText(text)
    before, steps = window.document.state, window.document.undo_stack.count()
    window.commands["edit.paste"].trigger()
    assert (window.document.state, window.document.undo_stack.count()) == (before, steps)
    assert len(window.toasts.shown) == 1


def test_a_file_that_is_pasted_is_opened(window: MainWindow, tmp_path, qtbot: QtBot) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "nothing.pkl"))])
    QGuiApplication.clipboard().setMimeData(data)
    window.commands["edit.paste"].trigger()
    wait_opened(window, qtbot)
    assert any("nothing.pkl" in text for text in messages(window))
