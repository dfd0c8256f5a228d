"""rosinality's first StyleGAN: scaled, turned and cut to the resolution it had grown to."""

import math

import numpy as np
import pytest
import torch

from ganstudio.checkpoints.base import CheckpointError
from ganstudio.checkpoints.building import build_generator
from ganstudio.checkpoints.formats.rosinality_stylegan1 import FirstRosinalityFormat
from ganstudio.checkpoints.tree import TensorData
from tests.checkpoints.nvlabs_files import opened
from tests.networks.test_stylegan1 import build

FORMAT = FirstRosinalityFormat()
THEIRS = {"z_dim": 7, "mapping_widths": (7, 7), "mapping_rate": 1.0, "epsilon": 1e-5, "bias_before_filter": True}


def theirs():
    generator, _ = build(**THEIRS, has_noise=False)
    generator.synthesis.layers[0].bias.zero_()
    return generator


def state_of(generator, fused_from=2):
    """The names and shapes of the format, with one more resolution that training never reached."""
    ours = {name: tensor.numpy() for name, tensor in generator.state_dict().items()}
    state = {}
    for index in range(2):
        state[f"style.{2 * index + 1}.linear.weight_orig"] = ours[f"mapping.layers.{index}.weight"]
        state[f"style.{2 * index + 1}.linear.bias"] = ours[f"mapping.layers.{index}.bias"] * math.sqrt(2)
    state["generator.progression.0.conv1.input"] = ours["synthesis.constant"][None]
    for layer in range(6):
        level, block = layer // 2, f"generator.progression.{layer // 2}"
        name, number = f"synthesis.layers.{layer}", layer % 2 + 1
        for part, scale in (("weight", 1 / math.sqrt(2)), ("bias", 1)):
            values = np.concatenate([ours[f"{name}.scale.{part}"], ours[f"{name}.shift.{part}"]]) * np.float32(scale)
            state[f"{block}.adain{number}.style.linear.{'weight_orig' if part == 'weight' else part}"] = values
        if number == 2:
            state[f"{block}.conv2.conv.weight_orig"] = ours[f"{name}.weight"]
            state[f"{block}.conv2.conv.bias"] = ours[f"{name}.bias"]
        elif level >= fused_from:
            state[f"{block}.conv1.0.weight"] = ours[f"{name}.weight"].transpose(1, 0, 2, 3)[:, :, ::-1, ::-1] * 4
            state[f"{block}.conv1.0.bias"] = ours[f"{name}.bias"]
        elif level:
            state[f"{block}.conv1.1.conv.weight_orig"] = ours[f"{name}.weight"]
            state[f"{block}.conv1.1.conv.bias"] = ours[f"{name}.bias"]
            state[f"{block}.conv1.2.weight"] = np.repeat(ours["synthesis.filter"][None, None], 4, axis=0)
        state[f"{block}.noise{number}.weight_orig"] = np.ones((1, 4, 1, 1))
    for level in range(4):
        width = (5, 4, 3, 2)[level]
        state[f"generator.to_rgb.{level}.conv.weight_orig"] = np.ones((3, width, 1, 1))
        state[f"generator.to_rgb.{level}.conv.bias"] = np.full(3, 0.1) if level < 3 else np.zeros(3)
    state["generator.to_rgb.2.conv.weight_orig"] = ours["synthesis.colours.weight"] / np.float32(math.sqrt(2))
    state["generator.to_rgb.2.conv.bias"] = ours["synthesis.colours.bias"]
    return {name: TensorData.of(np.asarray(values, np.float32)) for name, values in state.items()}


def file_of(tree, tmp_path):
    return opened(tree, tmp_path / "train.model")


@pytest.mark.parametrize("wrapped", [True, False])
@pytest.mark.parametrize("fused_from", [2, 9])
def test_a_generator_comes_back_as_it_was(tmp_path, wrapped, fused_from):
    generator = theirs()
    state = state_of(generator, fused_from)
    file = file_of({"generator": state_of(theirs()), "g_running": state} if wrapped else state, tmp_path)
    assert FORMAT.detect(file)
    description = FORMAT.describe(file, {})
    assert description.spec == generator.spec
    assert description.facts["drawn with"] == ("g_running" if wrapped else "generator")
    assert len(description.warnings) == 2
    again = build_generator(FORMAT.read(file, {}), torch.device("cpu"))
    z = torch.randn(2, 7, generator=torch.Generator().manual_seed(0))
    expected = generator(z)
    assert float((again(z) - expected).abs().max() / expected.abs().max()) < 1e-5
    many = torch.from_numpy(np.random.RandomState(0).randn(4096, 7).astype(np.float32))
    assert torch.allclose(again.mean_w, generator.map(many)[:, 0].mean(0), atol=1e-5)


def test_the_resolution_can_be_said(tmp_path):
    file = file_of(state_of(theirs()), tmp_path)
    assert FORMAT.describe(file, {"resolution": "8"}).spec.resolution == 8
    for wrong in ("64", "nonsense"):
        with pytest.raises(CheckpointError, match="choose of 4, 8, 16, 32"):
            FORMAT.describe(file, {"resolution": wrong})


@pytest.mark.parametrize("name", ["generator.progression.1.conv2.conv.weight_orig", "style.3.linear.bias"])
@pytest.mark.parametrize("shape", [None, (2, 2), ()])
def test_what_does_not_fit_is_refused(tmp_path, name, shape):
    state = state_of(theirs())
    if shape is None:
        del state[name]
    else:
        state[name] = TensorData.of(np.zeros(shape, np.float32))
    with pytest.raises(CheckpointError):
        FORMAT.describe(file_of(state, tmp_path), {})


def test_other_files_are_left_to_other_formats(tmp_path):
    assert not FORMAT.detect(file_of({"style.1.linear.weight_orig": TensorData.of(np.zeros(2))}, tmp_path))
