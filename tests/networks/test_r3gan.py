"""R3GAN against plain formulas in double precision, how it begins, and its resampling."""

import math

import numpy as np
import pytest
import torch
from torch.nn import functional

from ganstudio.networks.base import NetworkConfigError
from ganstudio.networks.catalogue import NETWORKS
from ganstudio.networks.r3gan import Downsampling, Upsampling, binomial_filter
from ganstudio.networks.r3gan_config import R3GANConfig

SMALL = {"z_dim": 6, "label_width": 5, "widths": (12, 8, 8), "cardinalities": (4, 2, 8), "blocks": (1, 2, 1)}


def build(**values):
    """Both networks, with every tensor drawn: fresh blocks do nothing."""
    architecture = NETWORKS["r3gan"]
    config = architecture.make_config(SMALL | values)
    random = torch.Generator().manual_seed(0)
    pair = architecture.build_generator(config, random), architecture.build_discriminator(config, random)
    for network in pair:
        for name, tensor in network.state_dict().items():
            if name.endswith(("reduce.weight", "_bias")):
                tensor.copy_(torch.randn(tensor.shape, generator=random) * 0.3)
        network.requires_grad_(requires_grad=False)
    return pair


def latents(count):
    return torch.randn(count, 6, generator=torch.Generator().manual_seed(1))


