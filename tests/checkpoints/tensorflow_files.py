"""Files in the layout of NVlabs' TensorFlow programs, as the trees that the pickle reader gives; weights of our own."""

import numpy as np

from ganstudio.checkpoints.tree import Record, TensorData


def network(name, function, variables, settings=None, components=None):
    """A pickled network as a record; single numbers come as numbers."""
    pairs = [
        (key, float(value) if np.ndim(value) == 0 else TensorData.of(np.asarray(value, np.float32)))
        for key, value in variables.items()
    ]
    state = {
        "version": 4,
        "name": name,
        "build_func_name": function,
        "static_kwargs": Record("dnnlib.util.EasyDict", (), None, dict(settings or {})),
        "variables": pairs,
        "components": Record("dnnlib.util.EasyDict", (), None, dict(components or {})),
        "build_module_src": "raise SystemExit('this must not run')",
    }
    return Record("dnnlib.tflib.network.Network", (), state)


def discriminator():
    return network("D", "D_stylegan2", {"lod": 0.0, "4x4/Conv/weight": np.zeros((3, 3, 2, 2))})


def stylegan2_generator(generator, old_colours=False, **settings):
    """What TensorFlow's StyleGAN2 keeps of our StyleGAN2Generator."""
    config = generator.synthesis.config
    state = {name: tensor.numpy() for name, tensor in generator.state_dict().items()}
    mapping = {}
    for index in range(len(config.mapping_widths)):
        mapping[f"Dense{index}/weight"] = state[f"mapping.layers.{index}.weight"].T
        mapping[f"Dense{index}/bias"] = state[f"mapping.layers.{index}.bias"]
    if config.num_classes:
        label = "LabelEmbed" if config.label_bias else "LabelConcat"
        mapping[f"{label}/weight"] = state["mapping.label.weight"].T
        if config.label_bias:
            mapping[f"{label}/bias"] = state["mapping.label.bias"]
    settings = {"resolution": config.resolution, "resample_kernel": [1, 3, 3, 1], **settings}
    components = {
        "synthesis": network("G_synthesis", "G_synthesis", _synthesis(state, config, old_colours), settings),
        "mapping": network("G_mapping", "G_mapping", mapping, settings),
    }
    return network("Gs", "G_main", {"lod": 0.0, "dlatent_avg": state["average"]}, settings, components)


def _synthesis(state, config, old_colours):
    variables = {"lod": 0.0, "4x4/Const/const": state["synthesis.constant"][None]}
    last = len(config.widths) - 1
    for index in range(2 * last + 1):
        level = (index + 1) // 2
        part = "Conv" if index == 0 else "Conv0_up" if index % 2 else "Conv1"
        place, ours = f"{4 << level}x{4 << level}/{part}", f"synthesis.layers.{index}"
        variables |= _layer(state, ours, place, is_reversed=part == "Conv0_up")
        if config.has_noise:
            variables[f"{place}/noise_strength"] = state[f"{ours}.noise_strength"]
            variables[f"noise{index}"] = state[f"{ours}.noise"][None, None]
    for level in range(last + 1):
        if config.architecture == "skip" or level == last:
            place = "ToRGB_lod0" if old_colours else f"{4 << level}x{4 << level}/ToRGB"
            ours = f"synthesis.colours.{level if config.architecture == 'skip' else 0}"
            variables |= _layer(state, ours, place)
        if config.architecture == "resnet" and level:
            weight = state[f"synthesis.shortcuts.{level - 1}.weight"]
            variables[f"{4 << level}x{4 << level}/Skip/weight"] = weight.transpose(2, 3, 1, 0)
    return variables


def _layer(state, ours, place, is_reversed=False):
    weight = state[f"{ours}.weight"].transpose(2, 3, 1, 0)
    return {
        f"{place}/weight": weight[::-1, ::-1] if is_reversed else weight,
        f"{place}/mod_weight": state[f"{ours}.style.weight"].T,
        f"{place}/mod_bias": state[f"{ours}.style.bias"] - 1,
        f"{place}/bias": state[f"{ours}.bias"],
    }


def stylegan1_generator(generator, fused_from=128, **settings):
    """What TensorFlow's StyleGAN keeps of our StyleGAN1Generator."""
    config = generator.synthesis.config
    state = {name: tensor.numpy() for name, tensor in generator.state_dict().items()}
    mapping = {}
    for index in range(len(config.mapping_widths)):
        mapping[f"Dense{index}/weight"] = state[f"mapping.layers.{index}.weight"].T
        mapping[f"Dense{index}/bias"] = state[f"mapping.layers.{index}.bias"] * np.sqrt(2)
    if config.num_classes:
        mapping["LabelConcat/weight"] = state["mapping.label.weight"].T
    synthesis = {"lod": 0.0, "4x4/Const/const": state["synthesis.constant"][None]}
    for index in range(2 * len(config.widths)):
        size = 4 << index // 2
        part = ("Const" if index == 0 else "Conv") if size == 4 else "Conv1" if index % 2 else "Conv0_up"
        synthesis |= _styled_layer(state, f"synthesis.layers.{index}", f"{size}x{size}/{part}", size >= fused_from)
        if config.has_noise:
            synthesis[f"noise{index}"] = state[f"synthesis.layers.{index}.noise"][None, None]
    synthesis["ToRGB_lod0/weight"] = state["synthesis.colours.weight"].transpose(2, 3, 1, 0)
    synthesis["ToRGB_lod0/bias"] = state["synthesis.colours.bias"]
    synthesis["ToRGB_lod1/bias"] = np.zeros(3)
    components = {"synthesis": network("G_synthesis", "G_synthesis", synthesis), "mapping": network("m", "m", mapping)}
    own = {"lod": settings.pop("lod", 0.0), "dlatent_avg": state["average"]}
    return network("Gs", "G_style", own, settings, components)


def _styled_layer(state, ours, place, is_fused):
    scales, shifts = (state[f"{ours}.{part}.weight"].T for part in ("scale", "shift"))
    biases = [state[f"{ours}.scale.bias"] - 1, state[f"{ours}.shift.bias"]]
    variables = {
        f"{place}/StyleMod/weight": np.concatenate([scales, shifts], axis=1),
        f"{place}/StyleMod/bias": np.concatenate(biases),
        f"{place}/bias": state[f"{ours}.bias"],
    }
    if f"{ours}.weight" in state:
        weight = state[f"{ours}.weight"].transpose(2, 3, 1, 0)
        variables[f"{place}/weight"] = weight[::-1, ::-1] if is_fused and place.endswith("up") else weight
    if f"{ours}.noise_strength" in state:
        variables[f"{place}/Noise/weight"] = state[f"{ours}.noise_strength"]
    return variables
