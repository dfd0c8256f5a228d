"""The line of a slider with a marked zero and a handle: drag, wheel, arrows, Shift for fine."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ganstudio.gui.widgets.gestures import Gestures

_STEPS = 40  # key presses from one end to the other
_FINE = 0.2
_HANDLE = 6.0
_INSET = _HANDLE + 3  # room for the ring of the focus and for the mark of a value beyond the end
_OWN_KEYS = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End)


class SliderTrack(QWidget):
    """The line with the handle.

    Attributes:
        low: Lowest value.
        high: Highest value.
        neutral: Where it stands at rest.
        value: Where it stands; it may lie beyond the ends.
        is_locked: Whether nothing moves it.
        own_keys: Those that mean something here, whatever they are shortcuts for in the window.

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
        self.is_locked = False
        self.own_keys = frozenset(_OWN_KEYS)
        self._gestures = Gestures()
        self._grip: tuple[float, float] | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(18)

    def sizeHint(self) -> QSize:  # noqa: D102, N802 - Qt's name
        return QSize(160, 18)

    def begin_gesture(self) -> int:
        """Name a new gesture."""
        return self._gestures.begin()

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
        if self.isEnabled() and not self.is_locked:
            painter.setPen(QPen(accent, 2))
            painter.drawLine(QPointF(zero, middle), QPointF(handle, middle))
        self._paint_handle(painter, QPointF(handle, middle), accent)
        if not self.low <= self.value <= self.high:
            self._paint_beyond(painter, handle, accent)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: D102, N802 - Qt's name
        if event.button() != Qt.MouseButton.LeftButton or self.is_locked:
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
        start_value = min(max(start_value, self.low), self.high)  # one beyond the end comes back at once
        share = (event.position().x() - start_x) / max(1.0, self.width() - 2 * _INSET)
        self._edit(start_value + share * (self.high - self.low) * (_FINE if is_fine else 1.0))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: ARG002, D102, N802 - Qt's name
        self._grip = None

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: D102, N802 - Qt's name
        if not self.hasFocus() or self.is_locked:
            event.ignore()  # so that scrolling a panel moves no slider by chance
            return
        self._step(event.angleDelta().y() / 120, bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: D102, N802 - Qt's name
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Down: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: 1}
        ends = {Qt.Key.Key_Home: self.low, Qt.Key.Key_End: self.high, Qt.Key.Key_Delete: self.neutral}
        key = Qt.Key(event.key())
        if self.is_locked or event.modifiers() & Qt.KeyboardModifier.AltModifier:
            super().keyPressEvent(event)  # Alt with an arrow moves the row, not the handle
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
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
        is_asked = event.type() == QEvent.Type.ShortcutOverride
        if is_asked and isinstance(event, QKeyEvent) and event.key() in self.own_keys:
            event.accept()  # also while it is locked: a key that did something else all at once would surprise
            return True
        return super().event(event)

    def _step(self, steps: float, is_fine: bool) -> None:
        self._gestures.step()
        self._edit(self.value + steps * (self.high - self.low) / _STEPS * (_FINE if is_fine else 1.0))

    def _edit(self, value: float) -> None:
        value = min(max(value, self.low), self.high)
        span = self.high - self.low
        if abs(value - self.neutral) < span * 0.004:
            value = self.neutral  # a magnet, so that a drag can find the way back
        self.edited.emit(round(value, 4), self._gestures.number)

    def _paint_handle(self, painter: QPainter, centre: QPointF, accent: QColor) -> None:
        is_moved = abs(self.value - self.neutral) > 1e-9
        palette = self.palette()
        fill = (
            accent
            if is_moved and self.isEnabled() and not self.is_locked
            else palette.color(QPalette.ColorRole.PlaceholderText)
        )
        if self.hasFocus():
            painter.setPen(QPen(accent, 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(centre, _HANDLE + 2, _HANDLE + 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        painter.drawEllipse(QRectF(centre.x() - _HANDLE, centre.y() - _HANDLE, 2 * _HANDLE, 2 * _HANDLE))

    def _paint_beyond(self, painter: QPainter, handle: float, accent: QColor) -> None:
        """A mark at the end that the value lies beyond."""
        way = 1 if self.value > self.high else -1
        edge, middle = handle + way * (_HANDLE + 3), self.height() / 2
        painter.setPen(QPen(accent, 1.5))
        painter.drawLine(QPointF(edge, middle), QPointF(edge - way * 3, middle - 3))
        painter.drawLine(QPointF(edge, middle), QPointF(edge - way * 3, middle + 3))

    def _x_of(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return _INSET + min(max(share, 0.0), 1.0) * (self.width() - 2 * _INSET)

    def _value_at(self, x: float) -> float:
        return self.low + (x - _INSET) / max(1.0, self.width() - 2 * _INSET) * (self.high - self.low)
