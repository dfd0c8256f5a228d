import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from ganstudio.gui import app, guards
from ganstudio.gui.main_window import MainWindow
from ganstudio.project.session import restore_session


def test_without_a_screen_one_line_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(sys, "argv", ["/opt/studio/bin/ganstudio"])
    line = app.missing_screen({})
    assert line is not None
    assert "\n" not in line
    assert "/opt/studio/bin/ganstudio tour DIR" in line
    monkeypatch.setattr(sys, "argv", ["/opt/studio/ganstudio/__main__.py"])
    assert f"{sys.executable} -m ganstudio tour DIR" in (app.missing_screen({}) or "")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        assert app.missing_screen({name: "x"}) is None
    monkeypatch.setattr(sys, "platform", "darwin")
    assert app.missing_screen({}) is None


def test_run_window_without_a_screen_ends_with_1(monkeypatch: pytest.MonkeyPatch, capsys: object) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    assert app.run_window() == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_of_the_system_closes_properly_and_saves(
    number: int, own_home: Path, tiny_checkpoint: Path, qtbot: QtBot
) -> None:
    marker = own_home / "painted"
    code = (
        "import sys; from pathlib import Path; from ganstudio.gui import app; Window = app.MainWindow\n"
        "def make(**parts):\n"
        "    window = Window(**parts)\n"
        f"    window.opener.settled.connect(lambda: Path({str(marker)!r}).touch())\n"
        "    return window\n"
        "app.MainWindow = make\n"
        f"sys.exit(app.run_window(Path({str(tiny_checkpoint)!r})))\n"
    )
    process = subprocess.Popen([sys.executable, "-c", code], env=dict(os.environ), stderr=subprocess.PIPE)
    log = own_home / "cache" / "ganstudio.log"
    qtbot.waitUntil(marker.exists, timeout=60_000)
    process.send_signal(number)
    _out, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors.decode()
    assert not log.exists()  # no warning on the way
    session = restore_session()
    assert session is not None
    assert session.checkpoint == str(tiny_checkpoint)


def test_errors_that_nobody_caught_are_shown_from_any_thread(window: MainWindow, qtbot: QtBot) -> None:
    hook = guards.ErrorHook(window.show_error, window)
    try:
        sys.excepthook(ValueError, ValueError("in the window"), None)

        def fail() -> None:
            raise KeyError("in a thread")

        thread = threading.Thread(target=fail)
        thread.start()
        thread.join()
        qtbot.waitUntil(lambda: len(window.toasts.shown) == 2)
        words = [toast.message.text for toast in window.toasts.shown]
        assert "ValueError" in words[0]
        assert "KeyError" in words[1]
    finally:
        hook.uninstall()


def test_garbage_is_collected_on_the_gui_thread_only(window: MainWindow) -> None:
    import gc

    collector = guards.GarbageCollector(window)
    try:
        assert not gc.isenabled()
        for _ in range(2000):
            cycle: list[object] = []
            cycle.append(cycle)
        collector.collect()
        assert gc.get_count()[0] < 2000
    finally:
        collector.stop()
    assert gc.isenabled()
