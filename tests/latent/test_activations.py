"""Activations of layers, beside what walks and states show; the main axes of them, beside plain PCA, as sliders."""

import numpy as np
import pytest
import torch

from ganstudio.__main__ import main
from ganstudio.checkpoints.catalogue import read
from ganstudio.latent.activations import activations, mean_activations
from ganstudio.latent.discovery.base import DirectionsDiscovered, DiscoveryError, DiscoveryProgress, Task
from ganstudio.latent.discovery.catalogue import METHODS
from ganstudio.latent.discovery.main_axes import MainAxesConfig
from ganstudio.latent.pca import principal_components
from ganstudio.latent.spaces import draw_z
from ganstudio.networks.base import MappedGenerator
from ganstudio.networks.staged import walk
from ganstudio.rendering.discovered_directions import carry_discovered
from ganstudio.rendering.looks.edit import Edit
from ganstudio.rendering.looks.look import Look
from ganstudio.rendering.looks.own_direction import own_direction
from ganstudio.rendering.renderer import Renderer
from ganstudio.rendering.request import RenderRequest
from tests.checkpoints.mixing.conftest import save
from tests.networks.every_family import build, latents

NAMES = ["biggan", "dcgan", "mlp", "r3gan", "fastgan", "sequence norm", "stylegan1", "stylegan2", "stylegan3"]


@pytest.mark.parametrize("name", [*NAMES, "lucidrains_stylegan2"])
@torch.inference_mode()
def test_activations_are_the_maps_after_a_layer(name):
    generator = build(name)
    z = latents(generator)
    labels = generator.labels_in_turn(0, 2)
    for number, width in enumerate(generator.spec.feature_widths):
        maps = activations(generator, number, z, labels)
        assert maps.shape[:2] == (2, width)
        means = mean_activations(generator, number, z, labels)
        assert means.shape == (2, width)
        if name == "lucidrains_stylegan2":
            continue
        if isinstance(generator, MappedGenerator):
            expected = list(walk(generator.synthesis, generator.map(z, labels)))[number].features
        else:
            expected = [step.clone() for step in generator.walk(z, labels)][number]
        assert torch.equal(maps, expected)


@pytest.mark.parametrize("name", ["biggan", "stylegan2"])
def test_a_layer_that_is_not_there_is_refused(name):
    generator = build(name)
    with pytest.raises(ValueError, match="choose from 0 to"):
        activations(generator, 99, latents(generator))
    with pytest.raises(DiscoveryError, match="no layer of number 99"):
        list(METHODS["pca"].find(Task(generator), MainAxesConfig(layer=99)))


@pytest.mark.parametrize("name", ["biggan", "dcgan", "stylegan2"])
def test_main_axes_of_a_layer_are_those_of_plain_pca(name):
    generator, count = build(name), 200
    *progress, done = METHODS["pca"].find(Task(generator), MainAxesConfig(count=3, samples=count, layer=1))
    assert all(isinstance(event, DiscoveryProgress) for event in progress)
    assert isinstance(done, DirectionsDiscovered)
    random, parts = torch.Generator().manual_seed(0), []
    for start in range(0, count, 32):
        size = min(32, count - start)
        z = draw_z(size, generator.spec.z_dim, "normal", random)
        parts.append(activations(generator, 1, z, generator.labels_in_turn(start, size)).mean(dim=(2, 3)))
    expected = principal_components(torch.cat(parts), 3)
    for place, item in enumerate(done.found):
        direction = item.direction
        assert direction.space == "features:1"
        assert direction.deviation == pytest.approx(float(expected.deviations[place]), rel=1e-4)
        assert abs(float(direction.vector.double() @ expected.components[place])) == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize("name", ["biggan", "stylegan2"])
def test_they_become_sliders_that_move_the_picture_from_that_layer_on(tmp_path, name):
    renderer = Renderer(save(tmp_path / "model.safetensors", name), "cpu")
    *_, done = METHODS["pca"].find(Task(renderer.generator), MainAxesConfig(count=2, samples=100, layer=0))
    info, step = carry_discovered(done.found, "pca")[0]
    own = own_direction(info, step)
    assert own.info.shape(renderer.description.spec) == own.shape
    look = Look(3, label=1, edits=(Edit(own.name, 3.0),))
    moved = renderer.render(RenderRequest("x", (look,), directions=(own,))).pixels
    plain = renderer.render(RenderRequest("x", (Look(3, label=1),))).pixels
    assert (moved != plain).any()
    z, labels = renderer.latents.z_of(look), torch.tensor([1])
    before = mean_activations(renderer.generator, 0, z, labels)
    features = renderer.latents.of((look,)).steps.features
    assert torch.allclose(features[0], 3.0 * torch.from_numpy(step)[None], atol=1e-6)
    assert before.shape == features[0].shape


def test_the_command_line_finds_them_and_writes_a_model_that_carries_them(tmp_path, capsys):
    source, target = save(tmp_path / "model.safetensors", "dcgan"), tmp_path / "with.safetensors"
    words = ["directions", str(source), "--method", "pca", "--set", "layer=1,count=2,samples=60"]
    assert main([*words, "--output", str(target)]) == 0
    carried = read(target).description.directions
    assert [info.space for info in carried] == ["features:1", "features:1"]
    renderer = Renderer(target, "cpu")
    looks = (Look(1), Look(1, edits=(Edit(carried[0].name, 3.0),)))
    pixels = renderer.render(RenderRequest("x", looks)).pixels
    assert not np.array_equal(pixels[0], pixels[1])
