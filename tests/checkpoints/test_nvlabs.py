"""NVlabs' files: every configuration comes back as it was, whatever is wrong is refused, names as in the file."""

import numpy as np
import pytest
import torch

from ganstudio.checkpoints.base import CheckpointError
from ganstudio.checkpoints.building import build_generator
from ganstudio.checkpoints.formats.nvlabs import NVlabsFormat
from ganstudio.checkpoints.tree import Record, TensorData
from tests.checkpoints.nvlabs_files import discriminator, module, opened, stylegan2_generator
from tests.networks.test_stylegan2 import build

FORMAT = NVlabsFormat()
PATH_NAME = "network-snapshot-000200.pkl"


def file_of(tmp_path, tree):
    return opened(tree, tmp_path / PATH_NAME)


def rebuilt(file):
    return build_generator(FORMAT.read(file, {}), torch.device("cpu"))


@pytest.mark.parametrize("architecture", ["orig", "skip", "resnet"])
@pytest.mark.parametrize(
    "values",
    [
        {},
        {"channels": 1, "num_classes": 3, "label_width": 7, "clamp": 256.0},
        {"has_noise": False, "resolution": 32, "widths": (6, 5, 3, 1)},
    ],
)
def test_a_generator_comes_back_as_it_was(tmp_path, architecture, values):
    generator, config = build(architecture=architecture, **values)
    tree = {"G": discriminator(), "D": discriminator(), "G_ema": stylegan2_generator(generator), "augment_pipe": None}
    del tree["G"]
    file = file_of(tmp_path, tree)
    assert FORMAT.detect(file)
    description = FORMAT.describe(file, {})
    assert description.family == "stylegan2"
    assert description.spec == generator.spec
    assert {name: part.role for name, part in description.components.items()} == {
        "D": "discriminator",
        "G_ema": "generator",
    }
    again = rebuilt(file)
    z = torch.randn(2, 6, generator=torch.Generator().manual_seed(0))
    labels = torch.tensor([1, 2]) if config.num_classes else None
    assert torch.equal(again(z, labels), generator(z, labels))
    assert torch.equal(again.mean_w, generator.mean_w)


def test_the_averaged_generator_is_drawn_with(tmp_path):
    (last, _), (averaged, _) = build(), build(architecture="resnet")
    file = file_of(tmp_path, {"G": stylegan2_generator(last), "G_ema": stylegan2_generator(averaged)})
    checkpoint = FORMAT.read(file, {})
    assert checkpoint.description.facts["drawn with"] == "G_ema"
    assert checkpoint.config["architecture"] == "resnet"
    assert not checkpoint.description.warnings
    only_last = file_of(tmp_path, {"G": stylegan2_generator(last), "D": discriminator()})
    assert "G_ema" in FORMAT.describe(only_last, {}).warnings[0]


def test_a_generator_alone_and_one_without_constructor_arguments(tmp_path):
    generator, _ = build()
    record = stylegan2_generator(generator)
    del record.state["_init_kwargs"], record.state["_init_args"]
    assert torch.equal(rebuilt(file_of(tmp_path, record)).mean_w, generator.mean_w)


def test_tensors_have_the_names_of_the_file(tmp_path):
    generator, _ = build()
    tree = {"G_ema": stylegan2_generator(generator), "D": discriminator()}
    tensors = FORMAT.read(file_of(tmp_path, tree), {}).tensors
    assert {"G_ema.synthesis.b4.const", "G_ema.mapping.w_avg", "D.b4.weight"} <= set(tensors)
    assert "G_ema.synthesis.b16.conv0.affine.weight" in tensors
    assert np.array_equal(tensors["G_ema.synthesis.b4.const"].array(), generator.synthesis.constant.numpy())


def test_what_constructor_arguments_claim_is_not_built(tmp_path):
    generator, _ = build()
    claims = {"img_resolution": 2**30, "w_dim": 10**12, "channel_base": 10**15, "num_layers": -1}
    assert rebuilt(file_of(tmp_path, {"G_ema": stylegan2_generator(generator, **claims)})).spec == generator.spec


