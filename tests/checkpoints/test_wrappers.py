"""State_dicts are found in whatever scripts wrap them in."""

import numpy as np
import pytest

from ganstudio.checkpoints.tree import Record, TensorData
from ganstudio.checkpoints.wrappers import find_settings, find_state_dicts, role_of_name


def tensor(*shape):
    return TensorData.of(np.zeros(shape, np.float32))


def network(prefix=""):
    return {f"{prefix}0.weight": tensor(4, 2), f"{prefix}0.bias": tensor(4), f"{prefix}2.weight": tensor(8, 4)}


def linear(inputs, outputs):
    parameters = {"weight": tensor(outputs, inputs), "bias": None}
    state = {"_modules": {}, "_parameters": parameters, "_buffers": {}, "in_features": inputs, "training": False}
    return Record("torch.nn.modules.linear.Linear", (), state)


def module(class_name, **children):
    return Record(class_name, (), {"_modules": children, "_parameters": {}, "_buffers": {}})


@pytest.mark.parametrize(
    "tree",
    [
        network(),
        {"state_dict": network()},
        {"model_state_dict": network(), "epoch": 3},
        network("module."),
        network("_orig_mod.module."),
        network("generator."),
        network("model."),
        {"net": {"params": network("module.netG.")}},
        {"generator": network(), "optimizer": {"state": {0: {"exp_avg": tensor(4, 2)}}, "param_groups": []}},
        {"models": [network()]},
        {"fixed_noise": tensor(3, 2), "netG": network()},
        {"n_averaged": tensor(), **network("module.")},
    ],
)
def test_every_wrapping_comes_out_the_same(tree):
    (part,) = find_state_dicts(tree)
    assert list(part.tensors) == ["0.weight", "0.bias", "2.weight"]


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("generator", "generator"), ("netG", "generator"), ("G", "generator"), ("generator_state", "generator"),
        ("netG_A2B", "generator"), ("gen_state_dict", "generator"), ("g_ema", "generator"), ("decoder", "generator"),
        ("netD", "discriminator"), ("critic_state", "discriminator"), ("disc", "discriminator"), ("encoder", "encoder"),
        ("model", ""), ("gradient", ""), ("design", ""), ("state_dict", ""),
    ],
)  # fmt: skip
def test_roles_by_name(name, role):
    assert role_of_name(name) == role


def test_generators_come_first_and_averages_before_them():
    tree = {"netD": network(), "netG": network(), "g_ema": network()}
    found = find_state_dicts(tree)
    assert [(part.place, part.averaged) for part in found] == [("g_ema", True), ("netG", False), ("netD", False)]


def test_several_networks_in_one_state_dict_are_parted():
    tree = {"state_dict": {**network("generator."), **network("discriminator.")}, "epoch": 2}
    generator, discriminator = find_state_dicts(tree)
    assert (generator.role, discriminator.role) == ("generator", "discriminator")
    assert generator.name_in_file("0.weight") == "state_dict.generator.0.weight"


def test_a_whole_module_gives_its_tensors_and_what_it_says_of_itself():
    layers = {"0": linear(2, 4), "1": Record("torch.nn.LeakyReLU", (), {**module("x").state, "negative_slope": 0.1})}
    whole = module("__main__.Generator", main=module("torch.nn.Sequential", **layers))
    (part,) = find_state_dicts({"G": module("torch.nn.DataParallel", module=whole)})
    assert part.role == "generator"
    assert part.prefix == "module."
    assert list(part.tensors) == ["main.0.weight"]
    assert part.modules["main.0"]["class"] == "Linear"
    assert part.modules["main.1"] == {"class": "LeakyReLU", "negative_slope": 0.1}


def test_settings_beside_the_weights_are_kept_and_nothing_else():
    tree = {"epoch": 3, "latent_dim": 100, "shape": (1, 28, 28), "G": network(), "args": Record("argparse.Namespace")}
    assert find_settings(tree) == {"epoch": 3, "latent_dim": 100, "shape": (1, 28, 28)}


@pytest.mark.parametrize("tree", [None, 3, "text", [], {}, {"a": {}}, {"param_groups": []}, Record("x.Y")])
def test_where_there_are_no_weights_none_are_found(tree):
    assert find_state_dicts(tree) == []
    assert isinstance(find_settings(tree), dict)


def test_nesting_has_an_end():
    tree = network()
    for _ in range(100):
        tree = {"inner": tree}
    assert find_state_dicts(tree) == []
