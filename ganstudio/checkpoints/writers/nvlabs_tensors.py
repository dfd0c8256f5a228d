"""NVlabs' tensors under NVlabs' names, without the program that NVlabs' pickles carry.

`G.load_state_dict` of stylegan2-ada-pytorch and stylegan3 takes them: `.npz` through numpy, `.safetensors` (with
`--to nvlabs`) through its library. What these programs keep outside tensors (clamping, activation) is theirs to set.
"""

import io
from pathlib import Path
from typing import Any

import numpy as np
import safetensors.numpy

from ganstudio.checkpoints.tree import Array
from ganstudio.checkpoints.writers.base import WRITERS, ConversionError, Draw, Model
from ganstudio.checkpoints.writers.reopening import reopen_checkpoint
from ganstudio.files import write_atomically

_LAYER_PARTS = {
    "weight": "weight", "bias": "bias", "style.weight": "affine.weight", "style.bias": "affine.bias",
    "noise": "noise_const", "noise_strength": "noise_strength",
}  # fmt: skip
_MAPPING = {
    "average": "mapping.w_avg",
    "mapping.label.weight": "mapping.embed.weight",
    "mapping.label.bias": "mapping.embed.bias",
}


class NvlabsTensors:
    """Writes a StyleGAN2, or any generator that came from a pickle of NVlabs."""

    title = "NVlabs' tensors (without a program)"
    suffixes: tuple[str, ...] = (".npz",)

    def write(self, path: Path, model: Model) -> None:
        """See `Writer`."""
        tensors = _tensors_of(path, model)
        if path.suffix.lower() == ".safetensors":
            data = safetensors.numpy.save({name: np.asarray(array, order="C") for name, array in tensors.items()})
        else:
            buffer = io.BytesIO()
            named: dict[str, Any] = dict(tensors)
            np.savez(buffer, **named)
            data = buffer.getvalue()
        write_atomically(path, lambda file: file.write(data))

    def reopen(self, path: Path, model: Model) -> Draw:  # noqa: ARG002 - the file says it all
        """See `Writer`."""
        return reopen_checkpoint(path)


def _tensors_of(path: Path, model: Model) -> dict[str, Array]:
    checkpoint = model.checkpoint
    description = checkpoint.description
    prefix = f"{description.facts.get('drawn with', '')}."
    if description.format == "nvlabs":  # as they came
        return {
            name.removeprefix(prefix): tensor.array()
            for name, tensor in checkpoint.tensors.items()
            if name.startswith(prefix)
        }
    if description.family != "stylegan2":
        raise ConversionError(path, f"a network of the family {description.family} has no names of NVlabs",
                              "convert a StyleGAN2, or to another kind")  # fmt: skip
    return _stylegan2(checkpoint.weights, checkpoint.config["architecture"])


def _stylegan2(weights: dict[str, Array], architecture: str) -> dict[str, Array]:
    last = max(int(name.split(".")[2]) for name in weights if name.startswith("synthesis.layers.")) // 2
    kernel = weights["synthesis.filter"]
    found: dict[str, Array] = {}
    for name, array in weights.items():
        if name == "synthesis.filter":
            continue
        found[_their_name(name, architecture, last)] = array
    for level in range(last + 1):
        block = f"synthesis.b{4 << level}"
        found[f"{block}.resample_filter"] = kernel
        for part in ("conv0", "conv1", "skip"):
            if f"{block}.{part}.weight" in found:
                found[f"{block}.{part}.resample_filter"] = kernel
    return found


def _their_name(name: str, architecture: str, last: int) -> str:
    if name in _MAPPING:
        return _MAPPING[name]
    if name == "synthesis.constant":
        return "synthesis.b4.const"
    room, kind, number, *rest = name.split(".")
    index, part = int(number), ".".join(rest)
    if room == "mapping":
        return f"mapping.fc{index}.{part}"
    if kind == "layers":
        level, which = (index + 1) // 2, "conv0" if index % 2 else "conv1"
    elif kind == "colours":
        level, which = (index if architecture == "skip" else last), "torgb"
    else:
        level, which = index + 1, "skip"
    return f"synthesis.b{4 << level}.{which}.{_LAYER_PARTS[part]}"


WRITERS.add("nvlabs", NvlabsTensors())
