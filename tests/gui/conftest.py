"""What every test of the window has: its own settings folder, and a check that nothing outlives the test."""

import gc
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QTimer
from PySide6.QtWidgets import QApplication


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path / "home"
    monkeypatch.setenv("GANSTUDIO_HOME", str(home))
    return home


@pytest.fixture(autouse=True)
def no_leftovers(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that leaves a thread, a running timer or a top-level widget."""
    if "qapp" in request.fixturenames or "qtbot" in request.fixturenames:
        request.getfixturevalue("qapp")
    threads = set(threading.enumerate())
    before = _leftovers()
    yield
    if QApplication.instance() is None:
        return
    _settle()
    left = [what for what in _leftovers() if what not in before]
    left += [thread.name for thread in threading.enumerate() if thread not in threads and not thread.daemon]
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
    timers = [f"timer {timer!r}" for timer in gc.get_objects() if isinstance(timer, QTimer) and _is_running(timer)]
    return widgets + timers


def _is_running(timer: QTimer) -> bool:
    try:
        return timer.isActive()
    except RuntimeError:  # its C++ half is gone already
        return False
