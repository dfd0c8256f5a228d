"""Hugging Face's pytorch-pretrained-biggan: DeepMind's BigGAN-deep, a bare state_dict (`pytorch_model.bin`).

Three things are of TensorFlow's making: the first maps come row by row with channels last, the last convolution draws
more channels than the three that are kept, and statistics of normalisation are there for 51 truncations from 0 to 1.
Here those of one truncation are read, 1 unless it is assumed otherwise. The condition is (z, class), ours (class, z).
"""

import math
import re
from collections.abc import Callable

import numpy as np

from ganstudio.checkpoints.base import FORMATS, Array, Assumptions, CheckpointError, OpenedFile
from ganstudio.checkpoints.layouts.generator_found import GeneratorFound, Layout, RecognisedFormat, assumed_number
from ganstudio.checkpoints.layouts.residual_layout import Habits, configure, found_residual, rename_by
from ganstudio.checkpoints.layouts.spectral_norm import without_spectral_norm
from ganstudio.checkpoints.tree import TensorData
from ganstudio.checkpoints.wrappers import StateDict, find_state_dicts

_EPSILON = 1e-4
_SHOWN = 3
_NAMES = (
    (r"^embeddings\.", "classes."),
    (r"^generator\.gen_z\.", "stem."),
    (r"^generator\.bn\.", "norm."),
    (r"^generator\.conv_to_rgb\.", "to_image."),
    (r"^generator\.layers\.", "layers."),
)
_PARTS = (
    (r"\.snconv1x1_theta\.", ".query."),
    (r"\.snconv1x1_phi\.", ".key."),
    (r"\.snconv1x1_g\.", ".value."),
    (r"\.snconv1x1_o_conv\.", ".out."),
    (r"\.gamma$", ".strength"),
)
_KINDS = (
    ("scale.", "gain."),
    ("offset.", "shift."),
    ("running_means", "running_mean"),
    ("running_vars", "running_var"),
)


def _generator(file: OpenedFile) -> StateDict | None:
    for part in find_state_dicts(file.tree):
        names = part.tensors.keys()
        if "embeddings.weight" in names and "generator.gen_z.bias" in names and "generator.bn.running_means" in names:
            return part
    return None


def _detects(file: OpenedFile) -> bool:
    return _generator(file) is not None


def _find(file: OpenedFile, assumptions: Assumptions) -> GeneratorFound:
    part = _generator(file)
    assert part is not None  # noqa: S101 - detected before
    trained = Layout(file.path, part.tensors)
    truncation = assumed_number(file.path, assumptions, "truncation", 1.0)
    if truncation > 1:
        raise CheckpointError(file.path, f"the assumption truncation={truncation:g} is above 1", "choose 0 to 1")
    layout = _as_ours(_renamed(without_spectral_norm(trained)), truncation)
    config = configure(layout, Habits(norm_eps=assumed_number(file.path, assumptions, "norm_eps", _EPSILON)))
    components = {part.place or "generator": trained.component("generator", "BigGAN")}
    facts = {"network": "BigGAN-deep", "statistics of truncation": truncation}
    return found_residual(layout, config, components, facts, ())


def _renamed(layout: Layout) -> Layout:
    renamed: dict[str, TensorData] = {}
    for name, tensor in layout.tensors.items():
        ours = rename_by(rename_by(name, _NAMES), _PARTS)
        ours = re.sub(r"\.conv_(\d)\.", lambda match: f".conv{int(match[1]) + 1}.", ours)
        ours = re.sub(r"\.bn_(\d)\.", lambda match: f".norm{int(match[1]) + 1}.", ours)
        for theirs, kind in _KINDS:
            ours = ours.replace(theirs, kind)
        renamed[ours] = tensor
    return Layout(layout.path, renamed)


def _as_ours(layout: Layout, truncation: float) -> Layout:
    """Turn, cut and choose values so that they are what `ResidualGenerator` holds."""
    classes = layout.shape("classes.weight", 2)
    stem = layout.shape("stem.weight", 2)
    width = layout.shape("layers.0.conv1.weight", 4)[1]
    z_dim = stem[1] - classes[0]
    if z_dim < 1 or stem[0] % width or layout.shape("stem.bias", 1)[0] != stem[0]:
        raise layout.misfit(f"its first layer of {stem} does not fit {width} maps")
    ours: dict[str, TensorData] = {}
    for name, tensor in layout.tensors.items():
        if name.endswith((".running_mean", ".running_var")):
            ours[name] = _statistics(layout, name, truncation)
        elif name.endswith((".gain.weight", ".shift.weight")):
            shape = layout.shape(name, 2)
            ours[name] = _changed(tensor, shape, lambda values: _class_first(values, z_dim))
        elif name.startswith("to_image."):
            layout.shape(name, 4 if name.endswith("weight") else 1)
            ours[name] = _changed(tensor, (_SHOWN, *tensor.shape[1:]), lambda values: values[:_SHOWN])
        else:
            ours[name] = tensor
    if layout.shape("to_image.weight", 4)[0] < _SHOWN:
        raise layout.misfit("its last convolution draws fewer than three channels")
    ours["classes.weight"] = _changed(layout.tensors["classes.weight"], classes[::-1], lambda values: values.T)
    ours["stem.weight"] = _changed(
        layout.tensors["stem.weight"], stem, lambda values: _class_first(_channels_first(values, width), z_dim)
    )
    ours["stem.bias"] = _changed(
        layout.tensors["stem.bias"], stem[:1], lambda values: _channels_first(values[:, None], width)[:, 0]
    )
    return Layout(layout.path, ours)


def _changed(tensor: TensorData, shape: tuple[int, ...], change: Callable[[Array], Array]) -> TensorData:
    return TensorData("float32", shape, lambda: change(tensor.array().astype(np.float32, copy=False)))


def _class_first(weights: Array, z_dim: int) -> Array:
    """Columns for (class, z) of those for (z, class)."""
    return np.concatenate([weights[:, z_dim:], weights[:, :z_dim]], axis=1)


def _channels_first(rows: Array, width: int) -> Array:
    """Rows in the order of maps (C, H, W) of those in the order (H, W, C)."""
    return rows.reshape(-1, width, rows.shape[1]).swapaxes(0, 1).reshape(rows.shape)


def _statistics(layout: Layout, name: str, truncation: float) -> TensorData:
    """The statistics of one truncation; between two that are there, mixed with the shares that the original takes."""
    tensor = layout.tensors[name]
    count, width = layout.shape(name, 2)
    if count < 2:
        raise layout.misfit(f"its tensor {name!r} has statistics of {count} truncations")
    share, whole = math.modf(truncation / (1.0 / (count - 1)))
    first = min(int(whole), count - 1)
    second = min(first + 1, count - 1)

    def mix(values: Array) -> Array:
        mixed: Array = (
            values[first] * np.float32(share) + values[second] * np.float32(1 - share) if share else values[first]
        )
        return mixed

    return _changed(tensor, (width,), mix)


FORMATS.add("pretrained_biggan", RecognisedFormat("pretrained_biggan", _detects, _find))
