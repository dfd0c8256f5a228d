"""Many small pictures at places of a plane, to zoom into, move over and choose from."""

import math
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

_MARGIN = 0.06  # of the shorter side, round the whole map
_SMALLEST, _LARGEST = 10.0, 160.0  # pixels of a picture
_MOST_ZOOM = 40.0
_WHEEL = 1.25
_CLICK_PX = 4
_PAN = 0.15

Place = tuple[float, float]


class PictureMap(QWidget):
    """Pictures at places in [0, 1] x [0, 1].

    Signals:
        chosen(index): A picture was clicked, or reached with the keys.
        opened(index): A picture was double-clicked, or Enter pressed on it.
        pointed(index): The pointer is over another picture; -1 for none.
    """

    chosen = Signal(int)
    opened = Signal(int)
    pointed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._images: Sequence[QImage] = ()
        self._places: tuple[Place, ...] = ()
        self._current = -1
        self._pointed = -1
        self._zoom = 1.0
        self._centre = QPointF(0.5, 0.5)
        self._grip: tuple[QPointF, QPointF] | None = None
        self._is_dragging = False
        self.setAccessibleName("Map of pictures")
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @property
    def current(self) -> int:
        """The picture that is marked, -1 for none."""
        return self._current

    def sizeHint(self) -> QSize:  # noqa: D102, N802 - Qt's name
        return QSize(480, 480)

    def set_map(self, images: Sequence[QImage], places: Sequence[Place]) -> None:
        """Show these pictures at these places; the view goes back to the whole."""
        self._images, self._places = images, tuple(places)
        self._pointed = -1
        self.fit()

    def set_places(self, places: Sequence[Place]) -> None:
        """Show the same pictures at other places."""
        self._places = tuple(places)
        self.update()

    def set_current(self, index: int) -> None:
        """Mark a picture without telling anybody; -1 for none."""
        if index != self._current:
            self._current = index
            self.setAccessibleDescription(f"picture {index + 1} of {len(self._images)}" if index >= 0 else "")
            self.update()

    def fit(self) -> None:
        """Show the whole map."""
        self._zoom, self._centre = 1.0, QPointF(0.5, 0.5)
        self.update()

    def zoom(self, factor: float, anchor: QPointF | None = None) -> None:
        """Magnify; what is under the anchor (the middle by default) stays there."""
        at = QPointF(self.width() / 2, self.height() / 2) if anchor is None else anchor
        before = self._world_at(at)
        self._zoom = min(max(self._zoom * factor, 1.0), _MOST_ZOOM)
        after = self._world_at(at)
        self._go_to(self._centre + before - after)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, D102, N802 - Qt's name
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        seen = QRectF(self.rect())
        for index, image in enumerate(self._images):
            place = self._rect_of(index)
            if place.intersects(seen):
                painter.drawImage(place, image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette = self.palette()
        for index, role in ((self._pointed, QPalette.ColorRole.WindowText), (self._current, QPalette.ColorRole.Accent)):
            if 0 <= index < len(self._images):
                place = self._rect_of(index)
                painter.drawImage(place, self._images[index])  # on top of its neighbours
                painter.setPen(QPen(palette.color(role), 2.5))
                painter.drawRect(place.adjusted(-1.5, -1.5, 1.5, 1.5))
        painter.end()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: D102, N802 - Qt's name
        self.zoom(_WHEEL ** (event.angleDelta().y() / 120), event.position())

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: D102, N802 - Qt's name
        self._grip, self._is_dragging = (event.position(), QPointF(self._centre)), False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: D102, N802 - Qt's name
        if self._grip is None or not event.buttons():
            self._point_at(self._index_at(event.position()))
            return
        start, centre = self._grip
        way = event.position() - start
        self._is_dragging = self._is_dragging or way.manhattanLength() > _CLICK_PX
        if self._is_dragging:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self._go_to(centre - way / self._extent())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: D102, N802 - Qt's name
        was_click = self._grip is not None and not self._is_dragging
        self._grip, self._is_dragging = None, False
        self.unsetCursor()
        index = self._index_at(event.position())
        if was_click and event.button() == Qt.MouseButton.LeftButton and index >= 0:
            self._choose(index)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: D102, N802 - Qt's name
        index = self._index_at(event.position())
        if index >= 0:
            self.opened.emit(index)

    def leaveEvent(self, event: object) -> None:  # noqa: ARG002, D102, N802 - Qt's name
        self._point_at(-1)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: D102, N802 - Qt's name
        ways = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}
        key = Qt.Key(event.key())
        if key in ways and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            step = _PAN * min(self.width(), self.height()) / self._extent()
            self._go_to(self._centre + QPointF(*ways[key]) * step)
        elif key in ways:
            self._step(ways[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._current >= 0:
            self.opened.emit(self._current)
        else:
            super().keyPressEvent(event)

    def event(self, event: object) -> bool:
        """Keep the arrow keys from the window's shortcuts, which walk the history."""
        if isinstance(event, QKeyEvent) and event.type() == QKeyEvent.Type.ShortcutOverride:
            keys = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down)
            if event.key() in keys and self._images:
                event.accept()
                return True
        return super().event(event)  # type: ignore[arg-type] # Qt hands its own events

    def _step(self, way: tuple[int, int]) -> None:
        """Go to the nearest picture that lies this way of the current one."""
        if not self._places:
            return
        if not 0 <= self._current < len(self._places):
            self._choose(self._nearest(self._centre.x(), self._centre.y()))
            return
        x, y = self._places[self._current]
        best, best_cost = -1, math.inf
        for index, (other_x, other_y) in enumerate(self._places):
            along = (other_x - x) * way[0] + (other_y - y) * way[1]
            across = abs((other_x - x) * way[1]) + abs((other_y - y) * way[0])
            cost = along + 2 * across
            if along > 1e-6 and across <= along * 1.5 and cost < best_cost:
                best, best_cost = index, cost
        if best >= 0:
            self._choose(best)

    def _choose(self, index: int) -> None:
        self.set_current(index)
        self.chosen.emit(index)

    def _nearest(self, x: float, y: float) -> int:
        return min(range(len(self._places)), key=lambda index: math.dist(self._places[index], (x, y)))

    def _point_at(self, index: int) -> None:
        if index != self._pointed:
            self._pointed = index
            self.pointed.emit(index)
            self.update()

    def _index_at(self, position: QPointF) -> int:
        """The picture under a point: of those that lie over each other there, the one that was painted last."""
        hits = [index for index in range(len(self._images)) if self._rect_of(index).contains(position)]
        return self._current if self._current in hits else hits[-1] if hits else -1

    def _extent(self) -> float:
        """Pixels of the window for the side of the whole map."""
        return max(1.0, min(self.width(), self.height()) * (1 - 2 * _MARGIN)) * self._zoom

    def _rect_of(self, index: int) -> QRectF:
        extent, (x, y) = self._extent(), self._places[index]
        side = min(max(0.9 * extent / math.sqrt(max(1, len(self._images))), _SMALLEST), _LARGEST)
        middle = QPointF(self.width() / 2 + (x - self._centre.x()) * extent,
                         self.height() / 2 + (y - self._centre.y()) * extent)  # fmt: skip
        return QRectF(middle.x() - side / 2, middle.y() - side / 2, side, side)

    def _world_at(self, position: QPointF) -> QPointF:
        middle = QPointF(self.width() / 2, self.height() / 2)
        return self._centre + (position - middle) / self._extent()

    def _go_to(self, centre: QPointF) -> None:
        self._centre = QPointF(min(max(centre.x(), 0.0), 1.0), min(max(centre.y(), 0.0), 1.0))
        self.update()
