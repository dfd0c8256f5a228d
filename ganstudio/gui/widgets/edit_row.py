"""A row of the list of edits: what it goes along, how far, and whether it has a part in the picture for now."""

from dataclasses import dataclass

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QDoubleSpinBox, QGridLayout, QLabel, QVBoxLayout, QWidget

from ganstudio.gui.widgets.gestures import Gestures
from ganstudio.gui.widgets.latent_slider import SliderName
from ganstudio.gui.widgets.letter_button import letter_button
from ganstudio.gui.widgets.wheel_guard import guard_wheel

EDIT_ROW_HEIGHT = 38


@dataclass(frozen=True)
class EditFacts:
    """What a row shows.

    Attributes:
        title: Of the direction.
        details: Where it acts ("layers 0–3 · class cat").
        strength: How far it goes.
        is_muted: Whether it is left out.
        is_solo: Whether others are left out for it.
        is_heard: Whether it has a part in the picture.
        is_locked: Whether its strength is held.
    """

    title: str
    details: str
    strength: float
    is_muted: bool = False
    is_solo: bool = False
    is_heard: bool = True
    is_locked: bool = False


class EditRow(QWidget):
    """One edit.

    Args:
        facts: What it shows at first.
        limits: Lowest and highest strength.

    Signals:
        strength_edited(value, gesture): The person types or steps the number; steps of one gesture share its number.
        mute_wanted(is_muted): The person leaves it out, or takes it in again.
        solo_wanted(is_solo): The person leaves all others out, or takes them in again.
        removal_wanted(): The person takes it away.
        menu_wanted(place): Its menu is asked for, at this place of the screen.
    """

    strength_edited = Signal(float, int)
    mute_wanted = Signal(bool)
    solo_wanted = Signal(bool)
    removal_wanted = Signal()
    menu_wanted = Signal(QPoint)

    def __init__(self, facts: EditFacts, limits: tuple[float, float], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._gestures = Gestures()
        self.grip = SliderName("", self)
        self.grip.setCursor(Qt.CursorShape.SizeVerCursor)
        self.details = QLabel(self)
        self.details.setProperty("role", "fine")
        self.strength = QDoubleSpinBox(self)
        self.strength.setRange(*limits)
        self.strength.setDecimals(2)
        self.strength.setSingleStep(0.1)
        self.strength.setKeyboardTracking(False)
        self.strength.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.strength.setProperty("role", "bare")
        self.strength.setFixedWidth(64)
        self.strength.setToolTip("How far it goes, in deviations")
        guard_wheel(self.strength)
        self.setFocusProxy(self.strength)
        self.mute = letter_button("M", "Mute: leave it out for now", self, is_checkable=True)
        self.solo = letter_button("S", "Solo: leave all others out for now", self, is_checkable=True)
        self.remove = letter_button("✕", "Remove", self)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 4, 0)
        grid.setHorizontalSpacing(4)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.grip)
        words.addWidget(self.details)
        grid.addLayout(words, 0, 0, Qt.AlignmentFlag.AlignVCenter)
        for column, widget in enumerate((self.strength, self.mute, self.solo, self.remove), 1):
            grid.addWidget(widget, 0, column)
        grid.setColumnStretch(0, 1)
        self.show_facts(facts)
        self.strength.valueChanged.connect(self._on_strength_changed)
        self.mute.clicked.connect(self.mute_wanted)
        self.solo.clicked.connect(self.solo_wanted)
        self.remove.clicked.connect(self.removal_wanted)

    def show_facts(self, facts: EditFacts) -> None:
        """Show what the edit is now, without telling anybody."""
        self.grip.setText(facts.title)
        self.grip.setToolTip(f"{facts.title}: drag it to take it earlier or later")
        self.grip.setEnabled(facts.is_heard)
        self.details.setText(facts.details)
        self.details.setVisible(bool(facts.details))
        self.strength.blockSignals(True)
        self.strength.setValue(facts.strength)
        self.strength.blockSignals(False)
        self.strength.setEnabled(not facts.is_locked)
        self.mute.setChecked(facts.is_muted)
        self.solo.setChecked(facts.is_solo)
        for widget, what in ((self.strength, "strength"), (self.mute, "mute"), (self.solo, "solo"),
                             (self.remove, "remove")):  # fmt: skip
            widget.setAccessibleName(f"{facts.title}, {what}")

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: D102, N802 - Qt's name
        is_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        self.menu_wanted.emit(self.mapToGlobal(self.rect().bottomLeft()) if is_key else event.globalPos())

    def _on_strength_changed(self, value: float) -> None:
        self.strength_edited.emit(value, self._gestures.step())
