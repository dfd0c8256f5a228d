"""The ruler over a timeline: frames or seconds, named frames, what is drawn ahead, and the play head to pull."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QPolygonF,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from ganstudio.gui.widgets.time_axis import TimeAxis

RULER_HEIGHT = 44
_NAMES_BOTTOM, _BAR_HEIGHT = 16, 3
_ZOOM_STEP = 1.2
_MAGNET_PX = 6.0


class TimeRuler(QWidget):
    """Shows time; the pointer pulls the play head.

    Args:
        axis: Which frames are where.

    Signals:
        scrubbed(frame): The person pulls the play head here.
        menu_wanted(frame, place): The menu of a frame is asked for, at this place of the screen.
        naming_wanted(frame): The person wants to name a frame.
    """

    scrubbed = Signal(int)
    menu_wanted = Signal(int, QPoint)
    naming_wanted = Signal(int)

    def __init__(self, axis: TimeAxis, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._axis = axis
        self._position = 0
        self._markers: tuple[tuple[int, str], ...] = ()
        self._drawn: tuple[tuple[int, int], ...] = ()
        self._stretch: tuple[int, int] | None = None
        self._held_at: QPointF | None = None
        self.good = QColor("green")
        self.setFixedHeight(RULER_HEIGHT)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Play head")
        self.setToolTip(
            "Drag: go to a frame. Wheel: magnify. Middle button: move. Double-click: name a frame. "
            "The line below shows which frames are drawn already."
        )
        axis.changed.connect(self.update)

    def sizeHint(self) -> QSize:  # noqa: D102, N802 - Qt's name
        return QSize(400, RULER_HEIGHT)

    @property
    def markers(self) -> tuple[tuple[int, str], ...]:
        """Named frames."""
        return self._markers

    @property
    def drawn(self) -> tuple[tuple[int, int], ...]:
        """The stretches that are drawn already, first and last frame of each."""
        return self._drawn

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: D102, N802 - Qt's name
        super().resizeEvent(event)
        self._axis.set_width(float(self.width()))

    def set_position(self, position: int) -> None:
        """Put the play head on a frame."""
        self._position = position
        self.setAccessibleDescription(f"frame {position} of {self._axis.length}")
        self.update()

    def set_markers(self, markers: Sequence[tuple[int, str]]) -> None:
        """Show named frames."""
        self._markers = tuple(markers)
        self.update()

    def set_drawn(self, drawn: Sequence[tuple[int, int]]) -> None:
        """Show which stretches are drawn already."""
        if tuple(drawn) != self._drawn:
            self._drawn = tuple(drawn)
            self.update()

    def set_stretch(self, stretch: tuple[int, int] | None) -> None:
        """Mark the only frames that are played, the first and the last."""
        self._stretch = stretch
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, D102, N802 - Qt's name
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette = self.palette()
        painter.fillRect(self.rect(), palette.color(QPalette.ColorRole.Base))
        self._paint_end(painter)
        if self._stretch is not None:
            left, right = (self._axis.x_of(frame) for frame in self._stretch)
            shade = palette.color(QPalette.ColorRole.Accent)
            shade.setAlphaF(0.2)
            painter.fillRect(QRectF(left, _NAMES_BOTTOM, right - left, RULER_HEIGHT - _NAMES_BOTTOM), shade)
        self._paint_ticks(painter)
        self._paint_drawn(painter)
        self._paint_markers(painter)
        self._paint_head(painter)
        if self.hasFocus():
            painter.setPen(QPen(palette.color(QPalette.ColorRole.Accent), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: D102, N802 - Qt's name
        if event.button() == Qt.MouseButton.LeftButton:
            self._pull(event)
        elif event.button() == Qt.MouseButton.MiddleButton:
            self._held_at = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: D102, N802 - Qt's name
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._pull(event)
        elif event.buttons() & Qt.MouseButton.MiddleButton and self._held_at is not None:
            self._axis.pan(event.position().x() - self._held_at.x())
            self._held_at = event.position()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: D102, N802 - Qt's name
        self.naming_wanted.emit(self._frame_at(event.position().x(), is_snapping=True))

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: D102, N802 - Qt's name
        turn(self._axis, event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: D102, N802 - Qt's name
        is_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        frame = self._position if is_key else self._frame_at(event.pos().x(), is_snapping=True)
        self.menu_wanted.emit(frame, event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: D102, N802 - Qt's name
        far = max(1, round(self._axis.fps))
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_PageUp: -far, Qt.Key.Key_PageDown: far}
        ends = {Qt.Key.Key_Home: 0, Qt.Key.Key_End: self._axis.length - 1}
        key = Qt.Key(event.key())
        if key in steps:
            self.scrubbed.emit(min(max(self._position + steps[key], 0), self._axis.length - 1))
        elif key in ends:
            self.scrubbed.emit(ends[key])
        else:
            super().keyPressEvent(event)

    def _pull(self, event: QMouseEvent) -> None:
        is_snapping = not event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        self.scrubbed.emit(self._frame_at(event.position().x(), is_snapping))

    def _frame_at(self, x: float, is_snapping: bool) -> int:
        near = [frame for frame, _ in self._markers if is_snapping and abs(self._axis.x_of(frame) - x) < _MAGNET_PX]
        frame = near[0] if near else round(self._axis.frame_at(x))
        return min(max(frame, 0), self._axis.length - 1)

    def _paint_end(self, painter: QPainter) -> None:
        """What is after the last frame is no part of the animation."""
        beyond = QColor(self.palette().color(QPalette.ColorRole.Window))
        right = self._axis.x_of(self._axis.length - 0.5)
        painter.fillRect(QRectF(right, 0, max(0.0, self.width() - right), self.height()), beyond)
        left = self._axis.x_of(-0.5)
        painter.fillRect(QRectF(0, 0, max(0.0, left), self.height()), beyond)

    def _paint_ticks(self, painter: QPainter) -> None:
        muted = self.palette().color(QPalette.ColorRole.PlaceholderText)
        font = painter.font()
        font.setPixelSize(11)
        painter.setFont(font)
        painter.setPen(QPen(muted, 1))
        for frame, label in self._axis.ticks():
            x = round(self._axis.x_of(frame)) + 0.5
            painter.drawLine(QPointF(x, RULER_HEIGHT - 10), QPointF(x, RULER_HEIGHT - _BAR_HEIGHT - 1))
            place = QRectF(x + 4, _NAMES_BOTTOM, 64, RULER_HEIGHT - _NAMES_BOTTOM - _BAR_HEIGHT)
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, label)

    def _paint_drawn(self, painter: QPainter) -> None:
        top = RULER_HEIGHT - _BAR_HEIGHT
        for first, last in self._drawn:
            left, right = self._axis.x_of(first - 0.5), self._axis.x_of(last + 0.5)
            painter.fillRect(QRectF(left, top, right - left, _BAR_HEIGHT), self.good)

    def _paint_markers(self, painter: QPainter) -> None:
        text, metrics = self.palette().color(QPalette.ColorRole.WindowText), painter.fontMetrics()
        painter.setPen(QPen(text, 1))
        painter.setBrush(text)
        for number, (frame, name) in enumerate(self._markers):
            x = self._axis.x_of(frame)
            is_last = number + 1 == len(self._markers)
            room = x + 200 if is_last else self._axis.x_of(self._markers[number + 1][0])
            painter.drawPolygon(QPolygonF([QPointF(x, 3), QPointF(x + 7, 7), QPointF(x, 11)]))
            painter.drawLine(QPointF(x, 3), QPointF(x, RULER_HEIGHT - _BAR_HEIGHT))
            width = int(min(room - x - 16, self.width() - x - 12, 160))
            if width > 12:
                shown = metrics.elidedText(name, Qt.TextElideMode.ElideRight, width)
                painter.drawText(QPointF(x + 11, 12), shown)

    def _paint_head(self, painter: QPainter) -> None:
        x = self._axis.x_of(self._position)
        accent = self.palette().color(QPalette.ColorRole.Accent)
        painter.setPen(QPen(accent, 1))
        painter.setBrush(accent)
        top = _NAMES_BOTTOM - 1
        shape = [(-5, top), (5, top), (5, top + 6), (0, top + 12), (-5, top + 6)]
        painter.drawPolygon(QPolygonF([QPointF(x + dx, y) for dx, y in shape]))
        painter.drawLine(QPointF(x, top + 12), QPointF(x, RULER_HEIGHT))


def turn(axis: TimeAxis, event: QWheelEvent) -> None:
    """Magnify by the wheel, or move with Shift or a sideways wheel."""
    turned = event.angleDelta()
    is_sideways = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier) or abs(turned.x()) > abs(turned.y())
    if is_sideways:
        axis.pan(turned.x() or turned.y())
    else:
        axis.zoom(_ZOOM_STEP ** (turned.y() / 120), event.position().x())
    event.accept()
