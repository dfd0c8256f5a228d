"""TensorFlow's files: renamed, turned and shifted into ours; what does not fit is refused."""

import numpy as np
import pytest
import torch

from ganstudio.checkpoints.base import CheckpointError
from ganstudio.checkpoints.building import build_generator
from ganstudio.checkpoints.formats.tensorflow import TensorFlowFormat
from ganstudio.checkpoints.tree import Record, TensorData
from tests.checkpoints.nvlabs_files import opened
from tests.checkpoints.tensorflow_files import discriminator, network, stylegan1_generator, stylegan2_generator
from tests.networks.test_stylegan1 import build as build_first
from tests.networks.test_stylegan2 import build

FORMAT = TensorFlowFormat()


def file_of(tree, tmp_path):
    return opened(tree, tmp_path / "network.pkl")


def rebuilt(file):
    return build_generator(FORMAT.read(file, {}), torch.device("cpu"))


def relative_error(found, expected):
    return float((found - expected).abs().max() / expected.abs().max())


@pytest.mark.parametrize("architecture", ["orig", "skip", "resnet"])
@pytest.mark.parametrize(
    "values",
    [
        {},
        {"num_classes": 3, "channels": 1, "clamp": 0.5, "label_width": 6},
        {"num_classes": 3, "label_bias": False, "label_width": 6},
        {"has_noise": False, "mapping_rate": 0.5, "normalise_z": False},
    ],
)
def test_a_generator_comes_back_as_it_was(tmp_path, architecture, values):
    generator, config = build(architecture=architecture, scaled_demodulation=True, **values)
    settings = {
        "conv_clamp": config.clamp or None,
        "mapping_lrmul": config.mapping_rate,
        "normalize_latents": config.normalise_z,
    }
    averaged = stylegan2_generator(generator, **settings)
    other = stylegan2_generator(build(resolution=8, widths=(5, 4))[0])
    file = file_of((other, discriminator(), averaged), tmp_path)
    assert FORMAT.detect(file)
    description = FORMAT.describe(file, {})
    assert description.spec == generator.spec
    assert {name: part.role for name, part in description.components.items()} == {
        "G": "generator",
        "D": "discriminator",
        "Gs": "generator",
    }
    again = rebuilt(file)
    z = torch.randn(2, 6, generator=torch.Generator().manual_seed(0))
    labels = torch.tensor([1, 2]) if config.num_classes else None
    assert relative_error(again(z, labels), generator(z, labels)) < 1e-5
    assert torch.equal(again.mean_w, generator.mean_w)


def test_colours_of_the_revised_stylegan_are_those_of_the_last_maps(tmp_path):
    generator, _ = build(architecture="orig", scaled_demodulation=True)
    file = file_of(stylegan2_generator(generator, old_colours=True), tmp_path)
    z = torch.randn(2, 6, generator=torch.Generator().manual_seed(0))
    assert relative_error(rebuilt(file)(z), generator(z)) < 1e-5


@pytest.mark.parametrize("taps", [[1, 2, 1], [1, 1], None])
def test_other_filters_are_taken_from_the_settings(tmp_path, taps):
    generator, _ = build()
    file = file_of(stylegan2_generator(generator, resample_kernel=taps), tmp_path)
    assert len(rebuilt(file).synthesis.filter) == len(taps or [1, 1])


def test_tensors_have_the_names_of_the_file(tmp_path):
    generator, _ = build()
    tensors = FORMAT.read(file_of(stylegan2_generator(generator), tmp_path), {}).tensors
    assert {"Gs/synthesis/4x4/Const/const", "Gs/mapping/Dense0/weight", "Gs/dlatent_avg"} <= set(tensors)
    assert tensors["Gs/mapping/Dense0/weight"].shape == (6, 9)


