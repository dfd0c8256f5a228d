"""StyleGAN of TensorFlow.

Convolution weights are kept as (height, width, inputs, outputs). From 128 px on the original doubles the size within a
transposed convolution, which turns the weight round. Styles are kept as one table of scales, without the 1 that is
added, and shifts.
"""

import math
import re
from pathlib import Path
from typing import Any

from ganstudio.checkpoints.errors import CheckpointError
from ganstudio.checkpoints.plan import NOT_WHOLE, GeneratorPlan, Shape, Source, check_sources
from ganstudio.checkpoints.stylegan2_plan import MAX_LEVELS, dense_shapes, mapping_widths_of, size_of
from ganstudio.checkpoints.tflib.network import CONVOLUTION, DENSE, TFNetwork, kernel_source
from ganstudio.checkpoints.tree import TensorData
from ganstudio.networks.filters import BLUR
from ganstudio.networks.spec import GeneratorSpec

FAMILY = "stylegan1"
FUSED_FROM = 128  # px
_REVERSED = (2, 3)
_LAYER = re.compile(r"synthesis/(\d{1,5})x\1/(Const|Conv|Conv0_up|Conv1)/([\w/]+)")
_COLOURS = re.compile(r"synthesis/ToRGB_lod0/(weight|bias)")
_NOISE = re.compile(r"synthesis/noise(\d{1,3})")
_DENSE = re.compile(r"mapping/Dense(\d{1,3})/(weight|bias)")
_UNUSUAL = {"use_wscale": True, "use_instance_norm": True, "use_styles": True, "use_pixel_norm": False}


def matches(network: TFNetwork) -> bool:
    """Whether its first layer is a constant with a style."""
    return {"synthesis/4x4/Const/const", "synthesis/4x4/Const/StyleMod/weight"} <= network.variables.keys()


def plan(path: Path, network: TFNetwork) -> GeneratorPlan:
    """Make the plan of such a generator; raises CheckpointError where parts are missing or do not fit."""
    for name, usual in _UNUSUAL.items():
        if network.get(name, bool, usual) != usual or network.get("nonlinearity", str, "lrelu") != "lrelu":
            raise CheckpointError(path, f"it is a StyleGAN of an unusual kind ({name})", "open one of the usual kind")
    sources = _sources(path, network)
    config = _config(path, sources, network)
    expected = _expected_shapes(config)
    check_sources(path, expected, sources)
    spec = GeneratorSpec(
        config["z_dim"], config["resolution"], config["channels"], config["num_classes"], config["w_dim"],
        2 * len(config["widths"]),
    )  # fmt: skip
    return GeneratorPlan(FAMILY, config, spec, sources, warnings=_warnings(network.variables))


def _warnings(variables: dict[str, TensorData]) -> tuple[str, ...]:
    lod = variables.get("lod", variables.get("synthesis/lod"))
    if lod is None or lod.count != 1 or float(lod.array().reshape(-1)[0]) == 0:
        return ()
    return ("its training had not yet grown to the full resolution; drawn at the full one all the same",)


def _sources(path: Path, network: TFNetwork) -> dict[str, Source]:
    levels = {4 << level: level for level in range(MAX_LEVELS)}
    fused_from = {True: 0, False: 1 << 30}.get(network.settings.get("fused_scale", "auto"), FUSED_FROM)
    sources = {"synthesis.filter": kernel_source(network.taps("blur_filter", BLUR)[::-1])}
    if "blur_filter" in network.settings and network.settings["blur_filter"] is None:
        sources["synthesis.filter"] = kernel_source((1.0,))
    for name, tensor in network.variables.items():
        if match := _LAYER.fullmatch(name):
            size = int(match[1])
            if size not in levels:
                raise CheckpointError(path, f"it has layers at {size} px, which is no power of two", NOT_WHOLE)
            is_turned = match[2] == "Conv0_up" and size >= fused_from
            index = 2 * levels[size] + (0 if match[2] in {"Const", "Conv0_up"} else 1)
            sources |= _layer_sources(f"synthesis.layers.{index}", match[3], tensor, is_turned)
        elif match := _COLOURS.fullmatch(name):
            sources[f"synthesis.colours.{match[1]}"] = Source(tensor, CONVOLUTION if match[1] == "weight" else None)
        elif (match := _NOISE.fullmatch(name)) and len(tensor.shape) == 4:
            sources[f"synthesis.layers.{match[1]}.noise"] = Source(tensor, reshape=tensor.shape[2:])
        else:
            sources |= _mapping_source(name, tensor)
    return sources


