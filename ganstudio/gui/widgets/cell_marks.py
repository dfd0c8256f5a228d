"""What is painted over a cell of a grid: that it is selected, and small signs; told apart by form, not by colour."""

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPalette, QPen, QPolygonF

_FRAME = 3.0
_SHARE = 0.28  # of a cell's side that a sign takes
_SIZES = (8.0, 18.0)
_TICK_FROM = 24  # smaller cells show the frame only

_STAR = ((0.0, -1.0), (0.26, -0.34), (0.95, -0.31), (0.42, 0.13), (0.59, 0.81), (0.0, 0.43),
         (-0.59, 0.81), (-0.42, 0.13), (-0.95, -0.31), (-0.26, -0.34))  # fmt: skip


def paint_tick(painter: QPainter, cell: QRect, palette: QPalette) -> None:
    """Frame a selected cell, with a tick in its upper right corner."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    accent = palette.color(QPalette.ColorRole.Accent)
    pen = QPen(accent, _FRAME)
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(QRectF(cell).adjusted(0.5, 0.5, -0.5, -0.5))
    if cell.width() >= _TICK_FROM:
        size = _size_of(cell)
        corner = QRectF(cell.right() + 1 - size, cell.top(), size, size)
        painter.fillRect(corner, accent)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(palette.color(QPalette.ColorRole.HighlightedText), max(1.5, size / 8)))
        places = ((0.24, 0.52), (0.43, 0.72), (0.78, 0.3))
        painter.drawPolyline(QPolygonF([QPointF(corner.left() + x * size, corner.top() + y * size) for x, y in places]))
    painter.restore()


def paint_badge(painter: QPainter, cell: QRect, signs: str, palette: QPalette) -> None:
    """Draw signs from the lower left corner on: "+", "-", "*" for a star."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    size = _size_of(cell)
    for number, sign in enumerate(signs):
        chip = QRectF(cell.left() + 2 + number * (size + 2), cell.bottom() - 1 - size, size, size)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(palette.color(QPalette.ColorRole.Window))
        painter.drawRoundedRect(chip, size / 4, size / 4)
        _paint_sign(painter, chip, sign, palette)
    painter.restore()


def _paint_sign(painter: QPainter, chip: QRectF, sign: str, palette: QPalette) -> None:
    colour, centre, reach = palette.color(QPalette.ColorRole.WindowText), chip.center(), chip.width() * 0.3
    if sign == "*":
        painter.setBrush(colour)
        painter.drawPolygon(QPolygonF([centre + QPointF(x, y) * reach * 1.3 for x, y in _STAR]))
        return
    painter.setPen(QPen(colour, max(1.5, chip.width() / 7)))
    painter.drawLine(centre - QPointF(reach, 0), centre + QPointF(reach, 0))
    if sign == "+":
        painter.drawLine(centre - QPointF(0, reach), centre + QPointF(0, reach))


def _size_of(cell: QRect) -> float:
    return min(max(cell.width() * _SHARE, _SIZES[0]), _SIZES[1])
