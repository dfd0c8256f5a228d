"""Steps inside a network: in style space beside changed biases, in the maps of layers beside hooks."""

import pytest
import torch

from ganstudio.networks.base import MappedGenerator
from ganstudio.networks.layer_steps import NO_STEPS, LayerSteps
from ganstudio.networks.noise import CONSTANT
from ganstudio.networks.prepared.stylegan2 import PreparedSynthesis
from ganstudio.networks.staged import draw, walk
from tests.networks.every_family import build, latents

MAPPED = ["stylegan1", "stylegan2", "stylegan3", "stylegan_xl", "lucidrains_stylegan2"]
STAGED = MAPPED[:-1]


def drawn(generator, steps=NO_STEPS, count=2):
    with torch.no_grad():
        return generator.synthesise(generator.map(latents(generator, count)), CONSTANT, steps)


def step_of(generator, count=1, seed=2):
    random = torch.Generator().manual_seed(seed)
    return torch.randn(count, generator.spec.num_styles, generator=random) * 0.3


@pytest.mark.parametrize("name", MAPPED)
def test_a_step_in_style_space_is_another_bias_of_the_affine_maps(name):
    generator, other = build(name), build(name)
    step = step_of(generator)
    parts = step[0].split(generator.spec.style_widths)
    for part, affine in zip(parts, other.affines(), strict=True):
        affine.layer.bias.add_(part)
    found, expected = drawn(generator, LayerSteps(step)), drawn(other)
    assert (found - drawn(generator)).abs().max() > 1e-3
    assert torch.allclose(found, expected, atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("name", MAPPED)
def test_each_picture_has_its_own_step(name):
    generator = build(name)
    steps = step_of(generator, 2)
    steps[1] = 0
    together = drawn(generator, LayerSteps(steps))
    assert torch.allclose(together[1], drawn(generator)[1], atol=1e-5)
    assert torch.allclose(together[0], drawn(generator, LayerSteps(steps[:1]))[0], atol=1e-5)


@pytest.mark.parametrize("name", MAPPED)
def test_styles_are_those_that_the_generator_says(name):
    generator = build(name)
    assert isinstance(generator, MappedGenerator)
    assert generator.spec.style_widths == tuple(len(part.bias) for part in generator.modulations())
    assert [part.name for part in generator.modulations()] == [affine.name for affine in generator.affines()]


@pytest.mark.parametrize("name", STAGED)
@torch.inference_mode()
def test_a_state_depends_on_the_styles_and_maps_of_its_layers_only(name):
    generator = build(name)
    synthesis, w_plus = generator.synthesis, generator.map(latents(generator, 1))
    for layers, state in enumerate(walk(synthesis, w_plus), 1):
        count = synthesis.styles_of(layers)
        later = step_of(generator)
        later[:, :count] = 0
        features = {
            number: torch.ones(1, width)
            for number, width in enumerate(generator.spec.feature_widths)
            if number >= layers
        }
        for number, moved in enumerate(walk(synthesis, w_plus, CONSTANT, LayerSteps(later, features)), 1):
            if number == layers:
                assert torch.equal(moved.features, state.features)
        if count:
            last = torch.zeros(1, generator.spec.num_styles)
            last[:, count - 1] = 1.0
            *_, moved = list(walk(synthesis, w_plus, CONSTANT, LayerSteps(last)))[:layers]
            is_image = moved.image is not None and (moved.image != state.image).any()
            assert (moved.features != state.features).any() or is_image


@pytest.mark.parametrize("architecture", ["skip", "resnet", "orig"])
@torch.inference_mode()
def test_the_prepared_form_takes_the_same_steps(architecture):
    generator = build("stylegan2", architecture=architecture)
    w_plus = generator.map(latents(generator))
    steps = LayerSteps(step_of(generator, 2), {1: torch.randn(2, 4), 2: torch.randn(2, 4), 4: torch.randn(2, 3)})
    expected = draw(generator.synthesis, w_plus, CONSTANT, steps)
    found = draw(PreparedSynthesis(generator.synthesis), w_plus, CONSTANT, steps)
    assert (found - expected).abs().max() < 2e-5 * expected.abs().max()


@pytest.mark.parametrize("name", STAGED)
@torch.inference_mode()
def test_maps_move_at_all_places_after_a_layer(name):
    """The slow way: a hook on the layer."""
    generator = build(name)
    widths = generator.spec.feature_widths
    for number in range(len(widths)):
        step = torch.randn(2, widths[number], generator=torch.Generator().manual_seed(number))
        found = drawn(generator, LayerSteps(features={number: step}))
        layer = generator.synthesis.layers[number]
        handle = layer.register_forward_hook(lambda _m, _i, maps, step=step: maps + step[:, :, None, None])
        expected = drawn(generator)
        handle.remove()
        assert torch.allclose(found, expected, atol=1e-5)
        assert (found - drawn(generator)).abs().max() > 1e-4


def test_steps_agree_only_where_they_are_the_same():
    one = LayerSteps(torch.ones(1, 4), {2: torch.ones(1, 3)})
    assert one.agrees(LayerSteps(torch.ones(1, 4), {2: torch.ones(1, 3)}))
    assert not one.agrees(LayerSteps(torch.ones(1, 4)))
    assert not one.agrees(LayerSteps(None, {2: torch.ones(1, 3)}))
    assert not one.agrees(LayerSteps(torch.zeros(1, 4), {2: torch.ones(1, 3)}))
    assert not one.agrees(LayerSteps(torch.ones(1, 4), {2: torch.zeros(1, 3)}))
    assert one.first(2, 3).agrees(LayerSteps(torch.ones(1, 3)))
    assert one.first(0, 0).agrees(NO_STEPS)
    assert LayerSteps(torch.tensor([[0.0, 0.0, 1.0]])).first(1, 2).agrees(NO_STEPS)
