"""Directions of weights, and where w enters each family."""

import numpy as np
import pytest
import torch

from ganstudio.latent.closed_form import factorise, first_weight, response_gram, style_weights
from ganstudio.networks.base import MappedGenerator
from ganstudio.networks.catalogue import NETWORKS


def normal(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def build(family: str, **values: object) -> torch.nn.Module:
    architecture = NETWORKS[family]
    config = architecture.config_type(**values)
    return architecture.build_generator(config, torch.Generator().manual_seed(0)).eval().requires_grad_(False)


STYLE_FAMILIES = {
    "stylegan1": {"resolution": 16, "z_dim": 12, "w_dim": 12, "mapping_widths": (12, 12), "widths": (8, 8, 4)},
    "stylegan2": {"resolution": 16, "z_dim": 12, "w_dim": 12, "mapping_widths": (12, 12), "widths": (8, 8, 4)},
    "stylegan3": {"resolution": 16, "z_dim": 12, "w_dim": 12, "channel_base": 256, "channel_max": 8},
    "lucidrains_stylegan2": {"resolution": 16, "z_dim": 12, "widths": (8, 8, 4)},
}


@pytest.fixture(params=STYLE_FAMILIES)
def style_generator(request: pytest.FixtureRequest) -> MappedGenerator:
    return build(request.param, **STYLE_FAMILIES[request.param])


@pytest.mark.parametrize("normalise", [True, False])
def test_factors_are_the_right_singular_vectors(normalise):
    weights = [normal(20, 6), normal(9, 6, seed=1) * 3]
    stacked = torch.cat(weights).double().numpy()
    if normalise:
        stacked = stacked / np.linalg.norm(stacked, axis=1, keepdims=True)
    _, values, rows = np.linalg.svd(stacked)
    found = factorise(weights, 4, normalise)
    assert np.allclose(found.strengths.numpy(), values[:4])
    assert np.allclose(np.abs(found.vectors.numpy() @ rows[:4].T), np.eye(4), atol=1e-9)


def test_dead_channels_are_borne_and_dead_networks_refused():
    dead = torch.cat([normal(5, 4), torch.zeros(2, 4)])
    assert torch.allclose(response_gram([dead]), response_gram([dead[:5]]))
    for weights, message in (
        ([torch.zeros(3, 4)], "all weights are zero"),
        ([], "no weights"),
        ([normal(3, 4), normal(3, 5)], "different lengths"),
        ([normal(3, 4) * torch.nan], "not finite"),
    ):
        with pytest.raises(ValueError, match=message):
            factorise(weights, 2)


def test_modulations_say_where_each_w_enters(style_generator):
    """The w of each number is changed in turn: just the styles that are told to take it may change."""
    generator = style_generator
    found = generator.modulations()
    spec = generator.spec
    assert {part.w_index for part in found} == set(range(spec.num_ws))
    seen: dict[int, torch.Tensor] = {}

    def keep(module, inputs, answer):
        seen[id(module)] = inputs[0]

    layers = [part for name, part in generator.named_modules() if "style" in name or "affine" in name
              or name.endswith((".scale", ".shift"))]  # fmt: skip
    hooks = [layer.register_forward_hook(keep) for layer in layers if hasattr(layer, "weight")]
    w_plus = torch.arange(spec.num_ws).float()[None, :, None].repeat(1, 1, spec.w_dim) / 10
    with torch.inference_mode():
        generator.synthesise(w_plus)
    for hook in hooks:
        hook.remove()
    taken = sorted(round(float(w[0, 0]) * 10) for w in seen.values())
    assert taken == sorted(part.w_index for part in found)


def test_modulations_make_the_styles_that_the_network_makes(style_generator):
    w = normal(3, style_generator.spec.w_dim)
    outputs: list[torch.Tensor] = []
    hooks = [
        part.register_forward_hook(lambda _m, _i, answer: outputs.append(answer))
        for name, part in style_generator.named_modules()
        if hasattr(part, "weight") and ("style" in name or "affine" in name or name.endswith((".scale", ".shift")))
    ]
    with torch.inference_mode():
        style_generator.synthesise(w[:, None].repeat(1, style_generator.spec.num_ws, 1))
    for hook in hooks:
        hook.remove()
    parts = style_generator.modulations()
    assert len(outputs) == len(parts)
    for part in parts:
        assert any(o.shape == (3, len(part.bias)) and torch.allclose(o, part.styles(w), atol=1e-5) for o in outputs)


def test_a_range_of_layers_takes_just_these(style_generator):
    few = style_weights(style_generator, (1, 2))
    all_of_them = style_weights(style_generator, None, colours=True)
    assert 0 < len(few) < len(all_of_them)
    with pytest.raises(ValueError, match="no layer takes"):
        style_weights(style_generator, (50, 60))


def test_the_first_layer_is_found_whatever_it_is():
    dcgan = build("dcgan", resolution=32, z_dim=6, base_channels=4, num_classes=3, class_length=5)
    assert torch.allclose(first_weight(dcgan), dcgan.stem.weight[:, :6].double(), atol=1e-5)
    mlp = build("mlp", z_dim=5, hidden=7, layers=2)
    assert torch.allclose(first_weight(mlp), mlp.hidden[0].weight.double(), atol=1e-5)
    gan = build("lightweight_gan", resolution=64, z_dim=6) if "lightweight_gan" in NETWORKS else None
    if gan is not None:
        convolution = next(part for part in gan.modules() if isinstance(part, torch.nn.ConvTranspose2d))
        assert torch.allclose(first_weight(gan), convolution.weight.flatten(1).T.double(), atol=1e-5)


def test_a_network_that_hides_where_w_enters_says_so():
    with pytest.raises(ValueError, match="does not tell"):
        style_weights(build("mlp"))