@pytest.mark.parametrize(
    "values", [{}, {"num_classes": 3, "channels": 1}, {"has_noise": False, "normalise_z": False, "mapping_rate": 0.3}]
)
@pytest.mark.parametrize(("fused_scale", "fused_from"), [("auto", 128), (True, 4), (False, 9999)])
def test_the_first_stylegan_comes_back_as_it_was(tmp_path, values, fused_scale, fused_from):
    generator, config = build_first(**values)
    settings = {
        "fused_scale": fused_scale,
        "mapping_lrmul": config.mapping_rate,
        "normalize_latents": config.normalise_z,
    }
    averaged = stylegan1_generator(generator, fused_from, **settings)
    file = file_of((averaged, discriminator(), averaged), tmp_path)
    description = FORMAT.describe(file, {})
    assert description.family == "stylegan1"
    assert description.spec == generator.spec
    assert not description.warnings
    z = torch.randn(2, 6, generator=torch.Generator().manual_seed(0))
    labels = torch.tensor([1, 2]) if config.num_classes else None
    assert relative_error(rebuilt(file)(z, labels), generator(z, labels)) < 1e-5


def test_a_first_stylegan_that_had_not_grown_up_is_said_to(tmp_path):
    file = file_of(stylegan1_generator(build_first()[0], lod=2.5), tmp_path)
    assert "not yet grown" in FORMAT.describe(file, {}).warnings[0]


@pytest.mark.parametrize("settings", [{"use_pixel_norm": True}, {"use_wscale": False}, {"nonlinearity": "relu"}])
def test_first_stylegans_of_unusual_kinds_are_refused(tmp_path, settings):
    with pytest.raises(CheckpointError, match="unusual"):
        FORMAT.describe(file_of(stylegan1_generator(build_first()[0], **settings), tmp_path), {})


@pytest.mark.parametrize("name", ["8x8/Conv1/weight", "8x8/Conv0_up/StyleMod/bias", "ToRGB_lod0/bias", "noise3"])
@pytest.mark.parametrize("shape", [None, (3, 3), (1, 1, 2, 2)])
def test_first_stylegans_whose_parts_do_not_fit_are_refused(tmp_path, name, shape):
    record = stylegan1_generator(build_first()[0])
    variables = variables_of(record, "synthesis")
    variables[:] = [pair for pair in variables if pair[0] != name]
    if shape is not None:
        variables.append((name, TensorData.of(np.zeros(shape, "f4"))))
    with pytest.raises(CheckpointError):
        rebuilt(file_of(record, tmp_path))


def variables_of(record, part):
    return record.state["components"].items[part].state["variables"]


def break_missing(record):
    variables = variables_of(record, "synthesis")
    variables[:] = [pair for pair in variables if pair[0] != "8x8/Conv1/bias"]


def break_shape(record):
    variables_of(record, "synthesis").append(("8x8/Conv1/weight", TensorData.of(np.zeros((3, 3, 9, 4), "f4"))))


def break_rank(record):
    variables_of(record, "synthesis").append(("8x8/Conv1/weight", TensorData.of(np.zeros(3, "f4"))))


def break_resolution(record):
    variables_of(record, "synthesis").append(("12x12/Conv1/weight", TensorData.of(np.zeros((3, 3, 4, 4), "f4"))))


def break_mean(record):
    record.state["variables"] = []


def break_pairs(record):
    variables_of(record, "mapping").append(("only a name",))


def break_part(record):
    record.state["components"].items["mapping"] = Record("x.Y", (), None)


def break_family(record):
    variables_of(record, "synthesis").clear()


def break_numbers(record):
    variables_of(record, "synthesis").append(("4x4/Conv/bias", TensorData.of(np.full(5, np.inf, "f4"))))


def break_settings(record):
    record.state["static_kwargs"].items["nonlinearity"] = "unheard of"


def break_nesting(record):
    part = record.state["components"].items["mapping"]
    for _ in range(20):
        inner = network("x", "x", {"a": np.zeros(1)})
        part.state["components"].items["deeper"] = inner
        part = inner


BREAKS = [value for name, value in sorted(globals().items()) if name.startswith("break_")]


@pytest.mark.parametrize("damage", BREAKS, ids=lambda damage: damage.__name__)
def test_what_does_not_fit_is_refused(tmp_path, damage):
    record = stylegan2_generator(build()[0])
    damage(record)
    with pytest.raises(CheckpointError) as refused:
        rebuilt(file_of((record, discriminator(), record), tmp_path))
    assert len(refused.value.message) <= 400


def test_other_files_are_left_to_other_formats(tmp_path):
    for tree in ((1, 2, 3), {"a": 1}, Record("dnnlib.tflib.network.Network", (), None), [discriminator()] * 2):
        assert not FORMAT.detect(file_of(tree, tmp_path))
