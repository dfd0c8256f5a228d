"""Multilayer perceptrons on points of the plane, where a whole game can be seen at once.

A point is a picture of one pixel with two channels, `(N, 2, 1, 1)`, so that everything that works on pictures works on
points. Source: Goodfellow et al. 2014; the toys of Lin et al. 2018, section 4.1.
"""

from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Tensor, nn

from ganstudio.networks.base import NETWORKS, Architecture, Discriminator, Generator
from ganstudio.networks.layers import check_range
from ganstudio.networks.spec import GeneratorSpec, NetworkConfigError

COORDINATES = 2


@dataclass(frozen=True)
class PointMLPConfig:
    """One pair of networks for points.

    Attributes:
        z_dim: Length of the latent.
        hidden: Units of each hidden layer.
        layers: Hidden layers of each network.
        channels: Coordinates of a point: 2.
        resolution: 1, a point being a picture of one pixel.
        num_classes: 0: points have no classes.
    """

    z_dim: int = 2
    hidden: int = 128
    layers: int = 3
    channels: int = COORDINATES
    resolution: int = 1
    num_classes: int = 0

    def __post_init__(self) -> None:
        check_range("z_dim", self.z_dim, 1, 4096)
        check_range("hidden", self.hidden, 1, 8192)
        check_range("layers", self.layers, 1, 16)
        if (self.channels, self.resolution, self.num_classes) != (COORDINATES, 1, 0):
            raise NetworkConfigError("points", "a point has two coordinates and no class", "leave these settings out")


class PointGenerator(Generator):
    """Latents to points; no limit on where."""

    def __init__(self, config: PointMLPConfig, random: torch.Generator) -> None:
        super().__init__()
        self.spec = GeneratorSpec(config.z_dim, 1, COORDINATES)
        self.layers = _layers(config.z_dim, config, COORDINATES, random)

    def forward(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """See `Generator`; returns points `(N, 2, 1, 1)`."""
        del labels
        points: Tensor = self.layers(z)
        return points[..., None, None]

    def first_features(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """See `Generator`."""
        del labels
        features: Tensor = self.layers[0](z)
        return features


class PointDiscriminator(Discriminator):
    """Points to logits."""

    def __init__(self, config: PointMLPConfig, random: torch.Generator, pack: int = 1) -> None:
        super().__init__()
        layers = _layers(COORDINATES * pack, config, 1, random)
        self.hidden, self.head = layers[:-1], layers[-1]

    def features(self, images: Tensor) -> Tensor:
        """See `Discriminator`."""
        features: Tensor = self.hidden(images.flatten(1))
        return features

    def judge(self, features: Tensor, labels: Tensor | None = None) -> Tensor:
        """See `Discriminator`."""
        del labels
        logits: Tensor = self.head(features)
        return logits.squeeze(1)


def _layers(inputs: int, config: PointMLPConfig, outputs: int, random: torch.Generator) -> nn.Sequential:
    """Linear layers with leaky rectifiers between; weights keep the size of signals (He et al. 2015, eq. 14)."""
    widths = [inputs, *[config.hidden] * config.layers, outputs]
    layers: list[nn.Module] = []
    for before, after in pairwise(widths):
        linear = nn.Linear(before, after)
        nn.init.kaiming_normal_(linear.weight, a=0.2, generator=random)
        nn.init.zeros_(linear.bias)
        layers += [linear, nn.LeakyReLU(0.2)]
    return nn.Sequential(*layers[:-1])


NETWORKS.add("points", Architecture(PointMLPConfig, PointGenerator, PointDiscriminator))
