"""StyleGAN2 against the plain reference: every architecture, classes, noise, truncation, odd widths and filters."""

import pytest
import torch

from ganstudio.networks.base import NetworkConfigError
from ganstudio.networks.catalogue import NETWORKS
from ganstudio.networks.noise import CONSTANT, NONE
from ganstudio.networks.resampling import convolve_down, convolve_up, downsample, make_filter, upsample
from ganstudio.networks.staged import walk
from ganstudio.networks.stylegan2_config import standard_widths
from ganstudio.networks.stylegan2_discriminator import DiscriminatorConfig, StyleGAN2Discriminator
from tests.networks import style_reference as reference

TINY = {
    "resolution": 16,
    "z_dim": 6,
    "w_dim": 7,
    "widths": (5, 4, 3),
    "mapping_widths": (9, 7),
    "label_width": 4,
}


def build(**values):
    """A generator whose biases, strengths and mean are not what they begin with."""
    architecture = NETWORKS["stylegan2"]
    config = architecture.make_config({**TINY, **values})
    random = torch.Generator().manual_seed(1)
    generator = architecture.build_generator(config, random).eval()
    with torch.no_grad():
        for name, tensor in generator.state_dict().items():
            if name.endswith(("bias", "noise_strength", "average")):
                tensor.add_(torch.randn(tensor.shape, generator=random) * 0.4)
    return generator.requires_grad_(False), config


def state_of(network):
    return {name: tensor.double() for name, tensor in network.state_dict().items()}


def relative_error(found, expected):
    return float((found.double() - expected).abs().max() / expected.abs().max())


@pytest.mark.parametrize("architecture", ["orig", "skip", "resnet"])
@pytest.mark.parametrize("values", [{}, {"channels": 1, "num_classes": 3, "clamp": 0.5, "scaled_demodulation": True}])
@pytest.mark.parametrize("noise", [CONSTANT, NONE], ids=["constant", "none"])
@torch.inference_mode()
def test_pictures_are_those_of_the_plain_reference(architecture, values, noise):
    generator, config = build(architecture=architecture, **values)
    z = torch.randn(3, 6, generator=torch.Generator().manual_seed(2))
    labels = torch.tensor([2, 0, 1]) if config.num_classes else None
    w_plus = generator.map(z, labels)
    images = generator.synthesise(w_plus, noise)
    state = state_of(generator)
    for index in range(3):
        w = reference.map_z(state, config, z[index].double(), labels[index] if labels is not None else None)
        assert relative_error(w_plus[index, 0], w) < 1e-6
        expected = reference.synthesise(state, config, w.expand(generator.spec.num_ws, -1), noise == CONSTANT)
        assert relative_error(images[index], expected) < 1e-5
        assert relative_error(generator.synthesise(w_plus[index : index + 1], noise)[0], expected) < 1e-5


def test_each_layer_has_its_own_w_and_the_colours_take_the_next():
    generator, config = build()
    w_plus = torch.randn(1, generator.spec.num_ws, 7, generator=torch.Generator().manual_seed(3))
    expected = reference.synthesise(state_of(generator), config, w_plus[0].double())
    assert relative_error(generator.synthesise(w_plus)[0], expected) < 1e-5


@pytest.mark.parametrize("taps", [(1.0, 1.0), (1.0, 2.0, 1.0), (1.0, 3.0, 3.0, 1.0), (1.0, 5.0, 7.0, 2.0), (1.0,) * 6])
def test_resampling_with_filters_of_any_length(taps):
    kernel = make_filter(taps)
    maps = torch.randn(1, 3, 5, 5, generator=torch.Generator().manual_seed(4))
    weight = torch.randn(2, 3, 3, 3, generator=torch.Generator().manual_seed(5))
    plain, plain_kernel = maps[0].double(), kernel.double()
    assert relative_error(upsample(maps, kernel)[0], reference.upsample(plain, plain_kernel)) < 1e-5
    up = reference.convolve_up(plain, weight.double(), plain_kernel)
    assert up.shape == (2, 10, 10)
    assert relative_error(convolve_up(maps, weight, kernel)[0], up) < 1e-5
    even = torch.nn.functional.pad(maps, (0, 1, 0, 1))
    assert relative_error(downsample(even, kernel)[0], reference.downsample(even[0].double(), plain_kernel)) < 1e-5


