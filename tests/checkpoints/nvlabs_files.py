"""Files in the layout of NVlabs' PyTorch programs, as the trees that the pickle reader gives; weights of our own."""

import numpy as np

from ganstudio.checkpoints.opened_file import OpenedFile
from ganstudio.checkpoints.tree import Record, TensorData


def module(class_name, parameters=(), buffers=(), children=(), **attributes):
    """A pickled module as a record."""
    state = {
        "training": False,
        "_parameters": {name: TensorData.of(value) for name, value in dict(parameters).items()},
        "_buffers": {name: TensorData.of(value) for name, value in dict(buffers).items()},
        "_modules": dict(children),
        **attributes,
    }
    return Record(f"training.networks.{class_name}", (), state)


def opened(tree, path):
    """A file that was parsed into `tree`."""
    file = OpenedFile(path, b"\x80\x04")
    file.__dict__["tree"] = tree
    return file


def stylegan2_generator(generator, **init_kwargs):
    """What stylegan2-ada-pytorch keeps of our StyleGAN2Generator."""
    config = generator.synthesis.config
    state = {name: tensor.numpy() for name, tensor in generator.state_dict().items()}
    mapping = {
        f"fc{index}": module("FullyConnectedLayer", _under(state, f"mapping.layers.{index}."), bias_gain=0.01,
                             activation="lrelu")
        for index in range(len(config.mapping_widths))
    }  # fmt: skip
    if config.num_classes:
        mapping["embed"] = module("FullyConnectedLayer", _under(state, "mapping.label."), bias_gain=1)
    children = {
        "synthesis": module("SynthesisNetwork", children=_blocks(state, config)),
        "mapping": module("MappingNetwork", buffers={"w_avg": state["average"]}, children=mapping),
    }
    return module("Generator", children=children, _init_args=(), _init_kwargs=init_kwargs)


def _blocks(state, config):
    blocks = {}
    for level in range(len(config.widths)):
        children = {"conv1": _layer(state, 2 * level, config)}
        if level:
            children["conv0"] = _layer(state, 2 * level - 1, config)
        if config.architecture == "skip" or level == len(config.widths) - 1:
            index = level if config.architecture == "skip" else 0
            children["torgb"] = _styled(state, f"synthesis.colours.{index}.")
        if level and config.architecture == "resnet":
            children["skip"] = module("Conv2dLayer", _under(state, f"synthesis.shortcuts.{level - 1}."),
                                      {"resample_filter": state["synthesis.filter"]})  # fmt: skip
        first = {} if level else {"const": state["synthesis.constant"]}
        filters = {"resample_filter": state["synthesis.filter"]}
        blocks[f"b{4 << level}"] = module("SynthesisBlock", first, filters, children)
    return blocks


def _layer(state, index, config):
    prefix = f"synthesis.layers.{index}."
    clamp = config.clamp or None
    layer = _styled(state, prefix, conv_clamp=clamp, activation="lrelu")
    layer.state["_buffers"]["resample_filter"] = TensorData.of(state["synthesis.filter"])
    if config.has_noise:
        layer.state["_buffers"]["noise_const"] = TensorData.of(state[f"{prefix}noise"])
        layer.state["_parameters"]["noise_strength"] = TensorData.of(state[f"{prefix}noise_strength"])
    return layer


def _styled(state, prefix, **attributes):
    own = {name: state[prefix + name] for name in ("weight", "bias")}
    affine = module("FullyConnectedLayer", _under(state, f"{prefix}style."), bias_gain=1)
    return module("SynthesisLayer", own, children={"affine": affine}, **attributes)


def _under(state, prefix):
    return {name.removeprefix(prefix): value for name, value in state.items() if name.startswith(prefix)}


def discriminator():
    """Something that is no generator."""
    weight = {"weight": np.zeros((2, 3), np.float32)}
    return module("Discriminator", children={"b4": module("DiscriminatorEpilogue", weight)})
