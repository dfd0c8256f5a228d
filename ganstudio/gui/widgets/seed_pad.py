"""A plane of pictures that is dragged under a mark in its middle."""

import math

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPalette,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

_CELL = 64  # pixels from one crossing to the next
_PICTURE = 48
_HEIGHT = 176
_CLICK_PX = 4
_STEP = 0.1

Cell = tuple[int, int]


class SeedPad(QWidget):
    """Shows the pictures at the crossings round a place; the place itself is in the middle.

    Signals:
        moved(x, y, gesture): The person goes to another place, in columns and rows; drags share a number.
        cells_changed(): `cells` has others than before.
    """

    moved = Signal(float, float, int)
    cells_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._place = QPointF(0.0, 0.0)
        self._pictures: dict[Cell, QImage] = {}
        self._grip: tuple[QPoint, QPointF] | None = None
        self._is_dragging = False
        self._gesture = 0
        self._cells: tuple[Cell, ...] = ()
        self.setAccessibleName("Seed pad")
        self.setToolTip(
            "Drag to move between the seeds, click a picture to go there; arrow keys, with Shift whole steps"
        )
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(_HEIGHT)

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The crossings (column, row) that are seen, from the middle outwards."""
        return self._cells

    def set_place(self, x: float, y: float) -> None:
        """Show another place without telling anybody."""
        self._place = QPointF(x, y)
        self.setAccessibleDescription(f"column {x:.2f}, row {y:.2f}")
        self._find_cells()
        self.update()

    def set_picture(self, cell: Cell, image: QImage) -> None:
        """Show a picture at a crossing."""
        self._pictures[cell] = image
        self.update()

    def clear(self) -> None:
        """Forget all pictures."""
        self._pictures.clear()
        self.update()

    def sizeHint(self) -> QSize:  # noqa: D102, N802 - Qt's name
        return QSize(240, _HEIGHT)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: D102, N802 - Qt's name
        super().resizeEvent(event)
        self._find_cells()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, D102, N802 - Qt's name
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        outline = QPainterPath()
        outline.addRoundedRect(QRectF(self.rect()), 6, 6)
        painter.setClipPath(outline)
        palette = self.palette()
        ground = QColor(palette.color(QPalette.ColorRole.PlaceholderText))
        ground.setAlphaF(0.12)
        painter.fillRect(self.rect(), ground)
        for cell in self._cells:
            self._paint_cell(painter, cell, ground)
        middle = QPointF(self.width() / 2, self.height() / 2)
        accent = palette.color(QPalette.ColorRole.Accent)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(palette.color(QPalette.ColorRole.Window), 5))
        painter.drawEllipse(middle, 6, 6)
        painter.setPen(QPen(accent, 2.5))
        painter.drawEllipse(middle, 6, 6)
        if self.hasFocus():
            painter.setPen(QPen(accent, 1.5))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: D102, N802 - Qt's name
        if event.button() == Qt.MouseButton.LeftButton:
            self._gesture += 1
            self._grip = (event.position().toPoint(), QPointF(self._place))
            self._is_dragging = False
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: D102, N802 - Qt's name
        if self._grip is None:
            return
        start, place = self._grip
        way = event.position().toPoint() - start
        self._is_dragging = self._is_dragging or way.manhattanLength() > _CLICK_PX
        if self._is_dragging:
            self._go(place.x() - way.x() / _CELL, place.y() - way.y() / _CELL)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: D102, N802 - Qt's name
        if self._grip is not None and not self._is_dragging:
            at = event.position()
            x = self._place.x() + (at.x() - self.width() / 2) / _CELL
            y = self._place.y() + (at.y() - self.height() / 2) / _CELL
            self._go(float(round(x)), float(round(y)))
        self._grip = None
        self.setCursor(Qt.CursorShape.OpenHandCursor)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: D102, N802 - Qt's name
        steps = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}
        step = steps.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        size = 1.0 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else _STEP
        self._gesture += not event.isAutoRepeat()
        self._go(self._place.x() + step[0] * size, self._place.y() + step[1] * size)

    def _go(self, x: float, y: float) -> None:
        x, y = round(x, 4), round(y, 4)
        if (x, y) != (self._place.x(), self._place.y()):
            self.set_place(x, y)
            self.moved.emit(x, y, self._gesture)

    def _find_cells(self) -> None:
        across, down = self.width() / _CELL / 2 + 0.4, self.height() / _CELL / 2 + 0.4
        x, y = self._place.x(), self._place.y()
        columns = range(math.ceil(x - across), math.floor(x + across) + 1)
        rows = range(math.ceil(y - down), math.floor(y + down) + 1)
        cells = sorted(((c, r) for r in rows for c in columns), key=lambda cell: math.hypot(cell[0] - x, cell[1] - y))
        if set(cells) != set(self._cells):
            self._cells = tuple(cells)
            self._pictures = {cell: image for cell, image in self._pictures.items() if cell in set(cells)}
            self.cells_changed.emit()

    def _paint_cell(self, painter: QPainter, cell: Cell, ground: QColor) -> None:
        x = self.width() / 2 + (cell[0] - self._place.x()) * _CELL
        y = self.height() / 2 + (cell[1] - self._place.y()) * _CELL
        place = QRectF(x - _PICTURE / 2, y - _PICTURE / 2, _PICTURE, _PICTURE)
        image = self._pictures.get(cell)
        if image is None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ground)
            painter.drawRoundedRect(place, 4, 4)
        else:
            painter.drawImage(place, image)
