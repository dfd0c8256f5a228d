"""How rows of keys are painted: curves, spans, diamonds, the frame of a selection."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPalette, QPen, QPolygonF

from ganstudio.gui.widgets.time_axis import TimeAxis

ROW_HEIGHT = 30
KEY_RADIUS = 6.0
_CURVE_STEP_PX = 3
_CURVE_MARGIN = 8.0

Place = tuple[str, int]
"""A key: the name of its row and its frame."""


@dataclass(frozen=True)
class RowKey:
    """A key as it is seen.

    Attributes:
        frame: Where.
        is_held: Whether the value stays as it is until the next one, which is drawn as a square.
    """

    frame: int
    is_held: bool = False


@dataclass(frozen=True)
class Row:
    """A row as it is seen.

    Attributes:
        name: Tells it from others.
        title: What people call it.
        keys: In the order of their frames.
        is_muted: Whether it has no part in the picture for now.
        curve: Its height, 0 to 1, at a frame; None where there is none to draw.
        look: Stands for what the curve depends on: equal where the curve is.
    """

    name: str
    title: str
    keys: tuple[RowKey, ...]
    is_muted: bool = False
    curve: Callable[[float], float] | None = None
    look: object = None


def paint_row(painter: QPainter, row: Row, top: float, axis: TimeAxis, palette: QPalette) -> None:
    """Paint what lies behind the keys of a row: a line below it, and from the first key to the last a band."""
    hairline = palette.color(QPalette.ColorRole.Mid)
    painter.setPen(QPen(hairline, 1))
    painter.drawLine(QPointF(0, top + ROW_HEIGHT - 0.5), QPointF(axis.width, top + ROW_HEIGHT - 0.5))
    if len(row.keys) > 1 and row.curve is None:
        band = QColor(palette.color(QPalette.ColorRole.PlaceholderText))
        band.setAlphaF(0.25)
        left, right = axis.x_of(row.keys[0].frame), axis.x_of(row.keys[-1].frame)
        middle = top + ROW_HEIGHT / 2
        painter.fillRect(QRectF(left, middle - 2, right - left, 4), band)


def key_height(row: Row, key: RowKey) -> float:
    """How far below the row's top a key is: on its curve."""
    share = 0.5 if row.curve is None else row.curve(key.frame)
    return _CURVE_MARGIN + (ROW_HEIGHT - 2 * _CURVE_MARGIN) * (1 - share)


def curve_path(curve: Callable[[float], float], axis: TimeAxis) -> QPainterPath:
    """The curve over what is seen, its row's top at 0."""
    path = QPainterPath()
    height = ROW_HEIGHT - 2 * _CURVE_MARGIN
    left = max(axis.x_of(0), 0.0)
    right = min(axis.x_of(axis.length - 1), axis.width)
    steps = max(int((right - left) / _CURVE_STEP_PX), 1)
    for step in range(steps + 1):
        x = left + (right - left) * step / steps
        point = QPointF(x, _CURVE_MARGIN + height * (1 - curve(axis.frame_at(x))))
        if step:
            path.lineTo(point)
        else:
            path.moveTo(point)
    return path


def paint_key(painter: QPainter, key: RowKey, centre: QPointF, colours: tuple[QColor, QColor]) -> None:
    """Paint a key: a diamond, or a square where the value is held."""
    fill, edge = colours
    painter.setPen(QPen(edge, 1))
    painter.setBrush(fill)
    radius = KEY_RADIUS
    if key.is_held:
        side = radius * 0.8
        painter.drawRect(QRectF(centre.x() - side, centre.y() - side, 2 * side, 2 * side))
        return
    points = ((-radius, 0.0), (0.0, -radius), (radius, 0.0), (0.0, radius))
    painter.drawPolygon(QPolygonF([centre + QPointF(dx, dy) for dx, dy in points]))


def paint_band(painter: QPainter, band: QRectF, palette: QPalette) -> None:
    """Paint the frame that keys are caught with."""
    accent = palette.color(QPalette.ColorRole.Accent)
    painter.setPen(QPen(accent, 1, Qt.PenStyle.DashLine))
    accent.setAlphaF(0.12)
    painter.setBrush(accent)
    painter.drawRect(band)
