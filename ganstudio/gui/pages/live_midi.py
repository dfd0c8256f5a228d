"""MIDI: which input is listened to."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ganstudio.animation.control.midi import can_read
from ganstudio.animation.control.osc import HOW_TO_INSTALL
from ganstudio.errors import GanStudioError
from ganstudio.gui.services.live_control import LiveControl
from ganstudio.gui.widgets.input_box import list_inputs

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
        self.absent = QLabel(_ABSENT, self, wordWrap=True)
        self.absent.setProperty("role", "warning")
        self.absent.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.absent.setVisible(not can_read())
        self.hears = QCheckBox("Listen to MIDI", self)
        self.input = QComboBox(self)
        self.input.setAccessibleName("MIDI input")
        self.again = QPushButton("Look Again", self)
        self.again.setAutoDefault(False)
        self.state = QLabel(self, wordWrap=True)
        self.state.setProperty("role", "muted")
        self.trouble = QLabel(self, wordWrap=True)
        self.trouble.setProperty("role", "danger")
        how = QLabel(_HOW, self, wordWrap=True)
        how.setProperty("role", "muted")
        name = QLabel("Input", self)
        name.setBuddy(self.input)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(name)
        row.addWidget(self.input, 1)
        row.addWidget(self.again)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 12, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.absent)
        column.addWidget(self.hears)
        column.addLayout(row)
        for label in (self.state, self.trouble, how):
            column.addWidget(label)
        column.addStretch(1)
        self.hears.clicked.connect(self._on_hears_clicked)
        self.input.activated.connect(lambda _index: live.change(midi_port=self.input.currentData()))
        self.again.clicked.connect(self.list_inputs)
        live.changed.connect(self.show_state)
        self.list_inputs()

    def list_inputs(self) -> None:
        """Ask the system which inputs there are."""
        trouble, names = "", []
        try:
            names = self._live.midi.names()
        except GanStudioError as error:
            trouble = error.message
        list_inputs(self.input, names, self._live.setup.midi_port, "The first there is")
        self.show_state()
        if trouble and can_read():
            self.trouble.setText(trouble)
            self.trouble.show()

    def show_state(self) -> None:
        """Show what is set."""
        live = self._live
        self.hears.setChecked(live.setup.hears_midi)
        self.state.setText("Listening." if live.midi.is_open else "Not listening.")
        problem = live.problems.get("midi", "")
        self.trouble.setText(problem)
        self.trouble.setVisible(bool(problem))

    def _on_hears_clicked(self, is_on: bool) -> None:
        self._live.change(hears_midi=is_on)
        self.show_state()
