from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from ganstudio.checkpoints.base import CheckpointError
from ganstudio.gui.actions import ACTIONS
from ganstudio.gui.dialogs.command_palette import CommandPalette
from ganstudio.gui.dialogs.error_details import ErrorDetails
from ganstudio.gui.dialogs.shortcuts import ShortcutsDialog
from ganstudio.gui.main_window import MainWindow


def test_the_palette_finds_and_runs_an_action(window: MainWindow, qtbot: QtBot) -> None:
    palette = CommandPalette(window.commands, window)
    palette.open()
    qtbot.keyClicks(palette.field, "gridv")
    assert palette.list.item(0).text() == "Grid View"
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert window.document.state.view == "grid"
    assert not palette.isVisible()


def test_the_palette_walks_with_the_arrows_and_skips_what_cannot_be_run(window: MainWindow, qtbot: QtBot) -> None:
    palette = CommandPalette(window.commands, window)
    palette.open()
    assert palette.list.count() == len([spec for spec in ACTIONS if not spec.is_named]) - 1
    qtbot.keyClick(palette.field, Qt.Key.Key_Up)
    assert palette.list.currentRow() == palette.list.count() - 1
    before = window.document.state
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)  # the last one is one that cannot be run now
    assert window.document.state == before
    assert palette.isVisible()
    qtbot.keyClicks(palette.field, "qqqq")
    assert palette.list.count() == 0
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    palette.close()


def test_all_keys_are_listed(window: MainWindow, qtbot: QtBot) -> None:
    dialog = ShortcutsDialog(window)
    dialog.show()
    texts = {label.text() for label in dialog.findChildren(QLabel)}
    assert {spec.text.rstrip("…") for spec in ACTIONS if spec.shortcut} <= texts
    dialog.close()


def test_details_of_an_error_are_folded_and_can_be_copied(window: MainWindow, qtbot: QtBot) -> None:
    try:
        raise CheckpointError("/far/away/model.safetensors", "it is cut off", "download it again")
    except CheckpointError as error:
        dialog = ErrorDetails(error, window)
    dialog.show()
    shown = " ".join(label.text() for label in dialog.findChildren(QLabel))
    assert "model.safetensors: it is cut off" in shown
    assert "Download it again." in shown
    assert not dialog.details.isVisible()
    qtbot.mouseClick(dialog.fold_button, Qt.MouseButton.LeftButton)
    assert dialog.details.isVisible()
    qtbot.mouseClick(dialog.copy_button, Qt.MouseButton.LeftButton)
    assert "/far/away/model.safetensors" in QGuiApplication.clipboard().text()
    assert "Traceback" in QGuiApplication.clipboard().text()
    dialog.close()
