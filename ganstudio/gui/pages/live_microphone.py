"""A microphone: which input is listened to, what is heard, and what it moves."""

from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from ganstudio.animation.control.addresses import SEED
from ganstudio.animation.control.osc import HOW_TO_INSTALL
from ganstudio.animation.sound.drive import Drive
from ganstudio.animation.sound.meter import LIVE_SOURCES
from ganstudio.errors import GanStudioError
from ganstudio.gui.pages.drive_rows import SOURCE_TITLES, DriveRows
from ganstudio.gui.services.live_control import LiveControl
from ganstudio.gui.services.live_moves import VIEW_TARGETS
from ganstudio.gui.services.microphone import can_listen
from ganstudio.gui.widgets.input_choice import InputChoice
from ganstudio.gui.widgets.level_meter import LevelMeter

_ABSENT = f"The microphone is switched off: it needs sounddevice. To have it: {HOW_TO_INSTALL}"
_EMPTY = "Nothing is moved by the microphone yet. What it adds is seen and not kept: the sliders stay where they are."


class LiveMicrophonePage(QWidget):
    """The choice of an input, meters, and rows.

    Args:
        live: Listens.
    """

    def __init__(self, live: LiveControl, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._live = live
        self.choice = InputChoice("Listen to the microphone", "Sound input", "" if can_listen() else _ABSENT, self)
        self.meters = {source: LevelMeter(SOURCE_TITLES[source], self) for source in LIVE_SOURCES}
        self.drives = DriveRows(LIVE_SOURCES, _EMPTY, self)
        self._lay_out()
        self.choice.hears.clicked.connect(self._on_hears_clicked)
        self.choice.input.activated.connect(lambda _index: live.change(microphone=self.choice.input.currentData()))
        self.choice.again.clicked.connect(self.list_inputs)
        self.drives.edited.connect(self._on_drives_edited)
        live.changed.connect(self.show_state)
        self.list_inputs()

    def list_inputs(self) -> None:
        """Ask the system which inputs there are."""
        trouble, names = "", []
        try:
            names = self._live.microphone.names()
        except GanStudioError as error:
            trouble = error.message
        self.choice.offer(names, self._live.setup.microphone, "The system's choice")
        self.show_state()
        if trouble and can_listen():
            self.choice.show_trouble(trouble)

    def show_state(self) -> None:
        """Show what is set."""
        live = self._live
        self.choice.hears.setChecked(live.setup.hears_microphone)
        self.choice.show_trouble(live.problems.get("microphone", ""))
        left_out = VIEW_TARGETS | {SEED}
        choices = tuple(choice for choice in live.choices() if choice.name not in left_out)
        self.drives.show_drives(live.setup.drives, choices)
        self.show_levels()

    def show_levels(self) -> None:
        """Show what is heard now."""
        microphone = self._live.microphone
        for source, value in microphone.values.items():
            self.meters[source].show_value(value)
        for row, amount in zip(self.drives.rows, microphone.amounts, strict=False):
            row.show_amount(amount if microphone.is_open else None)

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        for column, (source, meter) in enumerate(self.meters.items()):
            label = QLabel(SOURCE_TITLES[source], self)
            label.setProperty("role", "muted")
            grid.addWidget(label, 0, column)
            grid.addWidget(meter, 1, column)
        column_layout = QVBoxLayout(self)
        column_layout.setContentsMargins(0, 12, 0, 0)
        column_layout.setSpacing(8)
        column_layout.addWidget(self.choice)
        column_layout.addLayout(grid)
        column_layout.addWidget(self.drives, 1)

    def _on_hears_clicked(self, is_on: bool) -> None:
        self._live.change(hears_microphone=is_on)
        self.show_state()

    def _on_drives_edited(self, drives: tuple[Drive, ...], _text: str, _key: str) -> None:
        keys = [(drive.parameter, drive.source) for drive in drives]
        if len(set(keys)) < len(keys):
            self.drives.show_trouble(
                GanStudioError("microphone", "it moves the same thing twice by one source", "choose another source")
            )
            return
        self._live.change(drives=drives)
