"""NVlabs' names without their classes: the same network as from a pickle, with defaults where attributes would be."""

import pytest
import torch

from ganstudio.checkpoints.building import build_generator
from ganstudio.checkpoints.catalogue import FORMATS, format_of
from ganstudio.checkpoints.errors import CheckpointError
from ganstudio.checkpoints.wrappers import module_state_dict
from tests.checkpoints.community_files import opened
from tests.checkpoints.nvlabs_files import stylegan2_generator
from tests.networks.test_stylegan2 import build

NAME = "nvlabs_state_dict"


def state_of(generator):
    """A state_dict under NVlabs' names."""
    return module_state_dict(stylegan2_generator(generator)).tensors


def rebuilt(tree, **assumptions):
    return build_generator(FORMATS[NAME].read(opened(tree), assumptions), torch.device("cpu"))


@pytest.mark.parametrize("architecture", ["orig", "skip", "resnet"])
@pytest.mark.parametrize("wrap", [lambda state: state, lambda state: {"state_dict": state, "optimizer": {}}])
def test_a_generator_comes_back_as_it_was(architecture, wrap):
    generator, config = build(architecture=architecture, num_classes=3)
    file = opened(wrap(state_of(generator)))
    assert [name for name in FORMATS.names() if FORMATS[name].detect(file) and name != "state_dict"] == [NAME]
    assert format_of(file) is FORMATS[NAME]
    description = FORMATS[NAME].describe(file, {})
    assert description.spec == generator.spec
    assert any("mapping_rate" in warning for warning in description.warnings)
    z, labels = torch.randn(2, generator.spec.z_dim), torch.tensor([0, 2])
    again = rebuilt(file.tree, mapping_rate=str(config.mapping_rate))
    assert torch.equal(again(z, labels), generator(z, labels))


def test_the_average_is_preferred():
    (trained, _), (averaged, _) = build(), build(architecture="resnet")
    checkpoint = FORMATS[NAME].read(opened({"G": state_of(trained), "G_ema": state_of(averaged)}), {})
    assert checkpoint.config["architecture"] == "resnet"
    assert checkpoint.description.facts == {"weights": "moving average"}


@pytest.mark.parametrize("name", ["synthesis.b8.conv0.weight", "synthesis.b8.conv1.affine.bias", "mapping.fc1.bias"])
def test_what_is_missing_is_refused(name):
    state = state_of(build()[0])
    assert name in state
    del state[name]
    with pytest.raises(CheckpointError):
        FORMATS[NAME].read(opened(state), {})


def test_names_nested_without_end_are_refused():
    state = state_of(build()[0])
    state["synthesis." + "b." * 50 + "weight"] = state["mapping.fc0.weight"]
    with pytest.raises(CheckpointError, match="nested"):
        FORMATS[NAME].describe(opened(state), {})
