"""What a sound moves: a row for each, with its source, its parameter, how strongly and how quickly."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ganstudio.animation.expression import what_is_wrong
from ganstudio.animation.sound.drive import Drive
from ganstudio.animation.sound.features import Source
from ganstudio.errors import GanStudioError
from ganstudio.gui import icons
from ganstudio.gui.widgets.formula_field import FormulaField
from ganstudio.gui.widgets.level_meter import LevelMeter
from ganstudio.gui.widgets.scrolling_column import ScrollingColumn
from ganstudio.gui.widgets.wheel_guard import guard_wheel
from ganstudio.project.track_list import TrackChoice

SOURCE_TITLES: dict[Source, str] = {
    "level": "Level",
    "low": "Low",
    "middle": "Middle",
    "high": "High",
    "onset": "Onsets",
    "beat": "Beats",
}
_MOST_GAIN, _MOST_SECONDS = 100.0, 10.0
_SMALL_SHARE = 0.25  # of a parameter's range: what the loudest adds at first


class DriveRow(QWidget):
    """One of them.

    Args:
        drive: It.
        choices: All that can be moved, and its own parameter.
        sources: What of the sound there is.

    Signals:
        edited(drive, field): The person changes one of its fields.
        removed(): It is to go.
    """

    edited = Signal(object, str)
    removed = Signal()

    def __init__(
        self, drive: Drive, choices: Sequence[TrackChoice], sources: Sequence[Source], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._drive = drive
        self.source, self.parameter = QComboBox(self), QComboBox(self)
        for source in sources:
            self.source.addItem(SOURCE_TITLES[source], source)
        self.source.setToolTip("Low: 20 to 200 Hz; middle: 200 to 2,000 Hz; high: 2 to 16 kHz")
        self.source.setAccessibleName("What of the sound")
        for box, letters in ((self.source, 6), (self.parameter, 8)):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(letters)
            guard_wheel(box)
        self.parameter.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.parameter.setAccessibleName("What it moves")
        self.gain = self._make_number("Gain", (-_MOST_GAIN, _MOST_GAIN), "What the loudest adds, in the slider's unit")
        self.attack = self._make_number("Attack", (0.0, _MOST_SECONDS), "Seconds in which it follows a rise", " s")
        self.release = self._make_number("Release", (0.0, _MOST_SECONDS), "Seconds in which it follows a fall", " s")
        self.curve = FormulaField("Curve", what_is_wrong, self)
        self.curve.line.setMinimumWidth(64)
        self.meter = LevelMeter("What it adds now", self)
        self.amount = QLabel(self)
        self.amount.setProperty("role", "muted")
        self.amount.setFixedWidth(44)
        self.amount.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.mute = QToolButton(self)
        self.mute.setText("M")
        self.mute.setProperty("role", "letter")
        self.mute.setCheckable(True)
        self.mute.setToolTip("Mute: leave it out for now")
        self.mute.setAccessibleName("Mute")
        self.remove = QToolButton(self)
        self.remove.setIcon(icons.icon("close"))
        self.remove.setToolTip("Remove")
        self.remove.setAccessibleName("Remove")
        self._lay_out()
        self.show_choices(choices)
        self.show_drive(drive)
        self._connect()

    @property
    def drive(self) -> Drive:
        """What it shows."""
        return self._drive

    def show_choices(self, choices: Sequence[TrackChoice]) -> None:
        """Offer these parameters; its own stays also where the open model lacks it."""
        self.parameter.blockSignals(True)
        self.parameter.clear()
        for choice in choices:
            self.parameter.addItem(choice.title, choice.name)
        own = self._drive.parameter
        if self.parameter.findData(own) < 0:
            self.parameter.addItem(f"{own.removeprefix('edit:')} (not in this model)", own)
        self.parameter.setCurrentIndex(self.parameter.findData(own))
        self.parameter.blockSignals(False)

    def show_drive(self, drive: Drive) -> None:
        """Show it as it is now."""
        self._drive = drive
        self.source.setCurrentIndex(self.source.findData(drive.source))
        self.parameter.setCurrentIndex(self.parameter.findData(drive.parameter))
        for field, value in ((self.gain, drive.gain), (self.attack, drive.attack_s), (self.release, drive.release_s)):
            field.blockSignals(True)
            field.setValue(value)
            field.blockSignals(False)
        self.curve.show_text(drive.curve)
        self.mute.setChecked(drive.is_muted)

    def show_amount(self, amount: float | None) -> None:
        """Show what it adds at the moment, in the parameter's unit; None where nobody knows."""
        gain = self._drive.gain
        self.meter.show_value(0.0 if amount is None or gain == 0 else amount / gain)
        self.amount.setText("" if amount is None else f"{amount:+.2f}".replace("-", "\N{MINUS SIGN}"))

    def changeEvent(self, event: QEvent) -> None:  # noqa: D102, N802 - Qt's name
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "remove"):
            self.remove.setIcon(icons.icon("close"))

    def _lay_out(self) -> None:
        first, second = QHBoxLayout(), QHBoxLayout()
        for row in (first, second):
            row.setSpacing(8)
        ends: tuple[tuple[QWidget, int], ...] = ((self.amount, 0), (self.mute, 0), (self.remove, 0))
        moves: tuple[tuple[QWidget, int], ...] = ((self.source, 0), (QLabel("moves", self), 0), (self.parameter, 2))
        for widget, stretch in (*moves, (self.meter, 1), *ends):
            first.addWidget(widget, stretch)
        for name, field in (("Gain", self.gain), ("Attack", self.attack), ("Release", self.release)):
            label = QLabel(name, self)
            label.setBuddy(field)
            label.setProperty("role", "muted")
            label.setFixedHeight(field.sizeHint().height())
            second.addWidget(label, 0, Qt.AlignmentFlag.AlignTop)
            second.addWidget(field, 0, Qt.AlignmentFlag.AlignTop)
        second.addWidget(self.curve, 1)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 4, 0, 8)
        grid.setVerticalSpacing(4)
        grid.addLayout(first, 0, 0)
        grid.addLayout(second, 1, 0)

    def _connect(self) -> None:
        self.source.activated.connect(lambda _index: self._edit("source", self.source.currentData()))
        self.parameter.activated.connect(lambda _index: self._edit("parameter", self.parameter.currentData()))
        self.gain.valueChanged.connect(lambda value: self._edit("gain", value))
        self.attack.valueChanged.connect(lambda value: self._edit("attack_s", value))
        self.release.valueChanged.connect(lambda value: self._edit("release_s", value))
        self.curve.edited.connect(lambda text: self._edit("curve", text))
        self.mute.clicked.connect(lambda is_muted: self._edit("is_muted", is_muted))
        self.remove.clicked.connect(lambda _checked=False: self.removed.emit())

    def _edit(self, field: str, value: object) -> None:
        changed = replace(self._drive, **{field: value})  # type: ignore[arg-type] # a field of Drive with its type
        self.edited.emit(changed, field)

    def _make_number(self, name: str, limits: tuple[float, float], tip: str, unit: str = "") -> QDoubleSpinBox:
        field = QDoubleSpinBox(self)
        field.setRange(*limits)
        field.setDecimals(2)
        field.setSingleStep(0.05)
        field.setSuffix(unit)
        field.setToolTip(tip)
        field.setAccessibleName(name)
        field.setKeyboardTracking(False)
        field.setFixedWidth(78)
        guard_wheel(field)
        return field


