"""What PyTorch-StudioGAN saves: `model=G-...-weights-step=N.pth` with `state_dict` and `optimizer` (`G_ema` without).

Its own backbones are told apart by names: `deep_conv` (`blocks.I.0.deconv0`), `resnet` (conditional on one-hot
classes), `big_resnet` (`shared`, z in parts) and `big_resnet_deep` (four convolutions a block). Attention is a block of
its own.
"""

import re
from typing import Any

from ganstudio.checkpoints.base import FORMATS, Assumptions, CheckpointError, OpenedFile
from ganstudio.checkpoints.layouts.generator_found import (
    GeneratorFound,
    Layout,
    RecognisedFormat,
    assumed_choice,
    assumed_number,
)
from ganstudio.checkpoints.layouts.residual_layout import Habits, as_table, configure, found_residual, rename_by
from ganstudio.checkpoints.layouts.spectral_norm import without_spectral_norm
from ganstudio.checkpoints.tree import TensorData
from ganstudio.checkpoints.wrappers import StateDict, find_state_dicts

_LAYER = re.compile(r"blocks\.(\d{1,4})\.0\.(.+)")
_PARTS = (
    (r"^conv2d0\.", "shortcut."),
    (r"^conv2d(\d)\.", r"conv\1."),
    (r"^deconv0\.", "conv."),
    (r"^bn0\.", "norm."),
    (r"^bn(\d)\.", r"norm\1."),
    (r"^conv1x1_theta\.", "query."),
    (r"^conv1x1_phi\.", "key."),
    (r"^conv1x1_g\.", "value."),
    (r"^conv1x1_attn\.", "out."),
    (r"^sigma$", "strength"),
)
_OUTSIDE = (
    (r"^shared\.", "classes."),
    (r"^linear0\.", "stem."),
    (r"^bn4\.", "norm."),
    (r"^conv(2d5|4)\.", "to_image."),
)


def _generator(file: OpenedFile) -> StateDict | None:
    for part in find_state_dicts(file.tree):
        names = part.tensors.keys()
        linear = any(f"linear0.{kind}" in names for kind in ("weight", "weight_orig"))
        first = any(
            f"blocks.0.0.{layer}.{kind}" in names
            for layer in ("conv2d1", "deconv0")
            for kind in ("weight", "weight_orig")
        )
        if linear and first and any(name.startswith(("conv2d5.", "conv4.")) for name in names):
            return part
    return None


def _detects(file: OpenedFile) -> bool:
    return _generator(file) is not None


def _find(file: OpenedFile, assumptions: Assumptions) -> GeneratorFound:
    part = _generator(file)
    assert part is not None  # noqa: S101 - detected before
    trained = Layout(file.path, part.tensors)
    if trained.has_prefix("info_"):
        reason = "its generator takes codes of information beside the latent (InfoGAN), which are not known here"
        raise CheckpointError(file.path, reason, "open a checkpoint trained without info_type")
    layout = _renamed(without_spectral_norm(trained, lambda layer: layer.endswith(".deconv0")))
    tabled = _is_one_hot(layout)
    layout = _with_tables(layout) if tabled else layout
    habits = Habits(
        norm_eps=assumed_number(file.path, assumptions, "norm_eps", 1e-4),
        tabled=tabled,
        activation=assumed_choice(file.path, assumptions, "activation", ("relu", "leaky_relu", "elu", "gelu")),
    )
    config = configure(layout, habits)
    components = {part.place or "G": trained.component("generator", "Generator")}
    facts: dict[str, Any] = {"backbone": _backbone(config), **_training_facts(file)}
    warnings = (
        () if "activation" in assumptions else ("the activation is not in the file; relu, the default, is assumed",)
    )
    return found_residual(layout, config, components, facts, warnings)


def _backbone(config: dict[str, Any]) -> str:
    if "transposed" in config["layers"]:
        return "deep_conv"
    if "deep_up" in config["layers"]:
        return "big_resnet_deep_legacy" if config["shortcut"] == "dropped" else "big_resnet_deep_studiogan"
    return "big_resnet" if config["condition"] == "vector" else "resnet"


def _training_facts(file: OpenedFile) -> dict[str, Any]:
    tree = file.tree if isinstance(file.tree, dict) else {}
    kinds = {"step": int, "epoch": int, "run_name": str, "best_fid": float}
    return {key: tree[key] for key, kind in kinds.items() if isinstance(tree.get(key), kind)}


def _renamed(layout: Layout) -> Layout:
    renamed: dict[str, TensorData] = {}
    for name, tensor in layout.tensors.items():
        if name.endswith("num_batches_tracked"):
            continue
        match = _LAYER.fullmatch(name)
        ours = f"layers.{match[1]}.{rename_by(match[2], _PARTS)}" if match else rename_by(name, _OUTSIDE)
        conditional = re.fullmatch(r"(.+\.norm\d?)\.(bn|bias)\.(.+)", ours)
        if conditional:
            ours = f"{conditional[1]}.{'' if conditional[2] == 'bn' else 'shift.'}{conditional[3]}"
        renamed[ours] = tensor
    return Layout(layout.path, renamed)


def _is_one_hot(layout: Layout) -> bool:
    """Whether scales and shifts are linear in a one-hot vector of the class.

    Else they are so in an embedding of it and a part of z, or in that part alone, whose length the first layer tells.
    """
    stem = layout.shape("stem.weight", 2)[1]
    gains = {value.shape[-1] for name, value in layout.tensors.items() if name.endswith(".gain.weight") and value.shape}
    return bool(gains) and "classes.weight" not in layout and gains != {stem}


def _with_tables(layout: Layout) -> Layout:
    """Scales and shifts as tables by class."""
    renamed = dict(layout.tensors)
    for name, tensor in layout.tensors.items():
        if name.endswith((".gain.weight", ".shift.weight")) and len(tensor.shape) == 2:
            renamed[name] = as_table(tensor, 1.0 if name.endswith(".gain.weight") else 0.0)
    return Layout(layout.path, renamed)


FORMATS.add("studiogan", RecognisedFormat("studiogan", _detects, _find))
