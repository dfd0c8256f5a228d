"""What mimicry saves: `netG_N_steps.pth` with `model_state_dict`, `optimizer_state_dict` and `global_step`.

All its generators are one network: `l1`, `block2`, `block3` ..., then a normalisation `bN` and a convolution `cN`;
SAGAN and cGAN-PD have conditional normalisation, SAGAN attention (`attn_block`) and spectral norms.
"""

import re
from typing import Any

from ganstudio.checkpoints.base import FORMATS, Assumptions, OpenedFile
from ganstudio.checkpoints.layouts.generator_found import (
    GeneratorFound,
    Layout,
    RecognisedFormat,
    assumed_choice,
    assumed_number,
)
from ganstudio.checkpoints.layouts.residual_layout import Habits, column_half, configure, found_residual, reshaped
from ganstudio.checkpoints.layouts.spectral_norm import without_spectral_norm
from ganstudio.checkpoints.tree import TensorData
from ganstudio.checkpoints.wrappers import StateDict, find_state_dicts

_BLOCK = re.compile(r"block(\d{1,2})\.(.+)")
_LAST = re.compile(r"([bc])(\d{1,2})\.(.+)")
_ATTENTION = {"theta": "query", "phi": "key", "g": "value", "o": "out"}
_ATTENTION_AFTER = {3: 2, 5: 3}
"""Blocks before attention, by how many there are (32 and 128 px)."""


def _generator(file: OpenedFile) -> StateDict | None:
    for part in find_state_dicts(file.tree):
        names = part.tensors.keys()
        linear = "l1.weight" in names or "l1.weight_orig" in names or "l1.sn_u" in names
        convolution = any(f"block2.c1.{kind}" in names for kind in ("weight", "weight_orig"))
        if linear and convolution and any(name.startswith("block2.b1.") for name in names):
            return part
    return None


def _detects(file: OpenedFile) -> bool:
    return _generator(file) is not None


def _find(file: OpenedFile, assumptions: Assumptions) -> GeneratorFound:
    part = _generator(file)
    assert part is not None  # noqa: S101 - detected before
    trained = Layout(file.path, part.tensors)
    layout = _renamed(without_spectral_norm(trained))
    habits = Habits(
        norm_eps=assumed_number(file.path, assumptions, "norm_eps", 1e-5),
        upsampling=assumed_choice(file.path, assumptions, "upsampling", ("bilinear", "nearest")),
        tabled=True,
        output=assumed_choice(file.path, assumptions, "output", ("tanh", "sigmoid")),
    )
    config = configure(layout, habits)
    components = {part.place or "netG": trained.component("generator", "Generator")}
    return found_residual(layout, config, components, _facts(file, config), ())


def _facts(file: OpenedFile, config: dict[str, Any]) -> dict[str, Any]:
    if config["condition"] == "none":
        network = "SNGAN, SSGAN, InfoMax-GAN, WGAN-GP or DCGAN (one generator)"
    else:
        network = "SAGAN" if "attention" in config["layers"] else "cGAN with projection discriminator"
    step = file.tree.get("global_step") if isinstance(file.tree, dict) else None
    return {"network": network, **({"step": step} if isinstance(step, int) else {})}


def _renamed(layout: Layout) -> Layout:
    blocks = sorted({int(match[1]) for name in layout.tensors if (match := _BLOCK.fullmatch(name))})
    attention = _ATTENTION_AFTER.get(len(blocks), max(len(blocks) - 1, 0)) if layout.has_prefix("attn_block.") else None
    numbers = {block: index + (attention is not None and index >= attention) for index, block in enumerate(blocks)}
    renamed: dict[str, TensorData] = {}
    for name, tensor in layout.tensors.items():
        if name.endswith("num_batches_tracked"):
            continue
        if match := _BLOCK.fullmatch(name):
            renamed |= _block_tensors(f"layers.{numbers[int(match[1])]}.", match[2], tensor)
        elif match := _LAST.fullmatch(name):
            renamed[("norm." if match[1] == "b" else "to_image.") + match[3]] = tensor
        elif name.startswith("attn_block."):
            renamed |= _attention_tensor(f"layers.{attention}.", name.removeprefix("attn_block."), tensor)
        else:
            renamed[re.sub(r"^l1\.", "stem.", name)] = tensor
    return Layout(layout.path, renamed)


def _block_tensors(layer: str, name: str, tensor: TensorData) -> dict[str, TensorData]:
    name = re.sub(r"^c_sc\.", "shortcut.", name)
    name = re.sub(r"^c(\d)\.", r"conv\1.", name)
    name = re.sub(r"^b(\d)\.(bn\.)?", r"norm\1.", name)
    if name.endswith(".embed.weight") and len(tensor.shape) == 2:  # scales, then shifts, by class
        norm = layer + name.removesuffix("embed.weight")
        return {
            f"{norm}gain.weight": column_half(tensor, second=False),
            f"{norm}shift.weight": column_half(tensor, True),
        }
    return {layer + name: tensor}


def _attention_tensor(layer: str, name: str, tensor: TensorData) -> dict[str, TensorData]:
    if name == "gamma":
        return {f"{layer}strength": reshaped(tensor, (1,)) if tensor.count == 1 else tensor}
    first, _, rest = name.partition(".")
    return {f"{layer}{_ATTENTION.get(first, first)}.{rest}": tensor}


FORMATS.add("mimicry", RecognisedFormat("mimicry", _detects, _find))
