"""Alias-free generators against plain formulas, their filters against closed forms, and their symmetries."""

import math

import numpy as np
import pytest
import torch

from ganstudio.networks.alias_free import resampling
from ganstudio.networks.alias_free.config import StyleGAN3Config, StyleGANXLConfig
from ganstudio.networks.alias_free.filters import (
    attenuation,
    bessel_j1,
    downsampling_filter,
    kaiser_beta,
    kaiser_lowpass,
    radial_lowpass,
    upsampling_filter,
)
from ganstudio.networks.alias_free.resampling import filtered_rectifier
from ganstudio.networks.alias_free.schedule import plan_synthesis
from ganstudio.networks.alias_free.shapes import generator_shapes
from ganstudio.networks.base import NetworkConfigError
from ganstudio.networks.catalogue import NETWORKS
from ganstudio.networks.staged import walk
from ganstudio.networks.stylegan3 import rotation_equivariant
from tests.networks import alias_free_reference as reference

SMALL = {"resolution": 32, "z_dim": 6, "w_dim": 5, "num_layers": 6, "channel_base": 128, "channel_max": 6, "margin": 4}
RADIAL = {"kernel": 1, "radial": True}
STAGES = {"resolution": 64, "up_factors": (2, 2), "head_layers": (4, 5), "head_clamp": 1.5}
CLASSES = {"num_classes": 3, "embedding_rows": 4, "embedding_length": 7, "class_centroids": True}


def build(family="stylegan3", **values):
    """A generator whose every tensor matters."""
    architecture = NETWORKS[family]
    random = torch.Generator().manual_seed(0)
    generator = architecture.build_generator(architecture.make_config(SMALL | values), random).eval()
    for name, tensor in generator.state_dict().items():
        if name.endswith(("bias", "features.affine.weight")) or name == "average":
            tensor.add_(torch.randn(tensor.shape, generator=random) * 0.4)
        elif name.endswith("magnitude_ema"):
            tensor.copy_(torch.rand((), generator=random) + 0.4)
    return generator.requires_grad_(requires_grad=False)


def latents(count, dim=6):
    return torch.randn(count, dim, generator=torch.Generator().manual_seed(1))


def distance(found, wanted):
    wanted = torch.as_tensor(wanted)
    return float((found.double() - wanted).abs().max() / wanted.abs().max())


def test_bessel_function_against_its_series_and_zeros():
    x = np.linspace(-8, 8, 41)
    terms = [(-1) ** k / (math.factorial(k) * math.factorial(k + 1)) * (x / 2) ** (2 * k + 1) for k in range(40)]
    assert np.allclose(bessel_j1(x), np.sum(terms, axis=0), atol=1e-12)
    assert np.abs(bessel_j1([3.831705970207512, 7.015586669815619, 10.173468135062722])).max() < 1e-10


@pytest.mark.parametrize("taps", [12, 24, 13])
def test_kaiser_filter_passes_stops_and_halves_where_it_should(taps):
    cutoff, width, rate = 4.0, 9.0, 32.0
    values = kaiser_lowpass(taps, cutoff, width, rate)
    place = np.arange(taps) - (taps - 1) / 2

    def response(frequency):
        return float(np.sum(values * np.cos(2 * np.pi * frequency / rate * place)))

    assert np.allclose(values, values[::-1])
    assert response(0.0) == pytest.approx(1.0)
    assert response(cutoff) == pytest.approx(0.5, abs=0.02)
    ripple = 10 ** (-attenuation(taps, width, rate) / 20)
    assert abs(response(cutoff + width / 2)) < 1.5 * ripple


def test_kaiser_window_has_the_shape_of_its_formula():
    assert kaiser_beta(60.0) == pytest.approx(0.1102 * 51.3)
    assert kaiser_beta(30.0) == pytest.approx(0.5842 * 9**0.4 + 0.07886 * 9)
    assert kaiser_beta(20.0) == 0.0
    taps, cutoff, width, rate = 9, 3.0, 8.0, 24.0
    beta = kaiser_beta(attenuation(taps, width, rate))
    places = np.arange(taps) - 4
    bessel = [sum((v / 2) ** (2 * k) / math.factorial(k) ** 2 for k in range(30))
              for v in beta * np.sqrt(1 - (places / 4) ** 2)]  # fmt: skip
    plain = np.sinc(2 * cutoff / rate * places) * np.array(bessel)
    assert np.allclose(kaiser_lowpass(taps, cutoff, width, rate), plain / plain.sum(), atol=1e-12)


