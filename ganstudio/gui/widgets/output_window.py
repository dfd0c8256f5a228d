"""A window that is nothing but the picture, for a second screen or an audience."""

import math

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from ganstudio.gui.widgets.shown_picture import PaintStyle, ShownPicture
from ganstudio.gui.widgets.viewport import SHARP_FROM

_POINTER_MS = 2000
_ENDING_KEYS = (Qt.Key.Key_Escape, Qt.Key.Key_F11)


class OutputWindow(QWidget):
    """The picture as large as it goes on black; Esc, F11 or a double-click ends it.

    It has no parent, because some systems hide windows with the one that they belong to: who makes it, closes it.

    Signals:
        closed(): It is gone.
    """

    closed = Signal()

    def __init__(self) -> None:
        super().__init__(None, Qt.WindowType.Window | Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setWindowTitle("Output")
        self.setAccessibleName("Picture, full screen")
        self.setMouseTracking(True)
        self._picture: ShownPicture | None = None
        self._style = PaintStyle()
        self._zoom, self._centre = 1.0, QPointF(0.5, 0.5)
        self._pointer_rest = QTimer(self, singleShot=True, interval=_POINTER_MS)
        self._pointer_rest.timeout.connect(self._hide_pointer)
        self._pointer_rest.start()

    def show_image(self, image: QImage, full_size: QSize | None = None) -> None:
        """Show a picture, or a preview of one of `full_size`; a null image leaves the screen black."""
        self._picture = None if image.isNull() else ShownPicture(image, full_size)
        self.update()

    def set_smooth(self, smooth: bool) -> None:
        """Magnify smoothly to the edge of the screen, or to squares of one size."""
        self._style = PaintStyle(smooth=smooth)
        self.update()

    def show_part(self, zoom: float, centre: QPointF) -> None:
        """Magnify, with this of the picture, 0 to 1 across and down, in the middle; 1 shows it whole."""
        self._zoom, self._centre = zoom, centre if zoom != 1 else QPointF(0.5, 0.5)
        self.update()

    def target(self) -> QRectF:
        """Where the picture is, in pixels of the window."""
        if self._picture is None:
            return QRectF()
        size, density = self._picture.full_size, self.devicePixelRatioF()
        scale = min(self.width() / size.width(), self.height() / size.height()) * density
        if scale >= SHARP_FROM and not self._style.smooth:
            scale = math.floor(scale)
        width, height = (side * scale * self._zoom / density for side in (size.width(), size.height()))
        places = (self.width() / 2 - self._centre.x() * width, self.height() / 2 - self._centre.y() * height)
        left, top = (round(place * density) / density for place in places)
        return QRectF(left, top, width, height)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, D102, N802 - Qt's name
        painter = QPainter(self)
        painter.fillRect(self.rect(), Qt.GlobalColor.black)
        if self._picture is not None:
            self._picture.paint(painter, self.target(), self.devicePixelRatioF(), self._style)
        painter.end()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: ARG002, D102, N802 - Qt's name
        self.unsetCursor()
        self._pointer_rest.start()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: ARG002, D102, N802 - Qt's name
        self.close()

    def event(self, event: QEvent) -> bool:
        """Take the keys that end it before a shortcut of the window does."""
        is_key = event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent)
        if is_key and event.key() in _ENDING_KEYS:  # type: ignore[attr-defined]
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: D102, N802 - Qt's name
        if event.key() in _ENDING_KEYS:
            self.close()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: D102, N802 - Qt's name
        self._pointer_rest.stop()
        super().closeEvent(event)
        self.closed.emit()

    def _hide_pointer(self) -> None:
        self.setCursor(Qt.CursorShape.BlankCursor)
