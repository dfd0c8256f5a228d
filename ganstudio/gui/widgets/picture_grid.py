"""A grid of small pictures with captions; scaled to whole pixels, crisp at any screen density."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen, QResizeEvent
from PySide6.QtWidgets import QToolTip, QWidget

_FULL_ROWS_FROM = 0.85
_SHARP_FROM = 2.0  # below, squares of uneven sizes would look worse than blended ones
_ARROWS = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down)


@dataclass(frozen=True)
class GridItem:
    """One cell: a picture, or the reason why there is none, and what a person knows it by."""

    image: QImage | None
    caption: str
    note: str = ""


class PictureGrid(QWidget):
    """Pictures in rows, as large as they fit.

    Args:
        gap: Pixels between pictures.
        is_clickable: Whether pictures can be chosen: they light up under the pointer, arrow keys and Enter work.

    Signals:
        clicked(index): A picture was clicked.
    """

    clicked = Signal(int)

    def __init__(self, gap: int = 4, is_clickable: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._gap = gap
        self._is_clickable = is_clickable
        self._hovered: int | None = None
        self._current: int | None = None
        if is_clickable:
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._items: tuple[GridItem, ...] = ()
        self._scaled: dict[int, QImage] = {}
        self._empty = ""
        self.setMouseTracking(True)
        self.setMinimumSize(96, 96)

    def show_items(self, items: Sequence[GridItem]) -> None:
        """Show these cells."""
        self._items = tuple(items)
        self._scaled.clear()
        self._limit_marks()
        self.update()

    def set_current(self, index: int | None) -> None:
        """Mark one picture."""
        self._current = index
        self._limit_marks()
        self.update()

    def show_empty(self, text: str) -> None:
        """Show a sentence instead of pictures."""
        self._items, self._empty = (), text
        self._scaled.clear()
        self._limit_marks()
        self.update()

    @property
    def items(self) -> tuple[GridItem, ...]:
        """The cells shown."""
        return self._items

    def sizeHint(self) -> QSize:  # noqa: D102, N802 - Qt's name
        return QSize(320, 240)

    def cell_at(self, point: QPoint) -> int | None:
        """The cell under a point of the widget, or None."""
        return next((index for index in range(len(self._items)) if self._cell(index).contains(point)), None)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, D102, N802 - Qt's name
        painter = QPainter(self)
        if not self._items:
            painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect().adjusted(16, 16, -16, -16), flags, self._empty)
        for index, item in enumerate(self._items):
            self._paint_cell(painter, index, item)
        self._paint_marks(painter)
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: D102, N802 - Qt's name
        super().resizeEvent(event)
        self._scaled.clear()

    def leaveEvent(self, event: QEvent) -> None:  # noqa: D102, N802 - Qt's name
        super().leaveEvent(event)
        self._hovered = None
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: D102, N802 - Qt's name
        columns = self._layout()[0]
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -columns, Qt.Key.Key_Down: columns}
        key = Qt.Key(event.key())
        if not self._is_clickable or not self._items:
            super().keyPressEvent(event)
        elif key in steps:
            place = 0 if self._current is None else self._current + steps[key]
            if 0 <= place < len(self._items):
                self.set_current(place)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._current is not None:
            self.clicked.emit(self._current)
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Keep the arrow keys from the window's shortcuts while the grid has the focus and something to walk."""
        is_asked = event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent)
        if is_asked and self._is_clickable and self._items and event.key() in _ARROWS:  # type: ignore[attr-defined]
            event.accept()
            return True
        return super().event(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: D102, N802 - Qt's name
        index = self.cell_at(event.position().toPoint())
        if index is not None and event.button() == Qt.MouseButton.LeftButton:
            self.clicked.emit(index)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: D102, N802 - Qt's name
        index = self.cell_at(event.position().toPoint())
        text = "" if index is None else self._tip(self._items[index])
        QToolTip.showText(event.globalPosition().toPoint(), text, self)
        if self._is_clickable and index != self._hovered:
            self._hovered = index
            self.setCursor(Qt.CursorShape.ArrowCursor if index is None else Qt.CursorShape.PointingHandCursor)
            self.update()

    def _tip(self, item: GridItem) -> str:
        return f"{item.caption}: {item.note}" if item.note else item.caption

    def _limit_marks(self) -> None:
        count = len(self._items)
        self._hovered = self._hovered if self._hovered is not None and self._hovered < count else None
        self._current = self._current if self._current is not None and self._current < count else None

    def _paint_marks(self, painter: QPainter) -> None:
        for index, role in ((self._hovered, QPalette.ColorRole.Text), (self._current, QPalette.ColorRole.Accent)):
            if index is not None:
                painter.setPen(QPen(self.palette().color(role), 2))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(self._cell(index).adjusted(-1, -1, 0, 0))

    def _scale(self, index: int, image: QImage, side: QSize) -> QImage:
        """The picture at the size of its cell; kept, because pointing at pictures paints them often."""
        if index not in self._scaled:
            ratio = self.devicePixelRatioF()
            modes = Qt.TransformationMode
            is_large = side.width() * ratio >= _SHARP_FROM * image.width()
            mode = modes.FastTransformation if is_large else modes.SmoothTransformation
            scaled = image.scaled(side * ratio, Qt.AspectRatioMode.KeepAspectRatio, mode)
            scaled.setDevicePixelRatio(ratio)
            self._scaled[index] = scaled
        return self._scaled[index]

    def _paint_cell(self, painter: QPainter, index: int, item: GridItem) -> None:
        cell = self._cell(index)
        if item.image is not None:
            painter.drawImage(cell.topLeft(), self._scale(index, item.image, cell.size()))
            return
        painter.fillRect(cell, self.palette().color(QPalette.ColorRole.Dark))
        painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
        painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, "left out")

    def _cell(self, index: int) -> QRect:
        columns, side = self._layout()
        row, column = divmod(index, columns)
        step = side + self._gap
        rows = math.ceil(len(self._items) / columns)
        left = (self.width() - columns * step + self._gap) // 2
        top = max(0, (self.height() - rows * step + self._gap) // 2)
        return QRect(left + column * step, top + row * step, side, side)

    def _layout(self) -> tuple[int, int]:
        """Columns and side that make the pictures largest; full rows, where they cost little."""
        count = max(1, len(self._items))
        sides = {columns: self._side(count, columns) for columns in range(1, count + 1)}
        best = max(sides, key=lambda columns: sides[columns])
        full = max((columns for columns in sides if count % columns == 0), key=lambda columns: sides[columns])
        columns = full if sides[full] >= _FULL_ROWS_FROM * sides[best] else best
        return columns, max(1, sides[columns])

    def _side(self, count: int, columns: int) -> int:
        rows = math.ceil(count / columns)
        wide = (self.width() - (columns - 1) * self._gap) // columns
        high = (self.height() - (rows - 1) * self._gap) // rows
        return min(wide, high)
