"""Torch modules of layers described as data (see `kinds.py`)."""

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from ganstudio.networks.classes import ClassTable, class_weights
from ganstudio.networks.described.kinds import Layer

_LINEAR_KINDS = ("linear", "conv", "conv_transpose")


class LayerList(nn.Module):
    """Layers one after another; the names of their weights are `layers.<index>.<name>`.

    Args:
        layers: Filled layers, see `kinds.fill_layers`.
    """

    def __init__(self, layers: Sequence[Layer]) -> None:
        super().__init__()
        self.layers = nn.ModuleList(build_layer(layer) for layer in layers)
        self._first_end = _first_linear(layers)

    def forward(self, values: Tensor, labels: Tensor | None) -> Tensor:
        """Map values `(N, ...)` and labels (see `classes`)."""
        for layer in self.layers:
            values = layer(values, labels)
        return values

    def first_features(self, values: Tensor, labels: Tensor | None) -> Tensor:
        """Return `(N, F)` after the first layer that mixes its inputs."""
        for layer in self.layers[: self._first_end]:
            values = layer(values, labels)
        return values.flatten(1)


def _first_linear(layers: Sequence[Layer]) -> int:
    for index, layer in enumerate(layers):
        inside = [part for branch in layer.get("branches", ()) for part in branch]
        if any(part["kind"] in _LINEAR_KINDS for part in (layer, *inside)):
            return index + 1
    return len(layers)


class Plain(nn.Module):
    """A layer that does not look at the class.

    Args:
        module: What it does, where it has weights.
    """

    def __init__(self, module: nn.Module) -> None:
        super().__init__()
        self.module = module

    def forward(self, values: Tensor, labels: Tensor | None) -> Tensor:  # noqa: ARG002 - all layers are called alike
        """Map values `(N, ...)`."""
        result: Tensor = self.module(values)
        return result


class Function(nn.Module):
    """A layer without weights that does not look at the class."""

    def __init__(self, function: Callable[[Tensor], Tensor]) -> None:
        super().__init__()
        self.function = function

    def forward(self, values: Tensor, labels: Tensor | None) -> Tensor:  # noqa: ARG002 - all layers are called alike
        """Map values `(N, ...)`."""
        return self.function(values)


class BatchNorm(nn.Module):
    """Normalises each feature of vectors or maps by statistics that training kept.

    Source: Ioffe & Szegedy 2015, algorithm 2.
    """

    def __init__(self, layer: Layer) -> None:
        super().__init__()
        self.eps: float = layer["eps"]
        features = layer["features"]
        self.register_buffer("running_mean", torch.zeros(features))
        self.register_buffer("running_var", torch.ones(features))
        if layer.get("affine", False):
            self.weight = nn.Parameter(torch.ones(features))
            self.bias = nn.Parameter(torch.zeros(features))

    def normalise(self, values: Tensor, weight: Tensor | None, bias: Tensor | None) -> Tensor:
        """Map values `(N, F, ...)` with the kept statistics."""
        mean, variance = self.get_buffer("running_mean"), self.get_buffer("running_var")
        return functional.batch_norm(values, mean, variance, weight, bias, training=False, eps=self.eps)

    def forward(self, values: Tensor, labels: Tensor | None) -> Tensor:  # noqa: ARG002 - all layers are called alike
        """Map values `(N, F, ...)`."""
        return self.normalise(values, getattr(self, "weight", None), getattr(self, "bias", None))


class ConditionalBatchNorm(BatchNorm):
    """Batch normalisation whose scale and shift are a row of a table, chosen by the class.

    Source: Dumoulin et al. 2017, eq. 5, with both halves in one embedding.
    """

    def __init__(self, layer: Layer) -> None:
        super().__init__(layer)
        self.embedding = ClassTable(layer["classes"], 2 * layer["features"])

    def forward(self, values: Tensor, labels: Tensor | None) -> Tensor:
        """Map values `(N, F, ...)` and labels (see `classes`)."""
        normalised = self.normalise(values, None, None)
        row = self.embedding(_labels(values, labels))
        scale, shift = row.reshape(len(values), 2, -1, *[1] * (values.ndim - 2)).unbind(1)
        result: Tensor = scale * normalised + shift
        return result


class OneHot(nn.Module):
    """Replaces the values by the class as a vector of zeros and a one, or by the weights of a blend."""

    def __init__(self, classes: int) -> None:
        super().__init__()
        self.classes = classes

    def forward(self, values: Tensor, labels: Tensor | None) -> Tensor:
        """Map labels (see `classes`) to `(N, classes)`."""
        return class_weights(_labels(values, labels), self.classes).to(values.dtype)


class Embedding(nn.Module):
    """Replaces the values by the class's learned vector."""

    def __init__(self, classes: int, length: int) -> None:
        super().__init__()
        self.module = ClassTable(classes, length)

    def forward(self, values: Tensor, labels: Tensor | None) -> Tensor:
        """Map labels (see `classes`) to `(N, length)`."""
        vectors: Tensor = self.module(_labels(values, labels))
        return vectors


class Branches(nn.Module):
    """Gives the values to several lists of layers and joins what they make."""

    def __init__(self, layer: Layer) -> None:
        super().__init__()
        self.how: str = layer["how"]
        self.branches = nn.ModuleList(LayerList(branch) for branch in layer["branches"])

    def forward(self, values: Tensor, labels: Tensor | None) -> Tensor:
        """Map values `(N, ...)` and labels (see `classes`)."""
        results = [branch(values, labels) for branch in self.branches]
        if self.how == "concat":
            return torch.cat(results, dim=1)
        joined: Tensor = results[0]
        for result in results[1:]:
            joined = joined + result if self.how == "add" else joined * result
        return joined