@pytest.mark.parametrize("taps", [12, 13])
def test_radial_filter_is_a_jinc_under_a_window(taps):
    cutoff, width, rate = 4.0, 9.0, 32.0
    values = radial_lowpass(taps, cutoff, width, rate)
    assert values.sum() == pytest.approx(1.0)
    assert np.allclose(values, values.T)
    assert np.allclose(values, np.rot90(values))
    window = np.kaiser(taps, kaiser_beta(attenuation(taps, width, rate)))
    bare = values / np.outer(window, window)
    places = np.arange(taps) - (taps - 1) / 2
    radii = np.hypot(*np.meshgrid(places, places))
    for radius in (5 * math.sqrt(2) / 2, 5.0):  # taps of equal radius are equal once the window is taken off
        ring = bare[np.abs(radii - radius) < 1e-9]
        assert len(ring) == 0 or np.ptp(ring) < 1e-9
    if taps % 2:
        assert bare[taps // 2, taps // 2] == bare.max()


def test_schedule_of_the_published_configurations():
    plan = plan_synthesis(StyleGAN3Config(resolution=1024))
    assert [layer.name for layer in plan.layers] == [
        "L0_36_512", "L1_36_512", "L2_52_512", "L3_52_512", "L4_84_512", "L5_148_512", "L6_148_512", "L7_276_323",
        "L8_276_203", "L9_532_128", "L10_1044_81", "L11_1044_51", "L12_1044_32", "L13_1024_32", "L14_1024_3",
    ]  # fmt: skip
    rotating = plan_synthesis(rotation_equivariant(StyleGAN3Config(resolution=256)))
    assert rotating.layers[0].name == "L0_36_1024"
    assert [layer.radial for layer in rotating.layers] == [True] * 12 + [False] * 3


@pytest.mark.parametrize(
    ("family", "values"),
    [
        ("stylegan3", {}),
        ("stylegan3", {**RADIAL, "clamp": 0.7, "channels": 1}),
        ("stylegan3", {"num_classes": 3, "clamp": 0.0, "mapping_layers": 3, "output_scale": 2.0}),
        ("stylegan3", {"resolution": 24, "filter_size": 3, "lrelu_upsampling": 3, "num_critical": 1}),
        ("stylegan3", {"lrelu_upsampling": 1}),
        ("stylegan_xl", STAGES | CLASSES),
        ("stylegan_xl", RADIAL | STAGES | CLASSES | {"class_centroids": False}),
        ("stylegan_xl", STAGES),
    ],
)
def test_against_plain_formulas(family, values):
    generator = build(family, **values)
    config = NETWORKS[family].make_config(SMALL | values)
    z, labels = latents(2), torch.tensor([2, 0]) if config.num_classes else None
    w_plus = generator.map(z, labels, 0.6, 3)
    with torch.inference_mode():
        pictures = generator.synthesise(w_plus)
    assert w_plus.shape == (2, generator.spec.num_ws, 5)
    for index in range(2):
        vector = None
        if labels is not None:
            one_hot = np.eye(config.num_classes)[int(labels[index])]
            label = generator.mapping.label
            if family == "stylegan_xl":
                row = label.embedding.weight.double().numpy()[int(labels[index])]
                vector = reference.dense(row, label.project, rectifier=True)
            else:
                vector = reference.dense(one_hot, label)
        w = reference.mapping(z[index].double().numpy(), vector, generator.mapping)
        mean = generator.mean_w.double().numpy()
        mean = mean[int(labels[index])] if mean.ndim == 2 else mean
        wanted = np.stack([mean + 0.6 * (w - mean)] * 3 + [w] * (generator.spec.num_ws - 3))
        assert distance(w_plus[index], wanted) < 1e-5
        assert distance(pictures[index], reference.synthesis(wanted, generator.synthesis)) < 3e-5


@pytest.mark.parametrize("values", [{}, RADIAL, {"filter_size": 5, "lrelu_upsampling": 4}])
def test_quick_and_differentiable_resampling_agree(values):
    generator = build(**values)
    for layer in generator.synthesis.layers[:-1]:
        side = layer.plan.source.size + layer.plan.kernel - 1
        maps = torch.randn(2, layer.plan.target.channels, side, side, generator=torch.Generator().manual_seed(2))
        slow = filtered_rectifier(maps.requires_grad_(), layer.plan, layer.up_filter, layer.down_filter)
        with torch.inference_mode():
            quick = filtered_rectifier(maps, layer.plan, layer.up_filter, layer.down_filter)
        assert distance(quick, slow.detach()) < 1e-5


def test_channels_taken_in_several_turns(monkeypatch):
    monkeypatch.setattr(resampling, "_CHUNK_VALUES", 1)
    generator = build(channel_max=11, channel_base=1024)
    w_plus = generator.map(latents(1))
    with torch.inference_mode():
        assert (
            distance(
                generator.synthesise(w_plus)[0], reference.synthesis(w_plus[0].double().numpy(), generator.synthesis)
            )
            < 3e-5
        )


def test_gradients_reach_w_through_every_layer():
    generator = build()
    w_plus = generator.map(latents(1)).requires_grad_()
    generator.synthesise(w_plus).square().sum().backward()
    assert w_plus.grad is not None
    assert bool((w_plus.grad.abs().amax(dim=2) > 0).all())


def test_pictures_do_not_depend_on_the_rest_of_the_batch():
    generator = build(**RADIAL)
    z = latents(3)
    assert distance(generator(z)[1:2], generator(z[1:2])) < 1e-5


def test_a_synthesis_goes_on_from_any_layer():
    generator = build()
    synthesis, w_plus = generator.synthesis, generator.map(latents(1))
    states = list(walk(synthesis, w_plus))
    assert len(states) == generator.spec.num_ws - 1
    assert torch.equal(synthesis.finish(states[-1]), generator.synthesise(w_plus))
    other = w_plus.clone()
    other[:, 4:] = generator.map(latents(2)[1:])[:, 4:]
    resumed = [*walk(synthesis, other, state=states[2])][-1]
    assert torch.equal(synthesis.finish(resumed), generator.synthesise(other))


def moved(generator, matrix):
    """Pictures without learned motion, before and after a person's transform of the picture."""
    features = generator.synthesis.features
    features.affine.weight.zero_()
    features.affine.bias.copy_(torch.tensor([1.0, 0.0, 0.0, 0.0]))
    w_plus = generator.map(latents(1))
    before = generator.synthesise(w_plus)
    features.transform.copy_(torch.linalg.inv(torch.tensor(matrix, dtype=torch.float64)).float())
    return before, generator.synthesise(w_plus)


def likeness(first, second, border=8):
    """PSNR in dB inside a border, relative to the range of the first."""
    inside = (..., slice(border, -border), slice(border, -border))
    error = (first[inside] - second[inside]).square().mean()
    return float(10 * torch.log10(np.square(float(np.ptp(first[inside].numpy()))) / error))


EQUIVARIANT = {"resolution": 32, "num_layers": 8, "margin": 10, "channel_base": 512, "channel_max": 16}


@pytest.mark.parametrize("values", [{}, RADIAL], ids=["T", "R"])
def test_a_shift_of_the_waves_shifts_the_picture(values):
    before, after = moved(build(**EQUIVARIANT, **values), [[1, 0, 5 / 32], [0, 1, -3 / 32], [0, 0, 1]])
    shifted = torch.roll(before, (-3, 5), dims=(2, 3))
    assert likeness(shifted, after) > 40
    assert likeness(shifted, after) > likeness(before, after) + 12


def test_a_turn_of_the_waves_turns_the_picture_of_r_but_not_of_t():
    turn = [[0, -1, 0], [1, 0, 0], [0, 0, 1]]
    before, after = moved(build(**EQUIVARIANT, **RADIAL), turn)
    assert likeness(torch.rot90(before, -1, dims=(2, 3)), after, 1) > 60
    before, after = moved(build(**EQUIVARIANT), turn)
    assert likeness(torch.rot90(before, -1, dims=(2, 3)), after, 1) < 30


@pytest.mark.parametrize(
    ("family", "values"),
    [("stylegan3", {"num_classes": 3}), ("stylegan3", RADIAL), ("stylegan_xl", STAGES | CLASSES), ("stylegan_xl", {})],
)
def test_shapes_are_known_without_building(family, values):
    config = NETWORKS[family].make_config(SMALL | values)
    shapes = {name: tuple(tensor.shape) for name, tensor in build(family, **values).state_dict().items()}
    assert generator_shapes(config, plan_synthesis(config)) == shapes


def test_filters_of_layers_are_designed_for_their_bands():
    for layer in plan_synthesis(StyleGAN3Config(**SMALL, **RADIAL)).layers:
        up, down = upsampling_filter(layer), downsampling_filter(layer)
        assert (up is None) == (layer.up == 1 or layer.makes_colours)
        if up is not None and down is not None:
            assert up.shape == (6 * layer.up,)
            assert down.shape == ((6 * layer.down,) * (2 if layer.radial else 1))


@pytest.mark.parametrize(
    ("kind", "values", "name"),
    [
        (StyleGAN3Config, {"resolution": 3}, "resolution"),
        (StyleGAN3Config, {"channels": 4}, "channels"),
        (StyleGAN3Config, {"kernel": 2}, "kernel"),
        (StyleGAN3Config, {"num_critical": 6}, "num_critical"),
        (StyleGAN3Config, {"first_cutoff": float("nan")}, "first_cutoff"),
        (StyleGAN3Config, {"num_layers": 65}, "num_layers"),
        (StyleGAN3Config, {"channel_base": 1}, "channel_base"),
        (StyleGAN3Config, {"first_cutoff": 900.0, "channel_base": 32768}, "first_cutoff"),
        (StyleGAN3Config, {"filter_size": 32, "lrelu_upsampling": 8, "radial": True}, "filter_size"),
        (StyleGANXLConfig, {"up_factors": (2,)}, "head_layers"),
        (StyleGANXLConfig, {"up_factors": (3,), "head_layers": (5,)}, "up_factors"),
        (StyleGANXLConfig, {"up_factors": ("2",), "head_layers": (5,)}, "up_factors"),
        (StyleGANXLConfig, {"up_factors": (2,), "head_layers": (2,)}, "head_layers"),
        (StyleGANXLConfig, {"num_classes": 3}, "embedding_rows"),
        (StyleGANXLConfig, {"class_centroids": True}, "class_centroids"),
    ],
)
def test_impossible_settings_are_named(kind, values, name):
    with pytest.raises(NetworkConfigError) as refusal:
        plan_synthesis(kind(**SMALL | values))
    assert refusal.value.subject == name
