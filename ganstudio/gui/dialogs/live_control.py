"""Live control: OSC, MIDI, a microphone, what can be moved and what moves it; stays beside the window."""

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QDialog, QTabWidget, QVBoxLayout, QWidget

from ganstudio.animation.control.binding import Binding
from ganstudio.gui.document import Document
from ganstudio.gui.pages.live_addresses import LiveAddressesPage
from ganstudio.gui.pages.live_bindings import LiveBindingsPage
from ganstudio.gui.pages.live_microphone import LiveMicrophonePage
from ganstudio.gui.pages.live_midi import LiveMidiPage
from ganstudio.gui.pages.live_osc import LiveOscPage
from ganstudio.gui.services.live_control import LiveControl

_LOOK_EVERY_MS = 100


class LiveControlDialog(QDialog):
    """Pages for all that moves the picture from outside.

    Args:
        live: Does it.
        document: Says what can be moved.
        parent: The window.
    """

    def __init__(self, live: LiveControl, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Live Control")
        self.resize(760, 560)
        self._live = live
        self.osc = LiveOscPage(live, self)
        self.midi = LiveMidiPage(live, self)
        self.microphone = LiveMicrophonePage(live, self)
        self.addresses = LiveAddressesPage(live, document, self)
        self.bindings = LiveBindingsPage(live, self)
        self.tabs = QTabWidget(self)
        for title, page in (
            ("OSC", self.osc),
            ("MIDI", self.midi),
            ("Microphone", self.microphone),
            ("Addresses", self.addresses),
            ("Controls", self.bindings),
        ):
            self.tabs.addTab(page, title)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 16)
        column.addWidget(self.tabs)
        self._timer = QTimer(self, interval=_LOOK_EVERY_MS)
        self._timer.timeout.connect(self._on_timer_timeout)
        live.learned.connect(self._on_learned)

    def showEvent(self, event: object) -> None:  # noqa: D102, N802 - Qt's name
        super().showEvent(event)  # type: ignore[arg-type]
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: D102, N802 - Qt's name
        self._timer.stop()
        if self._live.learning is not None:
            self._live.learn(None)
        super().hideEvent(event)

    def show_addresses_of(self, target: str) -> None:
        """Turn to a target on the page of addresses."""
        self.tabs.setCurrentWidget(self.addresses)
        self.addresses.choose(target)

    def _on_timer_timeout(self) -> None:
        if self.tabs.currentWidget() is self.osc:
            self.osc.show_state()
        elif self.tabs.currentWidget() is self.microphone:
            self.microphone.show_levels()

    def _on_learned(self, _binding: Binding) -> None:
        self.addresses.show_state()