def _layer_sources(place: str, name: str, tensor: TensorData, is_turned: bool) -> dict[str, Source]:
    """What a variable of a layer becomes; nothing for what we do not keep."""
    if name == "const":
        return {"synthesis.constant": Source(tensor, index=0)}
    if name == "weight":
        return {f"{place}.weight": Source(tensor, CONVOLUTION, _REVERSED if is_turned else ())}
    if name == "StyleMod/weight":
        parts = ("scale", (0, 2)), ("shift", (1, 2))
        return {f"{place}.{ours}.weight": Source(tensor, DENSE, part=part) for ours, part in parts}
    if name == "StyleMod/bias":
        scale, shift = Source(tensor, part=(0, 2), offset=1.0), Source(tensor, part=(1, 2))
        return {f"{place}.scale.bias": scale, f"{place}.shift.bias": shift}
    ours = {"bias": "bias", "Noise/weight": "noise_strength"}.get(name)
    return {f"{place}.{ours}": Source(tensor)} if ours else {}


def _mapping_source(name: str, tensor: TensorData) -> dict[str, Source]:
    if match := _DENSE.fullmatch(name):
        # The gain of the activation stands in the original's weights, in ours behind the activation.
        source = Source(tensor, DENSE) if match[2] == "weight" else Source(tensor, scale=math.sqrt(0.5))
        return {f"mapping.layers.{match[1]}.{match[2]}": source}
    if name == "mapping/LabelConcat/weight":
        return {"mapping.label.weight": Source(tensor, DENSE)}
    return {"average": Source(tensor)} if name == "dlatent_avg" else {}


def _config(path: Path, sources: dict[str, Source], network: TFNetwork) -> dict[str, Any]:
    levels = 1
    while f"synthesis.layers.{2 * levels + 1}.weight" in sources and levels < MAX_LEVELS:
        levels += 1
    w_dim = size_of(path, sources, "synthesis.layers.0.scale.weight", 1)
    mapping_widths = mapping_widths_of(path, sources)
    classes, label_width = 0, 0
    if "mapping.label.weight" in sources:
        label_width, classes = (size_of(path, sources, "mapping.label.weight", axis) for axis in (0, 1))
    inputs = size_of(path, sources, "mapping.layers.0.weight", 1) if mapping_widths else w_dim
    config: dict[str, Any] = {
        "resolution": 2 << levels,
        "channels": size_of(path, sources, "synthesis.colours.weight", 0),
        "num_classes": classes,
        "z_dim": inputs - label_width,
        "w_dim": w_dim,
        "widths": tuple(size_of(path, sources, f"synthesis.layers.{2 * i + 1}.weight", 0) for i in range(levels)),
        "mapping_widths": mapping_widths,
        "mapping_rate": network.get("mapping_lrmul", float, 0.01),
        "label_width": label_width,
        "normalise_z": network.get("normalize_latents", bool, True),
        "has_noise": "synthesis.layers.0.noise" in sources,
        "taps": size_of(path, sources, "synthesis.filter", 0),
        "epsilon": 1e-8,
    }
    if config["z_dim"] < 1 or config["channels"] not in (1, 3):
        reason = f"its latent has {config['z_dim']} numbers and its pictures {config['channels']} channels"
        raise CheckpointError(path, reason, "open a generator of grey or RGB pictures")
    return config


def _expected_shapes(config: dict[str, Any]) -> dict[str, Shape]:
    """All tensors of the generator that a config describes, by our names."""
    widths, w_dim, taps = config["widths"], config["w_dim"], config["taps"]
    shapes: dict[str, Shape] = {
        "average": (w_dim,),
        "synthesis.constant": (widths[0], 4, 4),
        "synthesis.filter": (taps, taps),
        "synthesis.colours.weight": (config["channels"], widths[-1], 1, 1),
        "synthesis.colours.bias": (config["channels"],),
    }
    inputs = config["z_dim"] + config["label_width"]
    if config["num_classes"]:
        shapes["mapping.label.weight"] = (config["label_width"], config["num_classes"])
    for index, width in enumerate(config["mapping_widths"]):
        shapes |= dense_shapes(f"mapping.layers.{index}", inputs, width)
        inputs = width
    for layer in range(2 * len(widths)):
        level, name = layer // 2, f"synthesis.layers.{layer}"
        width = widths[level]
        shapes |= {**dense_shapes(f"{name}.scale", w_dim, width), **dense_shapes(f"{name}.shift", w_dim, width)}
        shapes[f"{name}.bias"] = (width,)
        if layer:
            shapes[f"{name}.weight"] = (width, width if layer % 2 else widths[level - 1], 3, 3)
        if config["has_noise"]:
            shapes |= {f"{name}.noise": (4 << level, 4 << level), f"{name}.noise_strength": (width,)}
    return shapes
