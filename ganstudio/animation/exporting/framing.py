"""From a picture of the network to the frame of a film: magnified, centred, brought to any size."""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from PIL import Image

from ganstudio.animation.parameters import Frame
from ganstudio.images import Pixels, to_pillow

Fit = Literal["whole", "fill"]
FITS: tuple[Fit, ...] = ("whole", "fill")
RESAMPLINGS = {"lanczos": Image.Resampling.LANCZOS, "area": Image.Resampling.BOX, "nearest": Image.Resampling.NEAREST}
_CLEAR = (0, 0, 0, 0)


@dataclass(frozen=True)
class Framing:
    """How pictures are brought to the size of a film.

    Attributes:
        width: Of the frames, in pixels.
        height: Likewise.
        fit: At zoom 1, "whole" shows all of the picture, "fill" leaves no margin.
        resampling: A name in `RESAMPLINGS`.
        background: Of what the picture does not cover, red, green, blue; None: transparent.
    """

    width: int
    height: int
    fit: Fit = "whole"
    resampling: str = "lanczos"
    background: tuple[int, int, int] | None = (0, 0, 0)

    @property
    def channels(self) -> int:
        """Of the frames."""
        return 4 if self.background is None else 3

    def apply(self, pixels: Pixels, frame: Frame) -> Pixels:
        """The frame `(height, width, 3 or 4)` of a picture `(H, W, 1, 3 or 4)`, the same bits each time."""
        height, width = pixels.shape[:2]
        choose = min if self.fit == "whole" else max
        scale = frame.zoom * choose(self.width / width, self.height / height)
        left, top = (
            frame.centre[0] * width - self.width / 2 / scale,
            frame.centre[1] * height - self.height / 2 / scale,
        )
        pixels = self._in_colour(pixels)
        if scale == 1 and (width, height) == (self.width, self.height) and left == top == 0:
            return pixels
        picture = to_pillow(pixels)
        window = (left, top, left + self.width / scale, top + self.height / scale)
        if left >= 0 and top >= 0 and window[2] <= width and window[3] <= height:
            size = (self.width, self.height)
            return np.asarray(picture.resize(size, RESAMPLINGS[self.resampling], box=window))
        return self._with_margin(picture, window, scale)

    def _in_colour(self, pixels: Pixels) -> Pixels:
        """The pixels in as many channels as the frames have."""
        count = pixels.shape[-1]
        if count == 1:
            pixels = np.repeat(pixels, 3, axis=2)
        elif count == 4 and self.background is not None:
            pixels = _over(pixels, self.background)
        elif count not in (3, 4):
            pixels = np.repeat(pixels[..., :1], 3, axis=2)
        if self.background is None and pixels.shape[-1] == 3:
            pixels = np.concatenate([pixels, np.full_like(pixels[..., :1], 255)], axis=2)
        return np.ascontiguousarray(pixels)

    def _with_margin(self, picture: Image.Image, window: tuple[float, float, float, float], scale: float) -> Pixels:
        """Show a window that goes beyond the picture.

        Where the picture's edge lies within a pixel of the frame, the pixel takes as much of the picture as of it is
        covered: a slow zoom does not jump.
        """
        background = _CLEAR if self.background is None else self.background
        canvas = np.full((self.height, self.width, self.channels), background, np.uint8)
        across = _Side.of(window[0], scale, picture.width, self.width)
        down = _Side.of(window[1], scale, picture.height, self.height)
        if across is None or down is None:
            return canvas
        margin = math.ceil(1 / scale) + 1
        padded = Image.fromarray(np.pad(np.asarray(picture), ((margin, margin), (margin, margin), (0, 0)), "edge"))
        (left, right), (top, bottom) = (side.box(scale, margin) for side in (across, down))
        size = (across.last - across.first, down.last - down.first)
        shown = np.asarray(padded.resize(size, RESAMPLINGS[self.resampling], box=(left, top, right, bottom)))
        place = canvas[down.first : down.last, across.first : across.last]
        covered = (down.covered[:, None] * across.covered)[..., None]
        if self.background is None:
            place[..., :3], covered = shown[..., :3], covered * shown[..., 3:]
            place[..., 3:] = np.rint(covered)
        else:
            place[...] = np.rint(place + covered * (shown.astype(np.float32) - place))
        return canvas


@dataclass(frozen=True, eq=False)
class _Side:
    """Where a picture lies along one side of a frame.

    Attributes:
        start: In the picture's pixels, of the frame's first pixel.
        first: Pixel of the frame that the picture touches.
        last: One past the last.
        covered: How much of each it covers, 0 to 1.
    """

    start: float
    first: int
    last: int
    covered: npt.NDArray[np.float32]

    @classmethod
    def of(cls, start: float, scale: float, length: int, room: int) -> "_Side | None":
        """Find it; None where the picture is out of sight."""
        begin, end = -start * scale, (length - start) * scale
        first, last = max(0, math.floor(begin)), min(room, math.ceil(end))
        if last <= first:
            return None
        places = np.arange(first, last)
        covered = np.minimum(places + 1, end) - np.maximum(places, begin)
        return cls(start, first, last, covered.clip(0, 1).astype(np.float32))

    def box(self, scale: float, margin: int) -> tuple[float, float]:
        """The same in the pixels of the picture with a margin round it."""
        return self.first / scale + self.start + margin, self.last / scale + self.start + margin


def _over(pixels: Pixels, background: tuple[int, int, int]) -> Pixels:
    """Lay pixels with alpha `(H, W, 4)` over a colour."""
    share = pixels[..., 3:].astype(np.uint16)
    laid = (pixels[..., :3] * share + np.array(background, np.uint16) * (255 - share) + 127) // 255
    return laid.astype(np.uint8)
