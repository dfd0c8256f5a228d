"""A StyleGAN2 as it is found in files: its shapes by our names, told by a few of them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ganstudio.checkpoints.errors import CheckpointError
from ganstudio.checkpoints.layouts.plan import NOT_WHOLE, GeneratorPlan, Shape, Source, complete_plan
from ganstudio.networks.spec import GeneratorSpec

FAMILY = "stylegan2"
MAX_LEVELS = 12  # 4 to 8192 px


@dataclass(frozen=True)
class Settings:
    """What shapes do not say; the defaults are those of the original.

    Attributes:
        architecture: "orig", "skip" or "resnet".
        mapping_rate: See `StyleGAN2Config`, as for all others.
        mapping_activation: Likewise.
        activation: Likewise.
        clamp: Likewise.
        has_noise: Likewise.
        label_bias: Likewise.
        normalise_z: Likewise.
        scaled_demodulation: Likewise.
    """

    architecture: str = "skip"
    mapping_rate: float = 0.01
    mapping_activation: str = "lrelu"
    activation: str = "lrelu"
    clamp: float = 0.0
    has_noise: bool = True
    label_bias: bool = True
    normalise_z: bool = True
    scaled_demodulation: bool = False


def plan_stylegan2(
    path: Path,
    sources: dict[str, Source],
    settings: Settings,
    warnings: tuple[str, ...] = (),
    lacking: frozenset[str] = frozenset(),
) -> GeneratorPlan:
    """Make the plan of a StyleGAN2 of what a file holds.

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
    if config["z_dim"] < 1 or config["channels"] not in (1, 3):
        reason = f"its latent has {config['z_dim']} numbers and its pictures {config['channels']} channels"
        raise CheckpointError(path, reason, "open a generator of grey or RGB pictures")
    plan = GeneratorPlan(FAMILY, config, spec_of(config), sources, warnings=warnings)
    return complete_plan(path, plan, expected_shapes(config), lacking)


def spec_of(config: dict[str, Any]) -> GeneratorSpec:
    """The outside of a StyleGAN or StyleGAN2: two w for each resolution."""
    return GeneratorSpec(
        config["z_dim"], config["resolution"], config["channels"], config["num_classes"], config["w_dim"],
        2 * len(config["widths"]), has_noise=config["has_noise"],
    )  # fmt: skip


def expected_shapes(config: dict[str, Any]) -> dict[str, Shape]:
    """All tensors of the generator that a config describes, by our names."""
    shapes: dict[str, Shape] = {"average": (config["w_dim"],)}
    classes, label_width = config["num_classes"], config["label_width"]
    if classes:
        shapes["mapping.label.weight"] = (label_width, classes)
        if config["label_bias"]:
            shapes["mapping.label.bias"] = (label_width,)
    inputs = config["z_dim"] + (label_width if classes else 0)
    for index, width in enumerate(config["mapping_widths"]):
        shapes |= dense_shapes(f"mapping.layers.{index}", inputs, width)
        inputs = width
    return shapes | _synthesis_shapes(config)


def _synthesis_shapes(config: dict[str, Any]) -> dict[str, Shape]:
    widths, w_dim, architecture = config["widths"], config["w_dim"], config["architecture"]
    taps, levels = config["taps"], len(config["widths"])
    shapes: dict[str, Shape] = {"synthesis.constant": (widths[0], 4, 4), "synthesis.filter": (taps, taps)}
    for layer in range(2 * levels - 1):
        level = (layer + 1) // 2
        before, after, name = widths[layer // 2], widths[level], f"synthesis.layers.{layer}"
        shapes |= dense_shapes(f"{name}.style", w_dim, before)
        shapes |= {f"{name}.weight": (after, before, 3, 3), f"{name}.bias": (after,)}
        if config["has_noise"]:
            shapes |= {f"{name}.noise": (4 << level, 4 << level), f"{name}.noise_strength": ()}
    for index, width in enumerate(widths if architecture == "skip" else widths[-1:]):
        name, channels = f"synthesis.colours.{index}", config["channels"]
        shapes |= dense_shapes(f"{name}.style", w_dim, width)
        shapes |= {f"{name}.weight": (channels, width, 1, 1), f"{name}.bias": (channels,)}
    if architecture == "resnet":
        shapes |= {f"synthesis.shortcuts.{i}.weight": (widths[i + 1], widths[i], 1, 1) for i in range(levels - 1)}
    return shapes


def dense_shapes(name: str, inputs: int, outputs: int) -> dict[str, Shape]:
    """The tensors of a dense layer."""
    return {f"{name}.weight": (outputs, inputs), f"{name}.bias": (outputs,)}


def _config(path: Path, sources: dict[str, Source], settings: Settings) -> dict[str, Any]:
    widths = _widths(path, sources)
    w_dim = size_of(path, sources, "synthesis.layers.0.style.weight", 1)
    mapping_widths = mapping_widths_of(path, sources)
    classes, label_width = 0, 0
    if "mapping.label.weight" in sources:
        label_width, classes = (size_of(path, sources, "mapping.label.weight", axis) for axis in (0, 1))
    inputs = size_of(path, sources, "mapping.layers.0.weight", 1) if mapping_widths else w_dim
    colours = f"synthesis.colours.{len(widths) - 1 if settings.architecture == 'skip' else 0}.weight"
    return {
        "resolution": 2 << len(widths),
        "channels": size_of(path, sources, colours, 0),
        "num_classes": classes,
        "z_dim": inputs - label_width,
        "w_dim": w_dim,
        "widths": widths,
        "architecture": settings.architecture,
        "mapping_widths": mapping_widths,
        "mapping_rate": settings.mapping_rate,
        "mapping_activation": settings.mapping_activation,
        "label_width": label_width,
        "label_bias": settings.label_bias,
        "normalise_z": settings.normalise_z,
        "activation": settings.activation,
        "has_noise": settings.has_noise,
        "clamp": settings.clamp,
        "taps": size_of(path, sources, "synthesis.filter", 0),
        "scaled_demodulation": settings.scaled_demodulation,
    }


def _widths(path: Path, sources: dict[str, Source]) -> tuple[int, ...]:
    levels = 1
    while f"synthesis.layers.{2 * levels}.weight" in sources and levels < MAX_LEVELS:
        levels += 1
    return tuple(size_of(path, sources, f"synthesis.layers.{2 * level}.weight", 0) for level in range(levels))


def mapping_widths_of(path: Path, sources: dict[str, Source]) -> tuple[int, ...]:
    """The outputs of the mapping layers that there are."""
    widths: list[int] = []
    while f"mapping.layers.{len(widths)}.weight" in sources:
        widths.append(size_of(path, sources, f"mapping.layers.{len(widths)}.weight", 0))
    return tuple(widths)


def size_of(path: Path, sources: dict[str, Source], name: str, axis: int) -> int:
    """One size of one tensor.

    Raises:
        CheckpointError: It is missing or has no such axis.
    """
    source = sources.get(name)
    if source is None:
        raise CheckpointError(path, f"its tensor {name} is missing", NOT_WHOLE)
    if len(source.shape) <= axis or source.shape[axis] < 1:
        raise CheckpointError(path, f"its tensor {name} is of shape {source.tensor.shape}", NOT_WHOLE)
    return source.shape[axis]
