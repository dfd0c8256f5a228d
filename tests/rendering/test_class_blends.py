"""Blends of two classes, from the look to the picture: alone, in a grid, mixed, and with what is kept."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
import torch

from ganstudio.checkpoints.building import GeneratorFile, save_generator
from ganstudio.images import to_uint8
from ganstudio.latent.spaces import sample_z
from ganstudio.networks.catalogue import NETWORKS
from ganstudio.networks.noise import Noise
from ganstudio.rendering.looks.checking import LookError
from ganstudio.rendering.looks.look import Look
from ganstudio.rendering.looks.mixing import Mix
from ganstudio.rendering.opening import draw_fitting
from ganstudio.rendering.renderer import Renderer
from ganstudio.rendering.request import RenderRequest
from tests.networks.every_family import CONDITIONAL, build

BETWEEN = Look(3, label=0, second_label=2, label_blend=0.25)


@pytest.fixture(params=["stylegan2", "biggan", "dcgan"])
def opened(request, tmp_path):
    """A renderer of a family with classes, and its generator."""
    generator = build(request.param)
    family, values = CONDITIONAL[request.param]
    config = NETWORKS[family].make_config({**values, "num_classes": 3})
    save_generator(tmp_path / "model.safetensors", generator, GeneratorFile(family, config))
    return Renderer(tmp_path / "model.safetensors", "cpu"), generator


def one(renderer, look):
    return renderer.render(RenderRequest("x", (look,))).pixels[0].astype(int)


@torch.inference_mode()
def test_a_look_between_classes_is_the_network_given_the_weights_of_both(opened):
    renderer, generator = opened
    z = sample_z([3], generator.spec.z_dim)
    expected = to_uint8(generator(z, torch.tensor([[0.75, 0.0, 0.25]])), *generator.spec.output_range)[0]
    assert np.abs(one(renderer, BETWEEN) - expected).max() <= 1
    assert renderer.latents.of((BETWEEN,)).labels.tolist() == [[0.75, 0.0, 0.25]]


def test_a_blend_of_nothing_is_told_as_whole_classes(opened):
    renderer, _ = opened
    for look in (replace(BETWEEN, label_blend=0.0), replace(BETWEEN, second_label=None)):
        assert renderer.latents.of((look,)).labels.tolist() == [0]
        assert np.array_equal(one(renderer, look), one(renderer, Look(3, label=0)))


def test_what_is_kept_of_one_blend_is_not_taken_for_another(opened):
    renderer, _ = opened
    blends = [replace(BETWEEN, label_blend=blend) for blend in (0.25, 0.5, 1.0)]
    first = [one(renderer, look) for look in blends]
    assert all((a != b).any() for a, b in pairwise(first))
    again = [one(renderer, look) for look in blends]
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    assert np.abs(first[2] - one(renderer, Look(3, label=2))).max() <= 1


def test_a_grid_may_hold_blends_beside_whole_classes(opened):
    renderer, _ = opened
    looks = (BETWEEN, Look(3, label=1), replace(BETWEEN, label_blend=1.0), Look(4), replace(BETWEEN, seed=9))
    together = renderer.render(RenderRequest("x", looks)).pixels.astype(int)
    for look, pixels in zip(looks, together, strict=True):
        assert np.abs(pixels - one(renderer, look)).max() <= 1


def test_a_second_class_that_is_not_there_is_refused_or_left_out(opened):
    renderer, _ = opened
    wrong = replace(BETWEEN, second_label=3)
    with pytest.raises(LookError, match="second class"):
        renderer.render(RenderRequest("x", (wrong,)))
    fitted = draw_fitting(renderer, RenderRequest("x", (wrong,))).pixels[0]
    assert np.array_equal(fitted, one(renderer, Look(3, label=0)))


def test_the_second_picture_of_a_mix_may_be_a_blend_too(tmp_path):
    generator = build("stylegan2")
    family, values = CONDITIONAL["stylegan2"]
    config = NETWORKS[family].make_config({**values, "num_classes": 3})
    save_generator(tmp_path / "model.safetensors", generator, GeneratorFile(family, config))
    renderer = Renderer(tmp_path / "model.safetensors", "cpu")
    whole = Look(1, label=0, mix=Mix(BETWEEN, (1.0,) * generator.spec.num_ws))
    assert np.array_equal(one(renderer, whole), one(renderer, BETWEEN))


def test_pictures_of_many_noises_come_in_one_grid(tmp_path):
    generator = build("stylegan2")
    family, values = CONDITIONAL["stylegan2"]
    config = NETWORKS[family].make_config({**values, "num_classes": 3})
    save_generator(tmp_path / "model.safetensors", generator, GeneratorFile(family, config))
    renderer = Renderer(tmp_path / "model.safetensors", "cpu")
    assert renderer.description.spec.noise_layers == 5
    noises = [Noise(seed=1), Noise(strength=2.0), Noise(seed=1), Noise(is_on=False), Noise(layers=((2, 0.0),))]
    looks = tuple(Look(3, noise=noise) for noise in noises)
    together = renderer.render(RenderRequest("x", looks)).pixels.astype(int)
    for look, pixels in zip(looks, together, strict=True):
        assert np.abs(pixels - one(renderer, look)).max() <= 1
    assert len({pixels.tobytes() for pixels in together}) == 4
