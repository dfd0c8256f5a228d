"""Small pictures made larger without steps, for looking at."""

from PIL import Image
from PySide6.QtGui import QImage

MAX_SIDE = 160  # larger pictures are magnified so little that bilinear filtering shows no creases
FACTOR = 4


def enlarge(image: QImage) -> QImage:
    """Return the picture four times as large, bicubic; one that is large already as it is.

    Qt magnifies bilinearly, which shows the pixel grid as creases from about four times on; the rest of the way from
    here is small enough for it.
    """
    if image.isNull() or max(image.width(), image.height()) > MAX_SIDE:
        return image
    is_grey = image.format() == QImage.Format.Format_Grayscale8
    plain = image if is_grey else image.convertToFormat(QImage.Format.Format_RGB888)
    mode, kind = ("L", QImage.Format.Format_Grayscale8) if is_grey else ("RGB", QImage.Format.Format_RGB888)
    size = (plain.width(), plain.height())
    picture = Image.frombuffer(mode, size, bytes(plain.constBits()), "raw", mode, plain.bytesPerLine(), 1)
    large = picture.resize((size[0] * FACTOR, size[1] * FACTOR), Image.Resampling.BICUBIC)
    return QImage(large.tobytes(), large.width, large.height, large.width * len(mode), kind).copy()
