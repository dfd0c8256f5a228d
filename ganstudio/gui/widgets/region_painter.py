"""Paints a region over the picture of a canvas: with a brush or an eraser, by mouse, pen or keys."""

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QWidget

from ganstudio.gui.widgets.picture_canvas import PictureCanvas

BRUSH_SHARES = (0.01, 0.5)  # width of the brush, as a share of the picture's
_FIRST_BRUSH = 0.12
_STEP = 1 / 32  # of the picture, by an arrow key
_BRUSH_STEP = 1.25
_ALPHA = 120
_ARROWS = {
    Qt.Key.Key_Left: QPointF(-1, 0),
    Qt.Key.Key_Right: QPointF(1, 0),
    Qt.Key.Key_Up: QPointF(0, -1),
    Qt.Key.Key_Down: QPointF(0, 1),
}
_OWN_KEYS = {*_ARROWS, Qt.Key.Key_Space, Qt.Key.Key_BracketLeft, Qt.Key.Key_BracketRight, Qt.Key.Key_Escape}
Mask = npt.NDArray[np.bool_]


class RegionPainter(QWidget):
    """Lies over a canvas while a region is painted; the canvas gets what it has no use for (wheel, middle button).

    With keys: arrows move the brush, Space paints where it is, [ and ] change its width, Esc ends.

    Args:
        canvas: Whose picture is painted on.

    Signals:
        changed(): The region is another one.
        left(): The person wants to end.
    """

    changed = Signal()
    left = Signal()

    def __init__(self, canvas: PictureCanvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._mask = QImage()
        self._last: QPointF | None = None
        self._place = QPointF(0.5, 0.5)  # of the brush, as a share of the picture
        self.brush = _FIRST_BRUSH
        self.is_erasing = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setAccessibleName("Region: arrows move the brush, Space paints, [ and ] change its width")
        canvas.installEventFilter(self)
        canvas.scale_changed.connect(self._on_canvas_scaled)
        self.hide()

    @property
    def share(self) -> float:
        """How much of the picture is painted, 0 to 1."""
        mask = self.painted()
        return 0.0 if mask is None else float(mask.mean())

    def painted(self) -> Mask | None:
        """The region, bool `(H, W)` of the picture's own size; None where nothing is painted."""
        if self._mask.isNull() or self._mask.size() != self._canvas.full_size:
            return None
        rows = np.frombuffer(self._mask.constBits(), np.uint8).reshape(self._mask.height(), -1)
        found = rows[:, : self._mask.width()] > 127
        return found.copy() if found.any() else None

    def begin(self) -> None:
        """Show it and let the person paint."""
        self._fit_mask()
        self.setGeometry(self._canvas.rect())
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def clear(self) -> None:
        """Take away all that is painted."""
        self._mask = QImage()
        self._fit_mask()
        self._tell()

    def set_brush(self, share: float) -> None:
        """Set the width of the brush, as a share of the picture's."""
        self.brush = min(max(share, BRUSH_SHARES[0]), BRUSH_SHARES[1])
        self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: ARG002, D102, N802 - Qt's name
        if event.type() == QEvent.Type.Resize:
            self.setGeometry(self._canvas.rect())
        return False

    def event(self, event: QEvent) -> bool:
        """Keep its own keys from the window's shortcuts."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() in _OWN_KEYS:
            event.accept()
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: D102, N802 - Qt's name
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        self._fit_mask()
        self._last = self._share_at(event.position())
        self._stroke(self._last)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: D102, N802 - Qt's name
        self._place = self._share_at(event.position())
        if self._last is not None:
            self._stroke(self._place)
        else:
            event.ignore()  # the canvas says what is under the pointer
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: D102, N802 - Qt's name
        if self._last is None:
            event.ignore()
            return
        self._last = None
        self.changed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: D102, N802 - Qt's name
        key = Qt.Key(event.key())
        if key in _ARROWS:
            moved = self._place + _ARROWS[key] * _STEP
            self._place = QPointF(min(max(moved.x(), 0.0), 1.0), min(max(moved.y(), 0.0), 1.0))
            self.update()
        elif key == Qt.Key.Key_Space:
            self._fit_mask()
            self._last = self._place
            self._stroke(self._place)
            self._last = None
            self.changed.emit()
        elif key in (Qt.Key.Key_BracketLeft, Qt.Key.Key_BracketRight):
            self.set_brush(self.brush * (_BRUSH_STEP if key == Qt.Key.Key_BracketRight else 1 / _BRUSH_STEP))
        elif key == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, D102, N802 - Qt's name
        painter = QPainter(self)
        target = self._canvas.target()
        if not self._mask.isNull() and self._mask.size() == self._canvas.full_size:
            painter.drawImage(target, self._tinted())
        across, down = self._place.x() * target.width(), self._place.y() * target.height()
        middle = target.topLeft() + QPointF(across, down)
        radius = self.brush * target.width() / 2
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for width, colour in ((3.0, QColor(0, 0, 0, 120)), (1.0, QColor(255, 255, 255))):  # seen on any picture
            pen = QPen(colour, width)
            pen.setStyle(Qt.PenStyle.DashLine if self.is_erasing else Qt.PenStyle.SolidLine)
            painter.setPen(pen)
            painter.drawEllipse(middle, radius, radius)
        painter.end()

    def _tinted(self) -> QImage:
        """The region as a translucent layer in the accent colour."""
        colour = self.palette().color(QPalette.ColorRole.Accent)
        layer = QImage(self._mask.size(), QImage.Format.Format_ARGB32_Premultiplied)
        colour.setAlpha(_ALPHA)
        layer.fill(colour)
        painter = QPainter(layer)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationIn)
        painter.drawImage(0, 0, _as_alpha(self._mask))
        painter.end()
        return layer

    def _fit_mask(self) -> None:
        size: QSize = self._canvas.full_size
        if self._mask.size() != size and not size.isEmpty():
            self._mask = QImage(size, QImage.Format.Format_Grayscale8)
            self._mask.fill(0)

    def _share_at(self, point: QPointF) -> QPointF:
        target: QRectF = self._canvas.target()
        if target.isEmpty():
            return QPointF(0.5, 0.5)
        return QPointF((point.x() - target.left()) / target.width(), (point.y() - target.top()) / target.height())

    def _stroke(self, to: QPointF) -> None:
        if self._mask.isNull() or self._last is None:
            return
        width, height = self._mask.width(), self._mask.height()
        shade = QColor(0, 0, 0) if self.is_erasing else QColor(255, 255, 255)
        painter = QPainter(self._mask)
        pen = QPen(shade, max(1.0, self.brush * width), Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        start, end = (QPointF(place.x() * width, place.y() * height) for place in (self._last, to))
        if start == end:
            painter.drawPoint(end)
        else:
            painter.drawLine(start, end)
        painter.end()
        self._last = to
        self.update()

    def _tell(self) -> None:
        self.update()
        self.changed.emit()

    def _on_canvas_scaled(self, _scale: float) -> None:
        self.update()


def _as_alpha(mask: QImage) -> QImage:
    """A grey image taken for how opaque something is."""
    alpha = QImage(mask.constBits(), mask.width(), mask.height(), mask.bytesPerLine(), QImage.Format.Format_Alpha8)
    return alpha.copy()
