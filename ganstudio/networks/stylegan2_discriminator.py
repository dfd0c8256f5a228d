"""The discriminator of StyleGAN2.

Source: Karras et al. 2020, section 4.1 and figure 7; Karras et al. 2018, section 3 (deviation of the batch);
Miyato & Koyama 2018, eq. 4 (projection of the class).
"""

from dataclasses import dataclass, replace
from itertools import pairwise

import torch
from torch import Tensor, nn

from ganstudio.networks.base import Discriminator
from ganstudio.networks.layers import minibatch_deviation
from ganstudio.networks.resampling import convolve_down, downsample, make_filter
from ganstudio.networks.style_layers import Dense, activate, add_bias, draw_weights
from ganstudio.networks.style_mapping import MappingConfig, MappingNetwork, widths_of
from ganstudio.networks.stylegan2_config import StyleGAN2Config

HALF_POWER = 0.5**0.5


@dataclass(frozen=True)
class DiscriminatorConfig:
    """What a discriminator has that its generator does not say.

    Attributes:
        widths: Feature maps at 4, 8 ... px.
        architecture: "orig", "skip" or "resnet".
        label_width: Length of the class's vector.
        mapping_widths: Outputs of the layers that map the class; the vector itself counts where there are none.
        mapping_rate: How much slower they learn.
        group: Pictures compared with each other; 0 for the whole batch.
        deviation_maps: Maps of the batch's deviation, 0 for none.
        clamp: Largest size of activations, 0 for no limit.
    """

    widths: tuple[int, ...]
    architecture: str = "resnet"
    label_width: int = 0
    mapping_widths: tuple[int, ...] = ()
    mapping_rate: float = 0.01
    group: int = 4
    deviation_maps: int = 1
    clamp: float = 0.0


class ScaledConvolution(nn.Module):
    """A convolution with weights scaled when used, bias, activation; halves the size with a `kernel`."""

    def __init__(self, inputs: int, outputs: int, size: int, config: StyleGAN2Config, has_bias: bool = True) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(outputs, inputs, size, size))
        self.bias = nn.Parameter(torch.zeros(outputs)) if has_bias else None
        self.activation = config.activation
        self.clamp = config.clamp

    def forward(self, maps: Tensor, kernel: Tensor | None = None, gain: float = 1.0) -> Tensor:
        """Map `(N, I, H, W)` to `(N, O, H, W)`, or to half the size with a filter `kernel`."""
        size = self.weight.shape[2]
        weight = self.weight * self.weight[0].numel() ** -0.5
        if kernel is None:
            result = nn.functional.conv2d(maps, weight, padding=size // 2)
        elif size == 1:
            result = nn.functional.conv2d(downsample(maps, kernel), weight)
        else:
            result = convolve_down(maps, weight, kernel)
        if self.bias is None:
            return result * gain
        return activate(add_bias(result, self.bias[:, None, None]), self.activation, gain, self.clamp)


class DiscriminatorBlock(nn.Module):
    """Two convolutions that halve the size, beside the shortcut of a "resnet"."""

    def __init__(self, inputs: int, outputs: int, config: StyleGAN2Config) -> None:
        super().__init__()
        self.first = ScaledConvolution(inputs, inputs, 3, config)
        self.second = ScaledConvolution(inputs, outputs, 3, config)
        self.shortcut: ScaledConvolution | None = None
        if config.architecture == "resnet":
            self.shortcut = ScaledConvolution(inputs, outputs, 1, config, has_bias=False)

    def forward(self, maps: Tensor, kernel: Tensor) -> Tensor:
        """Map `(N, I, H, W)` to `(N, O, H / 2, W / 2)`."""
        if self.shortcut is None:
            halved: Tensor = self.second(self.first(maps), kernel)
            return halved
        beside: Tensor = self.shortcut(maps, kernel, HALF_POWER)
        through: Tensor = self.second(self.first(maps), kernel, HALF_POWER)
        return beside + through


class StyleGAN2Discriminator(Discriminator):
    """From colours down to 4 px, the batch's deviation, two dense layers, and the projection of the class."""

    filter: Tensor

    def __init__(
        self,
        config: StyleGAN2Config,
        random: torch.Generator,
        pack: int = 1,
        own: DiscriminatorConfig | None = None,
    ) -> None:
        super().__init__()
        own = own or _default_config(config)
        self.own = own
        parts = replace(config, clamp=own.clamp, architecture=own.architecture)
        widths = own.widths[::-1]
        self.register_buffer("filter", torch.zeros(config.taps, config.taps))
        coloured = widths if own.architecture == "skip" else widths[:1]
        # The colours of a "skip" at 4 px belong to the end, which clamps its convolution only.
        self.colours = nn.ModuleList(
            ScaledConvolution(
                config.channels * pack,
                width,
                1,
                replace(parts, clamp=0.0) if index and index == len(widths) - 1 else parts,
            )
            for index, width in enumerate(coloured)
        )
        self.blocks = nn.ModuleList(DiscriminatorBlock(before, after, parts) for before, after in pairwise(widths))
        last = widths[-1]
        self.mix = ScaledConvolution(last + own.deviation_maps, last, 3, parts)
        self.hidden = Dense(last * 16, last, config.activation)
        self.mapping: MappingNetwork | None = None
        if config.num_classes:
            self.mapping = MappingNetwork(_label_mapping(config, own))
        self.output = Dense(last, self.mapping.config.w_dim if self.mapping is not None else 1)
        draw_weights(self, random)
        if config.taps == 4:
            self.filter.copy_(make_filter())

    def features(self, images: Tensor) -> Tensor:
        """See `Discriminator`."""
        maps = self.colours[0](images)
        for index, block in enumerate(self.blocks):
            maps = block(maps, self.filter)
            if self.own.architecture == "skip":
                images = downsample(images, self.filter)
                maps = maps + self.colours[index + 1](images)
        if self.own.deviation_maps:
            maps = minibatch_deviation(maps, self.own.group, self.own.deviation_maps)
        hidden: Tensor = self.hidden(self.mix(maps).flatten(1))
        return hidden

    def judge(self, features: Tensor, labels: Tensor | None = None) -> Tensor:
        """See `Discriminator`."""
        output: Tensor = self.output(features)
        if self.mapping is None:
            return output[:, 0]
        if labels is None:
            labels = torch.zeros(len(features), dtype=torch.int64, device=features.device)
        vectors: Tensor = self.mapping(None, labels)
        projections: Tensor = (output * vectors).sum(dim=1)
        scale: float = vectors.shape[1] ** -0.5
        return projections * scale


def _default_config(config: StyleGAN2Config) -> DiscriminatorConfig:
    last = config.widths[0]
    layers = widths_of(8, last, last) if config.num_classes else ()
    return DiscriminatorConfig(config.widths, label_width=last, mapping_widths=layers, clamp=config.clamp)


def _label_mapping(config: StyleGAN2Config, own: DiscriminatorConfig) -> MappingConfig:
    w_dim = own.mapping_widths[-1] if own.mapping_widths else own.label_width
    return MappingConfig(
        0, w_dim, config.num_classes, own.mapping_widths, own.label_width, own.mapping_rate, config.activation
    )
