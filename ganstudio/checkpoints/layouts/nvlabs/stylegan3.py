"""StyleGAN3 of NVlabs' stylegan3 and its descendants, configurations T and R."""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from ganstudio.checkpoints.errors import CheckpointError
from ganstudio.checkpoints.layouts.nvlabs.modules import SavedModule
from ganstudio.checkpoints.layouts.plan import NOT_WHOLE, GeneratorPlan, Shape, Source, check_sources
from ganstudio.checkpoints.tree import TensorData
from ganstudio.networks.alias_free.config import StyleGAN3Config
from ganstudio.networks.alias_free.schedule import LayerPlan, SynthesisPlan, plan_synthesis
from ganstudio.networks.alias_free.shapes import generator_shapes
from ganstudio.networks.spec import NetworkConfigError

FAMILY = "stylegan3"
_LAYER = re.compile(r"L(\d{1,3})_(\d{1,5})_(\d{1,5})")
_PARTS = ("weight", "bias", "affine.weight", "affine.bias", "magnitude_ema", "up_filter", "down_filter")
_FEATURES = ("weight", "affine.weight", "affine.bias", "transform", "freqs", "phases")
_BASES = [1 << exponent for exponent in range(6, 20)]
_OTHER_LAYERS = "its layers are not those that its settings give"

T = TypeVar("T", int, float)


@dataclass(frozen=True, eq=False)
class SavedSynthesis:
    """The synthesis of a file: where settings are, and its layers from coarse to fine.

    Attributes:
        module: The module itself.
        names: Names of the layers.
        layers: The layers.
    """

    module: SavedModule
    names: tuple[str, ...]
    layers: tuple[SavedModule, ...]

    @property
    def resolution(self) -> int:
        """Size of the last layer's output."""
        match = _LAYER.fullmatch(self.names[-1])
        return int(match[2]) if match else 0

    def setting(self, name: str, default: T) -> T:
        """What the synthesis was made with under a name, else what it keeps under it, else `default`.

        What it was made with goes first, for stages that are put on top change what it keeps.
        """
        made_with = self.module.attributes.get("_init_kwargs")
        value = made_with.get(name) if isinstance(made_with, dict) else None
        if isinstance(default, float) and type(value) is int:
            value = float(value)
        return value if type(value) is type(default) else self.module.get(name, type(default), default)


def matches(module: SavedModule) -> bool:
    """Whether it has a mapping, and a synthesis that begins with Fourier features."""
    features = module.find("synthesis", "input")
    return module.find("mapping") is not None and features is not None and {"freqs", "phases"} <= set(features.buffers)


def plan(path: Path, module: SavedModule) -> GeneratorPlan:
    """See `FamilyReader`."""
    synthesis = read_synthesis(path, module)
    mapping = module.children["mapping"]
    values = settings_of(path, synthesis, mapping)
    label = mapping.find("embed")
    if label is not None and "weight" in label.parameters:
        values["num_classes"] = _length(path, label.parameters["weight"], 1)
    values["z_dim"] = _length(path, first_weight(path, mapping), 1) - (values["w_dim"] if label is not None else 0)
    sources = mapping_sources(mapping, {"embed.weight": "weight", "embed.bias": "bias"}) | synthesis_sources(synthesis)
    for candidate in candidates(path, synthesis, values):
        config = make_config(path, StyleGAN3Config, candidate)
        layout = lay_out(path, config)
        if agrees(layout, synthesis):
            check_sources(path, generator_shapes(config, layout), sources)
            return GeneratorPlan(FAMILY, candidate, config.spec, sources)
    raise CheckpointError(path, _OTHER_LAYERS, NOT_WHOLE)


