"""R3GAN: a modernised residual GAN without normalisation, style or noise. Source: Huang et al. 2024.

Generator and discriminator mirror each other: stages of inverted bottleneck blocks with grouped convolutions, between
which the pictures are resampled by a low-pass filter; at 4 px a learned picture for each feature map.
"""

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from ganstudio.networks.base import NETWORKS, Architecture, Discriminator, Generator, last_of
from ganstudio.networks.classes import look_up
from ganstudio.networks.layer_steps import NO_STEPS, LayerSteps
from ganstudio.networks.r3gan_config import R3GANConfig

_SLOPE = 0.2
_RECTIFIER_GAIN = math.sqrt(2 / (1 + _SLOPE**2))
_LAYERS_OF_A_BLOCK = 3


class ResidualBlock(nn.Module):
    """`x + reduce(rectify(mix(rectify(expand(x)))))`, where the middle convolution is grouped.

    Source: Huang et al. 2024, section 4.2 and figure 3; the weights' sizes: Zhang et al. 2019 (Fixup).
    """

    def __init__(self, width: int, cardinality: int, config: R3GANConfig) -> None:
        super().__init__()
        inner, kernel = width * config.expansion, config.kernel
        self.expand = nn.Conv2d(width, inner, 1, bias=False)
        self.mix = nn.Conv2d(inner, inner, kernel, padding=kernel // 2, groups=cardinality, bias=False)
        self.reduce = nn.Conv2d(inner, width, 1, bias=False)
        self.first_bias = nn.Parameter(torch.zeros(inner))
        self.second_bias = nn.Parameter(torch.zeros(inner))

    def forward(self, maps: Tensor) -> Tensor:
        """Map `(N, C, H, W)` to the same shape."""
        inner = _convolve(maps, self.expand, self.first_bias)
        inner = _convolve(inner, self.mix, self.second_bias)
        changes: Tensor = self.reduce(inner)
        return maps + changes


class Upsampling(nn.Module):
    """A change of width where there is one, then twice the size."""

    def __init__(self, inputs: int, outputs: int, taps: int) -> None:
        super().__init__()
        self.project = nn.Conv2d(inputs, outputs, 1, bias=False) if inputs != outputs else None
        self.filter: Tensor
        self.register_buffer("filter", binomial_filter(taps))

    def forward(self, maps: Tensor) -> Tensor:
        """Map `(N, I, H, W)` to `(N, O, 2 H, 2 W)`."""
        if self.project is not None:
            maps = self.project(maps)
        count, channels, height, width = maps.shape
        flat = maps.reshape(count * channels, 1, height, width)
        fine = functional.conv_transpose2d(flat, 4 * self.filter[None, None], stride=2)
        cut = len(self.filter) - 1 - (len(self.filter) + 1) // 2
        fine = fine[:, :, cut : cut + 2 * height, cut : cut + 2 * width]
        return fine.reshape(count, channels, 2 * height, 2 * width)


class Downsampling(nn.Module):
    """Half the size, then a change of width where there is one."""

    def __init__(self, inputs: int, outputs: int, taps: int) -> None:
        super().__init__()
        self.project = nn.Conv2d(inputs, outputs, 1, bias=False) if inputs != outputs else None
        self.filter: Tensor
        self.register_buffer("filter", binomial_filter(taps))

    def forward(self, maps: Tensor) -> Tensor:
        """Map `(N, I, H, W)` to `(N, O, H / 2, W / 2)`."""
        count, channels, height, width = maps.shape
        before, after = (len(self.filter) - 1) // 2, (len(self.filter) - 2) // 2
        flat = functional.pad(maps.reshape(count * channels, 1, height, width), [before, after, before, after])
        coarse = functional.conv2d(flat, self.filter.flip(0, 1)[None, None], stride=2)
        coarse = coarse.reshape(count, channels, height // 2, width // 2)
        return coarse if self.project is None else self.project(coarse)


class GenerativeBasis(nn.Module):
    """A learned picture of 4 px for each feature map, scaled by the latent."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.pictures = nn.Parameter(torch.empty(outputs, 4, 4))
        self.project = nn.Linear(inputs, outputs, bias=False)

    def forward(self, latents: Tensor) -> Tensor:
        """Map `(N, I)` to `(N, O, 4, 4)`."""
        scales: Tensor = self.project(latents)
        return self.pictures * scales[:, :, None, None]


class DiscriminativeBasis(nn.Module):
    """The share of a learned picture of 4 px in each feature map, mixed."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.pictures = nn.Parameter(torch.empty(inputs, 4, 4))
        self.project = nn.Linear(inputs, outputs, bias=False)

    def shares(self, maps: Tensor) -> Tensor:
        """Map `(N, I, 4, 4)` to `(N, I)`."""
        return (maps * self.pictures).sum(dim=(2, 3))


class Stage(nn.Module):
    """The blocks of one resolution, after what leads to it (generator) or before what leads from it (discriminator).

    At 4 px, where the pictures begin or end, `transition` is None.
    """

    def __init__(self, blocks: list[ResidualBlock], transition: nn.Module | None, *, transition_first: bool) -> None:
        super().__init__()
        self.transition = transition
        self.blocks = nn.ModuleList(blocks)
        self.transition_first = transition_first

    def forward(self, maps: Tensor) -> Tensor:
        """Map what the stage before gives to what the stage behind takes."""
        if self.transition is not None and self.transition_first:
            maps = self.transition(maps)
        for block in self.blocks:
            maps = block(maps)
        return maps if self.transition is None or self.transition_first else self.transition(maps)


class R3GANGenerator(Generator):
    """Latent and class's vector -> 4 px -> ... -> picture, without a squashing function at the end."""

    def __init__(self, config: R3GANConfig, random: torch.Generator) -> None:
        super().__init__()
        self.spec = replace(config.spec, feature_widths=tuple(config.widths))
        self.label = nn.Linear(config.num_classes, config.label_width, bias=False) if config.num_classes else None
        inputs = config.z_dim + (config.label_width if config.num_classes else 0)
        self.basis = GenerativeBasis(inputs, config.widths[0])
        stages = []
        for index, width in enumerate(config.widths):
            transition = Upsampling(config.widths[index - 1], width, config.taps) if index else None
            stages.append(Stage(_blocks(config, index), transition, transition_first=True))
        self.stages = nn.ModuleList(stages)
        self.to_picture = nn.Conv2d(config.widths[-1], config.channels, 1, bias=False)
        _draw(self, config, random)

    def forward(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """See `Generator`; missing labels count as class 0."""
        return last_of(self.walk(z, labels))

    def walk(self, z: Tensor, labels: Tensor | None = None, steps: LayerSteps = NO_STEPS) -> Iterator[Tensor]:
        """See `Generator`."""
        maps = self.basis(self._inputs(z, labels))
        for number, stage in enumerate(self.stages):
            maps = steps.move(number, stage(maps))
            yield maps
        yield self.to_picture(maps)

    def map_sizes(self) -> dict[str, int]:
        """See `Generator`."""
        stages = {f"stages.{index}.": 4 << index for index in range(len(self.stages))}
        return {"basis.": 4, **stages, "to_picture.": self.spec.resolution}

    def first_features(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """See `Generator`; here the scales of the learned pictures."""
        scales: Tensor = self.basis.project(self._inputs(z, labels))
        return scales

    def _inputs(self, z: Tensor, labels: Tensor | None) -> Tensor:
        return z if self.label is None else torch.cat([z, _vectors(self.label, labels, len(z))], dim=1)


class R3GANDiscriminator(Discriminator):
    """Picture -> ... -> 4 px -> a logit, or the projection on the class's vector."""

    def __init__(self, config: R3GANConfig, random: torch.Generator, pack: int = 1) -> None:
        super().__init__()
        length = config.widths[0] if config.num_classes else 1
        self.label = nn.Linear(config.num_classes, length, bias=False) if config.num_classes else None
        self.from_picture = nn.Conv2d(config.channels * pack, config.widths[-1], 1, bias=False)
        stages = []
        for index in reversed(range(len(config.widths))):
            transition = Downsampling(config.widths[index], config.widths[index - 1], config.taps) if index else None
            stages.append(Stage(_blocks(config, index), transition, transition_first=False))
        self.stages = nn.ModuleList(stages)
        self.basis = DiscriminativeBasis(config.widths[0], length)
        _draw(self, config, random)

    def features(self, images: Tensor) -> Tensor:
        """See `Discriminator`; here the shares of the learned pictures."""
        maps: Tensor = self.from_picture(images)
        for stage in self.stages:
            maps = stage(maps)
        return self.basis.shares(maps)

    def judge(self, features: Tensor, labels: Tensor | None = None) -> Tensor:
        """See `Discriminator`; missing labels count as class 0."""
        outputs: Tensor = self.basis.project(features)
        if self.label is not None:
            outputs = outputs * _vectors(self.label, labels, len(features))
        return outputs.sum(dim=1)


def binomial_filter(taps: int) -> Tensor:
    """Return the low-pass filter `(taps, taps)` of sum 1 whose rows are binomial; 4 taps are [1, 3, 3, 1] / 8."""
    row = np.ones(1)
    for _ in range(taps - 1):
        row = np.convolve(row, [0.5, 0.5])
    return torch.from_numpy(np.outer(row, row).astype(np.float32))


def _convolve(maps: Tensor, layer: nn.Conv2d, bias: Tensor) -> Tensor:
    """Convolve, add a bias and rectify; the gain is in the weights."""
    sums = functional.conv2d(maps, layer.weight, bias, padding=layer.padding, groups=layer.groups)
    if torch.is_grad_enabled():
        return functional.leaky_relu(sums, _SLOPE)
    return functional.leaky_relu_(sums, _SLOPE)


def _vectors(label: nn.Linear, labels: Tensor | None, count: int) -> Tensor:
    """Look up the classes' vectors `(N, length)`."""
    if labels is None:
        labels = torch.zeros(count, dtype=torch.int64, device=label.weight.device)
    return look_up(label.weight.t(), labels)


def _blocks(config: R3GANConfig, index: int) -> list[ResidualBlock]:
    return [
        ResidualBlock(config.widths[index], config.cardinalities[index], config) for _ in range(config.blocks[index])
    ]


def _draw(network: nn.Module, config: R3GANConfig, random: torch.Generator) -> None:
    """Draw weights that keep the signal's size; each block begins as the identity.

    Source: Huang et al. 2024, section 4.2, after Zhang et al. 2019.
    """
    if next(network.parameters()).is_meta:
        return  # only planned: there is nothing to draw
    block_gain = _RECTIFIER_GAIN * max(1, sum(config.blocks)) ** (-1 / (2 * _LAYERS_OF_A_BLOCK - 2))
    with torch.no_grad():
        for name, part in network.named_modules():
            gain = block_gain if name.endswith((".expand", ".mix")) else 0.0 if name.endswith(".reduce") else 1.0
            if isinstance(part, nn.Conv2d | nn.Linear):
                part.weight.normal_(0.0, 1 / math.sqrt(part.weight[0].numel()), generator=random).mul_(gain)
            elif isinstance(part, GenerativeBasis):
                part.pictures.normal_(generator=random)
            elif isinstance(part, DiscriminativeBasis):
                part.pictures.normal_(0.0, 1 / 4, generator=random)
        if isinstance(network, R3GANDiscriminator) and network.label is not None:
            network.label.weight.mul_(1 / math.sqrt(network.label.out_features))


NETWORKS.add("r3gan", Architecture(R3GANConfig, R3GANGenerator, R3GANDiscriminator))
