"""The line under a picture: what the pixel under the pointer holds, and how large the picture is."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QWidget

from ganstudio.gui.widgets.picture_canvas import Reading

_HEIGHT = 24
_INSET = 12
_SWATCH = 11
_NARROW = 500  # pixels; two readings side by side leave their words out below
_NAMES = {1: ("Grey",), 3: ("R", "G", "B"), 4: ("R", "G", "B", "A")}
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class CaptionLine(QWidget):
    """Figures stand in columns of their own, so that nothing moves while the pointer does."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reading: Reading | None = None
        self._size = QSize()
        self._x = 0.0  # where the next figure is painted
        self.setFixedHeight(_HEIGHT)
        self.setAccessibleName("Pixel under the pointer")

    @property
    def text(self) -> str:
        """What stands there, as one line."""
        return "   ".join(filter(None, (self._say_reading(), self._say_size())))

    def show_reading(self, reading: Reading | None) -> None:
        """Show what is under the pointer, or nothing."""
        if reading != self._reading:
            self._reading = reading
            self.setAccessibleDescription(self._say_reading())
            self.update()

    def show_size(self, size: QSize) -> None:
        """Show the size of the picture in its pixels; an empty size for none."""
        if size != self._size:
            self._size = size
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, D102, N802 - Qt's name
        painter = QPainter(self)
        self._x = float(_INSET)
        if self._reading is not None:
            self._paint_reading(painter, self._reading)
        line = QRectF(self.rect()).adjusted(_INSET, 0, -_INSET, 0)
        size = self._say_size()
        if line.right() - painter.fontMetrics().horizontalAdvance(size) > self._x:
            painter.setPen(self._muted)
            painter.drawText(line, _RIGHT, size)
        painter.end()

    @property
    def _muted(self) -> QColor:
        return self.palette().color(QPalette.ColorRole.PlaceholderText)

    def _paint_reading(self, painter: QPainter, reading: Reading) -> None:
        is_narrow = reading.before is not None and self.width() < _NARROW
        widest = str(max(self._size.width(), self._size.height(), 100))
        for name, value in zip("xy", (reading.place.x(), reading.place.y()), strict=True):
            self._paint_figure(painter, "" if is_narrow else name, str(value), widest)
        for title, values in self._columns(reading):
            self._x += 6
            if title and not is_narrow:
                self._paint_text(painter, title, self._muted)
                self._x += 8
            self._paint_swatch(painter, values)
            for name, value in zip(_NAMES[len(values)], values, strict=True):
                self._paint_figure(painter, "" if is_narrow else name, str(value), "255")

    def _columns(self, reading: Reading) -> tuple[tuple[str, tuple[int, ...]], ...]:
        if reading.before is None:
            return (("", reading.values),)
        return (("Before", reading.before), ("After", reading.values))

    def _paint_text(self, painter: QPainter, text: str, colour: QColor) -> None:
        painter.setPen(colour)
        painter.drawText(QRectF(self._x, 0, self.width(), self.height()), _LEFT, text)
        self._x += painter.fontMetrics().horizontalAdvance(text)

    def _paint_figure(self, painter: QPainter, name: str, figure: str, widest: str) -> None:
        self._paint_text(painter, name, self._muted)
        width = painter.fontMetrics().horizontalAdvance(widest) + (5 if name else 0)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        painter.drawText(QRectF(self._x, 0, width, self.height()), _RIGHT, figure)
        self._x += width + (10 if name else 6)

    def _paint_swatch(self, painter: QPainter, values: tuple[int, ...]) -> None:
        red, green, blue = values[:3] if len(values) >= 3 else values[:1] * 3
        painter.setPen(self.palette().color(QPalette.ColorRole.Mid))
        painter.setBrush(QColor(red, green, blue))
        painter.drawRect(QRectF(self._x + 0.5, (self.height() - _SWATCH) // 2 + 0.5, _SWATCH, _SWATCH))
        self._x += _SWATCH + 8

    def _say_size(self) -> str:
        return "" if self._size.isEmpty() else f"{self._size.width()} \N{MULTIPLICATION SIGN} {self._size.height()} px"

    def _say_reading(self) -> str:
        if self._reading is None:
            return ""
        said = [f"x {self._reading.place.x()} y {self._reading.place.y()}"]
        for title, values in self._columns(self._reading):
            figures = (f"{name} {value}" for name, value in zip(_NAMES[len(values)], values, strict=True))
            said.append(" ".join(filter(None, (title, *figures))))
        return "   ".join(said)
