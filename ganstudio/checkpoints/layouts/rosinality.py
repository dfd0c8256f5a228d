"""The names that rosinality's stylegan2-pytorch gives the parts of a StyleGAN2, and what becomes of their shapes.

Also used by encoder4editing, pixel2style2pixel, StyleCLIP and many others, as a decoder.
"""

import re
from pathlib import Path

import numpy as np

from ganstudio.checkpoints.errors import CheckpointError
from ganstudio.checkpoints.layouts.plan import NOT_WHOLE, GeneratorPlan, Source
from ganstudio.checkpoints.layouts.stylegan2_plan import MAX_LEVELS, Settings, plan_stylegan2
from ganstudio.checkpoints.tree import Array, TensorData

SIGN = ("input.input", "conv1.conv.modulation.weight", "style.1.weight")
KERNEL_GAIN = 4.0  # of the filters that it keeps; those double a picture's size
MAPPING_RATE = 0.01
MEAN_LATENTS = 4096
_SETTINGS = Settings(mapping_rate=MAPPING_RATE, scaled_demodulation=True)
_STYLED = {
    "weight": "conv.weight",
    "style.weight": "conv.modulation.weight",
    "style.bias": "conv.modulation.bias",
}


def their_names(levels: int, mapping_layers: int) -> dict[str, str]:
    """Our names and theirs of all tensors that both have.

    Args:
        levels: Resolutions from 4 px on.
        mapping_layers: Layers of the mapping network.
    """
    names = {"synthesis.constant": "input.input", "synthesis.filter": "to_rgbs.0.upsample.kernel"}
    for index in range(mapping_layers):
        names |= {f"mapping.layers.{index}.{part}": f"style.{index + 1}.{part}" for part in ("weight", "bias")}
    for index in range(2 * levels - 1):
        theirs = f"convs.{index - 1}" if index else "conv1"
        parts = {**_STYLED, "bias": "activate.bias", "noise_strength": "noise.weight"}
        names |= {f"synthesis.layers.{index}.{part}": f"{theirs}.{name}" for part, name in parts.items()}
        names[f"synthesis.layers.{index}.noise"] = f"noises.noise_{index}"
    for index in range(levels):
        theirs = f"to_rgbs.{index - 1}" if index else "to_rgb1"
        parts = {**_STYLED, "bias": "bias"}
        names |= {f"synthesis.colours.{index}.{part}": f"{theirs}.{name}" for part, name in parts.items()}
    return names


def plan_generator(path: Path, state: dict[str, TensorData], latent_avg: TensorData | None) -> GeneratorPlan:
    """Make the plan of a generator.

    Args:
        path: The file.
        state: Its state_dict.
        latent_avg: The mean w `(w_dim,)`, or repeated for each layer `(num_ws, w_dim)`; None where the file lacks it.

    Raises:
        CheckpointError: Tensors are missing, or their shapes contradict each other.
    """
    mapping = sum(1 for name in state if re.fullmatch(r"style\.\d+\.weight", name))
    levels = 1 + sum(1 for name in state if re.fullmatch(r"to_rgbs\.\d+\.bias", name))
    if levels > MAX_LEVELS:
        raise CheckpointError(path, f"it has {levels} resolutions", NOT_WHOLE)
    names = their_names(levels, mapping)
    _check_names(path, state, set(names.values()))
    sources = {ours: _source(ours, state[theirs]) for ours, theirs in names.items() if theirs in state}
    lacking, warnings = set[str](), []
    if latent_avg is not None:
        sources["average"] = _average(latent_avg)
    else:
        lacking.add("average")
        warnings.append(f"it keeps no mean w; the mean of {MEAN_LATENTS} w of random z (seed 0) stands for it")
    if not any(name.startswith("noises.") for name in state):
        lacking |= {ours for ours, theirs in names.items() if theirs.startswith("noises.")}
        warnings.append("it keeps no noise; pictures are drawn without")
    return plan_stylegan2(path, sources, _SETTINGS, tuple(warnings), frozenset(lacking))


def _check_names(path: Path, state: dict[str, TensorData], known: set[str]) -> None:
    """Refuse a relative of the network with parts that would change the picture."""
    unknown = [name for name in state if name not in known and not name.endswith(".kernel")]
    if unknown:
        reason = f"it resembles a StyleGAN2 but has other parts, too (first of {len(unknown)}: {unknown[0][:80]})"
        raise CheckpointError(path, reason, "open the generator that it was made from")


def _source(name: str, tensor: TensorData) -> Source:
    """What becomes of a tensor of ours by its name."""
    shape = tensor.shape
    if name == "synthesis.filter":
        return Source(tensor, scale=1 / KERNEL_GAIN)
    if name.endswith(".noise"):
        return Source(tensor, reshape=shape[-2:])
    if name.endswith(".noise_strength"):
        return Source(tensor, reshape=())
    if name.startswith("synthesis.colours") and name.endswith(".bias") and len(shape) == 4:
        return Source(tensor, reshape=shape[1:2])
    if len(shape) == 5 or name == "synthesis.constant":
        return Source(tensor, index=0) if shape[:1] == (1,) else Source(tensor)
    return Source(tensor)


def _average(tensor: TensorData) -> Source:
    if len(tensor.shape) == 2 and tensor.shape[0] > 0:
        return Source(tensor, index=0)
    return Source(tensor)


def mean_of_mapping(weights: dict[str, Array], rate: float = MAPPING_RATE) -> Array:
    """The mean w `(w_dim,)` of the z that numpy's RandomState(0) draws, for files that do not keep it.

    Args:
        weights: A generator's by our names.
        rate: See `MappingConfig`.
    """
    first = weights["mapping.layers.0.weight"]
    z = np.random.RandomState(0).randn(MEAN_LATENTS, first.shape[1]).astype(np.float32)
    x = z / np.sqrt(np.square(z).mean(axis=1, keepdims=True) + 1e-8)
    index = 0
    while f"mapping.layers.{index}.weight" in weights:
        weight, bias = (weights[f"mapping.layers.{index}.{part}"].astype(np.float32) for part in ("weight", "bias"))
        x = x @ (weight.T * np.float32(rate / np.sqrt(weight.shape[1]))) + bias * np.float32(rate)
        x = np.where(x > 0, x, x * np.float32(0.2)) * np.float32(np.sqrt(2))
        index += 1
    return np.asarray(x.mean(axis=0), np.float32)
