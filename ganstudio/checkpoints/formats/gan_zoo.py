"""What pytorch_GAN_zoo saves: `config`, `netG`, `netD`, `avgG`, of a progressive GAN (PGAN) or a DCGAN.

`config` is an object without a class of ours, or a dict; what it says of activation, blending and classes is used where
it is there. `avgG`, the moving average, is preferred. Both networks become a list of layers: equalised learning rates
are multiplied into the weights, and a scale that is still faded in becomes a sum of two branches.

Source: Karras et al. 2018 (progressive growing), sections 2 and 4; Radford et al. 2016 (DCGAN).
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ganstudio.checkpoints.base import FORMATS, Array, Assumptions, CheckpointError, ComponentInfo, OpenedFile
from ganstudio.checkpoints.layouts.generator_found import (
    GeneratorFound,
    Layout,
    RecognisedFormat,
    WeightSource,
    assumed_choice,
    assumed_number,
)
from ganstudio.checkpoints.tree import Record, TensorData
from ganstudio.networks.spec import GeneratorSpec

_FIRST_SIZE = 4
_TANH_LOSSES = ("DCGAN", "MSE")
_LAYER = {"kernel": 4, "stride": 2, "padding": 1, "bias": False}


@dataclass
class _Script:
    """Layers of a `sequence` network with their weights, in order."""

    layers: list[dict[str, Any]] = field(default_factory=list)
    weights: dict[str, WeightSource] = field(default_factory=dict)

    def add(self, kind: str, weights: Mapping[str, WeightSource] | None = None, **values: Any) -> None:
        """Append a layer; the weights by the names that it has in the network."""
        place = f"layers.{len(self.layers)}."
        self.layers.append({"kind": kind, **values})
        self.weights |= {place + name: source for name, source in (weights or {}).items()}

    def join(self, how: str, branches: "list[_Script]") -> None:
        """Append branches that all get what came before."""
        place = f"layers.{len(self.layers)}.branches."
        self.layers.append({"kind": "branches", "how": how, "branches": [branch.layers for branch in branches]})
        for index, branch in enumerate(branches):
            self.weights |= {f"{place}{index}.{name}": source for name, source in branch.weights.items()}


@dataclass(frozen=True)
class _Settings:
    """What the file's config says, or its program assumes without one."""

    slope: float
    alpha: float
    equalised: bool
    tanh: bool
    classes: int


def _detects(file: OpenedFile) -> bool:
    generator = _state(file, "netG")
    return generator is not None and (_is_progressive(generator) or _is_dcgan(generator))


def _is_progressive(layout: Layout) -> bool:
    return "formatLayer.module.weight" in layout and "toRGBLayers.0.module.weight" in layout


def _is_dcgan(layout: Layout) -> bool:
    return "formatLayer.weight" in layout and "main.outlayer.weight" in layout


def _state(file: OpenedFile, name: str) -> Layout | None:
    state = file.tree.get(name) if isinstance(file.tree, dict) else None
    if not isinstance(state, dict):
        return None
    tensors = {str(key).removeprefix("module."): value for key, value in state.items() if isinstance(value, TensorData)}
    return Layout(file.path, tensors) if tensors else None


def _find(file: OpenedFile, assumptions: Assumptions) -> GeneratorFound:
    trained, average = _state(file, "netG"), _state(file, "avgG")
    assert trained is not None  # noqa: S101 - detected before
    generator = average or trained
    settings = _settings(file, assumptions)
    progressive = _is_progressive(trained)
    script = _progressive(generator, settings) if progressive else _dcgan(generator, trained, settings)
    if settings.tanh:
        script.add("activation", function="tanh")
    latent = (
        generator.shape("formatLayer.module.weight", 2)[1]
        if progressive
        else generator.shape("formatLayer.weight", 4)[0]
    )
    resolution, channels = _picture(generator, progressive)
    z_dim = latent - settings.classes
    if z_dim < 1 or channels not in (1, 3):
        raise generator.misfit(f"it takes {latent} numbers and draws {channels} channels")
    return GeneratorFound(
        "sequence",
        {"z_dim": z_dim, "layers": tuple(script.layers), "num_classes": settings.classes},
        GeneratorSpec(z_dim, resolution, channels, settings.classes),
        {f"main.{name}": source for name, source in script.weights.items()},
        _components(file, trained, average),
        {
            "network": "progressive GAN" if progressive else "DCGAN",
            "weights": "moving average (avgG)" if average else "as trained (netG)",
            **({"alpha": settings.alpha} if settings.alpha else {}),
        },
        warnings=() if progressive else ("stored statistics normalise here, those of each batch in the original",),
    )


