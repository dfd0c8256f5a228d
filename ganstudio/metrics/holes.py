"""Flat squares in pictures, as augmentation by holes makes them."""

import numpy as np
import numpy.typing as npt

FLAT = 3.0  # levels of 255: the deviation within a square that counts as flat
MOST = 0.5  # of all places in a picture: beyond, it is a flat picture, as untrained networks draw them
GREY = 12.0  # levels of 255 around the middle


def hole_share(pixels: npt.NDArray[np.uint8]) -> float:
    """Return the share of pictures uint8 `(N, H, W, C)` that have a flat grey square of a quarter of their side.

    Pictures that are flat and grey for the most part have none.
    """
    size = max(2, pixels.shape[1] // 4)
    whole = pixels.astype(np.float64).mean(axis=3)
    steps = max(1, size // 2)
    found, places = np.zeros(len(pixels)), 0
    for top in range(0, whole.shape[1] - size + 1, steps):
        for left in range(0, whole.shape[2] - size + 1, steps):
            part = whole[:, top : top + size, left : left + size].reshape(len(whole), -1)
            found += (part.std(axis=1) < FLAT) & (np.abs(part.mean(axis=1) - 127.5) < GREY)
            places += 1
    return float(((found > 0) & (found <= MOST * places)).mean())
