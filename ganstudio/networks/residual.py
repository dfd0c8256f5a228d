"""Residual generators: SNGAN, SAGAN, BigGAN and BigGAN-deep, and what is built like them, as one configurable family.

A linear layer makes maps of 4x4 px, a list of layers (residual blocks, attention, transposed convolutions) makes them
large, a last convolution makes the picture. Batch normalisation is conditional on the class by a table, or on a vector
of the class's embedding and a part of z. Spectral normalisation is divided out of the weights.

Source: Miyato et al. 2018 (SNGAN), Miyato & Koyama 2018 (conditional normalisation), Zhang et al. 2019 (SAGAN), Brock
et al. 2019 (BigGAN), appendix B.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from ganstudio.networks.base import NETWORKS, Architecture, Generator, NetworkConfigError, last_of
from ganstudio.networks.classes import ClassTable
from ganstudio.networks.layer_steps import NO_STEPS, LayerSteps
from ganstudio.networks.layers import check_range, initialise_normal
from ganstudio.networks.residual_layers import (
    ACTIVATIONS,
    Attention,
    DeepBlock,
    Normalisation,
    TransposedBlock,
    UpsamplingBlock,
)
from ganstudio.networks.spec import GeneratorSpec

LAYERS = ("block", "deep", "deep_up", "transposed", "attention")
GROWING = ("block", "deep_up", "transposed")
CONDITIONS = ("none", "classes", "vector")
LATENT_USES = ("first", "split", "whole")
OUTPUTS = {"tanh": (-1.0, 1.0), "sigmoid": (0.0, 1.0)}


@dataclass(frozen=True)
class ResidualConfig:
    """One generator.

    Attributes:
        resolution: Of the pictures, in pixels: `first_size`, doubled by each growing layer.
        channels: 3 for RGB, 1 for grey.
        num_classes: Classes, 0 for none.
        z_dim: Length of the latent.
        first_size: Height and width of the first maps.
        first_width: Number of the first maps.
        layers: "block" (two convolutions, twice the size), "deep" (four convolutions), "deep_up" (likewise, twice the
            size), "transposed" (a transposed convolution, twice the size) or "attention", in order.
        widths: Maps after each of these.
        shortcut: Where a deep block changes the width: "convolution", or "dropped" (the last maps are left out).
        upsampling: "nearest" or "bilinear".
        condition: What scales after normalisation: "none" (learned numbers), "classes" (a table by class) or "vector".
        class_dim: Length of the class's embedding in that vector, 0 for none.
        latent_use: Where z goes: "first" (into the first maps), "split" (a part into these, one into each block's
            vector) or "whole" (everywhere, together with the class).
        norm_eps: Added to variances.
        final_norm: Whether normalisation and activation stand before the last convolution.
        activation: "relu", "leaky_relu", "elu" or "gelu".
        output: "tanh" or "sigmoid".
    """

    resolution: int = 32
    channels: int = 3
    num_classes: int = 0
    z_dim: int = 128
    first_size: int = 4
    first_width: int = 256
    layers: tuple[str, ...] = ("block", "block", "block")
    widths: tuple[int, ...] = (256, 256, 256)
    shortcut: str = "convolution"
    upsampling: str = "nearest"
    condition: str = "none"
    class_dim: int = 0
    latent_use: str = "first"
    norm_eps: float = 1e-5
    final_norm: bool = True
    activation: str = "relu"
    output: str = "tanh"

    def __post_init__(self) -> None:
        for name, known in (
            ("shortcut", ("convolution", "dropped")),
            ("upsampling", ("nearest", "bilinear")),
            ("condition", CONDITIONS),
            ("latent_use", LATENT_USES),
            ("activation", tuple(ACTIVATIONS)),
            ("output", tuple(OUTPUTS)),
        ):
            if getattr(self, name) not in known:
                raise NetworkConfigError(name, f"{getattr(self, name)!r} is unknown", f"choose of {', '.join(known)}")
        if len(self.layers) != len(self.widths) or not set(self.layers) <= set(LAYERS) or len(self.layers) > 64:
            raise NetworkConfigError("layers", "they are unknown or do not fit the widths", f"of {', '.join(LAYERS)}")
        growing = sum(layer in GROWING for layer in self.layers)
        if growing > 10 or self.resolution != self.first_size << growing:
            raise NetworkConfigError(
                "resolution", "the layers do not lead to it", "one growing layer for each doubling"
            )
        self._check_numbers()

    def _check_numbers(self) -> None:
        if self.channels not in (1, 3):
            raise NetworkConfigError("channels", f"{self.channels} is neither grey nor RGB", "choose 1 or 3")
        check_range("first_size", self.first_size, 1, 64)
        check_range("num_classes", self.num_classes, 0, 100_000)
        for name, value in (("first_width", self.first_width), ("z_dim", self.z_dim)):
            check_range(name, value, 1, 16384)
        for width in self.widths:
            check_range("widths", width, 1, 16384)
        check_range("class_dim", self.class_dim, 0, 16384)
        if not 0 < self.norm_eps < 1:
            raise NetworkConfigError("norm_eps", f"{self.norm_eps} is out of range", "choose a small positive number")
        if self.condition == "classes" and not self.num_classes:
            raise NetworkConfigError("condition", "there are no classes", "choose how many")
        if (self.class_dim > 0) != (self.condition == "vector" and self.num_classes > 0):
            raise NetworkConfigError("class_dim", "it does not fit the condition", "a vector with classes has it")
        if self.latent_use == "split" and self.z_dim % (self.blocks + 1):
            raise NetworkConfigError("z_dim", f"{self.z_dim} cannot be split evenly", "a multiple of the blocks + 1")

    @property
    def blocks(self) -> int:
        """Layers that are not attention."""
        return sum(layer != "attention" for layer in self.layers)

    @property
    def part_of_z(self) -> int:
        """Entries of z that each place takes."""
        return self.z_dim // (self.blocks + 1) if self.latent_use == "split" else self.z_dim

    @property
    def condition_length(self) -> int:
        """Length of the vector that conditional normalisation takes."""
        return self.class_dim + (self.part_of_z if self.latent_use != "first" else 0)


class ResidualGenerator(Generator):
    """z and a class -> picture."""

    def __init__(self, config: ResidualConfig, random: torch.Generator) -> None:
        super().__init__()
        self.config = config
        self.spec = GeneratorSpec(
            config.z_dim,
            config.resolution,
            config.channels,
            config.num_classes,
            output_range=OUTPUTS[config.output],
            feature_widths=config.widths,
        )
        first = config.condition_length if config.latent_use == "whole" else config.part_of_z
        self.stem = nn.Linear(first, config.first_width * config.first_size**2)
        self.classes = ClassTable(config.num_classes, config.class_dim) if config.class_dim else None
        inputs = (config.first_width, *config.widths[:-1])
        self.layers = nn.ModuleList(
            _make_layer(config, kind, *sizes) for kind, *sizes in zip(config.layers, inputs, config.widths, strict=True)
        )
        width = (config.first_width, *config.widths)[-1]
        self.norm = Normalisation(width, config.norm_eps) if config.final_norm else None
        self.activation = ACTIVATIONS[config.activation]
        self.to_image = nn.Conv2d(width, config.channels, 3, padding=1)
        initialise_normal(self, random)

    def first_features(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """See `Generator`."""
        return self._first_maps(z, self._labels(z, labels)).flatten(1)

    def forward(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """See `Generator`; missing labels count as class 0."""
        return last_of(self.walk(z, labels))

    def walk(self, z: Tensor, labels: Tensor | None = None, steps: LayerSteps = NO_STEPS) -> Iterator[Tensor]:
        """See `Generator`."""
        labels = self._labels(z, labels)
        maps = self._first_maps(z, labels)
        conditions = iter(self._conditions(z, labels))
        for number, (kind, layer) in enumerate(zip(self.config.layers, self.layers, strict=True)):
            maps = layer(maps) if kind == "attention" else layer(maps, next(conditions))
            maps = steps.move(number, maps)
            yield maps
        if self.norm is not None:
            maps = self.activation(self.norm(maps))
        image: Tensor = self.to_image(maps)
        yield image.tanh() if self.config.output == "tanh" else image.sigmoid()

    def map_sizes(self) -> dict[str, int]:
        """See `Generator`."""
        found, size = {"stem.": self.config.first_size}, self.config.first_size
        for index, kind in enumerate(self.config.layers):
            size *= 2 if kind in GROWING else 1
            found[f"layers.{index}."] = size
        return {**found, "norm.": size, "to_image.": size}

    def _labels(self, z: Tensor, labels: Tensor | None) -> Tensor:
        return torch.zeros(len(z), dtype=torch.int64, device=z.device) if labels is None else labels

    def _first_maps(self, z: Tensor, labels: Tensor) -> Tensor:
        config = self.config
        vector = z[:, : config.part_of_z]
        if config.latent_use == "whole":
            vector = self._with_class(vector, labels)
        maps: Tensor = self.stem(vector)
        return maps.view(len(z), config.first_width, config.first_size, config.first_size)

    def _conditions(self, z: Tensor, labels: Tensor) -> list[Tensor]:
        """What each block's normalisation is conditional on: labels or vectors `(N, condition_length)`."""
        config = self.config
        if config.condition != "vector":
            return [labels] * config.blocks
        if config.latent_use == "split":
            return [self._with_class(part, labels) for part in z.chunk(config.blocks + 1, dim=1)[1:]]
        part = z if config.latent_use == "whole" else z[:, :0]
        return [self._with_class(part, labels)] * config.blocks

    def _with_class(self, part_of_z: Tensor, labels: Tensor) -> Tensor:
        if self.classes is None:
            return part_of_z
        return torch.cat([self.classes(labels), part_of_z], dim=1)


def _make_layer(config: ResidualConfig, kind: str, inputs: int, outputs: int) -> nn.Module:
    if kind == "attention":
        if inputs != outputs:
            raise NetworkConfigError("widths", "attention keeps the number of maps", "give it the width before it")
        return Attention(inputs)
    if kind == "transposed":
        return TransposedBlock(config, inputs, outputs)
    if kind == "block":
        return UpsamplingBlock(config, inputs, outputs)
    return DeepBlock(config, inputs, outputs, grows=kind == "deep_up")


NETWORKS.add("residual", Architecture(ResidualConfig, ResidualGenerator))