def _settings(file: OpenedFile, assumptions: Assumptions) -> _Settings:
    config = file.tree.get("config")
    values = config.state if isinstance(config, Record) else config
    values = values if isinstance(values, dict) else {}
    tanh = values.get("lossCriterion") in _TANH_LOSSES
    words = ("tanh", "linear") if tanh else ("linear", "tanh")
    alpha = values.get("alpha", 0)
    return _Settings(
        slope=assumed_number(file.path, assumptions, "slope", _number(values.get("leakyReluLeak"), 0.2)),
        alpha=min(max(_number(alpha, 0.0), 0.0), 1.0),
        equalised=values.get("equalizedlR", True) is not False,
        tanh=assumed_choice(file.path, assumptions, "output", words) == "tanh",
        classes=_count_classes(file, values.get("attribKeysOrder")),
    )


def _number(value: object, default: float) -> float:
    return float(value) if isinstance(value, int | float) and math.isfinite(value) else default


def _count_classes(file: OpenedFile, attributes: object) -> int:
    """Values of the one attribute that the generator is conditioned on, 0 without."""
    if not isinstance(attributes, dict) or not attributes:
        return 0
    if len(attributes) > 1:
        reason = f"its generator is conditioned on {len(attributes)} attributes at once, which is not known here"
        raise CheckpointError(file.path, reason, "open a checkpoint trained with one attribute or none")
    attribute = next(iter(attributes.values()))
    values = attribute.get("values") if isinstance(attribute, dict) else None
    return len(values) if isinstance(values, list | tuple) else 0


def _start(settings: _Settings) -> _Script:
    """The latent, with the class as a vector of zeros and a one behind it."""
    script = _Script()
    if settings.classes:
        one_hot = _Script()
        one_hot.add("one_hot", classes=settings.classes)
        script.join("concat", [_Script(), one_hot])
    return script


def _progressive(layout: Layout, settings: _Settings) -> _Script:
    script = _start(settings)
    linear = layout.shape("formatLayer.module.weight", 2)
    width = layout.shape("toRGBLayers.0.module.weight", 4)[1]
    script.add("pixel_norm")
    script.add("linear", _equalised(layout, "formatLayer", settings), inputs=linear[1], outputs=linear[0])
    script.add("activation", function="leaky_relu", slope=settings.slope)
    script.add("reshape", shape=[width, _FIRST_SIZE, _FIRST_SIZE])
    script.add("pixel_norm")
    _add_group(script, layout, "groupScale0.", settings)
    scales = layout.count("scaleLayers.", ".0.module.weight")
    fades = settings.alpha > 0 and scales > 0
    for scale in range(scales - fades):
        script.add("upsample")
        _add_group(script, layout, f"scaleLayers.{scale}.", settings)
    if not fades:
        _add_rgb(script, layout, scales, settings, 1.0)
        return script
    new, old = _Script(), _Script()
    new.add("upsample")
    _add_group(new, layout, f"scaleLayers.{scales - 1}.", settings)
    _add_rgb(new, layout, scales, settings, 1.0 - settings.alpha)
    _add_rgb(old, layout, scales - 1, settings, settings.alpha)
    old.add("upsample")
    script.join("add", [new, old])
    return script


