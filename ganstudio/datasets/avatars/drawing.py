"""From factors to pixels."""

import numpy as np
import numpy.typing as npt

from ganstudio.datasets.avatars.factors import FactorArray, check_factors
from ganstudio.datasets.avatars.features import (
    Face,
    paint_age,
    paint_back_hair,
    paint_background,
    paint_beard,
    paint_body,
    paint_brows,
    paint_eyes,
    paint_front_hair,
    paint_glasses,
    paint_head,
    paint_mouth,
    paint_nose,
)

MIN_RESOLUTION, MAX_RESOLUTION = 8, 1024
_CHUNK_PIXELS = 1 << 16  # a chunk of pictures that stays in the processor's cache
_LAYERS = (
    paint_background,
    paint_back_hair,
    paint_body,
    paint_head,
    paint_age,
    paint_beard,
    paint_nose,
    paint_eyes,
    paint_brows,
    paint_mouth,
    paint_front_hair,
    paint_glasses,
)


def draw_avatars(factors: FactorArray, resolution: int) -> npt.NDArray[np.uint8]:
    """Draw pictures `(N, H, W, 3)` of factors `(N, F)`; each is a function of its own row alone.

    Values outside a factor's range are clipped to it.

    Raises:
        ValueError: A resolution outside 8 to 1024, or factors of another shape.
    """
    if not MIN_RESOLUTION <= resolution <= MAX_RESOLUTION:
        raise ValueError(f"the resolution {resolution} is outside {MIN_RESOLUTION} to {MAX_RESOLUTION}")
    factors = check_factors(factors)
    chunk = max(1, _CHUNK_PIXELS // resolution**2)
    parts = [_draw_chunk(factors[start : start + chunk], resolution) for start in range(0, len(factors), chunk)]
    return np.concatenate(parts) if parts else np.zeros((0, resolution, resolution, 3), np.uint8)


def draw_avatar(factors: FactorArray, resolution: int) -> npt.NDArray[np.uint8]:
    """Draw one picture `(H, W, 3)` of factors `(F,)`; see `draw_avatars`."""
    picture: npt.NDArray[np.uint8] = draw_avatars(np.asarray(factors)[None], resolution)[0]
    return picture


def _draw_chunk(factors: FactorArray, resolution: int) -> npt.NDArray[np.uint8]:
    face = Face.of(factors, resolution)
    for paint in _LAYERS:
        paint(face)
    return (np.clip(face.sheet.colours, 0, 1) * np.float32(255) + np.float32(0.5)).astype(np.uint8)
