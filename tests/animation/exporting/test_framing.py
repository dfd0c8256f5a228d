"""Framing: zoom, centre, margins and sizes."""

import numpy as np
import pytest

from ganstudio.animation.exporting.framing import Framing
from ganstudio.animation.parameters import Frame
from ganstudio.rendering.looks.look import Look


def frame(zoom=1.0, centre=(0.5, 0.5)):
    return Frame(Look(), zoom, centre)


def picture(side=64, channels=3):
    """Brightness grows across in red and down in green."""
    ramp = np.linspace(20, 235, side).astype(np.uint8)
    pixels = np.zeros((side, side, channels), np.uint8)
    pixels[..., 0] = ramp
    if channels > 1:
        pixels[..., 1] = ramp[:, None]
    return pixels


def test_the_whole_picture_at_its_own_size_is_untouched():
    pixels = picture()
    assert np.array_equal(Framing(64, 64).apply(pixels, frame()), pixels)
    grey = picture(channels=1)
    assert np.array_equal(Framing(64, 64).apply(grey, frame()), np.repeat(grey, 3, axis=2))


def test_zoom_shows_what_lies_round_the_centre():
    pixels = picture()
    shown = Framing(64, 64).apply(pixels, frame(2.0))
    assert abs(int(shown[32, 32, 0]) - int(pixels[32, 32, 0])) <= 2
    assert abs(int(shown[32, 1, 0]) - int(pixels[32, 16, 0])) <= 3
    corner = Framing(64, 64).apply(pixels, frame(2.0, (0.25, 0.25)))
    assert abs(int(corner[32, 32, 0]) - int(pixels[16, 16, 0])) <= 3
    assert corner[2, 2, 0] < corner[60, 60, 0]


@pytest.mark.parametrize("resampling", ["lanczos", "area"])
def test_a_smaller_frame_keeps_the_mean(resampling):
    noise = np.random.default_rng(0).integers(0, 256, (128, 128, 3)).astype(np.uint8)
    small = Framing(32, 32, resampling=resampling).apply(noise, frame())
    assert abs(small.mean() - noise.mean()) < 1.5


def test_nearest_makes_squares_of_pixels():
    pixels = picture(8)
    large = Framing(64, 64, resampling="nearest").apply(pixels, frame())
    assert np.array_equal(large, pixels.repeat(8, axis=0).repeat(8, axis=1))


def test_a_wide_frame_shows_the_whole_picture_or_is_filled():
    white = np.full((50, 50, 3), 255, np.uint8)
    whole = Framing(200, 100, background=(9, 0, 0)).apply(white, frame())
    assert (whole[50, 49] == (9, 0, 0)).all()
    assert (whole[50, 52:148] == 255).all()
    assert (whole[50, 150] == (9, 0, 0)).all()
    assert (Framing(200, 100, "fill").apply(white, frame()) == 255).all()


def test_a_slow_zoom_out_does_not_jump():
    """The light in the frame falls evenly: the picture's edge moves by less than pixels."""
    white = np.full((64, 64, 3), 255, np.uint8)
    framing = Framing(96, 96, "whole")
    zooms = np.linspace(0.9, 0.8, 41)
    sides = [np.sqrt(framing.apply(white, frame(zoom)).mean() / 255) * 96 for zoom in zooms]
    steps = -np.diff(sides)
    assert steps.min() > 0.1
    assert steps.max() < 0.4  # a step of the zoom is 0.24 px


def test_margins_can_be_transparent_and_alpha_is_laid_over_a_colour():
    white = np.full((40, 40, 3), 255, np.uint8)
    clear = Framing(80, 80, background=None).apply(white, frame(0.5))
    assert clear.shape == (80, 80, 4)
    assert clear[0, 0].tolist() == [0, 0, 0, 0]
    assert clear[40, 40].tolist() == [255] * 4
    half = np.full((16, 16, 4), 200, np.uint8)
    half[..., 3] = 51
    assert Framing(16, 16, background=(100, 0, 0)).apply(half, frame())[3, 3].tolist() == [120, 40, 40]


def test_a_picture_out_of_sight_leaves_the_background():
    white = np.full((40, 40, 3), 255, np.uint8)
    far = Framing(40, 40, background=(1, 2, 3)).apply(white, frame(32.0, (0.0, 0.0)))
    assert far[5, 5].tolist() == [1, 2, 3]
    assert far[35, 35].tolist() == [255] * 3