def _add_group(script: _Script, layout: Layout, name: str, settings: _Settings) -> None:
    """The convolutions of one resolution, each with its activation and normalisation."""
    for index in range(layout.count(name, ".module.weight")):
        outputs, inputs, kernel, _ = layout.shape(f"{name}{index}.module.weight", 4)
        weights = _equalised(layout, f"{name}{index}", settings)
        script.add("conv", weights, inputs=inputs, outputs=outputs, kernel=kernel, padding=kernel // 2)
        script.add("activation", function="leaky_relu", slope=settings.slope)
        script.add("pixel_norm")


def _add_rgb(script: _Script, layout: Layout, scale: int, settings: _Settings, share: float) -> None:
    outputs, inputs, _, _ = layout.shape(f"toRGBLayers.{scale}.module.weight", 4)
    weights = _equalised(layout, f"toRGBLayers.{scale}", settings, share)
    script.add("conv", weights, inputs=inputs, outputs=outputs, kernel=1)


def _equalised(layout: Layout, name: str, settings: _Settings, share: float = 1.0) -> dict[str, WeightSource]:
    """Weight and bias of a layer, both times what the layer multiplies its result by (section 4.1)."""
    weight = f"{name}.module.weight"
    shape = layout.shape(weight, 2 if name == "formatLayer" else 4)
    layout.shape(f"{name}.module.bias", 1)
    factor = share * (math.sqrt(2 / math.prod(shape[1:])) if settings.equalised else 1.0)
    return {
        "module.weight": _times(layout.tensors[weight], factor),
        "module.bias": _times(layout.tensors[f"{name}.module.bias"], factor),
    }


def _times(tensor: TensorData, factor: float) -> WeightSource:
    return lambda: tensor.array().astype(np.float32, copy=False) * np.float32(factor)


def _dcgan(layout: Layout, trained: Layout, settings: _Settings) -> _Script:
    script = _start(settings)
    latent, width, *_ = layout.shape("formatLayer.weight", 4)
    script.add("reshape", shape=[latent, 1, 1])
    first = {"module.weight": layout.tensors["formatLayer.weight"].array}
    script.add("conv_transpose", first, inputs=latent, outputs=width, kernel=_FIRST_SIZE, bias=False)
    for index in range(layout.count("main.batchNorm", ".weight")):
        if index:
            inputs, width, *_ = layout.shape(f"main.convTranspose{index}.weight", 4)
            weights = {"module.weight": layout.tensors[f"main.convTranspose{index}.weight"].array}
            script.add("conv_transpose", weights, inputs=inputs, outputs=width, **_LAYER)
        script.add("batch_norm", _normalisation(layout, trained, f"main.batchNorm{index}."), features=width)
        script.add("activation", function="relu")
    inputs, outputs, *_ = layout.shape("main.outlayer.weight", 4)
    last = {"module.weight": layout.tensors["main.outlayer.weight"].array}
    script.add("conv_transpose", last, inputs=inputs, outputs=outputs, **_LAYER)
    return script


def _normalisation(layout: Layout, trained: Layout, name: str) -> dict[str, WeightSource]:
    parts = ("weight", "bias", "running_mean", "running_var")
    for part in parts:
        if layout.shape(name + part, 1) != trained.shape(name + part, 1):
            raise layout.misfit(f"its average does not fit its generator at {name + part!r}")

    def statistics(part: str) -> Array:
        """The average's, or, where these are as they were made, those of the generator that it is the average of."""
        untouched = not layout.tensors[f"{name}running_mean"].array().any()
        return (trained if untouched else layout).tensors[name + part].array()

    return {
        "weight": layout.tensors[f"{name}weight"].array,
        "bias": layout.tensors[f"{name}bias"].array,
        "running_mean": lambda: statistics("running_mean"),
        "running_var": lambda: statistics("running_var"),
    }


def _picture(layout: Layout, progressive: bool) -> tuple[int, int]:
    """Resolution and channels."""
    if progressive:
        scales = layout.count("scaleLayers.", ".0.module.weight")
        return _FIRST_SIZE << min(scales, 10), layout.shape("toRGBLayers.0.module.weight", 4)[0]
    blocks = layout.count("main.batchNorm", ".weight")
    return _FIRST_SIZE << min(blocks, 10), layout.shape("main.outlayer.weight", 4)[1]


def _components(file: OpenedFile, trained: Layout, average: Layout | None) -> dict[str, ComponentInfo]:
    components = {"netG": trained.component("generator", "GNet")}
    if average is not None:
        components["avgG"] = average.component("generator", "GNet")
    if (judge := _state(file, "netD")) is not None:
        components["netD"] = judge.component("discriminator", "DNet")
    return components


FORMATS.add("gan_zoo", RecognisedFormat("gan_zoo", _detects, _find))
