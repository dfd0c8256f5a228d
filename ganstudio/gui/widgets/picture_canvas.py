"""One picture to look at closely: zoom at the pointer, pan, fit, 100 %."""

import math

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
    QTransform,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from ganstudio.gui.widgets.enlarging import enlarge

MIN_SCALE, MAX_SCALE = 0.05, 64.0
_MARGIN = 24
_WHEEL_FACTOR = 1.2
_SHARP_FROM = 2.0  # magnified this much, a picture pixel is a square, unless smooth magnification is wanted


_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class PictureCanvas(QWidget):
    """Shows an image; sharp at any screen density.

    Signals:
        scale_changed(scale): Screen pixels for one picture pixel.
        drag_out_wanted(): The person drags the picture away.
    """

    scale_changed = Signal(float)
    drag_out_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image = QImage()
        self._enlarged: QImage | None = None
        self._smooth = False
        self._text = ""
        self._scale = 1.0
        self._centre = QPointF()
        self._fits = True
        self._badge = ""
        self._pan_from: QPointF | None = None
        self._press_at: QPointF | None = None
        self._space_held = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(160, 160)
        self.setAccessibleName("Picture")

    @property
    def image(self) -> QImage:
        """The picture shown."""
        return self._image

    @property
    def text(self) -> str:
        """The sentence shown instead of a picture, or ""."""
        return self._text

    @property
    def scale(self) -> float:
        """Screen pixels for one picture pixel."""
        return self._scale

    def show_image(self, image: QImage) -> None:
        """Show a picture; the view stays unless its size differs."""
        is_other_size = image.size() != self._image.size()
        self._image, self._enlarged = image, None
        self._text = ""
        if is_other_size:
            self._fits = True
            self._fit()
        self.update()

    def show_text(self, text: str) -> None:
        """Show a sentence instead of a picture."""
        self._image, self._text = QImage(), text
        self.update()

    def set_smooth(self, smooth: bool) -> None:
        """Magnify smoothly, or show each picture pixel as a square."""
        self._smooth = smooth
        if self._fits:
            self._fit()
        self.update()

    def set_badge(self, text: str) -> None:
        """Say under the picture what it is, where it is not what one would think ("Before"); "" for nothing."""
        self._badge = text
        self.update()

    def fit(self) -> None:
        """Show the whole picture as large as it goes, also when the window changes."""
        self._fits = True
        self._fit()

    def show_actual_size(self) -> None:
        """One picture pixel on one screen pixel."""
        self._fits = False
        self._set_scale(1.0, QPointF(self.width() / 2, self.height() / 2))

    def sizeHint(self) -> QSize:  # noqa: D102, N802 - Qt's name
        return QSize(640, 640)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, D102, N802 - Qt's name
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.palette().color(QPalette.ColorRole.Dark))
        if self._image.isNull():
            painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect().adjusted(32, 32, -32, -32), flags, self._text)
        else:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self._smooth or not self._is_magnified)
            painter.drawImage(self._target(), self._image_to_paint())
            self._paint_caption(painter)
        painter.end()

    @property
    def _is_magnified(self) -> bool:
        return self._scale >= _SHARP_FROM

    def _image_to_paint(self) -> QImage:
        if not (self._smooth and self._is_magnified):
            return self._image
        if self._enlarged is None:
            self._enlarged = enlarge(self._image)
        return self._enlarged

    def _paint_caption(self, painter: QPainter) -> None:
        line = self.rect().adjusted(12, self.height() - _MARGIN, -12, 0)
        size = f"{self._image.width()} \N{MULTIPLICATION SIGN} {self._image.height()} px"
        painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
        painter.drawText(line, _RIGHT, f"{size}   {self._scale:.0%}".replace("%", "\N{NO-BREAK SPACE}%"))
        if self._badge:
            painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
            painter.drawText(line, _LEFT, self._badge)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: D102, N802 - Qt's name
        super().resizeEvent(event)
        if self._fits:
            self._fit()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: D102, N802 - Qt's name
        steps = event.angleDelta().y() / 120
        if steps and not self._image.isNull():
            self._fits = False
            self._set_scale(self._scale * _WHEEL_FACTOR**steps, event.position())
            event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: D102, N802 - Qt's name
        is_left = event.button() == Qt.MouseButton.LeftButton
        if event.button() == Qt.MouseButton.MiddleButton or (is_left and self._space_held):
            self._pan_from = event.position()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif is_left and self._target().contains(event.position()):
            self._press_at = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: D102, N802 - Qt's name
        if self._pan_from is not None:
            self._fits = False
            self._centre += event.position() - self._pan_from
            self._pan_from = event.position()
            self.update()
        elif self._press_at is not None and (event.position() - self._press_at).manhattanLength() > 12:
            self._press_at = None
            self.drag_out_wanted.emit()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: ARG002, D102, N802 - Qt's name
        self._pan_from = self._press_at = None
        self.unsetCursor()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: D102, N802 - Qt's name
        if event.key() == Qt.Key.Key_Space:
            self._space_held = True
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:  # noqa: D102, N802 - Qt's name
        if event.key() == Qt.Key.Key_Space:
            self._space_held = False
        else:
            super().keyReleaseEvent(event)

    def _target(self) -> QRectF:
        ratio = self.devicePixelRatioF()
        width, height = (side * self._scale / ratio for side in (self._image.width(), self._image.height()))
        left, top = self._centre.x() - width / 2, self._centre.y() - height / 2
        return QRectF(round(left * ratio) / ratio, round(top * ratio) / ratio, width, height)

    def _fit(self) -> None:
        self._centre = QPointF(self.width() / 2, self.height() / 2)
        if not self._image.isNull():
            room = min(
                (self.width() - 2 * _MARGIN) / self._image.width(), (self.height() - 2 * _MARGIN) / self._image.height()
            )
            scale = room * self.devicePixelRatioF()
            squares = scale >= _SHARP_FROM and not self._smooth
            self._take_scale(math.floor(scale) if squares else scale)  # all squares of one size

    def _set_scale(self, scale: float, anchor: QPointF) -> None:
        before = self._scale
        self._take_scale(scale)
        self._centre = (
            QTransform().scale(self._scale / before, self._scale / before).map(self._centre - anchor) + anchor
        )
        self.update()

    def _take_scale(self, scale: float) -> None:
        self._scale = min(max(scale, MIN_SCALE), MAX_SCALE)
        self.scale_changed.emit(self._scale)
        self.update()
