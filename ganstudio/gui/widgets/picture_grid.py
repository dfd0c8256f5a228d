"""A grid of small pictures with captions; scaled to whole pixels, crisp at any screen density."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QImage, QMouseEvent, QPainter, QPaintEvent, QPalette, QPixmap
from PySide6.QtWidgets import QToolTip, QWidget


@dataclass(frozen=True)
class GridItem:
    """One cell: a picture, or the reason why there is none, and what a person knows it by."""

    image: QImage | None
    caption: str
    note: str = ""


def to_image(pixels: npt.NDArray[np.uint8]) -> QImage:
    """Copy pixels `(H, W, 1 or 3)` into an image that owns them."""
    height, width, channels = pixels.shape
    pixels = np.ascontiguousarray(pixels)
    kind = QImage.Format.Format_Grayscale8 if channels == 1 else QImage.Format.Format_RGB888
    return QImage(pixels.data, width, height, width * channels, kind).copy()


def to_icon(image: QImage) -> QIcon:
    """Make an icon that looks the same when it is selected: a tint would falsify the picture."""
    pixmap = QPixmap.fromImage(image)
    icon = QIcon(pixmap)
    icon.addPixmap(pixmap, QIcon.Mode.Selected)
    return icon


class PictureGrid(QWidget):
    """Pictures in rows, as large as they fit.

    Args:
        gap: Pixels between pictures.

    Signals:
        clicked(index): A picture was clicked.
    """

    clicked = Signal(int)

    def __init__(self, gap: int = 4, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._gap = gap
        self._items: tuple[GridItem, ...] = ()
        self._empty = ""
        self.setMouseTracking(True)
        self.setMinimumSize(96, 96)

    def show_items(self, items: Sequence[GridItem]) -> None:
        """Show these cells."""
        self._items = tuple(items)
        self.update()

    def show_empty(self, text: str) -> None:
        """Show a sentence instead of pictures."""
        self._items, self._empty = (), text
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
            self._paint_cell(painter, self._cell(index), item)
        painter.end()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: D102, N802 - Qt's name
        index = self.cell_at(event.position().toPoint())
        if index is not None and event.button() == Qt.MouseButton.LeftButton:
            self.clicked.emit(index)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: D102, N802 - Qt's name
        index = self.cell_at(event.position().toPoint())
        text = "" if index is None else self._tip(self._items[index])
        QToolTip.showText(event.globalPosition().toPoint(), text, self)

    def _tip(self, item: GridItem) -> str:
        return f"{item.caption}: {item.note}" if item.note else item.caption

    def _paint_cell(self, painter: QPainter, cell: QRect, item: GridItem) -> None:
        if item.image is not None:
            ratio = self.devicePixelRatioF()
            mode = Qt.TransformationMode.FastTransformation
            if item.image.width() > cell.width() * ratio:
                mode = Qt.TransformationMode.SmoothTransformation
            scaled = item.image.scaled(cell.size() * ratio, Qt.AspectRatioMode.KeepAspectRatio, mode)
            scaled.setDevicePixelRatio(ratio)
            painter.drawImage(cell.topLeft(), scaled)
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
        """Columns and side that make the pictures largest."""
        count = max(1, len(self._items))
        best = (1, 1)
        for columns in range(1, count + 1):
            rows = math.ceil(count / columns)
            wide = (self.width() - (columns - 1) * self._gap) // columns
            high = (self.height() - (rows - 1) * self._gap) // rows
            if min(wide, high) > best[1]:
                best = (columns, min(wide, high))
        return best
