"""A generator whose layers are data: for networks of scripts, rebuilt layer by layer from names and shapes."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from ganstudio.networks.base import NETWORKS, Architecture, Generator, NetworkConfigError, last_of
from ganstudio.networks.described.kinds import fill_layers, output_shape
from ganstudio.networks.described.modules import LayerList
from ganstudio.networks.layer_steps import NO_STEPS, LayerSteps
from ganstudio.networks.layers import check_range
from ganstudio.networks.spec import GeneratorSpec

LAWS = ("normal", "uniform", "uniform_0_1", "sphere")


@dataclass(frozen=True)
class SequenceConfig:
    """One network, told layer by layer.

    Attributes:
        z_dim: Length of the latent that the first layer gets.
        layers: What is done to the latent, in order; see `described/kinds.py`.
        num_classes: Classes to condition on, 0 for none.
        latent_law: "normal", "uniform" (in [-1, 1]), "uniform_0_1" (in [0, 1]) or "sphere".
        low: The value of the network's output that is black ...
        high: ... and the value that is white.
    """

    z_dim: int
    layers: tuple[Any, ...]
    num_classes: int = 0
    latent_law: str = "normal"
    low: float = -1.0
    high: float = 1.0

    def __post_init__(self) -> None:
        check_range("z_dim", self.z_dim, 1, 1 << 16)
        check_range("num_classes", self.num_classes, 0, 1 << 16)
        if self.latent_law not in LAWS:
            raise NetworkConfigError("latent_law", f"{self.latent_law!r} is unknown", f"choose one of {LAWS}")
        if not -1e6 <= self.low < self.high <= 1e6:
            raise NetworkConfigError("low, high", "they are no range", "give the lower one first")
        object.__setattr__(self, "layers", tuple(fill_layers(self.layers)))
        shape = self.shape
        if len(shape) != 3 or shape[0] not in (1, 3) or shape[1] != shape[2] or shape[1] > 4096:
            raise NetworkConfigError("layers", f"they make {shape}, no square picture", "correct the layers")

    @property
    def shape(self) -> tuple[int, ...]:
        """`(C, H, W)` of the pictures."""
        return output_shape(self.layers, (self.z_dim,), self.num_classes)

    @property
    def resolution(self) -> int:
        """Height and width of the pictures, in pixels."""
        return self.shape[1]

    @property
    def channels(self) -> int:
        """3 for RGB, 1 for grey."""
        return self.shape[0]


class SequenceGenerator(Generator):
    """Runs the layers; evaluation only, because normalisation keeps the statistics of the file."""

    def __init__(self, config: SequenceConfig, random: torch.Generator) -> None:
        super().__init__()
        self.config = config
        channels, resolution, _ = config.shape
        self.spec = GeneratorSpec(
            config.z_dim,
            resolution,
            channels,
            config.num_classes,
            latent_law=config.latent_law,
            output_range=(config.low, config.high),
            feature_widths=tuple(shape[0] for shape in _shapes(config)[:-1]),
        )
        self.main = LayerList(config.layers)
        _initialise(self, random)

    def forward(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """See `Generator`."""
        return last_of(self.walk(z, labels))

    def walk(self, z: Tensor, labels: Tensor | None = None, steps: LayerSteps = NO_STEPS) -> Iterator[Tensor]:
        """See `Generator`; each layer is a block, also one that makes vectors."""
        values = z
        for number, layer in enumerate(self.main.layers):
            is_last = number == len(self.main.layers) - 1
            values = layer(values, labels) if is_last else steps.move(number, layer(values, labels))
            yield values

    def map_sizes(self) -> dict[str, int]:
        """See `Generator`."""
        shapes = enumerate(_shapes(self.config))
        return {f"main.layers.{index}.": shape[1] for index, shape in shapes if len(shape) == 3}

    def first_features(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """See `Generator`."""
        return self.main.first_features(z, labels)


def _shapes(config: SequenceConfig) -> list[tuple[int, ...]]:
    """The shape after each layer."""
    shape: tuple[int, ...] = (config.z_dim,)
    found = []
    for layer in config.layers:
        shape = output_shape([layer], shape, config.num_classes)
        found.append(shape)
    return found


def _initialise(module: nn.Module, random: torch.Generator) -> None:
    """Draw weights so that signals keep their size (He et al. 2015, eq. 14); the weights of a file replace them."""
    for part in module.modules():
        if isinstance(part, nn.Linear | nn.Conv2d | nn.ConvTranspose2d) and not part.weight.is_meta:
            nn.init.kaiming_normal_(part.weight, a=0.2, generator=random)


NETWORKS.add("sequence", Architecture(SequenceConfig, SequenceGenerator))
