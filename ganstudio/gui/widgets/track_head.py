"""The head of a timeline's row: what it is, its value where the play head stands, and whether it counts."""

from dataclasses import dataclass

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QResizeEvent
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QHBoxLayout, QLabel, QSizePolicy, QWidget

from ganstudio.gui.widgets.gestures import Gestures
from ganstudio.gui.widgets.key_painting import ROW_HEIGHT
from ganstudio.gui.widgets.letter_button import letter_button
from ganstudio.gui.widgets.wheel_guard import guard_wheel

_FIELD_WIDTH = 74


@dataclass(frozen=True)
class HeadFacts:
    """What a head shows.

    Attributes:
        name: Tells it from others.
        title: What people call it.
        limits: Lowest and highest value; None for the latent.
        steps: Whether its values are whole.
        is_muted: Whether it is left out for now.
        value: Where the play head stands.
        way: How the latent goes from key to key.
    """

    name: str
    title: str
    limits: tuple[float, float] | None
    steps: bool = False
    is_muted: bool = False
    value: float = 0.0
    way: str = ""


class TrackHead(QWidget):
    """The head of one row.

    Args:
        facts: What it shows at first.
        ways: Ways that the latent can go, and what people call them.

    Signals:
        value_edited(value, gesture): The person gives another value; steps of one gesture share its number.
        way_chosen(way): The person wants the latent to go this way.
        mute_wanted(is_muted): The person leaves it out, or takes it in again.
        removal_wanted(): The person takes it away.
        key_wanted(): The person wants a key here.
        menu_wanted(place): Its menu is asked for, at this place of the screen.
    """

    value_edited = Signal(float, int)
    way_chosen = Signal(str)
    mute_wanted = Signal(bool)
    removal_wanted = Signal()
    key_wanted = Signal()
    menu_wanted = Signal(QPoint)

    def __init__(self, facts: HeadFacts, ways: tuple[tuple[str, str], ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.facts = facts
        self._gestures = Gestures()
        self.setFixedHeight(ROW_HEIGHT)
        self._title = QLabel(self)
        self._title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.value = QDoubleSpinBox(self)
        self.way = QComboBox(self)
        for way, title in ways:
            self.way.addItem(title, way)
        self.key = letter_button("◆", "Key it at the play head", self)
        self.mute = letter_button("M", "Mute: leave this track out for now", self, is_checkable=True)
        self.remove = letter_button("✕", "Remove this track", self)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 4, 0)
        row.setSpacing(2)
        row.addWidget(self._title, 1)
        row.addWidget(self.way if facts.limits is None else self.value)
        for button in (self.key, self.mute, self.remove):
            row.addWidget(button)
        self._set_up_fields(facts)
        self.show_facts(facts)
        self.key.clicked.connect(self.key_wanted)
        self.mute.clicked.connect(self.mute_wanted)
        self.remove.clicked.connect(self.removal_wanted)
        self.value.valueChanged.connect(self._on_value_changed)
        self.way.activated.connect(lambda index: self.way_chosen.emit(self.way.itemData(index)))

    def show_facts(self, facts: HeadFacts) -> None:
        """Show what it is now, without telling anybody."""
        self.facts = facts
        self._show_title()
        self._title.setToolTip(facts.title)
        self._title.setEnabled(not facts.is_muted)
        self.value.blockSignals(True)
        self.value.setValue(facts.value)
        self.value.blockSignals(False)
        self.way.setCurrentIndex(max(0, self.way.findData(facts.way)))
        self.mute.setChecked(facts.is_muted)
        for widget, what in (
            (self.value, "value at the play head"),
            (self.way, "way from key to key"),
            (self.key, "key at the play head"),
            (self.mute, "mute"),
            (self.remove, "remove track"),
        ):
            widget.setAccessibleName(f"{facts.title}, {what}")

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: D102, N802 - Qt's name
        super().resizeEvent(event)
        self._show_title()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: D102, N802 - Qt's name
        self.menu_wanted.emit(event.globalPos())

    def _show_title(self) -> None:
        room = max(self._title.width(), 20)
        self._title.setText(self.fontMetrics().elidedText(self.facts.title, Qt.TextElideMode.ElideRight, room))

    def _set_up_fields(self, facts: HeadFacts) -> None:
        self.value.setVisible(facts.limits is not None)
        self.way.setVisible(facts.limits is None)
        self.way.setFixedWidth(_FIELD_WIDTH + 24)
        self.way.setToolTip("How the picture goes from key to key")
        self.value.setRange(*(facts.limits or (0.0, 1.0)))
        self.value.setDecimals(0 if facts.steps else 2)
        self.value.setSingleStep(1.0 if facts.steps else 0.05)
        self.value.setKeyboardTracking(False)
        self.value.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.value.setProperty("role", "bare")
        self.value.setFixedWidth(_FIELD_WIDTH)
        self.value.setToolTip("Its value at the play head; another one sets a key there")
        for field in (self.value, self.way):
            guard_wheel(field)

    def _on_value_changed(self, value: float) -> None:
        self.value_edited.emit(value, self._gestures.step())
