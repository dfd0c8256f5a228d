"""R3GAN of brownvc/R3GAN: everything follows from names and shapes."""

import re
from pathlib import Path
from typing import Any

from ganstudio.checkpoints.errors import CheckpointError
from ganstudio.checkpoints.layouts.nvlabs.modules import SavedModule
from ganstudio.checkpoints.layouts.plan import NOT_WHOLE, GeneratorPlan, Shape, Source, check_sources
from ganstudio.networks.r3gan_config import R3GANConfig
from ganstudio.networks.spec import NetworkConfigError

FAMILY = "r3gan"
_PLACE = re.compile(r"MainLayers\.(\d{1,2})\.Layers\.(\d{1,2})\.(.+)")
_BLOCK_PARTS = {
    "LinearLayer1.Layer.weight": "expand.weight",
    "LinearLayer2.Layer.weight": "mix.weight",
    "LinearLayer3.Layer.weight": "reduce.weight",
    "NonLinearity1.Bias": "first_bias",
    "NonLinearity2.Bias": "second_bias",
}
_TRANSITION_PARTS = {"LinearLayer.Layer.weight": "project.weight", "Resampler.Kernel": "filter"}
_OTHER_PARTS = {
    "AggregationLayer.Layer.weight": "to_picture.weight",
    "EmbeddingLayer.weight": "label.weight",
    "MainLayers.0.Layers.0.Basis": "basis.pictures",
    "MainLayers.0.Layers.0.LinearLayer.weight": "basis.project.weight",
}
_HALF = "it was trained partly in bfloat16 and is drawn in float32 here: pictures differ slightly from its maker's"


def matches(module: SavedModule) -> bool:
    """Whether it has stages that begin with learned pictures and end in colours."""
    return {"MainLayers", "AggregationLayer"} <= set(_core(module).children)


def plan(path: Path, module: SavedModule) -> GeneratorPlan:
    """See `FamilyReader`."""
    core = _core(module)
    sources = {_our_name(name): Source(tensor) for name, tensor in core.tensors().items()}
    shapes = {name: source.shape for name, source in sources.items()}
    try:
        values = _settings(shapes)
        config = R3GANConfig(**values)
    except (KeyError, IndexError, ValueError, ZeroDivisionError) as error:
        raise CheckpointError(
            path, f"a tensor of its generator is missing or misshapen ({error})", NOT_WHOLE
        ) from error
    except NetworkConfigError as error:
        raise CheckpointError(path, f"its settings are of no such network ({error})", NOT_WHOLE) from error
    check_sources(path, config.generator_shapes(), sources)
    return GeneratorPlan(FAMILY, values, config.spec, sources, warnings=(_HALF,) if _has_halves(core) else ())


def _core(module: SavedModule) -> SavedModule:
    """The network inside the wrapper that the training program puts around it."""
    return module.children.get("Model", module)


def _our_name(name: str) -> str:
    """Our name of a tensor; names that no R3GAN has stay, and are refused with the shapes."""
    if name in _OTHER_PARTS:
        return _OTHER_PARTS[name]
    match = _PLACE.fullmatch(name)
    if match is None:
        return name
    stage, layer, part = int(match[1]), int(match[2]), match[3]
    if layer == 0:
        return f"stages.{stage}.transition.{_TRANSITION_PARTS.get(part, part)}"
    return f"stages.{stage}.blocks.{layer - 1}.{_BLOCK_PARTS.get(part, part)}"


def _settings(shapes: dict[str, Shape]) -> dict[str, Any]:
    """Config values by shapes; KeyError and the like where a tensor is missing or misshapen."""
    places = [match for name in shapes if (match := re.match(r"stages\.(\d+)\.blocks\.(\d+)\.expand", name))]
    blocks = tuple(
        sum(int(match[1]) == stage for match in places) for stage in range(1 + max(int(match[1]) for match in places))
    )
    widths = tuple(shapes[f"stages.{stage}.blocks.0.expand.weight"][1] for stage in range(len(blocks)))
    mixes = [shapes[f"stages.{stage}.blocks.0.mix.weight"] for stage in range(len(blocks))]
    label = shapes.get("label.weight")
    inputs = shapes["basis.project.weight"][1]
    return {
        "channels": shapes["to_picture.weight"][0],
        "num_classes": label[1] if label else 0,
        "z_dim": inputs - (label[0] if label else 0),
        "label_width": label[0] if label else 1,
        "widths": widths,
        "cardinalities": tuple(mix[0] // mix[1] for mix in mixes),
        "blocks": blocks,
        "expansion": mixes[0][0] // widths[0],
        "kernel": mixes[0][2],
        "taps": shapes["stages.1.transition.filter"][0] if len(blocks) > 1 else 4,
    }


def _has_halves(core: SavedModule) -> bool:
    """Whether a stage names a type of half precision to work in."""
    stages = core.children["MainLayers"].children.values()
    return any("float16" in str(stage.attributes.get("DataType"))[:200] for stage in stages)
