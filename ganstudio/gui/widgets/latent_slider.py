"""A named slider with a marked zero: drag, wheel, arrows, Shift for fine, type a number, click the name to reset."""

import time

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen, QWheelEvent
from PySide6.QtWidgets import QDoubleSpinBox, QGridLayout, QLabel, QSizePolicy, QStackedWidget, QWidget

_STEPS = 40  # key presses from one end to the other
_FINE = 0.2
_PAUSE_S = 0.8  # wheel and key steps closer than this are one gesture
_HANDLE = 6.0
_INSET = _HANDLE + 3  # room for the ring of the focus
_NUMBER_WIDTH = 64
_OWN_KEYS = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End)


class SliderTrack(QWidget):
    """The line with the handle.

    Signals:
        edited(value, gesture): The person moves the handle; the number names the gesture.
        typing_wanted(): The person would rather type the number.
    """

    edited = Signal(float, int)
    typing_wanted = Signal()

    def __init__(self, low: float, high: float, neutral: float, parent: QWidget) -> None:
        super().__init__(parent)
        self.low, self.high, self.neutral = low, high, neutral
        self.value = neutral
        self._gesture = 0
        self._last_step_at = 0.0
        self._grip: tuple[float, float] | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(18)

    def sizeHint(self) -> QSize:  # noqa: D102, N802 - Qt's name
        return QSize(160, 18)

    def begin_gesture(self) -> int:
        """Name a new gesture."""
        self._gesture += 1
        return self._gesture

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, D102, N802 - Qt's name
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette, middle = self.palette(), self.height() / 2
        accent, line = palette.color(QPalette.ColorRole.Accent), palette.color(QPalette.ColorRole.PlaceholderText)
        line.setAlphaF(0.35)
        handle, zero = self._x_of(self.value), self._x_of(self.neutral)
        painter.setPen(QPen(line, 2))
        painter.drawLine(QPointF(_INSET, middle), QPointF(self.width() - _INSET, middle))
        painter.setPen(QPen(palette.color(QPalette.ColorRole.PlaceholderText), 1))
        painter.drawLine(QPointF(zero, middle - 6), QPointF(zero, middle + 6))
        if self.isEnabled():
            painter.setPen(QPen(accent, 2))
            painter.drawLine(QPointF(zero, middle), QPointF(handle, middle))
        self._paint_handle(painter, QPointF(handle, middle), accent)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: D102, N802 - Qt's name
        if event.button() != Qt.MouseButton.LeftButton:
            return
        self.begin_gesture()
        x = event.position().x()
        if abs(x - self._x_of(self.value)) > _HANDLE + 2:
            self._edit(self._value_at(x))
        self._grip = (x, self.value)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: D102, N802 - Qt's name
        if self._grip is None:
            return
        is_fine = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        start_x, start_value = self._grip
        share = (event.position().x() - start_x) / max(1.0, self.width() - 2 * _INSET)
        self._edit(start_value + share * (self.high - self.low) * (_FINE if is_fine else 1.0))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: ARG002, D102, N802 - Qt's name
        self._grip = None

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: D102, N802 - Qt's name
        if not self.hasFocus():
            event.ignore()  # so that scrolling a panel moves no slider by chance
            return
        self._step(event.angleDelta().y() / 120, bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: D102, N802 - Qt's name
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Down: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: 1}
        ends = {Qt.Key.Key_Home: self.low, Qt.Key.Key_End: self.high, Qt.Key.Key_Delete: self.neutral}
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.typing_wanted.emit()
        elif key in steps:
            self._step(steps[key], bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        elif key in ends:
            self.begin_gesture()
            self._edit(ends[key])
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Keep the keys that move the handle from the window's shortcuts, which walk the history."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() in _OWN_KEYS:
            event.accept()
            return True
        return super().event(event)

    def _step(self, steps: float, is_fine: bool) -> None:
        now = time.monotonic()
        if now - self._last_step_at > _PAUSE_S:
            self.begin_gesture()
        self._last_step_at = now
        self._edit(self.value + steps * (self.high - self.low) / _STEPS * (_FINE if is_fine else 1.0))

    def _edit(self, value: float) -> None:
        value = min(max(value, self.low), self.high)
        span = self.high - self.low
        if abs(value - self.neutral) < span * 0.004:
            value = self.neutral  # a magnet, so that a drag can find the way back
        self.edited.emit(round(value, 4), self._gesture)

    def _paint_handle(self, painter: QPainter, centre: QPointF, accent: QColor) -> None:
        is_moved = abs(self.value - self.neutral) > 1e-9
        palette = self.palette()
        fill = accent if is_moved and self.isEnabled() else palette.color(QPalette.ColorRole.PlaceholderText)
        if self.hasFocus():
            painter.setPen(QPen(accent, 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(centre, _HANDLE + 2, _HANDLE + 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        painter.drawEllipse(QRectF(centre.x() - _HANDLE, centre.y() - _HANDLE, 2 * _HANDLE, 2 * _HANDLE))

    def _x_of(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return _INSET + min(max(share, 0.0), 1.0) * (self.width() - 2 * _INSET)

    def _value_at(self, x: float) -> float:
        return self.low + (x - _INSET) / max(1.0, self.width() - 2 * _INSET) * (self.high - self.low)


class _Name(QLabel):
    """A name that is cut with an ellipsis where it does not fit."""

    clicked = Signal()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's name
        painter = QPainter(self)
        group = QPalette.ColorGroup.Normal if self.isEnabled() else QPalette.ColorGroup.Disabled
        painter.setPen(self.palette().color(group, QPalette.ColorRole.WindowText))
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
        painter.end()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: ARG002, N802 - Qt's name
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
        self.track = SliderTrack(*limits, neutral, self)
        self.track.setAccessibleName(title)
        self.track.edited.connect(self._on_track_edited)
        self.track.typing_wanted.connect(self._begin_typing)
        self._decimals = decimals
        self._is_typing = False
        self._name = _Name(title, self)
        self._name.setToolTip(f"{title}: click to reset")
        self._name.setMinimumWidth(40)
        self._name.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._name.setCursor(Qt.CursorShape.PointingHandCursor)
        self._name.clicked.connect(lambda: self._type(neutral))
        self._number = _Number(self)
        self._number.setProperty("role", "muted")
        self._number.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._number.setToolTip("Double-click to type a number")
        self._number.double_clicked.connect(self._begin_typing)
        self._editor = _Editor(self)
        self._editor.setProperty("role", "bare")
        self._editor.setAccessibleName(f"{title}, number")
        self._editor.cancelled.connect(self._cancel_typing)
        self._editor.setRange(*limits)
        self._editor.setDecimals(decimals)
        self._editor.setButtonSymbols(QDoubleSpinBox.ButtonSymbols.NoButtons)
        self._editor.editingFinished.connect(self._end_typing)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self._number)
        self._stack.addWidget(self._editor)
        self._stack.setFixedSize(_NUMBER_WIDTH, 18)
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setHorizontalSpacing(8)
        layout.setVerticalSpacing(0)
        layout.addWidget(self._name, 0, 0)
        layout.addWidget(self._stack, 0, 1)
        layout.addWidget(self.track, 1, 0, 1, 2)
        layout.setColumnStretch(0, 1)
        self.set_value(neutral)

    @property
    def value(self) -> float:
        """What is shown."""
        return self.track.value

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

    def _on_track_edited(self, value: float, gesture: int) -> None:
        self.set_value(value)
        self.edited.emit(value, gesture)

    def _begin_typing(self) -> None:
        self._is_typing = True
        self._editor.setValue(self.value)
        self._stack.setCurrentWidget(self._editor)
        self._editor.setFocus()
        self._editor.selectAll()

    def _end_typing(self) -> None:
        if self._is_typing:
            self._cancel_typing()
            self._type(self._editor.value())

    def _cancel_typing(self) -> None:
        self._is_typing = False  # first, because hiding the field ends its editing, too
        had_focus = self._editor.hasFocus()
        self._stack.setCurrentWidget(self._number)
        if had_focus:
            self.track.setFocus()

    def _type(self, value: float) -> None:
        if abs(value - self.value) > 1e-9:
            self.set_value(value)
            self.edited.emit(value, self.track.begin_gesture())
