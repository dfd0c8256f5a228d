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
        batch_norm: Normalise the generator's hidden layers over the batch, as PacGAN's toys do.
        channels: Coordinates of a point: 2.
        resolution: 1, a point being a picture of one pixel.
        num_classes: 0: points have no classes.
    """

    z_dim: int = 2
    hidden: int = 128
    layers: int = 3
    batch_norm: bool = False
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
        self.layers = _layers((config.z_dim, COORDINATES), config, random, config.batch_norm)

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
        layers = _layers((COORDINATES * pack, 1), config, random)
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


def _layers(
    ends: tuple[int, int], config: PointMLPConfig, random: torch.Generator, batch_norm: bool = False
) -> nn.Sequential:
    """Linear layers with leaky rectifiers between; weights keep the size of signals (He et al. 2015, eq. 14).

    Biases are not 0 at first: else all kinks of the first layer would run through the origin of the plane.
    """
    widths = [ends[0], *[config.hidden] * config.layers, ends[1]]
    layers: list[nn.Module] = []
    for number, (before, after) in enumerate(pairwise(widths)):
        linear = nn.Linear(before, after)
        nn.init.kaiming_normal_(linear.weight, a=0.2, generator=random)
        nn.init.uniform_(linear.bias, -(before**-0.5), before**-0.5, generator=random)
        layers.append(linear)
        if number < config.layers:
            layers += [*([nn.BatchNorm1d(after)] if batch_norm else []), nn.LeakyReLU(0.2)]
    return nn.Sequential(*layers)


NETWORKS.add("points", Architecture(PointMLPConfig, PointGenerator, PointDiscriminator))
