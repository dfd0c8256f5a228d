"""Residual generators against plain references, and what their configuration refuses."""

import pytest
import torch
from torch.nn import functional

from ganstudio.networks.base import NetworkConfigError
from ganstudio.networks.residual import ResidualConfig, ResidualGenerator
from ganstudio.networks.residual_layers import Attention, DeepBlock, UpsamplingBlock, VectorNormalisation


def randomised(module):
    random = torch.Generator().manual_seed(0)
    with torch.no_grad():
        for name, value in module.state_dict().items():
            value.copy_(torch.rand(value.shape, generator=random) + (0.5 if name.endswith("var") else -0.5))
    return module.eval()


def test_a_block_convolves_what_was_enlarged():
    """Here the shortcut is computed before enlarging, which must not matter."""
    maps = torch.randn(2, 3, 4, 4)
    for upsampling in ("nearest", "bilinear"):
        config = ResidualConfig(upsampling=upsampling)
        block = randomised(UpsamplingBlock(config, 3, 5))
        aligned = None if upsampling == "nearest" else False

        def enlarge(x, mode=upsampling, aligned=aligned):
            return functional.interpolate(x, scale_factor=2, mode=mode, align_corners=aligned)

        inner = block.conv1(enlarge(torch.relu(block.norm1(maps))))
        expected = block.conv2(torch.relu(block.norm2(inner))) + block.shortcut(enlarge(maps))
        assert torch.allclose(block(maps, torch.zeros(2)), expected, atol=1e-6)


@pytest.mark.parametrize("shortcut", ["dropped", "convolution"])
@pytest.mark.parametrize("grows", [True, False])
def test_a_deep_block_keeps_the_first_maps_or_convolves_all(shortcut, grows):
    maps = torch.randn(2, 8, 4, 4)
    block = randomised(DeepBlock(ResidualConfig(shortcut=shortcut), 8, 4, grows=grows))
    with torch.no_grad():
        block.conv4.weight.zero_()
        block.conv4.bias.zero_()
    result = block(maps, torch.zeros(2))
    expected = maps[:, :4] if shortcut == "dropped" else block.shortcut(maps)
    expected = functional.interpolate(expected, scale_factor=2) if grows else expected
    assert torch.allclose(result, expected, atol=1e-6)


def test_vectors_scale_around_one():
    norm = randomised(VectorNormalisation(3, 1e-4, 2))
    maps, vector = torch.randn(1, 3, 2, 2), torch.randn(1, 2)
    for channel in range(3):
        gain = 1 + sum(norm.gain.weight[channel, entry] * vector[0, entry] for entry in range(2))
        shift = sum(norm.shift.weight[channel, entry] * vector[0, entry] for entry in range(2))
        plain = (maps[0, channel] - norm.running_mean[channel]) / (norm.running_var[channel] + 1e-4).sqrt()
        assert torch.allclose(norm(maps, vector)[0, channel], plain * gain + shift, atol=1e-6)


def test_attention_pixel_by_pixel():
    layer = randomised(Attention(8))
    maps = torch.randn(1, 8, 4, 4)
    result = layer(maps)
    keys, values = functional.max_pool2d(layer.key(maps), 2), functional.max_pool2d(layer.value(maps), 2)
    queries = layer.query(maps)
    for row in range(4):
        for column in range(4):
            likeness = [(queries[0, :, row, column] * keys[0, :, y, x]).sum() for y in range(2) for x in range(2)]
            weights = torch.stack(likeness).softmax(dim=0)
            found = sum(weights[2 * y + x] * values[0, :, y, x] for y in range(2) for x in range(2))
            expected = maps[0, :, row, column] + layer.strength * (layer.out.weight[:, :, 0, 0] @ found)
            assert torch.allclose(result[0, :, row, column], expected, atol=1e-5)


def test_split_latents_reach_one_block_each():
    config = ResidualConfig(
        z_dim=8, first_width=4, widths=(4, 4, 4), condition="vector", num_classes=3, class_dim=2, latent_use="split"
    )
    generator = randomised(ResidualGenerator(config, torch.Generator()))
    z = torch.randn(1, 8)
    seen = []
    for index, layer in enumerate(generator.layers):
        layer.norm1.register_forward_pre_hook(lambda _, given, index=index: seen.append((index, given[1])))
    generator(z, torch.tensor([2]))
    for index, vector in seen:
        assert torch.equal(vector[0, :2], generator.classes.weight[2])
        assert torch.equal(vector[0, 2:], z[0, 2 * index + 2 : 2 * index + 4])


@pytest.mark.parametrize(
    "values",
    [
        {"layers": ("block", "magic", "block")},
        {"widths": (4, 4)},
        {"resolution": 64},
        {"condition": "classes"},
        {"class_dim": 4},
        {"latent_use": "split", "z_dim": 9},
        {"norm_eps": 0.0},
        {"activation": "sine"},
        {"channels": 2},
        {"widths": (4, 4, 1_000_000)},
    ],
)
def test_bad_settings_are_refused(values):
    with pytest.raises(NetworkConfigError):
        ResidualConfig(**{"first_width": 4, "widths": (4, 4, 4), **values})


def test_attention_must_keep_the_width():
    config = ResidualConfig(layers=("block", "attention", "block", "block"), widths=(8, 16, 8, 8), first_width=8)
    with pytest.raises(NetworkConfigError):
        ResidualGenerator(config, torch.Generator())
