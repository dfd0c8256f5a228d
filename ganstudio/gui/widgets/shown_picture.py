"""An image on its way to the screen, with what is made of it for that, each only once."""

from dataclasses import dataclass
from functools import cache

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter

from ganstudio.gui.widgets.enlarging import FACTOR, enlarge
from ganstudio.gui.widgets.pixels import Channel, channel_image, count_channels
from ganstudio.gui.widgets.viewport import SHARP_FROM

_AVERAGED_BELOW = 0.67  # made smaller than this, a picture painted by the four nearest pixels would glitter
_CHEQUER_SIDE = 8
_CHEQUER_GREYS = (102, 153)
_Format = QImage.Format


@dataclass(frozen=True)
class PaintStyle:
    """How pictures are painted: which channel, and whether magnified ones are smooth."""

    channel: Channel = "colour"
    smooth: bool = False


class ShownPicture:
    """One picture for painting.

    Args:
        image: Its pixels; for a preview fewer than the picture has.
        full_size: What it stands for, in picture pixels; its own size if None.
    """

    def __init__(self, image: QImage, full_size: QSize | None = None) -> None:
        self.image = image
        self.full_size = full_size or image.size()
        self.channels = count_channels(image)
        self._made: dict[tuple[object, ...], QImage] = {}

    @property
    def is_preview(self) -> bool:
        """Whether it holds fewer pixels than the picture that it stands for."""
        return self.image.size() != self.full_size

    def values_at(self, place: QPoint) -> tuple[int, ...]:
        """The values 0 to 255 of the channels at a picture pixel; of the pixel that stands for it in a preview."""
        x = place.x() * self.image.width() // self.full_size.width()
        y = place.y() * self.image.height() // self.full_size.height()
        colour = self.image.pixelColor(x, y)
        values = (colour.red(), colour.green(), colour.blue(), colour.alpha())
        return values[: self.channels]

    def paint(self, painter: QPainter, target: QRectF, density: float, style: PaintStyle) -> None:
        """Paint the whole picture into a target, in pixels of the window."""
        base = self._base(style.channel)
        if base.hasAlphaChannel():
            painter.fillRect(target, _chequers())
        across = target.width() * density / base.width()
        if across < _AVERAGED_BELOW:
            painter.drawImage(target.topLeft(), self._reduced(style.channel, target, density))
            return
        smooth = style.smooth or self.is_preview or across < SHARP_FROM
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        image = self._enlarged(style.channel, across) if smooth and across >= SHARP_FROM else base
        painter.drawImage(target, image)

    def _base(self, channel: Channel) -> QImage:
        """The channel in the form that is painted fastest."""
        key = ("base", channel)
        if key not in self._made:
            shown = channel_image(self.image, channel)
            kind = _Format.Format_ARGB32_Premultiplied if shown.hasAlphaChannel() else _Format.Format_RGB32
            self._made[key] = shown.convertToFormat(kind)  # the same memory where it is in that form already
        return self._made[key]

    def _enlarged(self, channel: Channel, across: float) -> QImage:
        """The channel at half the size that it is painted at or more, as far as `enlarge` goes."""
        factor = min(max(round(across / 2), 2), FACTOR)
        key = ("enlarged", channel, factor)
        if key not in self._made:
            self._made[key] = enlarge(self._base(channel), factor)
        return self._made[key]

    def _reduced(self, channel: Channel, target: QRectF, density: float) -> QImage:
        """The channel at the size of the target, each screen pixel the mean of what it covers."""
        size = (target.size() * density).toSize().expandedTo(QSize(1, 1))
        key = ("reduced", channel, size.width(), density)
        if key not in self._made:
            self._made = {other: image for other, image in self._made.items() if other[0] != "reduced"}
            modes = Qt.TransformationMode.SmoothTransformation, Qt.AspectRatioMode.IgnoreAspectRatio
            self._made[key] = self._base(channel).scaled(size, modes[1], modes[0])
            self._made[key].setDevicePixelRatio(density)
        return self._made[key]


@cache
def _chequers() -> QBrush:
    """What shows through where a picture is transparent."""
    tile = QImage(2 * _CHEQUER_SIDE, 2 * _CHEQUER_SIDE, _Format.Format_RGB32)
    painter = QPainter(tile)
    for place in range(4):
        row, column = divmod(place, 2)
        grey = _CHEQUER_GREYS[(row + column) % 2]
        corner = QPoint(column * _CHEQUER_SIDE, row * _CHEQUER_SIDE)
        painter.fillRect(QRect(corner, QSize(_CHEQUER_SIDE, _CHEQUER_SIDE)), QColor(grey, grey, grey))
    painter.end()
    return QBrush(tile)
