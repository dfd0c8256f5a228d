"""A named slider with a marked zero: see `slider_track`; also type a number, click the name to reset."""

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QDoubleSpinBox, QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QWidget

from ganstudio.gui.widgets.slider_track import SliderTrack

_NUMBER_WIDTH = 52
_HEAD_HEIGHT = 18


class SliderName(QLabel):
    """A name that is cut with an ellipsis where it does not fit.

    Signals:
        clicked(): It was clicked.
    """

    clicked = Signal()

    def __init__(self, text: str, parent: QWidget) -> None:
        super().__init__(text, parent)
        self.setMinimumWidth(40)
        self.setFixedHeight(_HEAD_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, D102, N802 - Qt's name
        painter = QPainter(self)
        group = QPalette.ColorGroup.Normal if self.isEnabled() else QPalette.ColorGroup.Disabled
        painter.setPen(self.palette().color(group, QPalette.ColorRole.WindowText))
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
        painter.end()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: D102, N802 - Qt's name
        if event.button() == Qt.MouseButton.LeftButton:
            self.clicked.emit()


class _Number(QLabel):
    double_clicked = Signal()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: ARG002, N802 - Qt's name
        self.double_clicked.emit()


class _Editor(QDoubleSpinBox):
    cancelled = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        if event.key() == Qt.Key.Key_Escape:
            self.cancelled.emit()
        else:
            super().keyPressEvent(event)


class LatentSlider(QWidget):
    """Name and number in one line, close below it the track over the whole width: long, so that a drag is fine.

    Args:
        title: What it is called.
        limits: Lowest and highest value of the track.
        neutral: Where it stands at rest.
        decimals: Digits shown behind the point.

    Attributes:
        typed_limits: Lowest and highest value that can be typed; those of the track where None.

    Signals:
        edited(value, gesture): The person changes the value; steps of one gesture share its number.
    """

    edited = Signal(float, int)

    def __init__(
        self,
        title: str,
        limits: tuple[float, float],
        neutral: float = 0.0,
        decimals: int = 2,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.typed_limits: tuple[float, float] | None = None
        self.track = SliderTrack(*limits, neutral, self)
        self.track.edited.connect(self._on_track_edited)
        self.track.typing_wanted.connect(self._begin_typing)
        self.setFocusProxy(self.track)
        self._decimals = decimals
        self._is_typing = False
        self._editor: _Editor | None = None  # made when it is wanted: of hundreds of sliders few are typed into
        self._name = SliderName(title, self)
        self._name.clicked.connect(self.reset)
        self._number = _Number(self)
        self._number.setProperty("role", "muted")
        self._number.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._number.setToolTip("Double-click to type a number")
        self._number.setFixedSize(_NUMBER_WIDTH, _HEAD_HEIGHT)
        self._number.double_clicked.connect(self._begin_typing)
        self.head = QHBoxLayout()
        self.head.setSpacing(6)
        self.head.addWidget(self._name, 1)
        self.head.addWidget(self._number)
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setVerticalSpacing(0)
        layout.addLayout(self.head, 0, 0)
        layout.addWidget(self.track, 1, 0)
        self.set_title(title)
        self.set_value(neutral)

    @property
    def value(self) -> float:
        """What is shown."""
        return self.track.value

    @property
    def title(self) -> str:
        """What it is called."""
        return self._name.text()

    def set_title(self, title: str) -> None:
        """Call it otherwise."""
        self._name.setText(title)
        self._name.setToolTip(f"{title}: click to reset")
        self.track.setAccessibleName(title)

    def set_limits(self, low: float, high: float) -> None:
        """Give the track other ends; the value stays, also beyond them."""
        self.track.low, self.track.high = low, high
        self.set_value(self.value)

    def set_value(self, value: float) -> None:
        """Show a value without telling anybody."""
        self.track.value = value
        self.track.update()
        sign = "+" if value > 0 and self.track.low < 0 else ""
        text = f"{sign}{value:.{self._decimals}f}".replace("-", "\N{MINUS SIGN}")
        self._number.setText(text)
        role = "muted" if value == self.track.neutral else "value"
        if self._number.property("role") != role:
            self._number.setProperty("role", role)
            self._number.style().polish(self._number)
        self.track.setAccessibleDescription(text)

    def reset(self) -> None:
        """Go back to rest, as a gesture of the person's."""
        self._type(self.track.neutral)

    def _on_track_edited(self, value: float, gesture: int) -> None:
        self.set_value(value)
        self.edited.emit(value, gesture)

    def _begin_typing(self) -> None:
        if self.track.is_locked:
            return
        editor = self._editor = self._editor or self._make_editor()
        self._is_typing = True
        editor.setAccessibleName(f"{self.title}, number")
        editor.setRange(*(self.typed_limits or (self.track.low, self.track.high)))
        editor.setValue(self.value)
        place = self._number.geometry()
        editor.setGeometry(QRect(place.left() - 8, place.top(), place.width() + 8, place.height()))
        editor.show()
        editor.raise_()
        editor.setFocus()
        editor.selectAll()

    def _make_editor(self) -> _Editor:
        editor = _Editor(self)
        editor.setProperty("role", "bare")
        editor.setDecimals(self._decimals)
        editor.setAlignment(Qt.AlignmentFlag.AlignRight)
        editor.cancelled.connect(self._cancel_typing)
        editor.editingFinished.connect(self._end_typing)
        return editor

    def _end_typing(self) -> None:
        if self._is_typing and self._editor is not None:
            self._cancel_typing()
            self._type(self._editor.value())

    def _cancel_typing(self) -> None:
        self._is_typing = False  # first, because hiding the field ends its editing, too
        if self._editor is not None:
            had_focus = self._editor.hasFocus()
            self._editor.hide()
            if had_focus:
                self.track.setFocus()

    def _type(self, value: float) -> None:
        if abs(value - self.value) > 1e-9 and not self.track.is_locked:
            self.set_value(value)
            self.edited.emit(value, self.track.begin_gesture())
