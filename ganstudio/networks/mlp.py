"""The first GAN: multilayer perceptrons on flattened pictures. Source: Goodfellow et al. 2014."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Tensor, nn

from ganstudio.networks.base import NETWORKS, Architecture, Discriminator, Generator, last_of
from ganstudio.networks.layer_steps import NO_STEPS, LayerSteps
from ganstudio.networks.layers import LabelEmbedding, check_conditioning, check_pictures, check_range, make_head
from ganstudio.networks.spec import GeneratorSpec


@dataclass(frozen=True)
class MLPConfig:
    """One pair of multilayer perceptrons.

    Attributes:
        resolution: 28, 32, 64 or 128 px.
        channels: 3 for RGB, 1 for grey.
        num_classes: Classes to condition on, 0 for none.
        z_dim: Length of the latent.
        hidden: Units of each hidden layer.
        layers: Hidden layers of each network.
        class_length: Length of the class's learned vector that is appended to the latent.
        conditioning: How both networks are told the class: one of `layers.CONDITIONINGS`.
    """

    resolution: int = 28
    channels: int = 1
    num_classes: int = 0
    z_dim: int = 64
    hidden: int = 256
    layers: int = 3
    class_length: int = 16
    conditioning: str = "projection"

    def __post_init__(self) -> None:
        check_pictures(self.resolution, self.channels, self.num_classes)
        check_range("z_dim", self.z_dim, 1, 4096)
        check_range("hidden", self.hidden, 1, 8192)
        check_range("layers", self.layers, 1, 16)
        check_range("class_length", self.class_length, 1, 1024)
        check_conditioning(self.conditioning)

    @property
    def pixels(self) -> int:
        """Values of one flattened picture."""
        return self.channels * self.resolution**2


class MLPGenerator(Generator):
    """Linear layers with leaky rectifiers, tanh at the end."""

    def __init__(self, config: MLPConfig, random: torch.Generator) -> None:
        super().__init__()
        self.spec = GeneratorSpec(
            config.z_dim,
            config.resolution,
            config.channels,
            config.num_classes,
            feature_widths=(config.hidden,) * config.layers,
        )
        self.label = LabelEmbedding(config.num_classes, config.class_length, one_hot=config.conditioning == "one_hot")
        widths = [config.z_dim + self.label.length, *[config.hidden] * config.layers]
        self.hidden = nn.ModuleList(nn.Linear(inputs, outputs) for inputs, outputs in pairwise(widths))
        self.to_image = nn.Linear(config.hidden, config.pixels)
        _initialise(self, random)

    def first_features(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """See `Generator`."""
        features: Tensor = self.hidden[0](self.label(z, labels))
        return features

    def map_sizes(self) -> dict[str, int]:
        """See `Generator`; only the last layer makes a picture."""
        return {"to_image.": self.spec.resolution}

    def forward(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """See `Generator`."""
        return last_of(self.walk(z, labels))

    def walk(self, z: Tensor, labels: Tensor | None = None, steps: LayerSteps = NO_STEPS) -> Iterator[Tensor]:
        """See `Generator`; its layers make vectors `(N, hidden)`."""
        values = self.label(z, labels)
        for number, layer in enumerate(self.hidden):
            values = steps.move(number, nn.functional.leaky_relu(layer(values), 0.2))
            yield values
        shape = (-1, self.spec.channels, self.spec.resolution, self.spec.resolution)
        yield torch.tanh(self.to_image(values)).view(shape)


class MLPDiscriminator(Discriminator):
    """Linear layers with leaky rectifiers and a head that knows the class."""

    def __init__(self, config: MLPConfig, random: torch.Generator, pack: int = 1) -> None:
        super().__init__()
        widths = [config.pixels * pack, *[config.hidden] * config.layers]
        self.hidden = nn.ModuleList(nn.Linear(inputs, outputs) for inputs, outputs in pairwise(widths))
        self.head = make_head(config.hidden, config.num_classes, config.conditioning, config.class_length)
        _initialise(self, random)

    def features(self, images: Tensor) -> Tensor:
        """See `Discriminator`."""
        return _run_hidden(self.hidden, images.flatten(1))

    def judge(self, features: Tensor, labels: Tensor | None = None) -> Tensor:
        """See `Discriminator`."""
        logits: Tensor = self.head(features, labels)
        return logits


def _run_hidden(layers: nn.ModuleList, values: Tensor) -> Tensor:
    for layer in layers:
        values = nn.functional.leaky_relu(layer(values), 0.2)
    return values


def _initialise(module: nn.Module, random: torch.Generator) -> None:
    """Draw weights so that signals keep their size (He et al. 2015, eq. 14); the last layer small, embeddings unit."""
    for part in module.modules():
        if isinstance(part, nn.Linear):
            nn.init.kaiming_normal_(part.weight, a=0.2, generator=random)
            nn.init.zeros_(part.bias)
        elif isinstance(part, nn.Embedding):
            with torch.no_grad():
                part.weight.normal_(0.0, 1.0, generator=random)


NETWORKS.add("mlp", Architecture(MLPConfig, MLPGenerator, MLPDiscriminator))
