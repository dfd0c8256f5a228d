"""The one way from pixels to the screen: arrays become images that painters take as they are, in one pass.

Colour becomes 32 bits a pixel, because painting scales that two to four times as fast as 24 bits. Grey stays 8 bits, so
that an image still says how many channels it has.
"""

import sys
from typing import Literal

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPixmap

Pixels = npt.NDArray[np.uint8]
Channel = Literal["colour", "red", "green", "blue", "luminance", "alpha"]

_REC_709 = (13933, 46871, 4732)  # 0.2126, 0.7152 and 0.0722 in 65536ths
_PLACES: dict[Channel, int] = {"red": 0, "green": 1, "blue": 2, "alpha": 3}
_Format = QImage.Format


def to_image(pixels: Pixels) -> QImage:
    """Make an image of pixels `(H, W, 1, 3 or 4)`.

    Pixels that are in the screen's form already, as pictures that were drawn are, are shared and not copied: nobody may
    write to them, nor paint on the image. Of all others the image has a copy.
    """
    height, width, count = pixels.shape
    if (words := screen_words(pixels)) is not None:
        return QImage(words.data, width, height, 4 * width, _Format.Format_RGB32)  # holds the buffer while it lives
    pixels = np.ascontiguousarray(pixels)
    kind = {1: _Format.Format_Grayscale8, 3: _Format.Format_RGB888, 4: _Format.Format_RGBA8888}[count]
    view = QImage(pixels.data, width, height, width * count, kind)
    if count == 1:
        return view.copy()
    return view.convertToFormat(_Format.Format_RGB32 if count == 3 else _Format.Format_ARGB32)


def screen_words(pixels: Pixels) -> npt.NDArray[np.uint8] | None:
    """The 32-bit pixels `(H, W, 4)`, in memory blue, green, red, 255, that pixels `(H, W, 3)` are a view on.

    None for pixels that are not such a view.
    """
    height, width, channels = pixels.shape
    owner = pixels.base
    if channels != 3 or pixels.strides != (4 * width, 4, -1) or not isinstance(owner, np.ndarray):
        return None
    if sys.byteorder != "little" or not owner.flags.c_contiguous or not pixels.size:
        return None
    offset = pixels.ctypes.data - 2 - owner.ctypes.data  # blue comes first
    count = 4 * width * height
    if not 0 <= offset <= owner.nbytes - count:
        return None
    words = np.frombuffer(owner.data.cast("B"), np.uint8, count, offset).reshape(height, width, 4)
    return words if words[0, 0, 3] == 255 else None


def count_channels(image: QImage) -> int:
    """How many channels an image has: 1 grey, 3 colour, 4 colour and alpha."""
    if image.format() == _Format.Format_Grayscale8:
        return 1
    return 4 if image.hasAlphaChannel() else 3


def pixels_of(image: QImage, step: int = 1) -> Pixels:
    """Copy the pixels of an image, `(H, W, C)`; inverse of `to_image`.

    Args:
        image: Of any format.
        step: 2 takes every second pixel of every second row, and so on.
    """
    count = count_channels(image)
    depth = 1 if count == 1 else 4
    if depth == 4 and image.format() not in (_Format.Format_RGB32, _Format.Format_ARGB32):
        image = image.convertToFormat(_Format.Format_RGB32 if count == 3 else _Format.Format_ARGB32)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    table = rows[:, : image.width() * depth].reshape(image.height(), image.width(), depth)[::step, ::step]
    if count == 1:
        return table.copy()
    found = np.empty((*table.shape[:2], count), np.uint8)
    found[..., :3] = table[..., 2::-1]  # in memory: blue, green, red, alpha
    if count == 4:
        found[..., 3] = table[..., 3]
    return found


def luminance(pixels: Pixels) -> npt.NDArray[np.uint8]:
    """Weigh colours `(H, W, 3 or 4)` to greys `(H, W)` as Rec. 709 does, on the values as they are encoded."""
    red, green, blue = (pixels[..., place].astype(np.uint32) * weight for place, weight in enumerate(_REC_709))
    grey: npt.NDArray[np.uint8] = ((red + green + blue + 32768) >> 16).astype(np.uint8)
    return grey


def channel_image(image: QImage, channel: Channel) -> QImage:
    """Return one channel as a grey image; an image that lacks it, and "colour", come back as they are."""
    count = count_channels(image)
    if channel == "colour" or count == 1 or (channel == "alpha" and count < 4):
        return image
    pixels = pixels_of(image)
    grey = luminance(pixels) if channel == "luminance" else pixels[..., _PLACES[channel]]
    return to_image(np.ascontiguousarray(grey)[..., None])


def magnified(image: QImage, zoom: float, centre: tuple[float, float]) -> QImage:
    """Look closer at a part of an image, at the image's own size; black where there is nothing.

    Args:
        image: Of any format.
        zoom: 1 for the whole image, 2 for half its height and width.
        centre: What of it comes into the middle, from 0 to 1 across and down.
    """
    if zoom == 1 and centre == (0.5, 0.5):
        return image
    shown = QImage(image.size(), _Format.Format_RGB32 if not image.hasAlphaChannel() else _Format.Format_ARGB32)
    shown.fill(Qt.GlobalColor.black if not image.hasAlphaChannel() else Qt.GlobalColor.transparent)
    painter = QPainter(shown)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    width, height = image.width() * zoom, image.height() * zoom
    left, top = image.width() / 2 - centre[0] * width, image.height() / 2 - centre[1] * height
    painter.drawImage(QRectF(left, top, width, height), image)
    painter.end()
    return shown if count_channels(image) > 1 else shown.convertToFormat(_Format.Format_Grayscale8)


def fitting_pixmap(image: QImage, side: int, ratio: float) -> QPixmap:
    """An image brought into a square of `side` pixels of the window, sharp on a screen of this many pixels for one."""
    size, mode = round(side * ratio), Qt.TransformationMode.SmoothTransformation
    pixmap = QPixmap.fromImage(image.scaled(size, size, Qt.AspectRatioMode.KeepAspectRatio, mode))
    pixmap.setDevicePixelRatio(ratio)
    return pixmap
