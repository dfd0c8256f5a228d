"""What every test of the window has: a check that nothing outlives it, and windows that close properly."""

import gc
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from waiting import wait_opened

from ganstudio.gui.document import Document
from ganstudio.gui.main_window import MainWindow
from ganstudio.gui.settings import SettingsStore
from ganstudio.gui.theme import apply_theme
from ganstudio.project.state import Project


@pytest.fixture(autouse=True)
def no_leftovers(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that leaves a thread, a running timer or a top-level widget."""
    if "qapp" in request.fixturenames or "qtbot" in request.fixturenames:
        request.getfixturevalue("qapp")
    gc.freeze()  # searching what earlier tests and imports left took more than half of the widget tests' time
    threads = set(threading.enumerate())
    before = _leftovers()
    yield
    if QApplication.instance() is None:
        return
    _settle()
    left = [what for what in _leftovers() if what not in before]
    left += [thread.name for thread in threading.enumerate() if thread not in threads]
    assert not left, f"left behind: {left}"


def _settle() -> None:
    gc.collect()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QCoreApplication.processEvents()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def _leftovers() -> list[str]:
    if QApplication.instance() is None:
        return []
    widgets = [f"widget {widget!r}" for widget in QApplication.topLevelWidgets() if widget.isVisible()]
    timers = [
        f"timer {timer!r}" for timer in gc.get_objects() if issubclass(type(timer), QTimer) and _is_running(timer)
    ]
    return widgets + timers


def _is_running(timer: QTimer) -> bool:
    try:
        return timer.isActive()
    except RuntimeError:  # its C++ half is gone already
        return False


@pytest.fixture
def make_window(qtbot: QtBot) -> Iterator[Callable[..., MainWindow]]:
    """Make windows as `run_window` does; closes them, and waits until they are gone."""
    made: list[MainWindow] = []

    def make(project: Project | None = None, open_path: Path | None = None, wait: bool = True) -> MainWindow:
        settings = SettingsStore()
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        apply_theme(app, settings.values.theme)
        window = MainWindow(document=Document(project), settings=settings)
        made.append(window)
        window.start(open_path)
        window.resize(1280, 720)
        window.show()
        qtbot.waitExposed(window)
        if wait:
            wait_opened(window, qtbot)
        return window

    yield make
    for window in made:
        window.close()
        qtbot.waitUntil(lambda window=window: not window.isVisible(), timeout=20_000)
        window.deleteLater()


@pytest.fixture
def window(make_window: Callable[..., MainWindow], tiny_checkpoint: Path) -> MainWindow:
    """A window with the tiny model open."""
    return make_window(open_path=tiny_checkpoint)
