"""What is painted over a cell of a grid: that it is selected, and small signs; told apart by form, not by colour."""

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPalette, QPen, QPixmap, QPolygonF

_FRAME = 3.0
_SHARE = 0.28  # of a cell's side that a sign takes
_SIZES = (8.0, 18.0)
_TICK_FROM = 32  # smaller cells show a frame only

_STAR = ((0.0, -1.0), (0.26, -0.34), (0.95, -0.31), (0.42, 0.13), (0.59, 0.81), (0.0, 0.43),
         (-0.59, 0.81), (-0.42, 0.13), (-0.95, -0.31), (-0.26, -0.34))  # fmt: skip


MARGIN = 3  # pixels that marks stand out of their cell, at most


def draw_marks(side: int, is_selected: bool, signs: str, palette: QPalette, ratio: float) -> QPixmap:
    """Draw what lies over a cell: to be kept, because many cells have the same.

    Args:
        side: Of the cell, in pixels of the window.
        is_selected: Whether it has a frame and a tick.
        signs: In its lower left corner: "+", "-", "*" for a star, or several of them.
        palette: Colours.
        ratio: Pixels of the screen for one of the window.

    Returns:
        A picture `MARGIN` pixels larger than the cell on each side.
    """
    marks = QPixmap(round((side + 2 * MARGIN) * ratio), round((side + 2 * MARGIN) * ratio))
    marks.setDevicePixelRatio(ratio)
    marks.fill(Qt.GlobalColor.transparent)
    painter = QPainter(marks)
    cell = QRect(MARGIN, MARGIN, side, side)
    if is_selected:
        _paint_tick(painter, cell, palette)
    _paint_badge(painter, cell, signs, palette)
    painter.end()
    return marks


def _paint_tick(painter: QPainter, cell: QRect, palette: QPalette) -> None:
    """Frame a selected cell, with a tick in its upper right corner."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    accent = palette.color(QPalette.ColorRole.Accent)
    is_small = cell.width() < _TICK_FROM
    pen = QPen(accent, _FRAME)
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    inset = -0.5 if is_small else 0.5  # a small cell has no pixels to give
    painter.drawRect(QRectF(cell).adjusted(inset, inset, -inset, -inset))
    if not is_small:
        size = _size_of(cell)
        corner = QRectF(cell.right() + 1 - size, cell.top(), size, size)
        painter.fillRect(corner, accent)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(palette.color(QPalette.ColorRole.HighlightedText), max(1.5, size / 8)))
        places = ((0.24, 0.52), (0.43, 0.72), (0.78, 0.3))
        painter.drawPolyline(QPolygonF([QPointF(corner.left() + x * size, corner.top() + y * size) for x, y in places]))


def _paint_badge(painter: QPainter, cell: QRect, signs: str, palette: QPalette) -> None:
    """Draw signs from the lower left corner on: "+", "-", "*" for a star."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    size = _size_of(cell)
    for number, sign in enumerate(signs):
        chip = QRectF(cell.left() + 2 + number * (size + 2), cell.bottom() - 1 - size, size, size)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(palette.color(QPalette.ColorRole.Window))
        painter.drawRoundedRect(chip, size / 4, size / 4)
        _paint_sign(painter, chip, sign, palette)


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
