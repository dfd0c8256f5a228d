"""A row of small pictures that show what a slider does, from its low end to its high end."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

_GAP = 2


class PictureStrip(QWidget):
    """Pictures side by side, each as high as the row.

    Args:
        height: Of the row, in pixels of the window.
        parent: Qt parent.
    """

    def __init__(self, height: int = 48, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._height = height
        self._images: tuple[QImage, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("What it does, from low to high")

    @property
    def images(self) -> tuple[QImage, ...]:
        """The pictures shown."""
        return self._images

    def show_images(self, images: Sequence[QImage]) -> None:
        """Show other pictures; none leaves the row empty."""
        self._images = tuple(images)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:  # noqa: D102, N802 - Qt's name
        count = len(self._images)
        return QSize(max(0, count * (self._height + _GAP) - _GAP), self._height)

    def minimumSizeHint(self) -> QSize:  # noqa: D102, N802 - Qt's name
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, D102, N802 - Qt's name
        painter = QPainter(self)
        paint_strip(painter, self._images, QRectF(self.rect()))
        painter.end()


def paint_strip(painter: QPainter, images: Sequence[QImage], place: QRectF) -> None:
    """Paint pictures side by side, each as high as the place."""
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    side = place.height()
    for number, image in enumerate(images):
        scaled = image.size().scaled(int(side), int(side), Qt.AspectRatioMode.KeepAspectRatio)
        left = place.left() + number * (side + _GAP) + (side - scaled.width()) / 2
        painter.drawImage(QRectF(left, place.top(), scaled.width(), scaled.height()), image)
