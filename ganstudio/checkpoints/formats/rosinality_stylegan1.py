"""State_dicts of rosinality's style-based-gan-pytorch, the first StyleGAN.

Layers for all resolutions up to 1024 px are always kept; those that training never grew to still have the biases of
zero that they began with, which tells the resolution.
"""

import math
import re

import numpy as np

from ganstudio.checkpoints.base import (
    FORMATS,
    Assumptions,
    Checkpoint,
    CheckpointDescription,
    CheckpointError,
    ComponentInfo,
    OpenedFile,
)
from ganstudio.checkpoints.layouts.plan import GeneratorPlan, Source
from ganstudio.checkpoints.layouts.rosinality import MEAN_LATENTS, mean_of_mapping
from ganstudio.checkpoints.layouts.stylegan1_plan import Settings, plan_stylegan1
from ganstudio.checkpoints.tree import TensorData

_SIGN = ("generator.progression.0.conv1.input", "style.1.linear.weight_orig", "generator.to_rgb.0.conv.bias")
_SETTINGS = Settings(mapping_rate=1.0, epsilon=1e-5, bias_before_filter=True)
_GAIN = math.sqrt(2)  # of a linear layer's weights there, ours have none
_REVERSED = (2, 3)
_LINEAR = re.compile(r"style\.(\d{1,3})\.linear\.(weight_orig|bias)")
_BLOCK = re.compile(r"generator\.progression\.(\d{1,2})\.(.+)")
_LICENCE = "not in the file"
_WARNINGS = (
    f"it keeps no mean w; the mean of {MEAN_LATENTS} w of random z (seed 0) stands for it",
    "it keeps no noise; pictures are drawn without",
)


class FirstRosinalityFormat:
    """Finds generators by their names, the averaged one first."""

    def detect(self, file: OpenedFile) -> bool:
        """See `CheckpointFormat`."""
        return isinstance(file.tree, dict) and bool(_prefixes(file.tensors))

    def describe(self, file: OpenedFile, assumptions: Assumptions) -> CheckpointDescription:
        """See `CheckpointFormat`; takes the assumption `resolution`."""
        return _describe(file, _plan(file, assumptions))

    def read(self, file: OpenedFile, assumptions: Assumptions) -> Checkpoint:
        """See `CheckpointFormat`; takes the assumption `resolution`."""
        plan = _plan(file, assumptions)
        weights = plan.load(file.path)
        weights["average"] = mean_of_mapping(weights, _SETTINGS.mapping_rate)
        return Checkpoint(_describe(file, plan), plan.config, weights, file.tensors)


def _prefixes(tensors: dict[str, TensorData]) -> list[str]:
    candidates = [name.removesuffix(_SIGN[0]) for name in tensors if name.endswith(_SIGN[0])]
    found = [prefix for prefix in candidates if all(prefix + name in tensors for name in _SIGN)]
    return sorted(found, key=lambda prefix: ("running" not in prefix and "ema" not in prefix, len(prefix)))


def _state(file: OpenedFile) -> dict[str, TensorData]:
    prefix = _prefixes(file.tensors)[0]
    return {name.removeprefix(prefix): part for name, part in file.tensors.items() if name.startswith(prefix)}


def _plan(file: OpenedFile, assumptions: Assumptions) -> GeneratorPlan:
    state = _state(file)
    levels = _levels(file, state, assumptions)
    sources = {}
    for name, tensor in state.items():
        if match := _LINEAR.fullmatch(name):
            index, is_weight = int(match[1]) // 2, match[2] == "weight_orig"
            part = "weight" if is_weight else "bias"
            sources[f"mapping.layers.{index}.{part}"] = Source(tensor, scale=1.0 if is_weight else 1 / _GAIN)
        elif (match := _BLOCK.fullmatch(name)) and int(match[1]) < levels:
            sources |= _block_sources(int(match[1]), match[2], tensor)
    sources |= {
        "synthesis.colours.weight": Source(state[f"generator.to_rgb.{levels - 1}.conv.weight_orig"], scale=_GAIN),
        "synthesis.colours.bias": Source(state[f"generator.to_rgb.{levels - 1}.conv.bias"]),
    }
    return plan_stylegan1(file.path, sources, _SETTINGS, _WARNINGS, frozenset({"average", "synthesis.layers.0.bias"}))


