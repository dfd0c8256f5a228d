"""What keeps the process sane round the window: garbage only on the GUI thread, signals of the system, stray errors."""

import contextlib
import gc
import logging
import signal
import socket
import sys
import threading
from collections.abc import Callable
from types import TracebackType

from PySide6.QtCore import QObject, QSocketNotifier, QTimer, Signal

logger = logging.getLogger(__name__)

_COLLECT_EVERY_MS = 2000


class GarbageCollector(QObject):
    """Collects cyclic garbage from the GUI thread only: elsewhere it would destroy Qt objects in the wrong thread."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._was_enabled = gc.isenabled()
        gc.disable()
        self._limits = gc.get_threshold()
        self._timer = QTimer(self, interval=_COLLECT_EVERY_MS)
        self._timer.timeout.connect(self.collect)
        self._timer.start()

    def collect(self) -> None:
        """Collect the oldest generation that is full, as Python itself would."""
        for generation in (2, 1, 0):
            if gc.get_count()[generation] > self._limits[generation] > 0:
                gc.collect(generation)
                return

    def stop(self) -> None:
        """Give the collecting back to Python."""
        self._timer.stop()
        if self._was_enabled:
            gc.enable()


class StopSignals(QObject):
    """Closes the window properly on Ctrl+C in the terminal and on the system's request to end.

    Python runs its signal handlers only between its own instructions, and none come while Qt waits: a socket that the
    C handler writes to wakes Qt, whose notifier runs a little Python.
    """

    def __init__(self, close: Callable[[], object], parent: QObject) -> None:
        super().__init__(parent)
        self._reader, self._writer = socket.socketpair()
        for end in (self._reader, self._writer):
            end.setblocking(False)
        self._old_descriptor = signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)
        self._old_handlers = {
            number: signal.signal(number, lambda *_: close()) for number in (signal.SIGINT, signal.SIGTERM)
        }
        self._notifier = QSocketNotifier(self._reader.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._on_notifier_activated)

    def uninstall(self) -> None:
        """Put back what was there before."""
        self._notifier.setEnabled(False)
        for number, handler in self._old_handlers.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(self._old_descriptor)
        self._reader.close()
        self._writer.close()

    def _on_notifier_activated(self) -> None:
        with contextlib.suppress(BlockingIOError):
            self._reader.recv(64)


class ErrorHook(QObject):
    """Logs and shows errors that nobody caught, from whichever thread; the program goes on.

    Signals:
        caught(error): For the GUI thread.
    """

    caught = Signal(object)

    def __init__(self, show: Callable[[BaseException], None], parent: QObject) -> None:
        super().__init__(parent)
        self.caught.connect(show)
        self._old = (sys.excepthook, threading.excepthook)
        sys.excepthook = self._on_error
        threading.excepthook = self._on_thread_error

    def uninstall(self) -> None:
        """Put back the hooks that were there before."""
        sys.excepthook, threading.excepthook = self._old

    def _on_error(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            self._old[0](kind, error, trace)
            return
        logger.error("Uncaught error", exc_info=(kind, error, trace))
        self.caught.emit(error)

    def _on_thread_error(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            logger.error("Uncaught error in a thread", exc_info=args.exc_value)
            self.caught.emit(args.exc_value)
