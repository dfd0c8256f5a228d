"""Flat squares in pictures, as augmentation by holes makes them."""

import numpy as np
import numpy.typing as npt

FLAT = 3.0  # levels of 255: the deviation within a square that counts as flat
GREY = 12.0  # levels of 255 around the middle


def hole_share(pixels: npt.NDArray[np.uint8]) -> float:
    """Return the share of pictures uint8 `(N, H, W, C)` that have a flat grey square of a quarter of their side."""
    size = max(2, pixels.shape[1] // 4)
    whole = pixels.astype(np.float64).mean(axis=3)
    steps = max(1, size // 2)
    found = np.zeros(len(pixels), bool)
    for top in range(0, whole.shape[1] - size + 1, steps):
        for left in range(0, whole.shape[2] - size + 1, steps):
            part = whole[:, top : top + size, left : left + size].reshape(len(whole), -1)
            found |= (part.std(axis=1) < FLAT) & (np.abs(part.mean(axis=1) - 127.5) < GREY)
    return float(found.mean())
