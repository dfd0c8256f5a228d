"""Flat grey squares are found, and nothing else is."""

import numpy as np

from ganstudio.metrics.holes import hole_share


def pictures(count: int = 20) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (count, 32, 32, 3), dtype=np.uint8)


def test_pictures_without_holes_have_none():
    assert hole_share(pictures()) == 0.0


def test_holes_are_counted():
    pixels = pictures()
    pixels[:5, 6:22, 10:26] = 128
    assert hole_share(pixels) == 0.25


def test_flat_black_and_white_are_no_holes():
    pixels = pictures()
    pixels[:5], pixels[5:10] = 0, 255
    assert hole_share(pixels) == 0.0


def test_flat_grey_pictures_have_no_holes():
    assert hole_share(np.full((5, 32, 32, 3), 128, np.uint8)) == 0.0
