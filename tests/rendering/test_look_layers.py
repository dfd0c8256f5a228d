"""Edits inside the network: style space, single channels, layers' maps; kept pictures equal fresh ones to the bit."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from ganstudio.checkpoints.base import CheckpointError, DirectionInfo
from ganstudio.checkpoints.building import GeneratorFile, replace_directions, save_generator
from ganstudio.checkpoints.catalogue import read
from ganstudio.checkpoints.latents.catalogue import read_latents
from ganstudio.checkpoints.latents.exporting import DirectionExportError, export_directions
from ganstudio.images import to_uint8
from ganstudio.latent.channels import style_space
from ganstudio.latent.clouds import latent_cloud
from ganstudio.networks.catalogue import NETWORKS
from ganstudio.networks.layer_steps import NO_STEPS, LayerSteps
from ganstudio.networks.noise import CONSTANT
from ganstudio.rendering.carried_directions import carry_directions
from ganstudio.rendering.looks.checking import LookError
from ganstudio.rendering.looks.edit import Edit
from ganstudio.rendering.looks.look import Look
from ganstudio.rendering.looks.mixing import Mix
from ganstudio.rendering.looks.own_direction import OwnDirection, own_direction
from ganstudio.rendering.looks.single_number import single_number
from ganstudio.rendering.opening import draw_fitting
from ganstudio.rendering.renderer import Renderer
from ganstudio.rendering.request import RenderRequest
from tests.networks.every_family import CONDITIONAL, UNCONDITIONAL, build

MAPPED = ["stylegan1", "stylegan2", "stylegan3", "lucidrains_stylegan2"]


def save(path, name, directions=(), **values):
    generator = build(name, **values)
    family, own = {**CONDITIONAL, **UNCONDITIONAL}[name]
    more = {"num_classes": 3} if name in CONDITIONAL else {}
    config = NETWORKS[family].make_config({**own, **more, **values})
    save_generator(path, generator, GeneratorFile(family, config, directions=tuple(directions)))
    return path


def style_direction(spec, seed=0, layers=None) -> OwnDirection:
    vector = np.random.default_rng(seed).normal(size=spec.num_styles).astype(np.float32) * 0.2
    return own_direction(DirectionInfo(f"style {seed}", "Style", -5, 5, space="style", layers=layers), vector)


@pytest.fixture(params=MAPPED)
def renderer(request, tmp_path):
    return Renderer(save(tmp_path / "model.safetensors", request.param), "cpu")


def one(renderer, look, *own):
    return renderer.render(RenderRequest("x", (look,), directions=own)).pixels[0].astype(int)


@torch.inference_mode()
def expected(renderer, look, steps):
    generator = renderer.generator
    latents = renderer.latents.of((replace(look, edits=()),))
    return to_uint8(generator.synthesise(latents.w_plus, CONSTANT, steps), *generator.spec.output_range)[0].astype(int)


def test_an_edit_in_style_space_adds_its_step(renderer):
    own = style_direction(renderer.generator.spec)
    look = Look(2, edits=(Edit(own.name, 1.5),))
    steps = LayerSteps(1.5 * torch.from_numpy(own.step.copy())[None])
    assert np.abs(one(renderer, look, own) - expected(renderer, look, steps)).max() <= 1
    assert (one(renderer, look, own) != one(renderer, Look(2))).any()


def test_edits_in_style_space_add_up_and_keep_to_their_layers(renderer):
    spec = renderer.generator.spec
    first, second = style_direction(spec, 0), style_direction(spec, 1, layers=(1, 3))
    look = Look(2, edits=(Edit(first.name, 1.0, layers=(0, 1)), Edit(second.name, -2.0)))
    indices = torch.cat([torch.full((a.channels,), a.w_index) for a in renderer.generator.affines()])
    step = torch.from_numpy(first.step.copy()) * (indices == 0)
    step = step - 2 * torch.from_numpy(second.step.copy()) * ((indices >= 1) & (indices < 3))
    assert np.abs(one(renderer, look, first, second) - expected(renderer, look, LayerSteps(step[None]))).max() <= 1


def test_a_single_channel_moves_by_its_own_deviation(renderer):
    generator = renderer.generator
    spec = generator.spec
    number = single_number("style:2:1", spec)
    assert number.name == "style:2:1"
    assert number.place(spec) == sum(spec.style_widths[:2]) + 1
    deviation = style_space(generator, latent_cloud(generator, "w", 1000))[2].std(0, correction=0)[1]
    step = torch.zeros(1, spec.num_styles)
    step[0, number.place(spec)] = 2.0 * float(deviation)
    look = Look(2, edits=(Edit("style:2:1", 2.0),))
    assert torch.allclose(renderer.latents.of((look,)).steps.styles, step, rtol=1e-5)
    assert np.abs(one(renderer, look) - expected(renderer, look, LayerSteps(step))).max() <= 1


@pytest.mark.parametrize(
    "name", ["style:0", "style:99:0", "style:0:999", "style:0:01", "style:a:1", "style::1", "w:1:1"]
)
def test_channels_that_are_not_there_are_no_directions(renderer, name):
    assert single_number(name, renderer.generator.spec) is None
    with pytest.raises(LookError, match="no such direction"):
        one(renderer, Look(edits=(Edit(name, 1.0),)))
    assert np.array_equal(
        draw_fitting(renderer, RenderRequest("x", (Look(edits=(Edit(name, 1.0),)),))).pixels[0], one(renderer, Look())
    )


def test_looks_with_and_without_steps_come_in_one_grid(renderer):
    own = style_direction(renderer.generator.spec)
    looks = (Look(1), Look(2, edits=(Edit(own.name, 1.0),)), Look(3, edits=(Edit("style:1:0", 3.0),)), Look(4))
    together = renderer.render(RenderRequest("x", looks, directions=(own,))).pixels.astype(int)
    for look, pixels in zip(looks, together, strict=True):
        assert np.abs(pixels - one(renderer, look, own)).max() <= 1


def test_a_mix_takes_the_steps_of_the_second_picture_with_its_styles(renderer):
    spec = renderer.generator.spec
    own = style_direction(spec)
    second = Look(5, edits=(Edit(own.name, 1.0), Edit("style:1:0", 2.0)))
    whole = Look(1, edits=(Edit("style:0:0", 2.0),), mix=Mix(second, (1.0,) * spec.num_ws))
    assert np.abs(one(renderer, whole, own) - one(renderer, second, own)).max() <= 1
    none = replace(whole, mix=Mix(second, (0.0,) * spec.num_ws))
    assert np.array_equal(one(renderer, none, own), one(renderer, replace(whole, mix=None), own))
    half = replace(whole, mix=Mix(second, (0.0, 1.0)))
    steps = renderer.latents.of((half,)).steps.styles[0]
    indices = torch.cat([torch.full((a.channels,), a.w_index) for a in renderer.generator.affines()])
    alone, other = (renderer.latents.of((look,)).steps.styles[0] for look in (replace(whole, mix=None), second))
    assert torch.allclose(steps, torch.where(indices == 1, other, alone), atol=1e-6)


@pytest.mark.parametrize("name", ["stylegan1", "stylegan2", "stylegan3"])
def test_what_is_kept_gives_the_same_picture_to_the_bit(tmp_path, name):
    path = save(tmp_path / "model.safetensors", name)
    kept, random = Renderer(path, "cpu"), np.random.default_rng(0)
    own = style_direction(kept.generator.spec)
    for _ in range(40):
        edits = [Edit(own.name, float(random.normal()))] if random.random() < 0.3 else []
        layer = int(random.integers(len(kept.generator.spec.style_widths)))
        edits += [Edit(f"style:{layer}:0", float(random.integers(-2, 3)))] if random.random() < 0.8 else []
        look = Look(int(random.integers(2)), edits=tuple(edits))
        fresh = Renderer(path, "cpu")
        assert np.array_equal(one(kept, look, own), one(fresh, look, own))
        kept._finished.clear()  # the picture itself must not be what is compared


def test_a_step_of_late_styles_leaves_the_first_layers_as_they_are(tmp_path):
    renderer = Renderer(save(tmp_path / "model.safetensors", "stylegan2"), "cpu")
    count = len(renderer.generator.spec.style_widths)

    def layers_done(look):
        return sum(step is None for step in renderer.draw(RenderRequest("x", (look,))))

    everything = layers_done(Look(1))
    assert layers_done(Look(1, edits=(Edit(f"style:{count - 1}:0", 1.0),))) == 1
    assert layers_done(Look(1, edits=(Edit("style:0:0", 1.0),))) == everything


def test_a_checkpoint_may_carry_directions_of_style_space(tmp_path):
    spec = build("stylegan2").spec
    vector = np.linspace(-1, 1, spec.num_styles).astype(np.float32)
    info = DirectionInfo("s", "S", -3, 3, space="style")
    path = save(tmp_path / "model.safetensors", "stylegan2", [(info, vector)])
    renderer = Renderer(path, "cpu")
    steps = LayerSteps(torch.from_numpy(vector)[None])
    look = Look(1, edits=(Edit("s", 1.0),))
    assert np.abs(one(renderer, look) - expected(renderer, look, steps)).max() <= 1
    again = tmp_path / "again.safetensors"
    replace_directions(again, read(path), [(info, vector)])
    assert np.array_equal(one(Renderer(again, "cpu"), look), one(renderer, look))
    replace_directions(again, read(path), [(info, vector[:-1])])
    with pytest.raises(CheckpointError, match="does not fit"):
        Renderer(again, "cpu")


def test_a_model_without_styles_has_none_of_this(tmp_path):
    renderer = Renderer(save(tmp_path / "model.safetensors", "mlp"), "cpu")
    assert renderer.generator.spec.num_styles == 0
    assert renderer.latents.of((Look(),)).steps is NO_STEPS
    assert DirectionInfo("s", "S", -1, 1, space="style").shape(renderer.generator.spec) is None


def test_directions_inside_the_network_go_through_our_own_files(tmp_path):
    path = save(tmp_path / "model.safetensors", "stylegan2")
    renderer = Renderer(path, "cpu")
    spec, random = renderer.description.spec, np.random.default_rng(0)
    infos = [
        DirectionInfo("s", "S", -3, 3, space="style", layers=(1, 3)),
        DirectionInfo("f", "F", -3, 3, space="features:2"),
    ]
    pairs = [(info, random.normal(size=info.shape(spec)).astype(np.float32)) for info in infos]
    export_directions(tmp_path / "own.safetensors", pairs, "ganstudio")
    carried = carry_directions(read_latents(tmp_path / "own.safetensors"), renderer.generator)
    assert [info for info, _ in carried] == infos
    assert all(np.array_equal(step, wanted) for (_, step), (_, wanted) in zip(carried, pairs, strict=True))
    other = Renderer(save(tmp_path / "other.safetensors", "stylegan2", widths=(5, 4, 4)), "cpu")
    fitting = carry_directions(read_latents(tmp_path / "own.safetensors"), other.generator)
    assert [info.name for info, _ in fitting] == ["f"]  # its layer is as wide there
    export_directions(tmp_path / "style.safetensors", pairs[:1], "ganstudio")
    with pytest.raises(CheckpointError, match="do not fit"):
        carry_directions(read_latents(tmp_path / "style.safetensors"), other.generator)
    with pytest.raises(DirectionExportError, match="z or w"):
        export_directions(tmp_path / "theirs.npy", pairs)
