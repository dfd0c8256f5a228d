"""DCGAN: transposed convolutions up, strided convolutions down.

Source: Radford et al. 2016. The discriminator has no batch normalisation by default, because it then may be trained
with a gradient penalty (Gulrajani et al. 2017, section 4).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Tensor, nn

from ganstudio.networks.base import NETWORKS, Architecture, Discriminator, Generator, last_of
from ganstudio.networks.layer_steps import NO_STEPS, LayerSteps
from ganstudio.networks.layers import (
    LabelEmbedding,
    check_conditioning,
    check_pictures,
    check_range,
    initialise_normal,
    make_head,
    minibatch_deviation,
)
from ganstudio.networks.spec import GeneratorSpec


@dataclass(frozen=True)
class DCGANConfig:
    """One DCGAN.

    Attributes:
        resolution: 28, 32, 64 or 128 px.
        channels: 3 for RGB, 1 for grey.
        num_classes: Classes to condition on, 0 for none.
        z_dim: Length of the latent.
        base_channels: Feature maps at half the full resolution; doubled at each halving ...
        max_channels: ... up to this many.
        full_channels: Feature maps at the full resolution before a last convolution makes the picture, for finer
            detail; 0 goes from half the resolution straight to the picture, as in the paper.
        class_length: Length of the class's learned vector that is appended to the latent.
        conditioning: How both networks are told the class: one of `layers.CONDITIONINGS`.
        discriminator_batch_norm: Normalise in the discriminator too, as the paper does (rules out gradient penalties).
        discriminator_deviation: Show the discriminator the deviation within its batch, a cure for collapse that the
            paper did not have.
    """

    resolution: int = 64
    channels: int = 3
    num_classes: int = 0
    z_dim: int = 64
    base_channels: int = 32
    max_channels: int = 256
    full_channels: int = 0
    class_length: int = 16
    conditioning: str = "projection"
    discriminator_batch_norm: bool = False
    discriminator_deviation: bool = True

    def __post_init__(self) -> None:
        check_pictures(self.resolution, self.channels, self.num_classes)
        check_range("z_dim", self.z_dim, 1, 4096)
        check_range("base_channels", self.base_channels, 4, 1024)
        check_range("max_channels", self.max_channels, self.base_channels, 4096)
        check_range("full_channels", self.full_channels, 0, 1024)
        check_range("class_length", self.class_length, 1, 1024)
        check_conditioning(self.conditioning)

    @property
    def first_size(self) -> int:
        """Height and width of the first feature maps, in pixels."""
        return 7 if self.resolution == 28 else 4

    @property
    def widths(self) -> list[int]:
        """Feature maps from half the full resolution down to the first size."""
        levels = (self.resolution // self.first_size).bit_length() - 1
        return [min(self.base_channels << level, self.max_channels) for level in range(levels)]


class DCGANGenerator(Generator):
    """A linear layer to the first maps, transposed 4x4 convolutions that double the size, tanh at the end."""

    def __init__(self, config: DCGANConfig, random: torch.Generator) -> None:
        super().__init__()
        self.spec = GeneratorSpec(
            config.z_dim,
            config.resolution,
            config.channels,
            config.num_classes,
            feature_widths=tuple(config.widths[::-1]),
        )
        self.first_size = config.first_size
        widths = config.widths[::-1]
        self.label = LabelEmbedding(config.num_classes, config.class_length, one_hot=config.conditioning == "one_hot")
        self.stem = nn.Linear(config.z_dim + self.label.length, widths[0] * self.first_size**2, bias=False)
        self.stem_norm = nn.BatchNorm2d(widths[0])
        self.blocks = nn.Sequential(*(_up_block(inputs, outputs) for inputs, outputs in pairwise(widths)))
        self.to_image = _image_layers(widths[-1], config)
        initialise_normal(self, random)

    def first_features(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """See `Generator`."""
        return self._first_maps(z, labels).flatten(1)

    def forward(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """See `Generator`."""
        return last_of(self.walk(z, labels))

    def walk(self, z: Tensor, labels: Tensor | None = None, steps: LayerSteps = NO_STEPS) -> Iterator[Tensor]:
        """See `Generator`; the maps of the first size come first."""
        maps = steps.move(0, torch.relu(self._first_maps(z, labels)))
        yield maps
        for number, block in enumerate(self.blocks, start=1):
            maps = steps.move(number, block(maps))
            yield maps
        yield torch.tanh(self.to_image(maps))

    def map_sizes(self) -> dict[str, int]:
        """See `Generator`."""
        blocks = {f"blocks.{index}.": self.first_size << index + 1 for index in range(len(self.blocks))}
        return {"stem": self.first_size, **blocks, "to_image.": self.spec.resolution}

    def _first_maps(self, z: Tensor, labels: Tensor | None) -> Tensor:
        maps = self.stem(self.label(z, labels)).view(len(z), -1, self.first_size, self.first_size)
        normalised: Tensor = self.stem_norm(maps)
        return normalised


class DCGANDiscriminator(Discriminator):
    """Strided 4x4 convolutions that halve the size, the batch's deviation, a linear head that knows the class."""

    def __init__(self, config: DCGANConfig, random: torch.Generator, pack: int = 1) -> None:
        super().__init__()
        widths = [config.channels * pack, *config.widths]
        normalise = config.discriminator_batch_norm
        blocks = (_down_block(inputs, outputs, normalise and index > 0)
                  for index, (inputs, outputs) in enumerate(pairwise(widths)))  # fmt: skip
        self.blocks = nn.Sequential(*blocks)
        self.mix: nn.Conv2d | None = None
        if config.discriminator_deviation:
            self.mix = nn.Conv2d(widths[-1] + 1, widths[-1], 3, padding=1)
        self.head = make_head(
            widths[-1] * config.first_size**2, config.num_classes, config.conditioning, config.class_length
        )
        initialise_normal(self, random)
        if not normalise:
            _initialise_kaiming(self.blocks, random)
        if self.mix is not None:
            _initialise_kaiming(self.mix, random)

    def features(self, images: Tensor) -> Tensor:
        """See `Discriminator`."""
        maps: Tensor = self.blocks(images)
        if self.mix is not None:
            maps = nn.functional.leaky_relu(self.mix(minibatch_deviation(maps)), 0.2)
        return maps.flatten(1)

    def judge(self, features: Tensor, labels: Tensor | None = None) -> Tensor:
        """See `Discriminator`."""
        logits: Tensor = self.head(features, labels)
        return logits