def test_progress_and_data_are_told(tmp_path):
    generator, _ = build()
    tree = {
        "G_ema": stylegan2_generator(generator),
        "progress": {"cur_nimg": 250_000},
        "training_set_kwargs": {"path": "C:\\data\\cats-64.zip"},
    }
    facts = FORMAT.describe(file_of(tmp_path, tree), {}).facts
    assert facts["kimg"] == 250
    assert facts["kimg by its name"] == 200
    assert facts["data"] == "cats-64.zip"


def place(record, *names):
    for name in names:
        record = record.state["_modules"][name]
    return record.state


def break_missing(record):
    del place(record, "synthesis", "b8", "conv1")["_parameters"]["bias"]


def break_shape(record):
    place(record, "synthesis", "b8", "conv1")["_parameters"]["weight"] = TensorData.of(np.zeros((4, 9, 3, 3), "f4"))


def break_rank(record):
    place(record, "synthesis", "b16", "conv1")["_parameters"]["weight"] = TensorData.of(np.zeros(4, "f4"))


def break_type(record):
    place(record, "mapping", "fc0")["_parameters"]["weight"] = TensorData.of(np.zeros((9, 6), "i8"))


def break_mean(record):
    place(record, "mapping")["_buffers"].clear()


def break_numbers(record):
    place(record, "synthesis", "b4")["_parameters"]["const"] = TensorData.of(np.full((5, 4, 4), np.nan, "f4"))


def break_block(record):
    blocks = place(record, "synthesis")["_modules"]
    blocks["b12"] = blocks.pop("b8")


def break_middle(record):
    del place(record, "synthesis")["_modules"]["b8"]


def break_channels(record):
    for name in ("b4", "b8", "b16"):
        state = place(record, "synthesis", name, "torgb")
        width = state["_parameters"]["weight"].shape[1]
        state["_parameters"]["weight"] = TensorData.of(np.zeros((5, width, 1, 1), "f4"))
        state["_parameters"]["bias"] = TensorData.of(np.zeros(5, "f4"))


def break_constant(record):
    place(record, "synthesis", "b4")["_parameters"]["const"] = TensorData.of(np.zeros((5, 4, 8), "f4"))


def break_class(record):
    record.state["_modules"]["synthesis"] = module("TriPlane", {"planes": np.zeros((3, 3), "f4")})


def break_settings(record):
    place(record, "synthesis", "b4", "conv1")["activation"] = "unheard of"


def break_names(record):
    place(record, "synthesis")["_modules"]["../etc"] = module("X", {"a": np.zeros(1, "f4")})


def break_nesting(record):
    state = place(record, "synthesis")
    for _ in range(30):
        state["_modules"]["deeper"] = module("X", {"a": np.zeros(1, "f4")})
        state = state["_modules"]["deeper"].state


def break_children(record):
    record.state["_modules"]["mapping"] = Record("training.Mapping", (), None)


BREAKS = [value for name, value in sorted(globals().items()) if name.startswith("break_")]


@pytest.mark.parametrize("damage", BREAKS, ids=lambda damage: damage.__name__)
def test_what_does_not_fit_is_refused(tmp_path, damage):
    generator, _ = build()
    record = stylegan2_generator(generator)
    damage(record)
    file = file_of(tmp_path, {"G_ema": record})
    with pytest.raises(CheckpointError) as refused:
        rebuilt(file)
    assert len(refused.value.message) <= 400
    assert PATH_NAME in refused.value.message


def test_records_that_share_children_do_not_grow_without_end(tmp_path):
    node = module("X", {"a": np.zeros(1, "f4")})
    for _ in range(14):
        node = module("X", children=dict.fromkeys("abcdefgh", node))
    with pytest.raises(CheckpointError, match="modules"):
        FORMAT.describe(file_of(tmp_path, {"G_ema": node}), {})


def test_other_files_are_left_to_other_formats(tmp_path):
    for tree in ({"a": 1}, {"G": Record("x.Y", (), {"a": 1})}, [1], {"D": discriminator()}):
        assert not FORMAT.detect(file_of(tmp_path, tree))