def _levels(file: OpenedFile, state: dict[str, TensorData], assumptions: Assumptions) -> int:
    """How many resolutions from 4 px on are drawn."""
    kept = 0
    while f"generator.to_rgb.{kept}.conv.bias" in state and f"generator.to_rgb.{kept}.conv.weight_orig" in state:
        kept += 1
    if not kept:
        raise CheckpointError(file.path, "none of its layers makes colours", "open a generator, whole")
    sizes = [str(4 << level) for level in range(kept)]
    if (wanted := assumptions.get("resolution")) is not None:
        if wanted not in sizes:
            raise CheckpointError(file.path, f"it has no layers of {wanted[:20]} px", f"choose of {', '.join(sizes)}")
        return sizes.index(wanted) + 1
    grown = [i for i in range(kept) if np.any(state[f"generator.to_rgb.{i}.conv.bias"].array() != 0)]
    return max(grown, default=kept - 1) + 1


def _block_sources(level: int, name: str, tensor: TensorData) -> dict[str, Source]:
    """What a tensor of the block of a resolution becomes; nothing for what we do not keep."""
    first, second = f"synthesis.layers.{2 * level}", f"synthesis.layers.{2 * level + 1}"
    if match := re.fullmatch(r"adain([12])\.style\.linear\.(weight_orig|bias)", name):
        place, scale = first if match[1] == "1" else second, _GAIN if match[2] == "weight_orig" else 1.0
        part = "weight" if match[2] == "weight_orig" else "bias"
        halves = ("scale", (0, 2)), ("shift", (1, 2))
        return {f"{place}.{half}.{part}": Source(tensor, part=which, scale=scale) for half, which in halves}
    known = {
        "conv1.input": ("synthesis.constant", Source(tensor, index=0)),
        "conv1.1.conv.weight_orig": (f"{first}.weight", Source(tensor)),
        "conv1.1.conv.bias": (f"{first}.bias", Source(tensor)),
        "conv1.0.weight": (f"{first}.weight", Source(tensor, (1, 0, 2, 3), _REVERSED, scale=0.25)),
        "conv1.0.bias": (f"{first}.bias", Source(tensor)),
        "conv2.conv.weight_orig": (f"{second}.weight", Source(tensor)),
        "conv2.conv.bias": (f"{second}.bias", Source(tensor)),
    }
    if level == 1 and name == "conv1.2.weight":
        return {"synthesis.filter": Source(tensor, index=0, reshape=tensor.shape[2:])}
    return dict([known[name]]) if name in known else {}


def _describe(file: OpenedFile, plan: GeneratorPlan) -> CheckpointDescription:
    parts = {prefix.rstrip(".") or "generator": prefix for prefix in _prefixes(file.tensors)}
    components = {
        name: ComponentInfo("generator", "StyledGenerator", _count_parameters(file.tensors, prefix))
        for name, prefix in parts.items()
    }
    return CheckpointDescription(
        path=file.path,
        format="rosinality_stylegan1",
        family=plan.family,
        components=components,
        spec=plan.spec,
        facts={"drawn with": next(iter(parts)), "licence": _LICENCE},
        warnings=plan.warnings,
    )


def _count_parameters(tensors: dict[str, TensorData], prefix: str) -> int:
    names = (name for name in tensors if name.startswith(prefix) and not re.search(r"conv1\.[12]\.weight", name))
    return sum(tensors[name].count for name in names)


FORMATS.add("rosinality_stylegan1", FirstRosinalityFormat())
