"""StyleGAN2 and StyleGAN2-ADA of TensorFlow.

Convolution weights are kept as (height, width, inputs, outputs), those that double the size reversed; the biases of
styles lack the 1 that they begin with.
"""

import math
import re
from pathlib import Path

from ganstudio.checkpoints.errors import CheckpointError
from ganstudio.checkpoints.layouts.plan import GeneratorPlan, Source
from ganstudio.checkpoints.layouts.stylegan2_plan import MAX_LEVELS, Settings, plan_stylegan2
from ganstudio.checkpoints.layouts.tflib.network import CONVOLUTION, DENSE, TFNetwork, kernel_source
from ganstudio.checkpoints.tree import TensorData
from ganstudio.networks.filters import FILTER

_BOX = (1.0, 1.0)
_REVERSED = (2, 3)
_LAYER = re.compile(r"synthesis/(\d{1,5})x\1/(Conv|Conv0_up|Conv1|ToRGB|Skip)/(\w+)")
_OLD_COLOURS = re.compile(r"synthesis/ToRGB_lod(\d{1,2})/(\w+)")
_NOISE = re.compile(r"synthesis/noise(\d{1,3})")
_DENSE = re.compile(r"mapping/Dense(\d{1,3})/(weight|bias)")


def matches(network: TFNetwork) -> bool:
    """Whether its first layer is a modulated convolution on a constant."""
    return {"synthesis/4x4/Const/const", "synthesis/4x4/Conv/mod_weight"} <= network.variables.keys()


def plan(path: Path, network: TFNetwork) -> GeneratorPlan:
    """Make the plan of such a generator; raises CheckpointError where parts are missing or do not fit."""
    variables = network.variables
    levels = {4 << level: level for level in range(MAX_LEVELS)}
    sizes = {int(match[1]) for name in variables if (match := _LAYER.fullmatch(name))}
    if unknown := sorted(sizes - levels.keys()):
        raise CheckpointError(path, f"it has layers at {unknown[0]} px, which is no power of two", "open a StyleGAN2")
    architecture = _architecture(network)
    sources = _mapping_sources(variables)
    for name, tensor in variables.items():
        if match := _LAYER.fullmatch(name):
            sources |= _layer_source(levels[int(match[1])], match[2], match[3], tensor, architecture)
        elif match := _OLD_COLOURS.fullmatch(name):
            if int(match[1]) == 0:
                sources |= _layer_source(0, "ToRGB", match[2], tensor, architecture)
        elif (match := _NOISE.fullmatch(name)) and len(tensor.shape) == 4:
            sources[f"synthesis.layers.{match[1]}.noise"] = Source(tensor, reshape=tensor.shape[2:])
    sources["synthesis.filter"] = kernel_source(_taps(network))
    return plan_stylegan2(path, sources, _settings(network, architecture), _warnings(variables))


def _warnings(variables: dict[str, TensorData]) -> tuple[str, ...]:
    lod = variables.get("synthesis/lod")
    if lod is None or lod.count != 1 or float(lod.array().reshape(-1)[0]) == 0:
        return ()
    return ("its training had not yet grown to the full resolution; drawn at the full one all the same",)


def _architecture(network: TFNetwork) -> str:
    """By the parts that are there, which say more than settings do."""
    names = network.variables
    if "synthesis/8x8/Skip/weight" in names:
        return "resnet"
    if "synthesis/8x8/ToRGB/weight" in names and "synthesis/4x4/ToRGB/weight" in names:
        return "skip"
    sizes = [int(match[1]) for name in names if (match := _LAYER.fullmatch(name))]
    return "skip" if max(sizes, default=4) == 4 else "orig"


def _taps(network: TFNetwork) -> tuple[float, ...]:
    has_box = "resample_kernel" in network.settings and network.settings["resample_kernel"] is None
    return _BOX if has_box else network.taps("resample_kernel", FILTER)


def _settings(network: TFNetwork, architecture: str) -> Settings:
    clamp = network.get("conv_clamp", float, 0.0)
    return Settings(
        architecture=architecture,
        mapping_rate=network.get("mapping_lrmul", float, 0.01),
        mapping_activation=network.get("mapping_nonlinearity", str, "lrelu"),
        activation=network.get("nonlinearity", str, "lrelu"),
        clamp=clamp if math.isfinite(clamp) and clamp > 0 else 0.0,
        has_noise="synthesis/noise0" in network.variables,
        label_bias="mapping/LabelConcat/weight" not in network.variables,
        normalise_z=network.get("normalize_latents", bool, True),
        scaled_demodulation=True,
    )


def _mapping_sources(variables: dict[str, TensorData]) -> dict[str, Source]:
    sources = {}
    for name, tensor in variables.items():
        if match := _DENSE.fullmatch(name):
            axes = DENSE if match[2] == "weight" else None
            sources[f"mapping.layers.{match[1]}.{match[2]}"] = Source(tensor, axes)
    places = {
        "mapping/LabelEmbed/weight": ("mapping.label.weight", DENSE),
        "mapping/LabelConcat/weight": ("mapping.label.weight", DENSE),
        "mapping/LabelEmbed/bias": ("mapping.label.bias", None),
        "synthesis/4x4/Const/const": ("synthesis.constant", None),
        "dlatent_avg": ("average", None),
    }
    for name, (ours, axes) in places.items():
        if name in variables:
            index = 0 if ours == "synthesis.constant" else None
            sources[ours] = Source(variables[name], axes, index=index)
    return sources


def _layer_source(level: int, part: str, name: str, tensor: TensorData, architecture: str) -> dict[str, Source]:
    """What a variable of a layer becomes; nothing for what we do not keep."""
    if part == "ToRGB":
        place = f"synthesis.colours.{level if architecture == 'skip' else 0}"
    elif part == "Skip":
        place = f"synthesis.shortcuts.{level - 1}"
    else:
        place = f"synthesis.layers.{2 * level - (1 if part == 'Conv0_up' else 0)}"
    flips = _REVERSED if part in {"Conv0_up", "Skip"} else ()
    source = {
        "weight": ("weight", Source(tensor, CONVOLUTION, flips)),
        "bias": ("bias", Source(tensor)),
        "mod_weight": ("style.weight", Source(tensor, DENSE)),
        "mod_bias": ("style.bias", Source(tensor, offset=1.0)),
        "noise_strength": ("noise_strength", Source(tensor, reshape=())),
    }.get(name)
    return {f"{place}.{source[0]}": source[1]} if source is not None else {}
