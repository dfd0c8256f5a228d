"""Looking into networks: every family tells its layers, and a layer's maps are what its module really made."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from ganstudio.checkpoints.building import GeneratorFile, save_generator
from ganstudio.networks.catalogue import NETWORKS
from ganstudio.networks.noise import NONE
from ganstudio.rendering import layer_view
from ganstudio.rendering.layer_request import LayerRequest, LayerViewError
from ganstudio.rendering.layer_view import list_layers, look_into
from ganstudio.rendering.looks.edit import Edit
from ganstudio.rendering.looks.look import Look
from ganstudio.rendering.renderer import Renderer
from ganstudio.rendering.request import RenderRequest

STYLE = {"resolution": 16, "z_dim": 6, "w_dim": 5, "widths": (6, 4, 4), "mapping_widths": (5, 5), "label_width": 3}
ALIAS_FREE = {
    "resolution": 32, "z_dim": 6, "w_dim": 5, "num_layers": 6, "channel_base": 128, "channel_max": 6, "margin": 4,
}  # fmt: skip
FAMILIES: dict[str, dict[str, object]] = {
    "mlp": {"z_dim": 8, "hidden": 12, "layers": 2},
    "dcgan": {"resolution": 32, "z_dim": 8, "base_channels": 4, "full_channels": 4, "num_classes": 3},
    "residual": {
        "z_dim": 8, "first_width": 8, "layers": ("block", "attention", "block", "block"), "widths": (16, 16, 8, 8),
    },
    "stylegan1": STYLE,
    "stylegan2": STYLE,
    "stylegan3": ALIAS_FREE,
    "stylegan_xl": {**ALIAS_FREE, "resolution": 64, "up_factors": (2, 2), "head_layers": (4, 5), "head_clamp": 1.5},
    "fastgan": {"z_dim": 8, "widths": (8, 8, 8, 4, 4, 4, 4)},
    "lightweight_gan": {"z_dim": 8, "widths": (8, 8, 8, 8)},
    "lucidrains_stylegan2": {"z_dim": 8, "widths": (8, 8, 8, 8, 8), "mapping_layers": 2, "attention": (1,)},
    "r3gan": {"z_dim": 6, "label_width": 5, "widths": (12, 8, 8), "cardinalities": (4, 2, 8), "blocks": (1, 2, 1)},
    "sequence": {
        "z_dim": 6,
        "layers": [
            {"kind": "linear", "inputs": 6, "outputs": 3 * 8 * 8},
            {"kind": "reshape", "shape": [3, 8, 8]},
            {"kind": "conv", "inputs": 3, "outputs": 4, "kernel": 3, "padding": 1},
            {"kind": "activation", "function": "relu"},
            {"kind": "conv_transpose", "inputs": 4, "outputs": 3, "kernel": 4, "stride": 2, "padding": 1},
        ],
    },
}  # fmt: skip

MakeRenderer = Callable[[str], Renderer]


@pytest.fixture
def make_renderer(tmp_path: Path) -> MakeRenderer:
    def make(family: str) -> Renderer:
        architecture = NETWORKS[family]
        config = architecture.make_config(FAMILIES[family])
        generator = architecture.build_generator(config, torch.Generator().manual_seed(0)).eval()
        path = tmp_path / f"{family}.safetensors"
        save_generator(path, generator, GeneratorFile(family, config))
        return Renderer(path, "cpu")

    return make


def test_all_families_are_tried() -> None:
    assert set(FAMILIES) == set(NETWORKS) - {"onnx_graph", "points"}  # points of the plane are no pictures to look into


@pytest.mark.parametrize("family", FAMILIES)
def test_every_layer_of_every_family_is_seen(family: str, make_renderer: MakeRenderer) -> None:
    renderer = make_renderer(family)
    before = renderer.render(RenderRequest("x", (Look(seed=3),))).pixels
    layers = list_layers(renderer, Look(seed=3))
    assert len({layer.name for layer in layers}) == len(layers) >= 2
    assert any(layer.has_maps for layer in layers) or family == "mlp"
    for layer in layers:
        found = look_into(renderer, LayerRequest("x", Look(seed=3), layer.name))
        assert found.layer == layer
        assert len(found.pixels) == len(found.channels) == len(found.ranges)
        assert (found.spectra is not None) == layer.has_maps
    after = renderer.render(RenderRequest("x", (Look(seed=3),))).pixels
    assert np.array_equal(before, after)
    assert not any(module._forward_hooks for module in renderer.generator.modules())


def test_the_maps_are_the_modules_own_and_the_rest_is_not_drawn(make_renderer: MakeRenderer) -> None:
    renderer = make_renderer("dcgan")
    own: list[torch.Tensor] = []
    late: list[str] = []
    network = renderer.generator
    handles = [
        network.get_submodule("blocks.0.0").register_forward_hook(lambda _m, _i, output: own.append(output[0].clone())),
        network.get_submodule("to_image.1").register_forward_hook(lambda *_: late.append("drawn")),
    ]
    request = LayerRequest("x", Look(seed=4, label=2), "blocks.0.0", order="first")
    found = look_into(renderer, request)
    for handle in handles:
        handle.remove()
    maps = own[0].numpy()
    assert late == []
    assert found.channels == tuple(range(8))
    assert np.allclose(found.ranges, [(m.min(), m.max()) for m in maps])
    for shown, values in zip(found.pixels[..., 0], maps, strict=True):
        expected = (values - values.min()) / (values.max() - values.min()) * 255
        assert np.abs(shown - expected).max() <= 0.51
    assert (found.mean, found.deviation) == pytest.approx((maps.mean(), maps.std()), rel=1e-5)
    common = look_into(renderer, replace(request, common_range=True))
    assert set(common.ranges) == {(float(maps.min()), float(maps.max()))}
    assert (common.pixels.min(), common.pixels.max()) == (0, 255)


def test_the_most_varied_channels_come_first_and_dead_ones_are_counted(make_renderer: MakeRenderer) -> None:
    renderer = make_renderer("dcgan")
    convolution = renderer.generator.get_submodule("blocks.0.0")
    with torch.no_grad():
        convolution.weight[:, 5] *= 100
        convolution.weight[:, [1, 2]] = 0
        if convolution.bias is not None:
            convolution.bias[[1, 2]] = 0
    found = look_into(renderer, LayerRequest("x", Look(), "blocks.0.0", count=3))
    assert len(found.channels) == 3
    assert found.channels[0] == 5
    assert not {1, 2} & set(found.channels)
    assert found.dead == 2 / 8


def test_a_layer_is_chosen_and_all_are_listed_where_that_is_asked(make_renderer: MakeRenderer) -> None:
    renderer = make_renderer("stylegan2")
    found = look_into(renderer, LayerRequest("x", Look(edits=(Edit("of another model", 2.0),)), lists_layers=True))
    assert found.layer in found.layers
    assert found.layer.has_maps
    assert look_into(renderer, LayerRequest("x", Look(), "mapping.layers.1")).pixels.shape == (1, 1, 5, 1)


def test_a_layer_that_there_is_not_is_refused(make_renderer: MakeRenderer) -> None:
    renderer = make_renderer("mlp")
    with pytest.raises(LayerViewError, match="no such layer"):
        look_into(renderer, LayerRequest("x", Look(), "blocks.99"))


def test_large_maps_are_averaged_down_and_few_are_shown(
    make_renderer: MakeRenderer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layer_view, "LARGEST_SIDE", 8)
    monkeypatch.setattr(layer_view, "MOST_PIXELS", 3 * 32 * 32)
    found = look_into(make_renderer("dcgan"), LayerRequest("x", Look(), "to_image.0.0"))
    assert found.layer.shape == (4, 32, 32)
    assert found.pixels.shape == (3, 8, 8, 1)
    assert found.spectra is not None
    assert found.spectra.frequencies[-1] == 0.5  # of the whole map
    assert found.spectra.pictures.shape == (3, 32, 32, 1)


def test_a_picture_without_noise_is_looked_into_without_it(make_renderer: MakeRenderer) -> None:
    for family in ("stylegan1", "stylegan2"):
        renderer = make_renderer(family)
        for layer in renderer.generator.get_submodule("synthesis.layers"):
            torch.nn.init.ones_(layer.noise_strength)
        request = LayerRequest("x", Look(seed=4), "synthesis.layers.2")
        with_noise = look_into(renderer, request)
        without = look_into(renderer, replace(request, look=Look(seed=4, noise=NONE)))
        for layer in renderer.generator.get_submodule("synthesis.layers"):
            torch.nn.init.zeros_(layer.noise_strength)
        plain = look_into(renderer, request)  # of a network that adds none
        assert np.allclose(sorted(without.ranges), sorted(plain.ranges), atol=1e-5)  # normalisation hides the means
        assert not np.allclose(sorted(with_noise.ranges), sorted(plain.ranges), atol=1e-2)