class Attention(nn.Module):
    """Self-attention over the places of maps, added to them by a learned share.

    Source: Zhang et al. 2019, eq. 1 to 3.
    """

    def __init__(self, layer: Layer) -> None:
        super().__init__()
        features, inner, value, bias = layer["features"], layer["inner"], layer["value"], layer["bias"]
        self.query = nn.Conv2d(features, inner, 1, bias=bias)
        self.key = nn.Conv2d(features, inner, 1, bias=bias)
        self.value = nn.Conv2d(features, value, 1, bias=bias)
        self.output = nn.Conv2d(value, features, 1, bias=bias) if layer["output"] else nn.Identity()
        self.share = nn.Parameter(torch.zeros(1))

    def forward(self, values: Tensor, labels: Tensor | None) -> Tensor:  # noqa: ARG002 - all layers are called alike
        """Map values `(N, C, H, W)`."""
        query, key, value = (part(values).flatten(2) for part in (self.query, self.key, self.value))
        weights = torch.softmax(query.transpose(1, 2) @ key, dim=-1)  # (N, places that look, places looked at)
        seen = (value @ weights.transpose(1, 2)).unflatten(2, values.shape[2:])
        mixed: Tensor = self.share * self.output(seen) + values
        return mixed


def _labels(values: Tensor, labels: Tensor | None) -> Tensor:
    return torch.zeros(len(values), dtype=torch.int64, device=values.device) if labels is None else labels


def activate(values: Tensor, function: str, slope: float) -> Tensor:
    """Apply an activation function; the slope is that of leaky_relu and the scale of elu."""
    if function == "leaky_relu":
        return functional.leaky_relu(values, slope)
    if function == "elu":
        return functional.elu(values, slope or 1.0)
    return _ACTIVATIONS[function](values)


_ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "relu": torch.relu,
    "selu": functional.selu,
    "gelu": functional.gelu,
    "silu": functional.silu,
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "softplus": functional.softplus,
}


def build_layer(layer: Layer) -> nn.Module:
    """Make the module of a filled layer."""
    return _BUILDERS[layer["kind"]](layer)


def _convolution(kind: type[nn.Module], layer: Layer) -> nn.Module:
    more = {"output_padding": layer["output_padding"]} if "output_padding" in layer else {}
    shape = (layer["inputs"], layer["outputs"], layer["kernel"], layer["stride"], layer["padding"])
    return Plain(kind(*shape, bias=layer["bias"], **more))


def _upsample(layer: Layer) -> nn.Module:
    factor, mode = layer["factor"], layer["mode"]
    aligned = layer["align_corners"] if mode != "nearest" else None
    return Function(lambda maps: functional.interpolate(maps, scale_factor=factor, mode=mode, align_corners=aligned))


def _reshape(layer: Layer) -> nn.Module:
    shape = layer["shape"]
    if layer["order"] == "hwc" and len(shape) == 3:
        channels, height, width = shape
        return Function(lambda maps: maps.reshape(len(maps), height, width, channels).permute(0, 3, 1, 2))
    return Function(lambda maps: maps.reshape(len(maps), *shape))


def _pixel_norm(layer: Layer) -> nn.Module:
    """Source: Karras et al. 2018, section 4.2."""
    eps = layer["eps"]
    return Function(lambda maps: maps * torch.rsqrt(maps.square().mean(dim=1, keepdim=True) + eps))


def _crop(layer: Layer) -> nn.Module:
    size = layer["size"]
    return Function(lambda maps: maps[:, :, :size, :size])


def _part(layer: Layer) -> nn.Module:
    start, end = layer["start"], layer["start"] + layer["length"]
    return Function(lambda vectors: vectors[:, start:end])


def _activation(layer: Layer) -> nn.Module:
    function, slope = layer["function"], layer["slope"]
    return Function(lambda values: activate(values, function, slope))


_BUILDERS: dict[str, Callable[[Any], nn.Module]] = {
    "linear": lambda layer: Plain(nn.Linear(layer["inputs"], layer["outputs"], layer["bias"])),
    "conv": lambda layer: _convolution(nn.Conv2d, layer),
    "conv_transpose": lambda layer: _convolution(nn.ConvTranspose2d, layer),
    "batch_norm": BatchNorm,
    "conditional_batch_norm": ConditionalBatchNorm,
    "instance_norm": lambda layer: Plain(nn.InstanceNorm2d(layer["features"], layer["eps"], affine=layer["affine"])),
    "group_norm": lambda layer: Plain(nn.GroupNorm(layer["groups"], layer["features"], layer["eps"])),
    "layer_norm": lambda layer: Plain(nn.LayerNorm(layer["shape"], layer["eps"])),
    "pixel_norm": _pixel_norm,
    "activation": _activation,
    "prelu": lambda layer: Plain(nn.PReLU(layer["features"])),
    "upsample": _upsample,
    "average_pool": lambda layer: Function(lambda maps: functional.avg_pool2d(maps, layer["factor"])),
    "max_pool": lambda layer: Function(lambda maps: functional.max_pool2d(maps, layer["factor"])),
    "pixel_shuffle": lambda layer: Function(lambda maps: functional.pixel_shuffle(maps, layer["factor"])),
    "reshape": _reshape,
    "crop": _crop,
    "part": _part,
    "one_hot": lambda layer: OneHot(layer["classes"]),
    "embedding": lambda layer: Embedding(layer["classes"], layer["length"]),
    "attention": Attention,
    "branches": Branches,
}
