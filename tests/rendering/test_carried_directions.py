"""Directions of other programs, carried by a checkpoint and drawn along."""

import numpy as np
import pytest
import torch

from ganstudio.__main__ import main
from ganstudio.checkpoints.base import DirectionInfo
from ganstudio.checkpoints.building import GeneratorFile, build_generator, save_generator
from ganstudio.checkpoints.catalogue import read
from ganstudio.checkpoints.latents.catalogue import read_latents
from ganstudio.networks.catalogue import NETWORKS
from ganstudio.rendering.carried_directions import carry_directions, merge
from ganstudio.rendering.looks.checking import LookError
from ganstudio.rendering.looks.edit import Edit
from ganstudio.rendering.looks.look import Look
from ganstudio.rendering.renderer import Renderer
from ganstudio.rendering.request import RenderRequest

CPU = torch.device("cpu")


@pytest.fixture
def stylegan2(tmp_path):
    architecture = NETWORKS["stylegan2"]
    config = architecture.make_config(
        {
            "resolution": 16,
            "widths": (6, 5, 4),
            "z_dim": 8,
            "w_dim": 8,
            "mapping_widths": (8, 8),
            "label_width": 8,
            "mapping_rate": 1.0,
        }
    )
    random = torch.Generator().manual_seed(1)
    generator = architecture.build_generator(config, random).eval()
    for name, tensor in generator.state_dict().items():
        if "filter" not in name:
            tensor.copy_(torch.randn(tensor.shape, generator=random) * 0.4)
    path = tmp_path / "style.safetensors"
    save_generator(path, generator, GeneratorFile("stylegan2", config))
    return path


def save_unit(path, *shape):
    values = np.random.default_rng(0).normal(size=shape)
    np.save(path, values / np.linalg.norm(values, axis=-1, keepdims=True))
    return path


def test_a_boundary_of_w_becomes_a_slider(stylegan2, tmp_path, capsys):
    boundary = save_unit(tmp_path / "model_smile_w_boundary.npy", 1, 8)
    target = tmp_path / "out.safetensors"
    assert main(["directions", str(stylegan2), "--import", str(boundary), "--output", str(target)]) == 0
    assert "smile" in capsys.readouterr().out
    checkpoint = read(target)
    [info] = checkpoint.description.directions
    assert (info.name, info.space, info.origin) == ("smile", "w", "array")
    renderer = Renderer(target)
    generator = build_generator(checkpoint, CPU)
    look = Look(seed=3, truncation=0.7, edits=(Edit("smile", 2.0),))
    w_plus = generator.truncate(generator.map(renderer.latents.z_of(look)), 0.7)
    image = generator.synthesise(w_plus + 2.0 * torch.from_numpy(checkpoint.directions["smile"]))[0]
    expected = (image.permute(1, 2, 0) * 127.5 + 128).clamp(0, 255).byte().numpy()
    drawn = renderer.render(RenderRequest(str(target), (look,))).pixels
    assert np.abs(drawn[0].astype(int) - expected).max() <= 1
    plain = RenderRequest(str(target), (Look(seed=3, truncation=0.7),))
    assert (drawn != renderer.render(plain).pixels).any()


def test_strength_one_is_one_deviation(stylegan2, tmp_path):
    generator = build_generator(read(stylegan2), CPU)
    path = save_unit(tmp_path / "x_age_w_boundary.npy", 1, 8)
    [(_, step)] = carry_directions(read_latents(path), generator)
    course = torch.from_numpy(np.load(path)[0])
    cloud = generator.map(torch.randn(4000, 8))[:, 0].double()
    assert np.linalg.norm(step) == pytest.approx(float((cloud @ course).std()), rel=0.1)
    [(_, step)] = carry_directions(read_latents(save_unit(tmp_path / "x_age_boundary.npy", 1, 8)), generator)
    assert np.linalg.norm(step) == pytest.approx(1.0, rel=0.1)


def test_only_the_layers_of_a_direction_change(stylegan2, tmp_path):
    checkpoint = read(stylegan2)
    generator = build_generator(checkpoint, CPU)
    info = DirectionInfo("top", "Top", -3.0, 3.0, None, "ganspace_edit", "w", (1, 3))
    config = NETWORKS["stylegan2"].make_config(checkpoint.config)
    path = tmp_path / "with.safetensors"
    content = GeneratorFile("stylegan2", config, directions=((info, np.ones(8, np.float32)),))
    save_generator(path, generator, content)
    assert read(path).description.directions == (info,)
    change = Renderer(path).latents.step_in_w(Look(edits=(Edit("top", 2.0),)))
    assert change[0, :, 0].tolist() == [0, 2, 2, 0, 0, 0]


def test_a_layered_direction_of_z_models_is_refused(tiny_checkpoint, tmp_path, capsys):
    path = save_unit(tmp_path / "pose.npy", 1, 10, 8)
    target = tmp_path / "out.safetensors"
    assert main(["directions", str(tiny_checkpoint), "--import", str(path), "--output", str(target)]) == 3
    assert "which this generator has not" in capsys.readouterr().err
    assert not target.exists()


def test_imported_ones_join_those_that_are_there(tiny_checkpoint, tmp_path):
    path = save_unit(tmp_path / "m_smile_boundary.npy", 1, 8)
    target = tmp_path / "out.safetensors"
    assert main(["directions", str(tiny_checkpoint), "--import", str(path), "--output", str(target)]) == 0
    assert [info.name for info in read(target).description.directions] == ["smile", "pca_1", "smile_2"]
    assert Renderer(target).latents.z_of(Look(edits=(Edit("smile_2", 1.0),))).shape == (1, 8)
    with pytest.raises(LookError):
        Renderer(target).latents.z_of(Look(edits=(Edit("nose", 1.0),)))


def test_names_stay_apart():
    one = (DirectionInfo("a", "A", -1, 1), np.zeros(2))
    assert [info.name for info, _ in merge([one], [one, one])] == ["a", "a_2", "a_3"]
