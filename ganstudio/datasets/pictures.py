"""Decoding one picture file that may be of any kind, any size, damaged or hostile."""

import contextlib
import io
import struct
import threading
import warnings
import zlib
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
from PIL import (
    BmpImagePlugin,
    GifImagePlugin,
    Image,
    ImageOps,
    JpegImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)
from PIL.ImageFile import ImageFile

from ganstudio.datasets.base import PictureError

MAX_PIXELS = 150_000_000  # beyond any camera; a decoded picture of that many takes 600 MB
MAX_FILE_BYTES = 256 << 20
PICTURE_SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif", ".tif", ".tiff"})
SNIFF_BYTES = 32

_RESULT_MODES = ("L", "LA", "RGB", "RGBA")
_DAMAGE = (
    OSError, SyntaxError, ValueError, EOFError, ArithmeticError, LookupError, TypeError, AttributeError, MemoryError,
    RuntimeError, struct.error, zlib.error, Image.DecompressionBombError,
)  # fmt: skip
_warnings_lock = threading.Lock()


def find_kind(head: bytes) -> str | None:
    """Say what kind of picture begins with these bytes ("PNG", "JPEG" ...), or None."""
    starts = {
        b"\x89PNG\r\n\x1a\n": "PNG",
        b"\xff\xd8\xff": "JPEG",
        b"GIF87a": "GIF",
        b"GIF89a": "GIF",
        b"BM": "BMP",
        b"II*\x00": "TIFF",
        b"MM\x00*": "TIFF",
        b"II+\x00": "TIFF",
        b"MM\x00+": "TIFF",
    }
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WEBP"
    return next((kind for start, kind in starts.items() if head.startswith(start)), None)


def decode_picture(data: bytes, name: str, at_least: int = 0) -> Image.Image:
    """Decode a picture file: its first frame, upright, 8 bits a channel, of mode L, LA, RGB or RGBA.

    16-bit and floating-point greys are scaled, not clipped; CMYK and palettes become RGB; alpha is kept.

    Args:
        data: The whole file.
        name: What a person finds it by, for the error.
        at_least: A JPEG may come at half, a quarter or an eighth of its size, but no side shorter than this; 0: full.

    Raises:
        PictureError: It is empty, of no known kind, cut off, damaged or too large.
    """
    kind = find_kind(data[:SNIFF_BYTES])
    if kind is None:
        raise PictureError(name, explain_unknown(data[:SNIFF_BYTES]))
    try:
        return _decode(data, kind, name, at_least)
    except PictureError:
        raise
    except _DAMAGE as error:
        raise PictureError(name, _explain(error, kind)) from error


def explain_unknown(head: bytes) -> str:
    """Say why a file that begins with these bytes is no picture."""
    if not head:
        return "the file is empty"
    if head.startswith(b"version https://git-lfs"):
        return "it is a Git LFS pointer, the picture itself was not downloaded"
    if not head.strip(b"\0"):
        return "the file holds only zeros"
    return "it is not a picture (PNG, JPEG, WebP, BMP, GIF or TIFF)"


def _decode(data: bytes, kind: str, name: str, at_least: int) -> Image.Image:
    file = io.BytesIO(data)
    quiet = _quietly() if _may_warn(data, kind) else contextlib.nullcontext()
    with quiet, contextlib.closing(_open(file, kind)) as opened:
        width, height = opened.size
        if width < 1 or height < 1:
            raise PictureError(name, "the picture has no pixels")
        if width * height > MAX_PIXELS:
            raise PictureError(name, f"the picture is too large ({width}×{height}, more than {MAX_PIXELS:,} pixels)")
        if at_least and kind == "JPEG":
            opened.draft(None, (at_least, at_least))
        opened.load()
        picture = _upright(opened, kind)
        return _to_eight_bits(picture, name)


def _open(file: io.BytesIO, kind: str) -> ImageFile:
    """Open without `Image.open`, which warns of large pictures before their size can be looked at."""
    plugins: dict[str, type[ImageFile]] = {
        "PNG": PngImagePlugin.PngImageFile,
        "JPEG": JpegImagePlugin.JpegImageFile,
        "GIF": GifImagePlugin.GifImageFile,
        "BMP": BmpImagePlugin.BmpImageFile,
        "TIFF": TiffImagePlugin.TiffImageFile,
        "WEBP": WebPImagePlugin.WebPImageFile,
    }
    return plugins[kind](file)


def _upright(picture: Image.Image, kind: str) -> Image.Image:
    if kind in ("GIF", "BMP") or not (picture.info.get("exif") or kind == "TIFF"):
        return picture
    try:
        return ImageOps.exif_transpose(picture)
    except _DAMAGE:  # the notes are damaged, not the picture
        return picture


def _to_eight_bits(picture: Image.Image, name: str) -> Image.Image:
    if picture.mode.startswith(("I", "F")):
        return Image.fromarray(_scale_grey(np.asarray(picture)))
    if picture.mode == "1":
        return picture.convert("L")
    if "transparency" in picture.info or picture.mode in ("PA", "RGBa", "La"):
        grey = picture.mode in ("L", "La")
        return picture.convert("RGBA").convert("LA" if grey else "RGBA")
    if picture.mode not in _RESULT_MODES:
        picture = picture.convert("RGB")
    picture.load()
    if picture.mode not in _RESULT_MODES:
        raise PictureError(name, f"its colours ({picture.mode}) cannot be turned into RGB")
    return picture.copy() if isinstance(picture, ImageFile) else picture  # a copy lets go of the file's bytes


def _scale_grey(values: npt.NDArray[np.generic]) -> npt.NDArray[np.uint8]:
    """Bring greys of more than 8 bits to 0..255: 16-bit by 65535, fractions by 1, others by their own range."""
    grey = np.nan_to_num(values.astype(np.float32), posinf=0.0, neginf=0.0)
    low, high = float(grey.min()), float(grey.max())
    if values.dtype.kind == "f" and low >= 0 and high <= 1:
        span = (0.0, 1.0)
    elif low >= 0 and high <= 255 and values.dtype.itemsize > 2:
        span = (0.0, 255.0)
    elif low >= 0 and high <= 65535:
        span = (0.0, 65535.0)
    else:
        span = (low, max(high, low + 1e-6))
    return ((grey - span[0]) * (255 / (span[1] - span[0])) + 0.5).astype(np.uint8)


def _may_warn(data: bytes, kind: str) -> bool:
    """Whether Pillow will read tags, which is all it warns of."""
    return kind == "TIFF" or any(word in data for word in (b"Exif", b"EXIF", b"eXIf", b"exif"))


@contextlib.contextmanager
def _quietly() -> Iterator[None]:
    """Keep Pillow's warnings of odd tags from the log: the picture is judged by whether it decodes.

    Filters of warnings belong to the whole process, so that one thread at a time may do this.
    """
    with _warnings_lock, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _explain(error: BaseException, kind: str) -> str:
    text = str(error).lower()
    if isinstance(error, MemoryError):
        return "there is not enough memory to decode it"
    if isinstance(error, Image.DecompressionBombError):
        return "it unpacks to far more than its file promises"
    if "truncated" in text or "broken data stream" in text or isinstance(error, EOFError) or "not enough data" in text:
        return f"the {kind} file is cut off or damaged"
    return f"the {kind} file is damaged"
