"""What BigGAN-PyTorch saves: `G.pth`, `G_ema.pth`, each the bare state_dict of one generator, BigGAN or BigGAN-deep.

Names are `shared` (the classes' embedding), `linear`, `blocks.I.0` (residual), `blocks.I.1` (attention) and
`output_layer`.
Classes come as labels here; the original takes their embedding.
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
from ganstudio.checkpoints.layouts.residual_layout import (
    Habits,
    configure,
    found_residual,
    rename_by,
    reshaped,
    with_offset,
)
from ganstudio.checkpoints.layouts.spectral_norm import without_spectral_norm
from ganstudio.checkpoints.tree import TensorData
from ganstudio.checkpoints.wrappers import StateDict, find_state_dicts

_LAYER = re.compile(r"blocks\.(\d{1,4})\.(\d{1,2})\.(.+)")
_PARTS = (
    (r"^conv_sc\.", "shortcut."),
    (r"^bn(\d)\.bias\.", r"norm\1.shift."),
    (r"^bn(\d)\.", r"norm\1."),
    (r"^theta\.", "query."),
    (r"^phi\.", "key."),
    (r"^g\.", "value."),
    (r"^o\.", "out."),
    (r"^gamma$", "strength"),
)
_OUTSIDE = (
    (r"^shared\.", "classes."),
    (r"^linear\.", "stem."),
    (r"^output_layer\.0\.gain$", "norm.weight"),
    (r"^output_layer\.0\.", "norm."),
    (r"^output_layer\.2\.", "to_image."),
)
_STATISTICS = ((r"\.bn\.", "."), (r"stored_mean$", "running_mean"), (r"stored_var$", "running_var"))
_UNUSED = ("accumulation_counter", "num_batches_tracked")


def _generator(file: OpenedFile) -> StateDict | None:
    for part in find_state_dicts(file.tree):
        wanted = ("linear.weight", "blocks.0.0.conv1.weight", "blocks.0.0.bn1.gain.weight", "output_layer.2.weight")
        if all(name in part.tensors for name in wanted):
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
        tabled="classes.weight" not in layout,
        activation=assumed_choice(file.path, assumptions, "activation", ("relu", "leaky_relu", "elu", "gelu")),
    )
    config = configure(layout, habits)
    deep = "deep_up" in config["layers"]
    name = part.place or "G"
    facts: dict[str, Any] = {"network": "BigGAN-deep" if deep else "BigGAN"}
    return found_residual(layout, config, {name: trained.component("generator", "Generator")}, facts, ())


def _renamed(layout: Layout) -> Layout:
    order = _order_of_layers(layout)
    renamed: dict[str, TensorData] = {}
    for name, tensor in layout.tensors.items():
        if name.endswith(_UNUSED):
            continue
        ours = _our_name(name, order)
        renamed[ours] = reshaped(tensor, (1,)) if ours.endswith(".strength") and tensor.count == 1 else tensor
    if "classes.weight" not in renamed:  # the scales are tables by class, less one
        for name in [name for name in renamed if name.endswith(".gain.weight")]:
            renamed[name] = with_offset(renamed[name], 1.0)
    return Layout(layout.path, renamed)


def _order_of_layers(layout: Layout) -> dict[tuple[str, str], int]:
    """Numbers of the layers in order, by both numbers that they have in the file."""
    places = {(match[1], match[2]) for name in layout.tensors if (match := _LAYER.fullmatch(name))}
    return {place: number for number, place in enumerate(sorted(places, key=lambda place: [int(n) for n in place]))}


def _our_name(name: str, order: dict[tuple[str, str], int]) -> str:
    match = _LAYER.fullmatch(name)
    name = f"layers.{order[match[1], match[2]]}.{rename_by(match[3], _PARTS)}" if match else rename_by(name, _OUTSIDE)
    for pattern, ours in _STATISTICS:
        name = re.sub(pattern, ours, name)
    return name


FORMATS.add("biggan", RecognisedFormat("biggan", _detects, _find))