def _up_block(inputs: int, outputs: int) -> nn.Sequential:
    convolution = nn.ConvTranspose2d(inputs, outputs, 4, 2, 1, bias=False)
    return nn.Sequential(convolution, nn.BatchNorm2d(outputs), nn.ReLU(inplace=True))


def _image_layers(inputs: int, config: DCGANConfig) -> nn.Module:
    if not config.full_channels:
        return nn.ConvTranspose2d(inputs, config.channels, 4, 2, 1)
    last = nn.Conv2d(config.full_channels, config.channels, 3, padding=1)
    return nn.Sequential(_up_block(inputs, config.full_channels), last)


def _down_block(inputs: int, outputs: int, normalise: bool) -> nn.Sequential:
    convolution = nn.Conv2d(inputs, outputs, 4, 2, 1, bias=not normalise)
    normalisation = [nn.BatchNorm2d(outputs)] if normalise else []
    return nn.Sequential(convolution, *normalisation, nn.LeakyReLU(0.2, inplace=True))


def _initialise_kaiming(module: nn.Module, random: torch.Generator) -> None:
    """Draw convolution weights so that signals keep their size where no normalisation does (He et al. 2015, eq. 14)."""
    for part in module.modules():
        if isinstance(part, nn.Conv2d):
            nn.init.kaiming_normal_(part.weight, a=0.2, generator=random)


NETWORKS.add("dcgan", Architecture(DCGANConfig, DCGANGenerator, DCGANDiscriminator))
