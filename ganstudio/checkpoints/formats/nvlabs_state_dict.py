"""StyleGAN2, StyleGAN3, StyleGAN-XL and R3GAN under their own names in a plain state_dict: networks without class.

StudioGAN keeps its backbones so. The names make the same tree of modules as a pickle has, but for their attributes
(activation, learning rate of the mapping, clamping): the defaults of the original programs stand for these.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ganstudio.checkpoints.base import FORMATS, Assumptions, OpenedFile
from ganstudio.checkpoints.layouts.generator_found import GeneratorFound, Layout, RecognisedFormat, assumed_number
from ganstudio.checkpoints.layouts.nvlabs.families import family_of
from ganstudio.checkpoints.layouts.nvlabs.modules import SavedModule
from ganstudio.checkpoints.tree import Array, TensorData
from ganstudio.checkpoints.wrappers import StateDict, find_state_dicts

_BUFFERS = (
    *("w_avg", "resample_filter", "noise_const", "Kernel"),
    *("freqs", "phases", "transform", "up_filter", "down_filter", "magnitude_ema"),
)
_WANTED = ("mapping.fc0.weight", "mapping.w_avg")
_STYLEGAN2 = ("synthesis.b4.const", "synthesis.b4.conv1.affine.weight")
_STYLEGAN3 = ("synthesis.input.freqs", "synthesis.input.phases")
_R3GAN = ("MainLayers.0.Layers.0.Basis", "AggregationLayer.Layer.weight")
_WRAPPER = "Model."  # R3GAN's training program puts it around the network
_MAX_PARTS = 8
_MAPPING_RATE = 0.01
_ASSUMED = "the learning rate of the mapping is not in the file; mapping_rate={rate:g} is assumed"


@dataclass
class _Node:
    """A module while its tensors are being collected."""

    own: dict[str, TensorData] = field(default_factory=dict)
    children: dict[str, "_Node"] = field(default_factory=dict)

    def finish(self, attributes: Mapping[str, Any]) -> SavedModule:
        """The same as a pickled module, all of them with the same attributes."""
        return SavedModule(
            "",
            dict(attributes),
            {name: tensor for name, tensor in self.own.items() if name not in _BUFFERS},
            {name: tensor for name, tensor in self.own.items() if name in _BUFFERS},
            {name: child.finish(attributes) for name, child in self.children.items()},
        )


def _generator(file: OpenedFile) -> StateDict | None:
    for part in find_state_dicts(file.tree):
        names = part.tensors.keys()
        styled = names >= {*_WANTED} and (names >= {*_STYLEGAN2} or names >= {*_STYLEGAN3})
        plain = {name.removeprefix(_WRAPPER) for name in names} >= {*_R3GAN}
        if not part.class_name and (styled or plain):
            return part
    return None


def _detects(file: OpenedFile) -> bool:
    return _generator(file) is not None


def _find(file: OpenedFile, assumptions: Assumptions) -> GeneratorFound:
    part = _generator(file)
    assert part is not None  # noqa: S101 - detected before
    layout = Layout(file.path, part.tensors)
    rate = assumed_number(file.path, assumptions, "mapping_rate", _MAPPING_RATE)
    modules = _as_modules(layout, {"lr_multiplier": rate})
    family = family_of(modules)
    if family is None:
        raise layout.misfit("its generator is of no known family")
    plan = family.plan(file.path, modules)
    constants = {name: _constant(values) for name, values in plan.constants.items()}
    components = {part.place or "G": layout.component("generator", "Generator")}
    for other in find_state_dicts(file.tree):
        if other.role == "discriminator":
            components[other.place] = Layout(file.path, other.tensors).component("discriminator", "Discriminator")
    return GeneratorFound(
        plan.family,
        plan.config,
        plan.spec,
        {name: source.load for name, source in plan.sources.items()} | constants,
        components,
        {"weights": "moving average"} if part.averaged else {},
        0.9,
        (*plan.warnings, _ASSUMED.format(rate=rate)) if "mapping" in modules.children else plan.warnings,
    )


def _constant(values: Array) -> Any:
    return lambda: values


def _as_modules(layout: Layout, attributes: Mapping[str, Any]) -> SavedModule:
    """The tree of modules that the names tell."""
    root = _Node()
    for name, tensor in layout.tensors.items():
        *places, last = name.split(".")
        if len(places) > _MAX_PARTS:
            raise layout.misfit(f"its tensor {name[:60]!r} is nested too deeply")
        node = root
        for place in places:
            node = node.children.setdefault(place, _Node())
        node.own[last] = tensor
    return root.finish(attributes)


FORMATS.add("nvlabs_state_dict", RecognisedFormat("nvlabs_state_dict", _detects, _find))
