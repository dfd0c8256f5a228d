"""StyleGAN2 of stylegan2-ada-pytorch, stylegan3 and their descendants (Autolume, eps696, PTI)."""

import re
from pathlib import Path

from ganstudio.checkpoints.errors import CheckpointError
from ganstudio.checkpoints.layouts.nvlabs.modules import SavedModule
from ganstudio.checkpoints.layouts.plan import NOT_WHOLE, GeneratorPlan, Source
from ganstudio.checkpoints.layouts.stylegan2_plan import MAX_LEVELS, Settings, plan_stylegan2

_LAYER = re.compile(r"b(\d{1,5})\.(conv0|conv1|torgb|skip)\.(.+)")
_PARTS = {
    "weight": "weight",
    "bias": "bias",
    "affine.weight": "style.weight",
    "affine.bias": "style.bias",
    "noise_const": "noise",
    "noise_strength": "noise_strength",
}


def matches(module: SavedModule) -> bool:
    """Whether it has a mapping, and a synthesis that begins with a constant of 4 px."""
    first = module.find("synthesis", "b4")
    return module.find("mapping") is not None and first is not None and "const" in first.parameters


def plan(path: Path, module: SavedModule) -> GeneratorPlan:
    """See `FamilyReader`."""
    synthesis, mapping = module.children["synthesis"], module.children["mapping"]
    settings = _settings(synthesis, mapping)
    sources = _mapping_sources(mapping) | _synthesis_sources(path, synthesis, settings.architecture)
    if "average" not in sources:
        raise CheckpointError(path, "its generator keeps no mean w", NOT_WHOLE)
    return plan_stylegan2(path, sources, settings)


def _settings(synthesis: SavedModule, mapping: SavedModule) -> Settings:
    """What shapes do not say, from the attributes of the modules themselves."""
    first = synthesis.children["b4"]
    layer = first.find("conv1") or first
    dense = mapping.find("fc0") or mapping
    later = synthesis.find("b8") or first
    architecture = "resnet" if later.find("skip") else "skip" if first.find("torgb") else "orig"
    return Settings(
        architecture=architecture,
        mapping_rate=dense.get("bias_gain", float, mapping.get("lr_multiplier", float, 0.01)),
        mapping_activation=dense.get("activation", str, "lrelu"),
        activation=layer.get("activation", str, "lrelu"),
        clamp=layer.get("conv_clamp", float, 0.0),
        has_noise="noise_const" in layer.buffers,
    )


def _mapping_sources(mapping: SavedModule) -> dict[str, Source]:
    names = {"w_avg": "average", "embed.weight": "mapping.label.weight", "embed.bias": "mapping.label.bias"}
    sources = {}
    for name, tensor in mapping.tensors().items():
        if match := re.fullmatch(r"fc(\d{1,3})\.(weight|bias)", name):
            sources[f"mapping.layers.{match[1]}.{match[2]}"] = Source(tensor)
        elif name in names:
            sources[names[name]] = Source(tensor)
    return sources


def _synthesis_sources(path: Path, synthesis: SavedModule, architecture: str) -> dict[str, Source]:
    first = synthesis.children["b4"]
    sources = {"synthesis.constant": Source(first.parameters["const"])}
    if "resample_filter" in first.buffers:
        sources["synthesis.filter"] = Source(first.buffers["resample_filter"])
    levels = {4 << level: level for level in range(MAX_LEVELS)}
    for name, tensor in synthesis.tensors().items():
        match = _LAYER.fullmatch(name)
        if match is None or match[3] not in _PARTS:
            continue
        level = levels.get(int(match[1]))
        if level is None:
            raise CheckpointError(path, f"it has layers at {match[1]} px, which is no power of two", NOT_WHOLE)
        place = _place(level, match[2], architecture, len(synthesis.children) - 1)
        sources[f"synthesis.{place}.{_PARTS[match[3]]}"] = Source(tensor)
    return sources


def _place(level: int, part: str, architecture: str, last: int) -> str:
    """Our name of a part of the block of number `level`."""
    if part == "torgb":
        return f"colours.{level if architecture == 'skip' else level - last}"
    if part == "skip":
        return f"shortcuts.{level - 1}"
    return f"layers.{2 * level - (1 if part == 'conv0' else 0)}"
