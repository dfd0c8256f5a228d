"""rosinality's files: found under any prefix, drawn as they were, written for others, and what does not fit refused."""

import numpy as np
import pytest
import torch

from ganstudio.checkpoints.base import CheckpointError
from ganstudio.checkpoints.building import build_generator
from ganstudio.checkpoints.formats.rosinality import RosinalityFormat
from ganstudio.checkpoints.layouts.rosinality import MEAN_LATENTS
from ganstudio.checkpoints.layouts.writing_rosinality import rosinality_state, write_rosinality
from ganstudio.checkpoints.tree import Record, TensorData
from ganstudio.latent.spaces import sample_z
from ganstudio.networks.catalogue import NETWORKS
from ganstudio.networks.noise import NONE
from tests.checkpoints.nvlabs_files import opened
from tests.networks.test_stylegan2 import build

FORMAT = RosinalityFormat()
THEIRS = {"z_dim": 7, "mapping_widths": (7, 7), "scaled_demodulation": True}


def theirs(**values):
    return build(**{**THEIRS, **values})[0]


def leaves(state):
    return {name: TensorData.of(tensor.numpy()) for name, tensor in state.items()}


def state_of(generator, tmp_path):
    return leaves(rosinality_state(tmp_path / "x.pt", generator))


def file_of(tree, tmp_path):
    return opened(tree, tmp_path / "550000.pt")


def rebuilt(file):
    return build_generator(FORMAT.read(file, {}), torch.device("cpu"))


def assert_draws_the_same(left, right, truncation=1.0):
    z = torch.randn(2, 7, generator=torch.Generator().manual_seed(0))
    expected = right.synthesise(right.map(z, truncation=truncation))
    found = left.synthesise(left.map(z, truncation=truncation))
    assert float((found - expected).abs().max() / expected.abs().max()) < 1e-6


def average(generator):
    return TensorData.of(generator.mean_w.numpy())


@pytest.mark.parametrize("wrapping", ["converted", "bare", "module", "e4e", "training"])
def test_every_wrapping_is_found(tmp_path, wrapping):
    generator = theirs()
    state, mean = state_of(generator, tmp_path), average(generator)
    tree = {
        "converted": {"g_ema": state, "latent_avg": mean},
        "bare": {**state, "latent_avg": mean},
        "module": {"g_ema": {f"module.{name}": tensor for name, tensor in state.items()}, "latent_avg": mean},
        "e4e": {
            "state_dict": {f"decoder.{name}": tensor for name, tensor in state.items()},
            "latent_avg": TensorData.of(np.repeat(generator.mean_w.numpy()[None], 6, axis=0)),
            "opts": {"stylegan_size": 16},
        },
        "training": {
            "g": state_of(theirs(resolution=8, widths=(5, 4)), tmp_path),
            "g_ema": state,
            "d": leaves({"final_conv.0.weight": torch.zeros(2), "final_linear.1.weight": torch.zeros(3),
                         "convs.0.0.weight": torch.zeros(1)}),
            "args": Record("argparse.Namespace", (), {"iter": 800_000, "batch": 16, "path": "x"}),
            "latent_avg": mean,
        },
    }[wrapping]  # fmt: skip
    file = file_of(tree, tmp_path)
    assert FORMAT.detect(file)
    description = FORMAT.describe(file, {})
    assert description.spec == generator.spec
    assert not description.warnings
    assert_draws_the_same(rebuilt(file), generator, 0.6)
    if wrapping == "training":
        assert description.facts["planned steps"] == 800_000
        assert {name: part.role for name, part in description.components.items()} == {
            "g_ema": "generator",
            "g": "generator",
            "d": "discriminator",
        }


def test_the_names_and_shapes_are_the_formats_own(tmp_path):
    shapes = {name: tuple(tensor.shape) for name, tensor in rosinality_state(tmp_path / "x.pt", theirs()).items()}
    some = {
        "style.1.weight": (7, 7),
        "input.input": (1, 5, 4, 4),
        "conv1.conv.weight": (1, 5, 5, 3, 3),
        "conv1.noise.weight": (1,),
        "conv1.activate.bias": (5,),
        "convs.0.conv.weight": (1, 4, 5, 3, 3),
        "convs.0.conv.blur.kernel": (4, 4),
        "convs.3.conv.modulation.bias": (3,),
        "to_rgb1.conv.weight": (1, 3, 5, 1, 1),
        "to_rgbs.1.bias": (1, 3, 1, 1),
        "to_rgbs.1.upsample.kernel": (4, 4),
        "noises.noise_3": (1, 1, 16, 16),
    }
    assert {name: shapes[name] for name in some} == some
    assert len(shapes) == 2 * 2 + 1 + 5 * 6 + 3 * 4 + 2 * 2


