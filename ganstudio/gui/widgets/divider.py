"""The line between two pictures that lie over each other; dragged with the mouse, moved with the arrow keys."""

from PySide6.QtCore import QEvent, QPointF, QRect, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

WIDTH = 25  # odd, so that its line is in its middle
_GRIP_RADIUS = 11.0
_STEP, _FINE_STEP = 0.05, 0.01  # of the width that it moves across
_KEYS = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End)


class Divider(QWidget):
    """The line and its grip; its owner places it.

    Signals:
        dragged(x): It is wanted at this place, in pixels of its parent.
        stepped(step): It is wanted further right (or left, below 0) by this share of the picture's width.
    """

    dragged = Signal(float)
    stepped = Signal(float)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setCursor(Qt.CursorShape.SplitHCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName("Divider between before and after")
        self.setToolTip("Drag, or move with the arrow keys; double-click for the middle")
        self._is_held = False

    def show_share(self, share: float) -> None:
        """Say to those who do not see it how much of the picture is before."""
        self.setAccessibleDescription(f"{share:.0%} before")

    def event(self, event: QEvent) -> bool:
        """Keep the arrow keys from the window's shortcuts while the divider has the focus."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() in _KEYS:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: D102, N802 - Qt's name
        is_fine = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        step = _FINE_STEP if is_fine else _STEP
        steps = dict(zip(_KEYS, (-step, step, -1.0, 1.0), strict=True))
        if (key := Qt.Key(event.key())) in steps:
            self.stepped.emit(steps[key])
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: D102, N802 - Qt's name
        self._is_held = event.button() == Qt.MouseButton.LeftButton
        event.setAccepted(self._is_held)
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: D102, N802 - Qt's name
        if self._is_held:
            self.dragged.emit(self.mapToParent(event.position()).x())
        else:
            event.ignore()  # the picture under it says what is there

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: D102, N802 - Qt's name
        event.setAccepted(self._is_held)
        self._is_held = False
        self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: ARG002, D102, N802 - Qt's name
        self.stepped.emit(0.0)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, D102, N802 - Qt's name
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = QPointF(self.width() / 2, self.height() // 2)
        for width, colour in ((3, QColor(0, 0, 0, 110)), (1, QColor(255, 255, 255))):  # seen on any picture
            painter.fillRect(QRect((self.width() - width) // 2, 0, width, self.height()), colour)
        is_marked = self.hasFocus() or self._is_held
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Accent) if is_marked else QColor(0, 0, 0, 110), 2))
        painter.setBrush(QColor(255, 255, 255))
        painter.drawEllipse(middle, _GRIP_RADIUS, _GRIP_RADIUS)
        painter.setPen(QPen(QColor(40, 40, 40), 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for side in (-1, 1):
            tip = middle + QPointF(7 * side, 0)
            corners = [tip + QPointF(-3.5 * side, -3.5), tip, tip + QPointF(-3.5 * side, 3.5)]
            painter.drawPolyline(QPolygonF(corners))
        painter.end()
