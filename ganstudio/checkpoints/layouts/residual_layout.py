"""From the names and shapes of a residual generator to its configuration, for BigGAN-PyTorch, mimicry and StudioGAN.

Their readers rename their tensors to those of `networks/residual.py` first; what is here sees our names only:
`stem`, `classes`, `layers.N.*`, `norm`, `to_image`.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ganstudio.checkpoints.base import ComponentInfo
from ganstudio.checkpoints.layouts.generator_found import GeneratorFound, Layout
from ganstudio.checkpoints.tree import Array, TensorData
from ganstudio.networks.spec import GeneratorSpec

_STAGES = {
    3: ((4, 4, 4), (4, 4, 4)),
    4: ((16, 8, 4, 2), (8, 4, 2, 1)),
    5: ((16, 16, 8, 4, 2), (16, 8, 4, 2, 1)),
    6: ((16, 16, 8, 8, 4, 2), (16, 8, 8, 4, 2, 1)),
    7: ((16, 16, 8, 8, 4, 2, 1), (16, 8, 8, 4, 2, 1, 1)),
}
"""Widths into and out of each resolution, in multiples of one number (Brock et al. 2019, appendix B)."""
_STAGES_OF_64 = ((16, 16, 8, 4), (16, 8, 4, 2))  # as BigGAN-PyTorch has them at 64 px

OUTPUT_RANGES = {"tanh": (-1.0, 1.0), "sigmoid": (0.0, 1.0)}


@dataclass(frozen=True)
class Habits:
    """What a repository's files do not say, as its program has it.

    Attributes:
        norm_eps: Added to variances.
        upsampling: "nearest" or "bilinear".
        activation: See `ResidualConfig`.
        output: Likewise.
        tabled: Whether scales and shifts, where they are conditional, are tables by class.
    """

    norm_eps: float = 1e-5
    upsampling: str = "nearest"
    activation: str = "relu"
    output: str = "tanh"
    tabled: bool = False


def configure(layout: Layout, habits: Habits) -> dict[str, Any]:
    """Values of `ResidualConfig` for tensors under our names.

    Raises:
        CheckpointError: One is missing or does not fit.
    """
    count = _count_layers(layout)
    if not count:
        raise layout.misfit("its generator has no blocks")
    kinds = [_kind(layout, index) for index in range(count)]
    sizes = [_sizes(layout, index, kind) for index, kind in enumerate(kinds)]
    widths = [sizes[0][0], *(outputs for _, outputs in sizes)]
    for index, (inputs, _) in enumerate(sizes):
        if inputs != widths[index]:
            raise layout.misfit(f"its layer {index} takes {inputs} maps, the one before it gives {widths[index]}")
    stem = layout.shape("stem.weight", 2)
    first_size = math.isqrt(stem[0] // widths[0])
    if first_size < 1 or first_size**2 * widths[0] != stem[0]:
        raise layout.misfit(f"its first layer's {stem[0]} outputs are no square maps of {widths[0]} channels")
    kinds = _place_growth(layout, kinds, sizes)
    growing = sum(kind in ("block", "deep_up", "transposed") for kind in kinds)
    if growing > 10 or count > 64:
        raise layout.misfit("it has more layers than any known generator")
    return {
        "resolution": first_size << growing,
        "channels": layout.shape("to_image.weight", 4)[0],
        "first_size": first_size,
        "first_width": widths[0],
        "layers": tuple(kinds),
        "widths": tuple(widths[1:]),
        "shortcut": "dropped" if "deep_up" in kinds and not _has(layout, kinds, "shortcut.weight") else "convolution",
        "upsampling": habits.upsampling,
        "norm_eps": habits.norm_eps,
        "final_norm": "norm.weight" in layout,
        "activation": habits.activation,
        "output": habits.output,
        **_conditioning(layout, kinds, stem[1], habits.tabled),
    }


def make_spec(config: Mapping[str, Any]) -> GeneratorSpec:
    """The outside of a generator of this configuration."""
    return GeneratorSpec(
        config["z_dim"],
        config["resolution"],
        config["channels"],
        config["num_classes"],
        output_range=OUTPUT_RANGES[config["output"]],
    )


def found_residual(
    layout: Layout,
    config: dict[str, Any],
    components: dict[str, ComponentInfo],
    facts: dict[str, Any],
    warnings: Sequence[str],
) -> GeneratorFound:
    """A generator whose tensors are under our names already."""
    confidence = 0.9 if warnings else 1.0
    return GeneratorFound(
        "residual", config, make_spec(config), layout.sources(), components, facts, confidence, tuple(warnings)
    )


def _count_layers(layout: Layout) -> int:
    numbers = {int(match[1]) for name in layout.tensors if (match := re.match(r"layers\.(\d{1,4})\.", name))}
    if numbers != set(range(len(numbers))):
        raise layout.misfit("one of its layers is missing")
    return len(numbers)


def _kind(layout: Layout, index: int) -> str:
    name = f"layers.{index}."
    known = {"query.weight": "attention", "conv.weight": "transposed", "conv4.weight": "deep", "conv2.weight": "block"}
    for part, kind in known.items():
        if name + part in layout:
            return kind
    raise layout.misfit(f"its layer {index} is of no known kind")


def _sizes(layout: Layout, index: int, kind: str) -> tuple[int, int]:
    """Maps into and out of a layer."""
    name = f"layers.{index}."
    if kind == "attention":
        width = layout.shape(f"{name}query.weight", 4)[1]
        return width, width
    if kind == "transposed":
        shape = layout.shape(f"{name}conv.weight", 4)
        return shape[0], shape[1]
    last = "conv4" if kind == "deep" else "conv2"
    return layout.shape(f"{name}conv1.weight", 4)[1], layout.shape(f"{name}{last}.weight", 4)[0]


def _has(layout: Layout, kinds: Sequence[str], part: str) -> bool:
    return any(f"layers.{index}.{part}" in layout for index, kind in enumerate(kinds) if kind != "attention")


def _place_growth(layout: Layout, kinds: list[str], sizes: list[tuple[int, int]]) -> list[str]:
    """Say which deep blocks double the size: the last of each resolution, of which shapes say only the number."""
    deep = [index for index, kind in enumerate(kinds) if kind == "deep"]
    if not deep:
        return kinds
    for depth in (2, 1, 3, 4):
        last = deep[depth - 1 :: depth]
        if len(deep) % depth == 0 and _is_known([sizes[index] for index in deep], depth):
            return ["deep_up" if index in last else kind for index, kind in enumerate(kinds)]
    raise layout.misfit("its widths are of no known BigGAN-deep")


def _is_known(sizes: list[tuple[int, int]], depth: int) -> bool:
    stages = len(sizes) // depth
    inputs, outputs = (
        [sizes[stage * depth][0] for stage in range(stages)],
        [size[1] for size in sizes[depth - 1 :: depth]],
    )
    known = [_STAGES[stages]] if stages in _STAGES else []
    known += [_STAGES_OF_64] if stages == 4 else []
    for wanted_in, wanted_out in known:
        unit = inputs[0] // wanted_in[0]
        if [unit * width for width in wanted_in] == inputs and [unit * width for width in wanted_out] == outputs:
            return True
    return False


def _conditioning(layout: Layout, kinds: Sequence[str], stem: int, tabled: bool) -> dict[str, Any]:
    """Classes, length of z, and where both go."""
    index = next((index for index, kind in enumerate(kinds) if kind != "attention"), -1)
    if index < 0:
        raise layout.misfit("its generator has no blocks")
    norm = f"layers.{index}.norm" + ("" if kinds[index] == "transposed" else "1")
    if f"{norm}.gain.weight" not in layout:
        return {"num_classes": 0, "z_dim": stem, "condition": "none", "class_dim": 0, "latent_use": "first"}
    gain = layout.shape(f"{norm}.gain.weight", 2)
    if tabled:
        return {"num_classes": gain[0], "z_dim": stem, "condition": "classes", "class_dim": 0, "latent_use": "first"}
    classes = layout.shape("classes.weight", 2) if "classes.weight" in layout else (0, 0)
    rest = gain[1] - classes[1]
    if rest == 0:
        use, z_dim = "first", stem
    elif rest == stem:
        use, z_dim = "split", stem * (1 + sum(kind != "attention" for kind in kinds))
    elif gain[1] == stem and rest > 0:
        use, z_dim = "whole", rest
    else:
        raise layout.misfit(f"its conditional normalisation takes {gain[1]} numbers, its first layer {stem}")
    if "classes.weight" not in layout and any(kind == "deep" for kind in kinds):
        use, z_dim = "whole", stem
    return {
        "num_classes": classes[0],
        "z_dim": z_dim,
        "condition": "vector",
        "class_dim": classes[1],
        "latent_use": use,
    }


def reshaped(tensor: TensorData, shape: tuple[int, ...]) -> TensorData:
    """The same values in another shape of as many."""
    return TensorData(tensor.dtype, shape, lambda: tensor.load().reshape(shape))


def column_half(tensor: TensorData, second: bool) -> TensorData:
    """The first or second half of the columns `(rows, 2 C)`."""
    width = tensor.shape[1] // 2

    def load() -> Array:
        return tensor.load()[:, width:] if second else tensor.load()[:, :width]

    return TensorData(tensor.dtype, (tensor.shape[0], width), load)


def as_table(tensor: TensorData, offset: float) -> TensorData:
    """A linear layer `(C, classes)` of one-hot vectors as a table `(classes, C)`, with a number added."""
    return TensorData("float32", tensor.shape[::-1], lambda: _added(tensor, offset).T)


def with_offset(tensor: TensorData, offset: float) -> TensorData:
    """The values with a number added."""
    return TensorData("float32", tensor.shape, lambda: _added(tensor, offset))


def _added(tensor: TensorData, offset: float) -> Array:
    return tensor.array().astype(np.float32, copy=False) + np.float32(offset)


def rename_by(name: str, rules: Sequence[tuple[str, str]]) -> str:
    """Apply the first rule (pattern, replacement) that fits."""
    for pattern, ours in rules:
        if re.search(pattern, name):
            return re.sub(pattern, ours, name)
    return name
