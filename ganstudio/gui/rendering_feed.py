"""Tells the status bar what draws, how quickly, and what is being loaded again; tells failures once."""

from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from ganstudio.devices import DeviceError
from ganstudio.gui.messages import Messages
from ganstudio.gui.services.rendering_service import Pace, RenderingService
from ganstudio.gui.settings import SettingsStore
from ganstudio.gui.widgets.status_bar import StatusBar

_PACE_EVERY_MS = 150  # figures that change faster cannot be read, and each change lays the status bar out anew


class RenderingFeed(QObject):
    """Listens to the rendering.

    Args:
        rendering: What is listened to.
        bar: Shows device, pace and loading.
        messages: Show failures.
        settings: Fall back to whatever device there is, where the chosen one is not.
    """

    def __init__(
        self, rendering: RenderingService, bar: StatusBar, messages: Messages, settings: SettingsStore, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._bar, self._messages, self._settings = bar, messages, settings
        self._pace: Pace | None = None
        self._pacing = QTimer(self, singleShot=True, interval=_PACE_EVERY_MS)
        self._pacing.timeout.connect(self._show_pace)
        rendering.pace_measured.connect(self._on_pace_measured)
        rendering.device_known.connect(bar.show_device)
        rendering.loading_changed.connect(self._on_loading_changed)
        rendering.failed.connect(self._on_failed)
        rendering.noticed.connect(self._on_noticed)

    def _on_loading_changed(self, path: Path | None) -> None:
        if path is None:
            self._bar.end_job("loading")
        else:
            self._bar.show_job("loading", f"Opening {path.name} again", None)

    def _on_pace_measured(self, pace: Pace) -> None:
        self._pace = pace
        if not self._pacing.isActive():
            self._pacing.start()

    def _show_pace(self) -> None:
        if self._pace is not None:
            pace = self._pace
            self._bar.show_latency(pace.latency_ms, pace.per_second or None, (pace.shown_px, pace.full_px))

    def _on_failed(self, error: BaseException) -> None:
        self._messages.show_error(error)
        if isinstance(error, DeviceError):
            self._settings.update(device="auto")  # what is there goes on drawing

    def _on_noticed(self, text: str) -> None:
        self._messages.show(f"{text[:1].upper()}{text[1:]}", severity="warning")
