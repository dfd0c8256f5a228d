"""A small editor for a curve of one's own, from one key to the next."""

from collections.abc import Callable

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from ganstudio.gui.widgets.layer_range import open_popup

Handles = tuple[float, float, float, float]
_SIZE = 200
_INSET = 44.0  # room above and below, for curves that overshoot
_HIT_PX = 14.0
_REACH = 1.4  # above 1 and below 0, as far as the pointer goes
_STEP = 0.02


class EasingCurve(QWidget):
    """The curve from (0, 0) to (1, 1), with its two inner points to drag.

    Signals:
        edited(handles): The person moves a point.
    """

    edited = Signal(object)

    def __init__(self, handles: Handles, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._handles = handles
        self._held = 0
        self._is_dragging = False
        self.setFixedSize(QSize(_SIZE, _SIZE))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._describe()

    @property
    def handles(self) -> Handles:
        """The inner points: x1, y1, x2, y2."""
        return self._handles

    def point_of(self, x: float, y: float) -> QPointF:
        """Where a point of the curve is painted."""
        side = _SIZE - 2 * _INSET
        return QPointF(_INSET + x * side, _SIZE - _INSET - y * side)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, D102, N802 - Qt's name
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette = self.palette()
        painter.fillRect(self.rect(), palette.color(QPalette.ColorRole.Base))
        painter.setPen(QPen(palette.color(QPalette.ColorRole.Mid), 1))
        painter.drawRect(QRectF(self.point_of(0, 1), self.point_of(1, 0)))
        accent, muted = palette.color(QPalette.ColorRole.Accent), palette.color(QPalette.ColorRole.PlaceholderText)
        x1, y1, x2, y2 = self._handles
        first, second = self.point_of(x1, y1), self.point_of(x2, y2)
        path = QPainterPath(self.point_of(0, 0))
        path.cubicTo(first, second, self.point_of(1, 1))
        painter.setPen(QPen(muted, 1))
        painter.drawLine(self.point_of(0, 0), first)
        painter.drawLine(self.point_of(1, 1), second)
        painter.setPen(QPen(accent, 2))
        painter.drawPath(path)
        for number, point in enumerate((first, second)):
            is_held = number == self._held and self.hasFocus()
            painter.setPen(QPen(palette.color(QPalette.ColorRole.WindowText) if is_held else accent, 1.5))
            painter.setBrush(QColor(accent))
            painter.drawEllipse(point, 5, 5)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: D102, N802 - Qt's name
        points = [self.point_of(*self._handles[:2]), self.point_of(*self._handles[2:])]
        distances = [(point - event.position()).manhattanLength() for point in points]
        self._held = distances.index(min(distances))
        self._is_dragging = min(distances) <= _HIT_PX
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: D102, N802 - Qt's name
        if self._is_dragging:
            side = _SIZE - 2 * _INSET
            at = event.position()
            self._move_to((at.x() - _INSET) / side, (_SIZE - _INSET - at.y()) / side)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: ARG002, D102, N802 - Qt's name
        self._is_dragging = False

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: D102, N802 - Qt's name
        steps = {
            Qt.Key.Key_Left: (-_STEP, 0.0),
            Qt.Key.Key_Right: (_STEP, 0.0),
            Qt.Key.Key_Up: (0.0, _STEP),
            Qt.Key.Key_Down: (0.0, -_STEP),
        }
        key = Qt.Key(event.key())
        if key in steps:
            x, y = self._handles[2 * self._held : 2 * self._held + 2]
            self._move_to(x + steps[key][0], y + steps[key][1])
        elif key == Qt.Key.Key_Space:
            self._held = 1 - self._held
            self._describe()
            self.update()
        else:
            super().keyPressEvent(event)

    def _move_to(self, x: float, y: float) -> None:
        x, y = min(max(x, 0.0), 1.0), min(max(y, 1 - _REACH), _REACH)
        values = list(self._handles)
        values[2 * self._held : 2 * self._held + 2] = [round(x, 3), round(y, 3)]
        self._handles = (values[0], values[1], values[2], values[3])
        self._describe()
        self.update()
        self.edited.emit(self._handles)

    def _describe(self) -> None:
        x, y = self._handles[2 * self._held : 2 * self._held + 2]
        self.setAccessibleName("Curve from key to key")
        self.setAccessibleDescription(f"point {self._held + 1} of 2: {x:.2f}, {y:.2f}; Space changes to the other")


class EasingPopup(QFrame):
    """The curve editor in a small window; it goes when somebody presses elsewhere.

    Args:
        handles: The curve at first.
        edited: Called with every other curve.
    """

    def __init__(self, handles: Handles, edited: Callable[[Handles], object], parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("popup")
        heading = QLabel("Own Curve", self)
        heading.setProperty("role", "heading")
        hint = QLabel("Left: this key, right: the next one. Drag the two points.", self, wordWrap=True)
        hint.setProperty("role", "muted")
        self.curve = EasingCurve(handles, self)
        self.curve.edited.connect(edited)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(8)
        for widget in (heading, self.curve, hint):
            column.addWidget(widget)

    def open_at(self, place: QPoint) -> None:
        """Open with the upper left corner here, but inside the screen."""
        open_popup(self, place)
        self.curve.setFocus()
