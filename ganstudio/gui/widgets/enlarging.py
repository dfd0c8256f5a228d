"""Small pictures made larger without steps, for looking at."""

from PIL import Image
from PySide6.QtGui import QImage

MAX_SIDE = 160  # larger pictures are magnified so little that bilinear filtering shows no creases
FACTOR = 4  # at most


def enlarge(image: QImage, factor: int = FACTOR) -> QImage:
    """Return an image of 32 bits a pixel `factor` times as large, bicubic; one that is large already as it is.

    Qt magnifies bilinearly, which shows the pixel grid as creases from about four times on; the rest of the way from
    here is small enough for it.
    """
    width, height = image.width(), image.height()
    if image.isNull() or max(width, height) > MAX_SIDE or image.depth() != 32:
        return image
    picture = Image.frombuffer("RGBX", (width, height), bytes(image.constBits()), "raw", "RGBX", 0, 1)
    large = picture.resize((width * factor, height * factor), Image.Resampling.BICUBIC)
    return QImage(large.tobytes(), large.width, large.height, large.width * 4, image.format()).copy()
