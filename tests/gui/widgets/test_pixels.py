import gc

import numpy as np
import pytest
import torch
from PySide6.QtGui import QImage

from ganstudio.gui.widgets.pixels import (
    channel_image,
    count_channels,
    luminance,
    pixels_of,
    screen_words,
    to_image,
)
from ganstudio.images import to_uint8


def some_pixels(channels: int, width: int = 7) -> np.ndarray:
    return np.random.default_rng(channels).integers(0, 256, (5, width, channels), np.uint8)


@pytest.mark.parametrize("channels", [1, 3, 4])
def test_pixels_come_back_as_they_went_in(channels: int) -> None:
    pixels = some_pixels(channels)
    image = to_image(pixels)
    assert count_channels(image) == channels
    assert np.array_equal(pixels_of(image), pixels)
    assert np.array_equal(pixels_of(image, 2), pixels[::2, ::2])


def test_an_image_keeps_its_pixels_when_the_array_is_written_to() -> None:
    for channels in (1, 3, 4):
        pixels = some_pixels(channels, width=8)
        image, before = to_image(pixels), pixels.copy()
        pixels[:] = 0
        assert np.array_equal(pixels_of(image), before)


def test_pixels_of_a_part_of_an_array_are_those_of_the_part() -> None:
    pixels = some_pixels(3, width=9)
    assert np.array_equal(pixels_of(to_image(pixels[1:4, 2:8])), pixels[1:4, 2:8])


def test_images_of_other_formats_can_be_read() -> None:
    pixels = some_pixels(3)
    image = to_image(pixels).convertToFormat(QImage.Format.Format_RGB888)
    assert np.array_equal(pixels_of(image), pixels)


def test_channels_are_shown_as_grey() -> None:
    pixels = some_pixels(4)
    for place, name in enumerate(("red", "green", "blue", "alpha")):
        assert np.array_equal(pixels_of(channel_image(to_image(pixels), name))[..., 0], pixels[..., place])


def test_luminance_is_what_rec_709_says() -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (64, 64, 3), np.uint8)
    wanted = pixels @ np.array([0.2126, 0.7152, 0.0722])
    assert np.abs(luminance(pixels) - wanted).max() < 0.51
    assert luminance(np.full((1, 1, 3), 255, np.uint8)) == 255


def test_a_channel_that_is_not_there_leaves_the_picture_alone() -> None:
    grey, colour = to_image(some_pixels(1)), to_image(some_pixels(3))
    assert channel_image(grey, "red") == grey
    assert channel_image(colour, "alpha") == colour


# Pictures that were drawn


def test_colours_are_a_view_on_32_bit_pixels() -> None:
    pixels = to_uint8(torch.rand(3, 3, 5, 7) * 2 - 1)
    for picture in pixels:
        words = screen_words(picture)
        assert words is not None
        assert words.shape == (5, 7, 4)
        assert (words[..., 3] == 255).all()
        assert np.array_equal(words[..., 2::-1], picture)
        assert np.shares_memory(words, picture)


def test_other_pixels_are_not_taken_for_a_view() -> None:
    pixels = to_uint8(torch.rand(1, 3, 4, 4))[0]
    assert screen_words(np.ascontiguousarray(pixels)) is None
    assert screen_words(pixels[::2]) is None
    assert screen_words(pixels[:, ::-1]) is None
    assert screen_words(pixels[:, 1:]) is None
    assert screen_words(to_uint8(torch.rand(1, 1, 4, 4))[0]) is None
    assert screen_words(pixels[:0]) is None
    spread = np.zeros((4, 4, 4), np.uint8)[..., 2::-1]  # whose fourth byte is no alpha of 255
    assert screen_words(spread) is None
    assert screen_words(pixels[1:]) is not None  # rows below each other are a picture as well


def test_pictures_that_were_drawn_are_shared_and_kept_as_long_as_their_image() -> None:
    pixels = to_uint8(torch.rand(2, 3, 64, 64) * 2 - 1)
    image, wanted = to_image(pixels[1]), pixels[1].copy()
    assert np.shares_memory(np.frombuffer(image.constBits(), np.uint8), pixels)
    del pixels
    gc.collect()
    others = [np.full((64, 64, 4), 7, np.uint8) for _ in range(64)]
    assert np.array_equal(pixels_of(image), wanted)
    assert len(others) == 64