def block(maps, part):
    inner = functional.conv2d(maps, part.expand.weight.double()) + part.first_bias.double()[:, None, None]
    inner = torch.where(inner < 0, 0.2 * inner, inner)
    groups = len(part.mix.weight) // part.mix.weight.shape[1]
    inner = functional.conv2d(inner, part.mix.weight.double(), padding=part.mix.weight.shape[2] // 2, groups=groups)
    inner = inner + part.second_bias.double()[:, None, None]
    inner = torch.where(inner < 0, 0.2 * inner, inner)
    return maps + functional.conv2d(inner, part.reduce.weight.double())


def double_size(maps, kernel):
    """Zeros between the samples, then the filter over them, one output after another."""
    count, channels, side, _ = maps.shape
    taps = len(kernel)
    fine = torch.zeros(count, channels, 2 * side + 2 * taps, 2 * side + 2 * taps, dtype=torch.float64)
    fine[:, :, taps : taps + 2 * side : 2, taps : taps + 2 * side : 2] = maps
    result = torch.zeros(count, channels, 2 * side, 2 * side, dtype=torch.float64)
    start = taps - (taps + 1) // 2
    for row in range(2 * side):
        for column in range(2 * side):
            window = fine[:, :, start + row : start + row + taps, start + column : start + column + taps]
            result[:, :, row, column] = 4 * (window * kernel.flip(0, 1)).sum(dim=(2, 3))
    return result


def half_size(maps, kernel):
    count, channels, side, _ = maps.shape
    taps = len(kernel)
    padded = functional.pad(maps, [taps, taps, taps, taps])
    result = torch.zeros(count, channels, side // 2, side // 2, dtype=torch.float64)
    start = taps - (taps - 1) // 2
    for row in range(side // 2):
        for column in range(side // 2):
            window = padded[
                :, :, start + 2 * row : start + 2 * row + taps, start + 2 * column : start + 2 * column + taps
            ]
            result[:, :, row, column] = (window * kernel.flip(0, 1)).sum(dim=(2, 3))
    return result


@pytest.mark.parametrize("values", [{}, {"num_classes": 3, "channels": 1}, {"taps": 6, "kernel": 5, "expansion": 4}])
def test_generator_against_plain_formulas(values):
    generator, _ = build(**values)
    z, labels = latents(2), torch.tensor([2, 0]) if values.get("num_classes") else None
    inputs = z.double()
    if labels is not None:
        one_hot = torch.eye(3, dtype=torch.float64)[labels]
        inputs = torch.cat([inputs, one_hot @ generator.label.weight.double().T], dim=1)
    scales = inputs @ generator.basis.project.weight.double().T
    maps = generator.basis.pictures.double() * scales[:, :, None, None]
    for stage in generator.stages:
        if stage.transition is not None:
            if stage.transition.project is not None:
                maps = functional.conv2d(maps, stage.transition.project.weight.double())
            maps = double_size(maps, stage.transition.filter.double())
        for part in stage.blocks:
            maps = block(maps, part)
    wanted = functional.conv2d(maps, generator.to_picture.weight.double())
    with torch.no_grad():
        found = generator(z, labels)
    assert found.shape == (2, values.get("channels", 3), 16, 16)
    assert float((found - wanted).abs().max() / wanted.abs().max()) < 1e-5
    assert torch.allclose(generator(z, labels), found, atol=1e-5)  # with a graph, too
    assert torch.allclose(generator.first_features(z, labels), scales.float(), atol=1e-5)


@pytest.mark.parametrize("classes", [0, 3])
def test_discriminator_against_plain_formulas(classes):
    _, discriminator = build(num_classes=classes)
    images = torch.randn(2, 3, 16, 16, generator=torch.Generator().manual_seed(3))
    labels = torch.tensor([1, 2]) if classes else None
    maps = functional.conv2d(images.double(), discriminator.from_picture.weight.double())
    for stage in discriminator.stages:
        for part in stage.blocks:
            maps = block(maps, part)
        if stage.transition is not None:
            maps = half_size(maps, stage.transition.filter.double())
            if stage.transition.project is not None:
                maps = functional.conv2d(maps, stage.transition.project.weight.double())
    shares = (maps * discriminator.basis.pictures.double()).sum(dim=(2, 3))
    wanted = shares @ discriminator.basis.project.weight.double().T
    if labels is not None:
        wanted = wanted * (torch.eye(classes, dtype=torch.float64)[labels] @ discriminator.label.weight.double().T)
    wanted = wanted.sum(dim=1)
    assert torch.allclose(discriminator(images, labels).double(), wanted, atol=1e-5)
    assert torch.allclose(discriminator.features(images).double(), shares, atol=1e-5)


def test_fresh_blocks_change_nothing_and_signals_keep_their_size():
    architecture = NETWORKS["r3gan"]
    config = architecture.make_config({"widths": (64, 64), "cardinalities": (8, 8), "blocks": (2, 2)})
    generator = architecture.build_generator(config, torch.Generator().manual_seed(0)).requires_grad_(False)
    maps = torch.randn(1, 64, 4, 4)
    assert torch.equal(generator.stages[0](maps), maps)
    first = generator.stages[0].blocks[0]
    assert float(first.expand.weight.std()) == pytest.approx(math.sqrt(2 / 1.04 / 64) * 4**-0.25, rel=0.05)
    assert 0.3 < float(generator(torch.randn(64, 64)).std()) < 1.5


def test_filters_are_binomial_and_resampling_keeps_the_mean():
    row = np.array([1, 3, 3, 1]) / 8
    assert np.allclose(binomial_filter(4).numpy(), np.outer(row, row))
    flat = torch.ones(1, 2, 8, 8)
    assert torch.allclose(Upsampling(2, 2, 4)(flat)[:, :, 1:-1, 1:-1], torch.ones(1, 2, 14, 14))
    assert torch.allclose(Downsampling(2, 2, 4)(flat)[:, :, 1:-1, 1:-1], torch.ones(1, 2, 2, 2))


def test_shapes_are_known_without_building():
    for values in ({}, {"num_classes": 3, "taps": 6}):
        generator, _ = build(**values)
        shapes = {name: tuple(tensor.shape) for name, tensor in generator.state_dict().items()}
        assert R3GANConfig(**SMALL | values).generator_shapes() == shapes


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"channels": 2}, "channels"),
        ({"kernel": 4}, "kernel"),
        ({"widths": (8,)}, "widths"),
        ({"widths": (8, "8", 8)}, "widths"),
        ({"cardinalities": (5, 2, 8)}, "cardinalities"),
        ({"blocks": (1, 65, 1)}, "blocks"),
        ({"z_dim": 0}, "z_dim"),
        ({"widths": (8,) * 11, "cardinalities": (2,) * 11, "blocks": (1,) * 11}, "number of stages"),
    ],
)
def test_impossible_settings_are_named(values, name):
    with pytest.raises(NetworkConfigError) as refusal:
        R3GANConfig(**SMALL | values)
    assert refusal.value.subject == name
