"""Networks that are walked block by block: maps of the widths they say, moved as a hook or a hand in between would."""

import pytest
import torch

from ganstudio.networks.base import MappedGenerator, last_of
from ganstudio.networks.layer_steps import LayerSteps
from tests.networks.every_family import CONDITIONAL, UNCONDITIONAL, build, latents

WALKED = [
    name for name in [*CONDITIONAL, *UNCONDITIONAL] if "stylegan" not in name or name == "lightweight_gan"
]  # StyleGANs have states instead
HOOKED = {
    "residual table": "layers.{}",
    "biggan": "layers.{}",
    "biggan deep": "layers.{}",
    "r3gan": "stages.{}",
    "sequence norm": "main.layers.{}",
    "sequence embedding": "main.layers.{}",
}


def labels_of(generator, count=2):
    return torch.arange(count) % generator.spec.num_classes if generator.spec.num_classes else None


def step_of(width, number, count=2):
    return torch.randn(count, width, generator=torch.Generator().manual_seed(number)) * 0.5


@pytest.mark.parametrize("name", WALKED)
@torch.inference_mode()
def test_the_walk_ends_with_what_forward_draws_and_has_the_widths_it_says(name):
    generator = build(name)
    assert not isinstance(generator, MappedGenerator)
    z, labels = latents(generator), labels_of(generator)
    *blocks, images = (maps.clone() for maps in generator.walk(z, labels))
    assert torch.equal(images, generator(z, labels))
    assert tuple(maps.shape[1] for maps in blocks) == generator.spec.feature_widths
    assert len(blocks) > 1


@pytest.mark.parametrize("name", WALKED)
@torch.inference_mode()
def test_a_step_moves_all_places_of_the_maps_before_what_comes_next(name):
    """By hand: the yielded maps are written to before the walk goes on."""
    generator = build(name)
    z, labels = latents(generator), labels_of(generator)
    plain = generator(z, labels)
    for number, width in enumerate(generator.spec.feature_widths):
        step = step_of(width, number)
        found = last_of(generator.walk(z, labels, LayerSteps(features={number: step})))
        expected = plain
        for place, maps in enumerate(generator.walk(z, labels)):
            if place == number:
                maps.add_(step.view(*step.shape, *[1] * (maps.ndim - 2)))
            expected = maps
        assert torch.allclose(found, expected, atol=1e-5), number
        assert not torch.equal(found, plain), number


@pytest.mark.parametrize("name", HOOKED)
@torch.inference_mode()
def test_a_step_is_what_a_forward_hook_adds(name):
    generator = build(name)
    z, labels = latents(generator), labels_of(generator)
    for number, width in enumerate(generator.spec.feature_widths):
        step = step_of(width, number)

        def add(_module, _inputs, maps, step=step):
            return maps + step.view(*step.shape, *[1] * (maps.ndim - 2))

        found = last_of(generator.walk(z, labels, LayerSteps(features={number: step})))
        handle = generator.get_submodule(HOOKED[name].format(number)).register_forward_hook(add)
        expected = generator(z, labels)
        handle.remove()
        assert torch.allclose(found, expected, atol=1e-6)


@torch.inference_mode()
def test_steps_of_several_blocks_add_up_and_each_picture_has_its_own():
    generator = build("biggan")
    z, labels = latents(generator), labels_of(generator)
    features = {number: step_of(width, number) for number, width in enumerate(generator.spec.feature_widths)}
    features[0][1] = features[1][1] = features[2][1] = 0
    found = last_of(generator.walk(z, labels, LayerSteps(features=features)))
    assert torch.allclose(found[1], generator(z, labels)[1], atol=1e-6)
    alone = last_of(generator.walk(z[:1], labels[:1], LayerSteps(features={k: s[:1] for k, s in features.items()})))
    assert torch.allclose(found[0], alone[0], atol=1e-5)
    assert not torch.allclose(found[0], generator(z, labels)[0], atol=1e-2)
