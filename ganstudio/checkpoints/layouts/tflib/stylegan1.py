"""StyleGAN of TensorFlow.

Convolution weights are kept as (height, width, inputs, outputs). From 128 px on the original doubles the size within a
transposed convolution, which turns the weight round. Styles are kept as one table of scales, without the 1 that is
added, and shifts.
"""

import math
import re
from pathlib import Path

from ganstudio.checkpoints.errors import CheckpointError
from ganstudio.checkpoints.layouts.plan import NOT_WHOLE, GeneratorPlan, Source
from ganstudio.checkpoints.layouts.stylegan1_plan import Settings, plan_stylegan1
from ganstudio.checkpoints.layouts.stylegan2_plan import MAX_LEVELS
from ganstudio.checkpoints.layouts.tflib.network import CONVOLUTION, DENSE, TFNetwork, kernel_source
from ganstudio.checkpoints.tree import TensorData
from ganstudio.networks.filters import BLUR

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
    settings = Settings(
        mapping_rate=network.get("mapping_lrmul", float, 0.01),
        normalise_z=network.get("normalize_latents", bool, True),
    )
    return plan_stylegan1(path, _sources(path, network), settings, _warnings(network.variables))


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