def test_down_convolution_filters_first():
    kernel, random = make_filter(), torch.Generator().manual_seed(6)
    maps, weight = torch.randn(1, 3, 8, 8, generator=random), torch.randn(2, 3, 3, 3, generator=random)
    filtered = reference.filter_each(maps[0].double(), kernel.double(), 2, 2)
    expected = reference.correlate(filtered, weight.double(), 0)[:, ::2, ::2]
    assert relative_error(convolve_down(maps, weight, kernel)[0], expected) < 1e-5


def test_truncation_moves_the_first_w_towards_the_mean():
    generator, _ = build()
    z = torch.randn(2, 6, generator=torch.Generator().manual_seed(7))
    whole, mean = generator.map(z), generator.mean_w
    assert torch.allclose(generator.map(z, truncation=0.3), mean + 0.3 * (whole - mean), atol=1e-6)
    cut = generator.map(z, truncation=0.3, cutoff=2)
    assert torch.allclose(cut[:, :2], mean + 0.3 * (whole[:, :2] - mean), atol=1e-6)
    assert torch.equal(cut[:, 2:], whole[:, 2:])
    assert torch.allclose(generator.map(z, truncation=0.0), mean.expand(2, generator.spec.num_ws, -1), atol=1e-6)


@pytest.mark.parametrize("architecture", ["orig", "skip", "resnet"])
def test_a_kept_state_can_be_gone_on_from(architecture):
    generator, _ = build(architecture=architecture)
    w_plus = generator.map(torch.randn(2, 6, generator=torch.Generator().manual_seed(8)))
    states = [generator.synthesis.start(w_plus), *walk(generator.synthesis, w_plus)]
    assert [state.layer for state in states] == list(range(len(states)))
    images = [state.image for state in states if state.image is not None]
    assert [image.shape[-1] for image in images][-1] == 16
    for state in states[:-1]:
        *_, last = walk(generator.synthesis, w_plus, state=state)
        assert torch.equal(last.image, generator.synthesise(w_plus))
    changed = w_plus.clone()
    changed[:, 4:] += 1
    *_, last = walk(generator.synthesis, changed, state=states[3])
    assert torch.allclose(last.image, generator.synthesise(changed), rtol=1e-5, atol=1e-5)


def test_gradients_reach_every_weight_and_w():
    generator, _ = build(architecture="resnet", num_classes=2)
    generator.requires_grad_(True)
    generator(torch.randn(2, 6), torch.tensor([0, 1])).square().mean().backward()
    assert all(parameter.grad is not None for parameter in generator.parameters())


@pytest.mark.parametrize("architecture", ["orig", "skip", "resnet"])
@pytest.mark.parametrize("classes", [0, 3])
def test_the_discriminator_judges(architecture, classes):
    config = NETWORKS["stylegan2"].make_config({**TINY, "num_classes": classes})
    own = DiscriminatorConfig((8, 6, 4), architecture, 5, (5, 5), group=2, deviation_maps=2, clamp=256.0)
    discriminator = StyleGAN2Discriminator(config, torch.Generator().manual_seed(0), own=own)
    images = torch.randn(4, 3, 16, 16)
    labels = torch.tensor([0, 1, 2, 0]) % max(classes, 1)
    assert discriminator(images, labels).shape == (4,)
    assert discriminator.features(images).shape == (4, 8)
    if classes:
        assert not torch.allclose(discriminator(images, labels), discriminator(images, labels.flip(0)))


def test_the_papers_widths():
    assert standard_widths(1024) == (512, 512, 512, 512, 512, 256, 128, 64, 32)


@pytest.mark.parametrize(
    "values",
    [
        {"resolution": 24},
        {"resolution": 16384},
        {"channels": 4},
        {"widths": (5, 4)},
        {"widths": (5, 4, 0)},
        {"widths": (5, 4, 2.5)},
        {"widths": (5, 4, 10**9)},
        {"architecture": "other"},
        {"activation": "other"},
        {"mapping_widths": (9, 8)},
        {"mapping_rate": 0.0},
        {"num_classes": -1},
        {"clamp": -1.0},
        {"taps": 1},
        {"z_dim": 10**9},
    ],
)
def test_what_cannot_be_built_is_refused(values):
    with pytest.raises(NetworkConfigError):
        NETWORKS["stylegan2"].make_config({**TINY, **values})
