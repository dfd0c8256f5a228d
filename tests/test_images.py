"""From tensors to pixels: the rounding and the range."""

import numpy as np
import pytest
import torch

from ganstudio.images import to_uint8


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize(("low", "high"), [(-1.0, 1.0), (0.0, 1.0), (-3.0, 5.0)])
def test_values_are_rounded_half_up_and_clipped_in_any_range(channels, low, high):
    levels = torch.linspace(-20, 275, 512 * channels * 400).reshape(2, channels, 256, 400)
    expected = np.floor(levels.double().clamp(0, 255).numpy() + 0.5).clip(0, 255).astype(np.uint8)
    pixels = to_uint8(low + levels.double().div(255).mul(high - low).float(), low, high)
    assert pixels.shape == (2, 256, 400, channels)
    differ = np.abs(pixels.astype(int) - expected.transpose(0, 2, 3, 1))
    assert differ.max() <= 1  # at ties, where the range is not represented exactly
    assert (differ > 0).mean() < 1e-3


def test_channels_stay_in_their_order_and_pictures_apart():
    images = torch.full((2, 3, 2, 3), -1.0)
    images[0, 0], images[1, 2] = 1.0, 0.0
    pixels = to_uint8(images)
    assert (pixels[0] == [255, 0, 0]).all()
    assert (pixels[1] == [0, 0, 128]).all()
