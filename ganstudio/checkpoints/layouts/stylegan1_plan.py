"""A StyleGAN as it is found in files: its shapes by our names, told by a few of them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ganstudio.checkpoints.errors import CheckpointError
from ganstudio.checkpoints.layouts.plan import GeneratorPlan, Shape, Source, complete_plan
from ganstudio.checkpoints.layouts.stylegan2_plan import MAX_LEVELS, dense_shapes, mapping_widths_of, size_of, spec_of

FAMILY = "stylegan1"


@dataclass(frozen=True)
class Settings:
    """What shapes do not say; the attributes are those of `StyleGAN1Config`, the defaults the original's."""

    mapping_rate: float = 0.01
    normalise_z: bool = True
    epsilon: float = 1e-8
    bias_before_filter: bool = False


def plan_stylegan1(
    path: Path,
    sources: dict[str, Source],
    settings: Settings,
    warnings: tuple[str, ...] = (),
    lacking: frozenset[str] = frozenset(),
) -> GeneratorPlan:
    """Make the plan of a StyleGAN of what a file holds.

    Args:
        path: The file.
        sources: Its tensors by our names; sizes are taken from their shapes, which have real bytes behind them.
        settings: What shapes do not say.
        warnings: Passed on.
        lacking: What the file need not hold, by our names; zeros are put there.

    Raises:
        CheckpointError: Tensors are missing, or their shapes contradict each other.
    """
    config = _config(path, sources, settings)
    plan = GeneratorPlan(FAMILY, config, spec_of(config), sources, warnings=warnings)
    return complete_plan(path, plan, _expected_shapes(config), lacking)


def _config(path: Path, sources: dict[str, Source], settings: Settings) -> dict[str, Any]:
    levels = 1
    while f"synthesis.layers.{2 * levels + 1}.weight" in sources and levels < MAX_LEVELS:
        levels += 1
    w_dim = size_of(path, sources, "synthesis.layers.0.scale.weight", 1)
    mapping_widths = mapping_widths_of(path, sources)
    classes, label_width = 0, 0
    if "mapping.label.weight" in sources:
        label_width, classes = (size_of(path, sources, "mapping.label.weight", axis) for axis in (0, 1))
    inputs = size_of(path, sources, "mapping.layers.0.weight", 1) if mapping_widths else w_dim
    config: dict[str, Any] = {
        "resolution": 2 << levels,
        "channels": size_of(path, sources, "synthesis.colours.weight", 0),
        "num_classes": classes,
        "z_dim": inputs - label_width,
        "w_dim": w_dim,
        "widths": tuple(size_of(path, sources, f"synthesis.layers.{2 * i + 1}.weight", 0) for i in range(levels)),
        "mapping_widths": mapping_widths,
        "mapping_rate": settings.mapping_rate,
        "label_width": label_width,
        "normalise_z": settings.normalise_z,
        "has_noise": "synthesis.layers.0.noise" in sources,
        "taps": size_of(path, sources, "synthesis.filter", 0),
        "epsilon": settings.epsilon,
        "bias_before_filter": settings.bias_before_filter,
    }
    if config["z_dim"] < 1 or config["channels"] not in (1, 3):
        reason = f"its latent has {config['z_dim']} numbers and its pictures {config['channels']} channels"
        raise CheckpointError(path, reason, "open a generator of grey or RGB pictures")
    return config


def _expected_shapes(config: dict[str, Any]) -> dict[str, Shape]:
    """All tensors of the generator that a config describes, by our names."""
    widths, w_dim, taps = config["widths"], config["w_dim"], config["taps"]
    shapes: dict[str, Shape] = {
        "average": (w_dim,),
        "synthesis.constant": (widths[0], 4, 4),
        "synthesis.filter": (taps, taps),
        "synthesis.colours.weight": (config["channels"], widths[-1], 1, 1),
        "synthesis.colours.bias": (config["channels"],),
    }
    inputs = config["z_dim"] + config["label_width"]
    if config["num_classes"]:
        shapes["mapping.label.weight"] = (config["label_width"], config["num_classes"])
    for index, width in enumerate(config["mapping_widths"]):
        shapes |= dense_shapes(f"mapping.layers.{index}", inputs, width)
        inputs = width
    for layer in range(2 * len(widths)):
        level, name = layer // 2, f"synthesis.layers.{layer}"
        width = widths[level]
        shapes |= {**dense_shapes(f"{name}.scale", w_dim, width), **dense_shapes(f"{name}.shift", w_dim, width)}
        shapes[f"{name}.bias"] = (width,)
        if layer:
            shapes[f"{name}.weight"] = (width, width if layer % 2 else widths[level - 1], 3, 3)
        if config["has_noise"]:
            shapes |= {f"{name}.noise": (4 << level, 4 << level), f"{name}.noise_strength": (width,)}
    return shapes
