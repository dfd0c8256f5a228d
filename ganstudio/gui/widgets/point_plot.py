"""The plane of a game on points: a coloured landscape, its 50 % line, two kinds of points and arrows; to draw in."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ganstudio.gui.widgets.contour import contour_lines

_ARROW = 0.11  # of the side: the longest arrow
_APART = 0.035  # of the side: points drawn in one stroke
_KEY_STEP = 0.05  # of the side: the cross for each arrow key
_STRENGTH = 0.55  # of the colours of the landscape, at 0 and 100 %
_LEGEND_PX = 24


@dataclass(frozen=True)
class PlotColours:
    """Blue for real and orange for generated, on each of the two themes: apart for colour-blind eyes."""

    real: str
    generated: str
    real_ground: str
    generated_ground: str


_ON_DARK = PlotColours("#8fd0ff", "#ffb454", "#1f6fb2", "#b5651d")
_ON_LIGHT = PlotColours("#0b4a8f", "#a84300", "#5aa6e6", "#f0a04b")


def _no_points() -> npt.NDArray[np.float64]:
    return np.zeros((0, 2))


@dataclass(frozen=True, eq=False)
class PlaneView:
    """What is shown.

    Attributes:
        middle: The centre `(x, y)` of the square of the plane.
        reach: Half its side.
        real: Points `(N, 2)`.
        generated: Points `(M, 2)`.
        pushes: Arrows `(K, 2)` at the first of the generated, at most 1 long.
        landscape: `(S, S)` in [0, 1] over the square, rows upwards; None for none.
    """

    middle: tuple[float, float] = (0.0, 0.0)
    reach: float = 1.0
    real: npt.NDArray[np.float64] = field(default_factory=_no_points)
    generated: npt.NDArray[np.float64] = field(default_factory=_no_points)
    pushes: npt.NDArray[np.float64] = field(default_factory=_no_points)
    landscape: npt.NDArray[np.float32] | None = None


class PointPlot(QWidget):
    """Shows a `PlaneView`, and lets a person draw points in it.

    Signals:
        drawn(points): A stroke has ended: all points drawn so far, a list of (x, y).
    """

    drawn = Signal(list)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = PlaneView()
        self._layers = {"landscape": True, "arrows": True}
        self._is_drawing = False
        self._points: list[tuple[float, float]] = []
        self._cross = (0.0, 0.0)
        self._ground: QImage | None = None
        self._contour: list[QLineF] = []
        self.setAccessibleName("Plane")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(280, 280 + _LEGEND_PX)

    @property
    def points(self) -> tuple[tuple[float, float], ...]:
        """What was drawn."""
        return tuple(self._points)

    def sizeHint(self) -> QSize:  # noqa: D102, N802 - Qt's name
        return QSize(560, 560 + _LEGEND_PX)

    def show_view(self, view: PlaneView) -> None:
        """Show this."""
        self._view = view
        self._ground = None
        self.update()

    def set_layer(self, name: str, is_shown: bool) -> None:
        """Show or hide "landscape" or "arrows"."""
        self._layers[name] = is_shown
        self.update()

    def set_drawing(self, is_drawing: bool) -> None:
        """Whether points can be drawn."""
        self._is_drawing = is_drawing
        self.setCursor(Qt.CursorShape.CrossCursor if is_drawing else Qt.CursorShape.ArrowCursor)
        words = "arrow keys move the cross, space puts a point, delete clears" if is_drawing else ""
        self.setAccessibleDescription(words)
        self.update()

    def set_points(self, points: Sequence[tuple[float, float]]) -> None:
        """Take these as drawn, without telling anybody."""
        self._points = list(points)
        self.update()

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, D102, N802 - Qt's name
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        square = self._square()
        painter.fillRect(square, self.palette().color(QPalette.ColorRole.Base))
        painter.save()
        painter.setClipRect(square)
        self._paint_landscape(painter, square)
        self._paint_points(painter)
        if self._layers["arrows"]:
            self._paint_arrows(painter)
        self._paint_drawing(painter)
        painter.restore()
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Mid), 1))
        painter.drawRect(square)
        self._paint_legend(painter, square)
        painter.end()

    def _paint_landscape(self, painter: QPainter, square: QRectF) -> None:
        if self._view.landscape is None or not self._layers["landscape"]:
            return
        if self._ground is None:
            self._ground = self._make_ground(self._view.landscape)
            size = len(self._view.landscape) - 1
            self._contour = [QLineF(*row) for row in (contour_lines(self._view.landscape, 0.5) / size).tolist()]
        painter.drawImage(square, self._ground)
        side, corner = square.width(), square.bottomLeft()
        lines = [
            QLineF(corner.x() + line.x1() * side, corner.y() - line.y1() * side, corner.x() + line.x2() * side,
                   corner.y() - line.y2() * side)
            for line in self._contour
        ]  # fmt: skip
        painter.setPen(QPen(self._ink(), 1.5))
        painter.drawLines(lines)

    def _make_ground(self, landscape: npt.NDArray[np.float32]) -> QImage:
        """From the colour of generated points at 0 over the ground at 50 % to that of real ones at 100 %."""
        colours = self._colours()
        ground = _rgb(self.palette().color(QPalette.ColorRole.Base).name())
        share = (landscape[::-1, :, None] - 0.5) * 2
        towards = np.where(share > 0, _rgb(colours.real_ground), _rgb(colours.generated_ground))
        mixed = ground + (towards - ground) * np.abs(share) * _STRENGTH
        pixels = np.ascontiguousarray(mixed.round().astype(np.uint8))
        height, width, _ = pixels.shape
        return QImage(pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()

    def _paint_points(self, painter: QPainter) -> None:
        colours, edge = self._colours(), self.palette().color(QPalette.ColorRole.Base)
        round_cap, square_cap = Qt.PenCapStyle.RoundCap, Qt.PenCapStyle.SquareCap
        for points, colour, cap, size in (
            (self._view.real, colours.real, round_cap, 5.0),
            (self._view.generated, colours.generated, square_cap, 3.5),
        ):
            places = self._to_screen(points)
            for ink, width in ((edge, size + 2), (QColor(colour), size)):
                painter.setPen(QPen(ink, width, Qt.PenStyle.SolidLine, cap))
                painter.drawPoints(places)

    def _paint_arrows(self, painter: QPainter) -> None:
        pushes = self._view.pushes
        if not len(pushes):
            return
        starts = self._to_pixels(self._view.generated[: len(pushes)])
        ways = pushes * np.array([1.0, -1.0]) * _ARROW * self._square().width()
        lengths = np.linalg.norm(ways, axis=1)
        is_seen = lengths > 2.0
        starts, ways = starts[is_seen], ways[is_seen]
        ends, unit = starts + ways, ways / lengths[is_seen, None]
        across = unit[:, ::-1] * np.array([-1.0, 1.0])
        head = np.minimum(5.0, lengths[is_seen] / 2)[:, None]
        lines = [QLineF(*row) for row in np.hstack([starts, ends]).tolist()]
        for side in (0.6, -0.6):
            lines += [QLineF(*row) for row in np.hstack([ends, ends - head * (unit + side * across)]).tolist()]
        painter.setPen(QPen(self._ink(), 1.2))
        painter.drawLines(lines)

    def _paint_drawing(self, painter: QPainter) -> None:
        if not self._is_drawing:
            return
        colour = QColor(self._colours().real)
        painter.setPen(QPen(colour, 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for place in self._to_screen(np.array(self._points).reshape(-1, 2)):
            painter.drawEllipse(place, 7, 7)
        if self.hasFocus():
            (place,) = self._to_screen(np.array([self._cross]))
            painter.setPen(QPen(self._ink(), 1.5))
            painter.drawLine(place - QPointF(8, 0), place + QPointF(8, 0))
            painter.drawLine(place - QPointF(0, 8), place + QPointF(0, 8))

    def _paint_legend(self, painter: QPainter, square: QRectF) -> None:
        """Signs and words below the square; how the colours go at its right."""
        colours, y = self._colours(), square.bottom() + _LEGEND_PX / 2 + 2
        x, metrics = square.left(), painter.fontMetrics()
        base = self.palette().color(QPalette.ColorRole.PlaceholderText)
        for words, colour, cap in (
            ("real", colours.real, Qt.PenCapStyle.RoundCap),
            ("generated", colours.generated, Qt.PenCapStyle.SquareCap),
        ):
            painter.setPen(QPen(QColor(colour), 6, Qt.PenStyle.SolidLine, cap))
            painter.drawPoint(QPointF(x + 6, y))
            painter.setPen(base)
            painter.drawText(QPointF(x + 16, y + metrics.ascent() / 2 - 1), words)
            x += 32 + metrics.horizontalAdvance(words)
        if self._layers["landscape"] and square.width() > 360:
            self._paint_scale(painter, QRectF(square.right() - 112, y - 4, 64, 8), base)

    def _paint_scale(self, painter: QPainter, bar: QRectF, ink: QColor) -> None:
        painter.drawImage(bar, self._make_ground(np.linspace(0, 1, 33, dtype=np.float32)[None]))
        painter.setPen(QPen(self._ink(), 1.5))
        painter.drawLine(QPointF(bar.center().x(), bar.top() - 2), QPointF(bar.center().x(), bar.bottom() + 2))
        painter.setPen(ink)
        words, metrics = "D says 0 %", painter.fontMetrics()
        baseline = bar.center().y() + metrics.ascent() / 2 - 1
        painter.drawText(QPointF(bar.left() - 8 - metrics.horizontalAdvance(words), baseline), words)
        painter.drawText(QPointF(bar.right() + 4, baseline), "100 %")

    # Hands

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: D102, N802 - Qt's name
        if self._is_drawing and event.button() == Qt.MouseButton.LeftButton:
            self._put(self._to_plane(event.position()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: D102, N802 - Qt's name
        if self._is_drawing and event.buttons() & Qt.MouseButton.LeftButton:
            place = self._to_plane(event.position())
            apart = _APART * 2 * self._view.reach
            if (
                not self._points
                or max(abs(place[0] - self._points[-1][0]), abs(place[1] - self._points[-1][1])) > apart
            ):
                self._put(place)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: D102, N802 - Qt's name
        if self._is_drawing and event.button() == Qt.MouseButton.LeftButton:
            self.drawn.emit(list(self._points))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: D102, N802 - Qt's name
        ways = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, 1), Qt.Key.Key_Down: (0, -1)}
        key = Qt.Key(event.key())
        if not self._is_drawing:
            super().keyPressEvent(event)
        elif key in ways:
            step = _KEY_STEP * 2 * self._view.reach
            self._cross = self._inside(self._cross[0] + ways[key][0] * step, self._cross[1] + ways[key][1] * step)
            self.update()
        elif key == Qt.Key.Key_Space:
            self._put(self._cross)
            self.drawn.emit(list(self._points))
        elif key == Qt.Key.Key_Delete:
            self.set_points(())
            self.drawn.emit([])
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: D102, N802 - Qt's name
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: D102, N802 - Qt's name
        super().focusOutEvent(event)
        self.update()

    # Places

    def _put(self, place: tuple[float, float]) -> None:
        self._points.append(self._inside(*place))
        self.update()

    def _inside(self, x: float, y: float) -> tuple[float, float]:
        (left, low), reach = self._view.middle, self._view.reach * 0.98
        return min(max(x, left - reach), left + reach), min(max(y, low - reach), low + reach)

    def _square(self) -> QRectF:
        side = max(1, min(self.width(), self.height() - _LEGEND_PX) - 2)
        return QRectF((self.width() - side) / 2, max(1.0, (self.height() - _LEGEND_PX - side) / 2), side, side)

    def _to_pixels(self, points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        square = self._square()
        scaled = (points - np.array(self._view.middle)) / (2 * self._view.reach) * square.width()
        pixels: npt.NDArray[np.float64] = scaled * np.array([1.0, -1.0]) + [square.center().x(), square.center().y()]
        return pixels

    def _to_screen(self, points: npt.NDArray[np.float64]) -> list[QPointF]:
        return [QPointF(*row) for row in self._to_pixels(points).tolist()]

    def _to_plane(self, place: QPointF) -> tuple[float, float]:
        square = self._square()
        away = (place - square.center()) * (2 * self._view.reach / square.width())
        return self._view.middle[0] + away.x(), self._view.middle[1] - away.y()

    def _colours(self) -> PlotColours:
        return _ON_DARK if self.palette().color(QPalette.ColorRole.Base).lightness() < 128 else _ON_LIGHT

    def _ink(self) -> QColor:
        return self.palette().color(QPalette.ColorRole.WindowText)

    def changeEvent(self, event: Any) -> None:  # noqa: D102, N802 - Qt's name
        super().changeEvent(event)
        self._ground = None


def _rgb(name: str) -> npt.NDArray[np.float64]:
    colour = QColor(name)
    return np.array([colour.red(), colour.green(), colour.blue()], np.float64)
