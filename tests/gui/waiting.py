"""Waiting for what the window does in the background."""

from pytestqt.qtbot import QtBot

from ganstudio.gui.main_window import MainWindow


def wait_opened(window: MainWindow, qtbot: QtBot) -> None:
    """Wait until nothing is being opened any more."""
    qtbot.waitUntil(lambda: not window.opener.is_busy, timeout=60_000)