class DriveRows(QWidget):
    """All rows, and how another is added.

    Args:
        sources: What of the sound there is.
        empty: What is said while there are none.

    Signals:
        edited(drives, text, key): They are to be these; for the menu of undo, and what one gesture is known by.
    """

    edited = Signal(object, str, str)

    def __init__(self, sources: Sequence[Source], empty: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sources = tuple(sources)
        self._drives: tuple[Drive, ...] = ()
        self._choices: tuple[TrackChoice, ...] = ()
        self.rows: list[DriveRow] = []
        self.add = QPushButton("Add", self)
        self.add.setAutoDefault(False)
        self.add.setToolTip("Let the sound move something")
        self.empty = QLabel(empty, self, wordWrap=True)
        self.empty.setProperty("role", "muted")
        self.trouble = QLabel(self, wordWrap=True)
        self.trouble.setProperty("role", "danger")
        self.trouble.hide()
        scroll = ScrollingColumn(self, fills=True)
        scroll.column.setContentsMargins(0, 0, 8, 0)
        scroll.column.setSpacing(0)
        self._column = QVBoxLayout()
        self._column.setSpacing(0)
        scroll.column.addLayout(self._column)
        scroll.column.addStretch(1)
        head = QHBoxLayout()
        head.addWidget(self.empty, 1)
        head.addWidget(self.trouble, 1)
        head.addStretch()
        head.addWidget(self.add)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(head)
        layout.addWidget(scroll, 1)
        self.add.clicked.connect(lambda _checked=False: self._add())

    def show_drives(self, drives: tuple[Drive, ...], choices: tuple[TrackChoice, ...]) -> None:
        """Show these, with what can be moved."""
        has_other_choices, self._choices = choices != self._choices, choices
        self._drives = drives
        while len(self.rows) > len(drives):
            row = self.rows.pop()
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        for place, drive in enumerate(drives):
            if place == len(self.rows):
                self._append(drive)
                continue
            row = self.rows[place]
            if has_other_choices or row.drive.parameter != drive.parameter:
                row.show_drive(drive)
                row.show_choices(choices)
            row.show_drive(drive)
        self.empty.setVisible(not drives)
        self.trouble.hide()
        self.add.setEnabled(bool(choices))

    def show_trouble(self, error: GanStudioError) -> None:
        """Say why something was not done."""
        self.show_drives(self._drives, self._choices)
        self.trouble.setText(error.message)
        self.trouble.show()

    def _append(self, drive: Drive) -> None:
        row, place = DriveRow(drive, self._choices, self._sources, self), len(self.rows)
        row.edited.connect(lambda changed, field: self._on_edited(place, changed, field))
        row.removed.connect(lambda: self._on_removed(place))
        self.rows.append(row)
        self._column.addWidget(row)

    def _add(self) -> None:
        taken = {(drive.parameter, drive.source) for drive in self._drives}
        ordered = sorted(self._choices, key=lambda choice: not choice.is_direction)
        free = ((choice, source) for choice in ordered for source in self._sources
                if (choice.name, source) not in taken)  # fmt: skip
        found = next(free, None)
        if found is not None:
            choice, source = found
            low, high = choice.limits or (0.0, 1.0)
            gain = min((high - low) * _SMALL_SHARE, _MOST_GAIN)
            self.edited.emit((*self._drives, Drive(choice.name, source, gain)), "Add Drive", "")

    def _on_edited(self, place: int, drive: Drive, field: str) -> None:
        drives = tuple(drive if at == place else one for at, one in enumerate(self._drives))
        self.edited.emit(drives, "Change Drive", f"drive {place} {field}")

    def _on_removed(self, place: int) -> None:
        self.edited.emit(tuple(one for at, one in enumerate(self._drives) if at != place), "Remove Drive", "")
