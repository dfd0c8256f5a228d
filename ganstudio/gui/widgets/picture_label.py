"""A word in the corner of a picture, to be read on any colours."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter

_BACK = QColor(0, 0, 0, 150)
_INSET = 8.0


def paint_label(painter: QPainter, seen: QRectF, text: str, at_right: bool = False) -> None:
    """Paint a label into an upper corner of what is seen of a picture; nothing where there is no room."""
    metrics = painter.fontMetrics()
    box = QRectF(0, 0, metrics.horizontalAdvance(text) + 16, metrics.height() + 8)
    if box.width() + 2 * _INSET > seen.width() or box.height() + 2 * _INSET > seen.height():
        return
    inset = QPointF(-_INSET - box.width(), _INSET) if at_right else QPointF(_INSET, _INSET)
    corner = seen.topRight() if at_right else seen.topLeft()
    box.moveTo((corner + inset).toPoint())
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_BACK)
    painter.drawRoundedRect(box, 4, 4)
    painter.setPen(QColor(255, 255, 255))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
