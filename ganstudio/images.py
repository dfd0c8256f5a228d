"""The only place where tensors become pictures and pictures become files.

The convention of the whole program: images are float32 tensors `(N, C, H, W)` in [-1, 1], RGB or grey (C is 3 or 1).
Pixels are uint8 arrays `(N, H, W, C)` with -1 as 0 and 1 as 255, rounded half up and clipped.
"""

import io
import json
import math
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from ganstudio.errors import GanStudioError
from ganstudio.files import write_atomically
from ganstudio.picture_texts import PictureTextError, encode_picture, read_text

if TYPE_CHECKING:
    import torch

Pixels = npt.NDArray[np.uint8]

_CACHED_PIXELS = 1 << 16  # 0.8 MB of what is worked on
_FORMATS = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".webp": "WEBP"}


class PictureFileError(GanStudioError):
    """A picture file that cannot be written or read."""


def to_convention(images: "torch.Tensor", low: float, high: float) -> "torch.Tensor":
    """Images of a network that draws them in [low, high], in [-1, 1]; the same tensor where they are that already."""
    if (low, high) == (-1.0, 1.0):
        return images
    return (images - low) * (2.0 / (high - low)) - 1.0


def to_uint8(images: "torch.Tensor", low: float = -1.0, high: float = 1.0) -> Pixels:
    """Convert images float `(N, C, H, W)` in [low, high] to pixels `(N, H, W, C)`; what lies outside is clipped.

    Colours are made as 32-bit pixels, the way screens take them: the result is then a view on these, which
    whoever paints may find again.
    """
    import torch  # late: the window must open without waiting for torch

    images, scale = images.detach(), 255.0 / (high - low)
    shift = 0.5 - low * scale  # 0.5, to round half up
    if images.shape[1] != 3 or sys.byteorder != "little":
        scaled = images.float().mul(scale).add_(shift).clamp_(0, 255)
        pixels: Pixels = scaled.byte().permute(0, 2, 3, 1).contiguous().cpu().numpy()
        return pixels
    if images.device.type == "cpu":
        screen = np.empty((len(images), *images.shape[2:]), np.int32)
        for picture, place in zip(images, screen, strict=True):
            _fill_words(picture, torch.from_numpy(place), scale, shift)
    else:
        words = torch.empty((len(images), *images.shape[2:]), dtype=torch.int32, device=images.device)
        for picture, room in zip(images, words, strict=True):
            _fill_words(picture, room, scale, shift)
        screen = _fetch(words).numpy()
    return screen.view(np.uint8).reshape(*screen.shape, 4)[..., 2::-1]


def _fill_words(image: "torch.Tensor", place: "torch.Tensor", scale: float, shift: float) -> None:
    """Make int32 `(H, W)` of an image `(3, H, W)`: 255, red, green, blue from the highest byte to the lowest.

    Some rows at a time on a processor, so that they stay in the cache between the passes.
    """
    import torch  # late: the window must open without waiting for torch

    height, width = place.shape
    rows = max(1, min(height, _CACHED_PIXELS // max(1, width))) if image.device.type == "cpu" else height
    scaled = image.new_empty((3, rows, width), dtype=torch.float32)
    for top in range(0, height, rows):
        part, words = image[:, top : top + rows].float(), place[top : top + rows]
        red, green, blue = torch.add(shift, part, alpha=scale, out=scaled[:, : len(words)]).clamp_(0, 255).floor_()
        words.copy_(blue.add_(green, alpha=256).add_(red, alpha=65_536))  # below 2**24, so exact in float32
        words.bitwise_or_(-(1 << 24))


def _fetch(words: "torch.Tensor") -> "torch.Tensor":
    """Bring a tensor to the processor; from a GPU by way of memory that it writes to directly."""
    import torch  # late: the window must open without waiting for torch

    if words.device.type != "cuda":
        return words.cpu()
    place = torch.empty(words.shape, dtype=words.dtype, pin_memory=True)
    place.copy_(words, non_blocking=True)
    torch.cuda.current_stream(words.device).synchronize()
    return place


def from_uint8(pixels: "Pixels | torch.Tensor", device: "torch.device | None" = None) -> "torch.Tensor":
    """Convert pixels `(N, H, W, C)` to images float32 `(N, C, H, W)` in [-1, 1]; inverse of `to_uint8`.

    Args:
        pixels: They travel to the device as they are, a quarter of what the images would be.
        device: Where the images are made; the processor when None.
    """
    import torch  # late: reading pictures must not wait for torch

    given = pixels if isinstance(pixels, torch.Tensor) else torch.from_numpy(np.ascontiguousarray(pixels))
    travelled = given.to(device)
    return travelled.permute(0, 3, 1, 2).float().div(127.5).sub(1.0)


def to_pillow(pixels: Pixels) -> Image.Image:
    """Make a Pillow picture of pixels `(H, W, 1 or 3)`."""
    return Image.fromarray(pixels[..., 0] if pixels.shape[-1] == 1 else pixels)


def tile(pixels: Pixels, columns: int | None = None, gap: int = 2, background: int = 24) -> Pixels:
    """Lay out pixels `(N, H, W, C)` as one sheet `(H', W', C)`, row by row.

    Args:
        pixels: At least one picture.
        columns: Pictures in a row; as square as possible when None.
        gap: Pixels between pictures and around them.
        background: Grey value of the gaps, 0 to 255.
    """
    count, height, width, channels = pixels.shape
    columns = columns or math.ceil(math.sqrt(count))
    rows = math.ceil(count / columns)
    sheet = np.full((rows * (height + gap) + gap, columns * (width + gap) + gap, channels), background, np.uint8)
    for index, picture in enumerate(pixels):
        row, column = divmod(index, columns)
        top, left = gap + row * (height + gap), gap + column * (width + gap)
        sheet[top : top + height, left : left + width] = picture
    return sheet


def save_picture(path: Path, pixels: Pixels, recipe: Mapping[str, Any] | None = None) -> None:
    """Write pixels `(H, W, C)` as PNG, JPEG or WebP by the suffix, with the recipe that made them.

    Raises:
        PictureFileError: A suffix that is none of these.
        FileWriteError: The disk is full or the folder not writable; no half file is left.
    """
    kind = _FORMATS.get(path.suffix.lower())
    if kind is None:
        raise PictureFileError(path, "its name says no picture format", "end it in .png, .jpg or .webp")
    buffer = io.BytesIO()
    encode_picture(to_pillow(pixels), buffer, kind, json.dumps(dict(recipe)) if recipe is not None else None)
    write_atomically(path, lambda file: file.write(buffer.getvalue()))


def read_recipe(path: Path) -> dict[str, Any] | None:
    """Read the recipe of a picture made here, or None when it carries none (or is no picture).

    The values are the file's word only: whoever uses them checks them.

    Raises:
        PictureTextError: It carries one that is damaged, or expands to far too much.
    """
    text = read_text(path)
    if text is None:
        return None
    try:
        recipe = json.loads(text)
    except (ValueError, RecursionError) as error:
        reason = "what it says of its making is damaged"
        raise PictureTextError(path, reason, "use the picture as it was saved") from error
    return recipe if isinstance(recipe, dict) else None
