"""MIDI: which input is listened to."""

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from ganstudio.animation.control.midi import can_read
from ganstudio.animation.control.osc import HOW_TO_INSTALL
from ganstudio.errors import GanStudioError
from ganstudio.gui.services.live_control import LiveControl
from ganstudio.gui.widgets.input_choice import InputChoice

_ABSENT = f"MIDI is switched off: it needs mido and python-rtmidi. To have them: {HOW_TO_INSTALL}"
_HOW = (
    "To bind a knob, a fader or a key: choose Learn in a slider's menu, or on the page of addresses, and move it. "
    "Range and curve are set on the page of controls."
)


class LiveMidiPage(QWidget):
    """The choice of an input.

    Args:
        live: Listens.
    """

    def __init__(self, live: LiveControl, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._live = live
        self.choice = InputChoice("Listen to MIDI", "MIDI input", "" if can_read() else _ABSENT, self)
        self.state = QLabel(self, wordWrap=True)
        self.state.setProperty("role", "muted")
        how = QLabel(_HOW, self, wordWrap=True)
        how.setProperty("role", "muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 12, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.choice)
        for label in (self.state, how):
            column.addWidget(label)
        column.addStretch(1)
        self.choice.hears.clicked.connect(self._on_hears_clicked)
        self.choice.input.activated.connect(lambda _index: live.change(midi_port=self.choice.input.currentData()))
        self.choice.again.clicked.connect(self.list_inputs)
        live.changed.connect(self.show_state)
        self.list_inputs()

    def list_inputs(self) -> None:
        """Ask the system which inputs there are."""
        trouble, names = "", []
        try:
            names = self._live.midi.names()
        except GanStudioError as error:
            trouble = error.message
        self.choice.offer(names, self._live.setup.midi_port, "The first there is")
        self.show_state()
        if trouble and can_read():
            self.choice.show_trouble(trouble)

    def show_state(self) -> None:
        """Show what is set."""
        live = self._live
        self.choice.hears.setChecked(live.setup.hears_midi)
        self.state.setText("Listening." if live.midi.is_open else "Not listening.")
        self.choice.show_trouble(live.problems.get("midi", ""))

    def _on_hears_clicked(self, is_on: bool) -> None:
        self._live.change(hears_midi=is_on)
        self.show_state()