def candidates(path: Path, synthesis: SavedSynthesis, values: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the settings as the file gives them, then with other bases of the widths, for files that do not say theirs.

    The width before colours is the base over the resolution, unless it is capped; so bases near that come first.
    """
    said = synthesis.setting("channel_base", 0)
    if said:
        yield values
    likely = synthesis.resolution * _length(path, synthesis.layers[-1].parameters.get("weight"), 1)
    yield from (values | {"channel_base": base} for base in sorted(_BASES, key=lambda base: abs(base - likely))[:5])


def read_synthesis(path: Path, module: SavedModule) -> SavedSynthesis:
    """Find the layers of a synthesis.

    Raises:
        CheckpointError: There are none, or too many.
    """
    synthesis = module.children["synthesis"]
    named = [(int(match[1]), name) for name in synthesis.children if (match := _LAYER.fullmatch(name))]
    if not 3 <= len(named) <= 200:
        raise CheckpointError(path, f"its generator has {len(named)} layers", NOT_WHOLE)
    names = tuple(name for _, name in sorted(named))
    return SavedSynthesis(synthesis, names, tuple(synthesis.children[name] for name in names))


def settings_of(path: Path, synthesis: SavedSynthesis, mapping: SavedModule) -> dict[str, Any]:
    """Read config values that StyleGAN3 and StyleGAN-XL share; sizes by shapes, the rest by its name."""
    first, last = synthesis.layers[0], synthesis.layers[-1]
    features = synthesis.module.children["input"]
    dense = mapping.find("fc0") or mapping
    default = StyleGAN3Config()
    width = _length(path, features.parameters.get("weight"), 0)
    return {
        "resolution": synthesis.resolution,
        "channels": _length(path, last.parameters.get("weight"), 0),
        "w_dim": _length(path, first_weight(path, mapping), 0),
        "mapping_layers": sum(name.startswith("fc") for name in mapping.children),
        "mapping_rate": dense.get("bias_gain", float, mapping.get("lr_multiplier", float, default.mapping_rate)),
        "channel_base": synthesis.setting("channel_base", default.channel_base),
        "channel_max": synthesis.setting("channel_max", width),
        "num_layers": len(synthesis.layers) - 1,
        "num_critical": synthesis.setting("num_critical", default.num_critical),
        "first_cutoff": features.get("bandwidth", float, synthesis.setting("first_cutoff", default.first_cutoff)),
        "first_stopband": synthesis.setting("first_stopband", default.first_stopband),
        "last_stopband": synthesis.setting("last_stopband_rel", default.last_stopband),
        "margin": synthesis.setting("margin_size", default.margin),
        "output_scale": synthesis.setting("output_scale", default.output_scale),
        "kernel": _length(path, first.parameters.get("weight"), -1),
        "filter_size": synthesis.setting("filter_size", default.filter_size),
        "lrelu_upsampling": synthesis.setting("lrelu_upsampling", default.lrelu_upsampling),
        "radial": any(len(taps.shape) == 2 for layer in synthesis.layers for taps in layer.buffers.values()),
        "clamp": clamp_of(first),
    }


def clamp_of(layer: SavedModule) -> float:
    """The limit of a layer: 0 where it says None, the original's default where it says nothing."""
    if layer.attributes.get("conv_clamp", 0) is None:
        return 0.0
    return layer.get("conv_clamp", float, StyleGAN3Config.clamp)


def first_weight(path: Path, mapping: SavedModule) -> TensorData:
    """The weight of the mapping's first layer.

    Raises:
        CheckpointError: There is none.
    """
    dense = mapping.find("fc0")
    if dense is None or "weight" not in dense.parameters:
        raise CheckpointError(path, "its mapping network has no first layer", NOT_WHOLE)
    return dense.parameters["weight"]


def make_config(path: Path, kind: type[StyleGAN3Config], values: dict[str, Any]) -> Any:
    """Check config values that came from a file.

    Raises:
        CheckpointError: They are no such network.
    """
    try:
        return kind(**values)
    except NetworkConfigError as error:
        raise CheckpointError(path, f"its settings are of no such network ({error})", NOT_WHOLE) from error


def lay_out(path: Path, config: StyleGAN3Config) -> SynthesisPlan:
    """Lay out the layers of a config.

    Raises:
        CheckpointError: Its numbers contradict each other.
    """
    try:
        return plan_synthesis(config)
    except NetworkConfigError as error:
        raise CheckpointError(path, f"{_OTHER_LAYERS} ({error})", NOT_WHOLE) from error


def agrees(layout: SynthesisPlan, synthesis: SavedSynthesis) -> bool:
    """Whether all layers of a file are those of a layout."""
    pairs = zip(layout.layers, synthesis.names, synthesis.layers, strict=False)
    return len(layout.layers) == len(synthesis.names) and all(layer_agrees(*pair) for pair in pairs)


def layer_agrees(layer: LayerPlan, name: str, saved: SavedModule) -> bool:
    """Whether a layer of a file has the name, factors, padding, clamp and cutoff of a planned one."""
    before, after = layer.padding
    padding = saved.attributes.get("padding", [before, after, before, after])
    return (
        layer.name == name
        and saved.get("up_factor", int, layer.up) == layer.up
        and saved.get("down_factor", int, layer.down) == layer.down
        and padding == [before, after, before, after]
        and clamp_of(saved) == layer.clamp
        and math.isclose(saved.get("out_cutoff", float, layer.target.cutoff), layer.target.cutoff, rel_tol=1e-6)
    )


def mapping_sources(mapping: SavedModule, label: dict[str, str]) -> dict[str, Source]:
    """Name the tensors of a mapping; `label` has our names, under "mapping.label.", of those of the class's vector."""
    names = {"w_avg": "average"} | {theirs: f"mapping.label.{ours}" for theirs, ours in label.items()}
    sources = {}
    for name, tensor in mapping.tensors().items():
        if match := re.fullmatch(r"fc(\d{1,3})\.(weight|bias)", name):
            sources[f"mapping.layers.{match[1]}.{match[2]}"] = Source(tensor)
        elif name in names:
            sources[names[name]] = Source(tensor)
    return sources


def synthesis_sources(synthesis: SavedSynthesis) -> dict[str, Source]:
    """Name the tensors of a synthesis."""
    features = synthesis.module.children["input"].tensors()
    sources = {f"synthesis.features.{name}": Source(features[name]) for name in _FEATURES if name in features}
    for index, layer in enumerate(synthesis.layers):
        tensors = layer.tensors()
        sources |= {f"synthesis.layers.{index}.{part}": Source(tensors[part]) for part in _PARTS if part in tensors}
    return sources


def _length(path: Path, tensor: TensorData | None, axis: int) -> int:
    shape: Shape = tensor.shape if tensor is not None else ()
    if not -len(shape) <= axis < len(shape):
        raise CheckpointError(path, f"a weight of its generator is missing or of shape {shape}", NOT_WHOLE)
    return shape[axis]