def test_a_mean_that_is_not_kept_is_made_by_the_stated_rule(tmp_path):
    generator = theirs()
    file = file_of({"g_ema": state_of(generator, tmp_path)}, tmp_path)
    assert "no mean w" in FORMAT.describe(file, {}).warnings[0]
    z = torch.from_numpy(np.random.RandomState(0).randn(MEAN_LATENTS, 7).astype(np.float32))
    assert torch.allclose(rebuilt(file).mean_w, generator.map(z)[:, 0].mean(0), atol=1e-5)


def test_without_kept_noise_pictures_have_none(tmp_path):
    generator = theirs()
    state = {name: part for name, part in state_of(generator, tmp_path).items() if not name.startswith("noises.")}
    file = file_of({"g_ema": state, "latent_avg": average(generator)}, tmp_path)
    assert "no noise" in FORMAT.describe(file, {}).warnings[0]
    w_plus = generator.map(sample_z([0], 7))
    assert torch.allclose(rebuilt(file).synthesise(w_plus), generator.synthesise(w_plus, NONE), atol=1e-5)


def test_a_written_file_is_what_torch_reads(tmp_path):
    generator = theirs(has_noise=False)
    write_rosinality(tmp_path / "out.pt", generator)
    content = torch.load(tmp_path / "out.pt", weights_only=True)
    assert set(content) == {"g_ema", "latent_avg"}
    file = file_of({"g_ema": leaves(content["g_ema"]), "latent_avg": average(generator)}, tmp_path)
    assert_draws_the_same(rebuilt(file), generator)


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"num_classes": 2}, "classes"),
        ({"channels": 1}, "grey"),
        ({"architecture": "resnet"}, "resnet"),
        ({"z_dim": 6}, "another length"),
        ({"mapping_widths": (9, 7)}, "several widths"),
        ({"mapping_rate": 1.0}, "rate"),
        ({"activation": "relu"}, "activations"),
    ],
)
def test_what_the_format_cannot_hold_is_not_written(tmp_path, values, reason):
    with pytest.raises(CheckpointError, match=reason):
        write_rosinality(tmp_path / "out.pt", theirs(**values))
    assert not (tmp_path / "out.pt").exists()


def test_other_networks_are_not_written(tmp_path):
    architecture = NETWORKS["mlp"]
    generator = architecture.build_generator(architecture.config_type(), torch.Generator())
    with pytest.raises(CheckpointError, match="StyleGAN2"):
        write_rosinality(tmp_path / "out.pt", generator)


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("convs.0.conv.weight", None),
        ("convs.0.conv.weight", (1, 4, 6, 3, 3)),
        ("convs.0.conv.weight", (2, 4, 5, 3, 3)),
        ("convs.1.activate.bias", (9,)),
        ("to_rgbs.1.bias", None),
        ("to_rgb1.conv.weight", (1, 4, 5, 1, 1)),
        ("noises.noise_2", (1, 1, 4, 4)),
        ("input.input", (1, 5, 2, 2)),
        ("style.2.weight", (7, 8)),
        ("to_rgbs.0.upsample.kernel", None),
        ("something.else", (3,)),
    ],
)
def test_what_does_not_fit_is_refused(tmp_path, name, shape):
    generator = theirs()
    state = state_of(generator, tmp_path)
    if shape is None:
        del state[name]
    else:
        state[name] = TensorData.of(np.zeros(shape, np.float32))
    with pytest.raises(CheckpointError) as refused:
        rebuilt(file_of({"g_ema": state, "latent_avg": average(generator)}, tmp_path))
    assert len(refused.value.message) <= 400


@pytest.mark.parametrize("shape", [(8,), (0, 7), (6, 6, 7)])
def test_a_mean_of_another_length_is_refused(tmp_path, shape):
    state = state_of(theirs(), tmp_path)
    with pytest.raises(CheckpointError):
        rebuilt(file_of({"g_ema": state, "latent_avg": TensorData.of(np.zeros(shape, np.float32))}, tmp_path))


def test_other_files_are_left_to_other_formats(tmp_path):
    for tree in ({"g_ema": {"a.weight": TensorData.of(np.zeros(2))}}, [1], {"input.input": TensorData.of(np.zeros(2))}):
        assert not FORMAT.detect(file_of(tree, tmp_path))
