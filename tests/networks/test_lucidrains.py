"""Parts of stylegan2-pytorch and lightweight-gan against slow, plain references."""

import math

import torch
from torch.nn import functional

from ganstudio.networks.lightweight_gan import LightweightGANConfig, cosine_basis
from ganstudio.networks.lucidrains_layers import HEADS, attend_linearly, attend_to_neighbours, blur
from ganstudio.networks.lucidrains_stylegan2 import _ModulatedConvolution


def test_blur_mirrors_at_the_border():
    image = torch.randn(1, 2, 4, 5)
    result = blur(image)
    for row in range(4):
        for column in range(5):
            total = torch.zeros(2)
            for down, weight in ((-1, 1), (0, 2), (1, 1)):
                for right, other in ((-1, 1), (0, 2), (1, 1)):
                    y, x = abs(row + down), abs(column + right)
                    y, x = min(y, 6 - y), min(x, 8 - x)
                    total += image[0, :, y, x] * weight * other / 16
            assert torch.allclose(result[0, :, row, column], total, atol=1e-6)


def test_linear_attention_pixel_by_pixel():
    depth, size = 2, 3
    queries = torch.randn(1, HEADS * depth, size, size)
    both = torch.randn(1, 2 * HEADS * depth, size, size)
    result = attend_linearly(queries, both).flatten(2)
    for head in range(HEADS):
        channels = slice(head * depth, (head + 1) * depth)
        query = queries[0, channels].flatten(1).softmax(dim=0) / math.sqrt(depth)
        key = both[0, : HEADS * depth][channels].flatten(1).softmax(dim=1)
        value = both[0, HEADS * depth :][channels].flatten(1)
        for pixel in range(size * size):
            weights = [float((query[:, pixel] * key[:, other]).sum()) for other in range(size * size)]
            expected = sum(weight * value[:, other] for other, weight in enumerate(weights))
            assert torch.allclose(result[0, channels, pixel], functional.gelu(expected), atol=1e-6)


def test_local_attention_sees_zeros_outside_the_picture():
    depth, size = 2, 3
    queries = torch.randn(1, HEADS * depth, size, size)
    both = torch.randn(1, 2 * HEADS * depth, size, size)
    result = attend_to_neighbours(queries, both)
    keys, values = (functional.pad(part[0], (1, 1, 1, 1)) for part in both.chunk(2, dim=1))
    for head in (0, HEADS - 1):
        channels = slice(head * depth, (head + 1) * depth)
        for row in range(size):
            for column in range(size):
                key = keys[channels, row : row + 3, column : column + 3].reshape(depth, 9)
                value = values[channels, row : row + 3, column : column + 3].reshape(depth, 9)
                weights = (queries[0, channels, row, column] @ key / math.sqrt(depth)).softmax(dim=0)
                assert torch.allclose(result[0, channels, row, column], value @ weights, atol=1e-6)


def test_modulation_scales_and_normalises_the_weights_of_each_picture():
    layer = _ModulatedConvolution(3, 4, 3)
    torch.nn.init.normal_(layer.weight)
    maps, style = torch.randn(2, 3, 5, 5), torch.randn(2, 3)
    result = layer(maps, style)
    for index in range(2):
        weight = layer.weight * (style[index] + 1)[None, :, None, None]
        weight = weight / (weight.square().sum(dim=(1, 2, 3), keepdim=True) + 1e-8).sqrt()
        assert torch.allclose(
            result[index], functional.conv2d(maps[index : index + 1], weight, padding=1)[0], atol=1e-5
        )


def test_cosine_basis_by_its_formula():
    size, channels = 4, 35  # sixteen groups of two, three channels left over
    basis = cosine_basis(channels, size)

    def wave(frequency, position):
        scale = math.sqrt((1 if frequency == 0 else 2) / size)
        return scale * math.cos(math.pi * frequency * (position + 0.5) / size)

    frequencies = [(0, v) for v in range(8)] + [(u, 0) for u in range(8)]
    for group, (u, v) in enumerate(frequencies):
        for row in range(size):
            for column in range(size):
                expected = wave(u, row) * wave(v, column)
                assert torch.allclose(
                    basis[0, 2 * group : 2 * group + 2, row, column], torch.tensor(expected), atol=1e-6
                )
    assert not basis[0, 32:].any()


def test_which_layer_excites_which():
    config = LightweightGANConfig(resolution=1024, widths=(8,) * 8)
    assert [config.excited_by(layer) for layer in range(8)] == [None, 4, 5, 6, 7, None, None, None]
    assert LightweightGANConfig(resolution=64, widths=(8,) * 4).excited_by(1) is None
