"""NVlabs' names without their classes: the same network as from a pickle, with defaults where attributes would be."""

import pytest
import torch

from ganstudio.checkpoints.building import build_generator
from ganstudio.checkpoints.catalogue import FORMATS, format_of
from ganstudio.checkpoints.errors import CheckpointError
from ganstudio.checkpoints.wrappers import module_state_dict
from ganstudio.networks.catalogue import NETWORKS
from tests.checkpoints.alias_free_files import alias_free_generator, r3gan_generator
from tests.checkpoints.community_files import opened
from tests.checkpoints.nvlabs_files import stylegan2_generator
from tests.networks.test_r3gan import build as build_r3gan
from tests.networks.test_stylegan2 import build
from tests.networks.test_stylegan3 import CLASSES, RADIAL, SMALL, STAGES, latents
from tests.networks.test_stylegan3 import build as build_alias_free

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


@pytest.mark.parametrize(
    ("family", "values"),
    [
        ("stylegan3", {"channel_base": 256, "margin": 10}),
        ("stylegan3", RADIAL | {"channel_base": 256, "margin": 10, "num_classes": 3}),
        ("stylegan_xl", STAGES | CLASSES | {"channel_base": 256, "margin": 10, "head_clamp": 256.0}),
    ],
)
def test_alias_free_generators_without_their_settings(family, values):
    config = NETWORKS[family].make_config(SMALL | values)
    generator = build_alias_free(family, **values)
    file = opened({"model_state_dict": module_state_dict(alias_free_generator(generator, config)).tensors})
    assert format_of(file) is FORMATS[NAME]
    checkpoint = FORMATS[NAME].read(file, {})
    assert checkpoint.description.family == family
    labels = torch.tensor([2, 1]) if config.num_classes else None
    again = build_generator(checkpoint, torch.device("cpu"))
    assert torch.equal(again(latents(2), labels), generator(latents(2), labels))


def test_an_r3gan_with_and_without_its_wrapper():
    generator, _ = build_r3gan(num_classes=3)
    state = module_state_dict(r3gan_generator(generator)).tensors
    for names in (state, {name.removeprefix("Model."): tensor for name, tensor in state.items()}):
        checkpoint = FORMATS[NAME].read(opened(names), {})
        assert (checkpoint.description.family, checkpoint.description.warnings) == ("r3gan", ())
        again = build_generator(checkpoint, torch.device("cpu"))
        assert torch.equal(again(latents(2), torch.tensor([2, 1])), generator(latents(2), torch.tensor([2, 1])))


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
