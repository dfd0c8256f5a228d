"""Starts the window: the application object, signals of the system, errors nobody caught, and the first picture."""

import logging
import os
import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path

from PySide6.QtWidgets import QApplication

from ganstudio.files import user_cache_dir
from ganstudio.gui import icons, theme
from ganstudio.gui.document import Document
from ganstudio.gui.guards import ErrorHook, GarbageCollector, StopSignals
from ganstudio.gui.main_window import MainWindow
from ganstudio.gui.settings import SettingsStore
from ganstudio.project.session import claim_session

logger = logging.getLogger(__name__)


def run_window(open_path: Path | None = None) -> int:
    """Open the window and stay until it is closed.

    Args:
        open_path: A project, a checkpoint, a picture made here, or training pictures to begin with.

    Returns:
        The exit code: 0, or 1 where there is no screen.
    """
    if reason := missing_screen(dict(os.environ)):
        sys.stderr.write(reason + "\n")
        return 1
    _write_log()
    app = QApplication(sys.argv[:1])
    app.setApplicationName("GANStudio")
    app.setDesktopFileName("ganstudio")
    collector = GarbageCollector(app)
    settings = SettingsStore()
    theme.apply_theme(app, settings.values.theme)
    app.setWindowIcon(icons.icon("model"))
    place = claim_session()
    document = Document()
    if place.session is not None:
        document.resume(place.session)
    window = MainWindow(document=document, settings=settings, session_path=place.path)
    errors = ErrorHook(window.show_error, window)
    stops = StopSignals(window.close, window)
    window.start(open_path)
    if place.notice:
        window.show_message(place.notice, severity="warning")
    window.show()
    try:
        return app.exec()
    finally:
        stops.uninstall()
        errors.uninstall()
        collector.stop()


def missing_screen(environment: dict[str, str]) -> str | None:
    """One line that says what to do where there is no screen to open a window on; None where there is one."""
    if not sys.platform.startswith("linux"):
        return None
    if any(environment.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")):
        return None
    return (
        "There is no screen here (neither DISPLAY nor WAYLAND_DISPLAY is set). To see the program at work without one, "
        f"run: {call_path()} tour DIR"
    )


def call_path() -> str:
    """How this program was called, so that a line shown can be typed."""
    called = sys.argv[0] if sys.argv and sys.argv[0] else "ganstudio"
    if called.endswith("__main__.py") or called == "-m":
        return f"{sys.executable} -m ganstudio"
    return called


def _write_log() -> None:
    """Keep warnings in a file as well, for reports; the terminal shows them too."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    try:
        user_cache_dir().mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(user_cache_dir() / "ganstudio.log", maxBytes=1 << 18, backupCount=1, delay=True)
    except OSError as error:
        logger.warning("No log is written: %s", error)
        return
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.getLogger().addHandler(handler)
