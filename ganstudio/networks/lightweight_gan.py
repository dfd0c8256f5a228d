"""The generator of Phil Wang's lightweight-gan: FastGAN's idea with attention across resolutions.

Each resolution doubles the size, convolves, and is gated (GLU); a small network on an early resolution scales the
channels of a later one (skip-layer excitation), by global context or by the frequencies of a cosine transform.
Modules are named as in its files.

Source: Liu et al. 2021 (FastGAN), section 3.1; Cao et al. 2020 (global context); Qin et al. 2021 (FcaNet), eq. 10.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional

from ganstudio.networks.base import NETWORKS, Architecture, Generator, NetworkConfigError, last_of
from ganstudio.networks.layer_steps import NO_STEPS, LayerSteps
from ganstudio.networks.layers import check_range, initialise_normal
from ganstudio.networks.lucidrains_layers import LinearAndLocalAttention, LinearAttention, Normalised, blur
from ganstudio.networks.spec import GeneratorSpec

FIRST_SIZE = 4
EXCITED_AFTER = 3  # layers between the one that excites and the one that is excited
EXCITING = (1, 2, 3, 4)  # layers that may excite a later one: those that end at 16 to 128 px
UPSAMPLINGS = ("nearest", "bilinear", "pixel_shuffle")
EXCITATIONS = ("global_context", "frequency")
ATTENTIONS = ("linear", "linear_and_local")
FREQUENCIES = 16


@dataclass(frozen=True)
class LightweightGANConfig:
    """One generator.

    Attributes:
        resolution: A power of two from 8 to 4096 px.
        channels: 3 for RGB, 1 for grey.
        num_classes: Always 0.
        z_dim: Length of the latent.
        widths: Feature maps of each layer, from 8 px to the full resolution.
        attention: Layers (0 is the one from 4 to 8 px) that attention stands before.
        attention_kind: "linear", or "linear_and_local" as since version 0.21.1.
        excitation: What scales a later layer's channels: "global_context" or "frequency".
        upsampling: "nearest", "bilinear" (versions 0.21.0 to 0.21.3) or "pixel_shuffle" (since 1.0).
        blurred: Whether each upsampling is followed by a blur.
        kernel: Size of the convolutions, 3 or 4 px.
        noise: Whether each layer has a strength of noise (since 0.21.0); the noise itself is left out here.
    """

    resolution: int = 64
    channels: int = 3
    num_classes: int = 0
    z_dim: int = 256
    widths: tuple[int, ...] = (512, 512, 256, 128)
    attention: tuple[int, ...] = ()
    attention_kind: str = "linear_and_local"
    excitation: str = "global_context"
    upsampling: str = "pixel_shuffle"
    blurred: bool = False
    kernel: int = 4
    noise: bool = True

    def __post_init__(self) -> None:
        if not 1 <= len(self.widths) <= 10 or self.resolution != FIRST_SIZE << len(self.widths):
            raise NetworkConfigError("widths", "they do not lead to the resolution", "give one width for each layer")
        if self.channels not in (1, 3) or self.num_classes:
            raise NetworkConfigError("channels", "this family is grey or RGB, unconditional", "choose 1 or 3 channels")
        for name, value, known in (
            ("attention_kind", self.attention_kind, ATTENTIONS),
            ("excitation", self.excitation, EXCITATIONS),
            ("upsampling", self.upsampling, UPSAMPLINGS),
        ):
            if value not in known:
                raise NetworkConfigError(name, f"{value!r} is unknown", f"choose one of {', '.join(known)}")
        check_range("kernel", self.kernel, 3, 4)
        check_range("z_dim", self.z_dim, 1, 8192)
        for width in self.widths:
            check_range("widths", width, 1, 8192)
        for layer in self.attention:
            check_range("attention", layer, 0, len(self.widths) - 1)

    def excited_by(self, layer: int) -> int | None:
        """The layer whose output the layer `layer` excites, None where it excites none."""
        target = layer + EXCITED_AFTER
        return target if layer in EXCITING and target < len(self.widths) else None


class LightweightGANGenerator(Generator):
    """z -> picture in [0, 1], not clipped."""

    def __init__(self, config: LightweightGANConfig, random: torch.Generator) -> None:
        super().__init__()
        self.config = config
        self.spec = GeneratorSpec(
            config.z_dim,
            config.resolution,
            config.channels,
            output_range=(0.0, 1.0),
            feature_widths=tuple(config.widths),
        )
        inputs = (config.z_dim, *config.widths[:-1])
        first = nn.ConvTranspose2d(config.z_dim, config.z_dim * 2, FIRST_SIZE)
        self.initial_conv = nn.Sequential(first, nn.BatchNorm2d(config.z_dim * 2), nn.GLU(dim=1))
        self.layers = nn.ModuleList(_layer(config, index, inputs[index]) for index in range(len(config.widths)))
        self.out_conv = nn.Conv2d(config.widths[-1], config.channels, 3, padding=1)
        initialise_normal(self, random)

    def first_features(self, z: Tensor, labels: Tensor | None = None) -> Tensor:  # noqa: ARG002 - no classes
        """See `Generator`."""
        maps: Tensor = self.initial_conv(z[:, :, None, None])
        return functional.normalize(maps, dim=1).flatten(1)

    def forward(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """See `Generator`."""
        return last_of(self.walk(z, labels))

    def map_sizes(self) -> dict[str, int]:
        """See `Generator`."""
        layers = {f"layers.{index}.": FIRST_SIZE << index + 1 for index in range(len(self.layers))}
        return {"initial_conv.": FIRST_SIZE, **layers, "out_conv.": self.spec.resolution}

    def walk(self, z: Tensor, labels: Tensor | None = None, steps: LayerSteps = NO_STEPS) -> Iterator[Tensor]:
        """See `Generator`."""
        maps = self.first_features(z, labels).view(len(z), -1, FIRST_SIZE, FIRST_SIZE)
        scales: dict[int, Tensor] = {}
        for index, layer in enumerate(self.layers):
            grow, excite, attend = cast("nn.ModuleList", layer)
            if attend is not None:
                maps = maps + attend(maps)
            maps = grow(maps)
            target = self.config.excited_by(index)
            if target is not None:
                scales[target] = excite(maps)
            if index in scales:
                maps = maps * scales[index]
            maps = steps.move(index, maps)
            yield maps
        yield self.out_conv(maps)


def _layer(config: LightweightGANConfig, index: int, inputs: int) -> nn.ModuleList:
    """Growing to twice the size, what excites a later layer, and attention, in this order; the latter two or None."""
    width = config.widths[index]
    convolution: nn.Module = nn.Conv2d(inputs, width * 2, config.kernel)
    if config.kernel == 4:  # padded unevenly, so that the size stays
        convolution = nn.Sequential(nn.ZeroPad2d((2, 1, 2, 1)), convolution)
    else:
        convolution = nn.Conv2d(inputs, width * 2, 3, padding=1)
    parts: list[nn.Module] = [
        _PixelShuffle(inputs) if config.upsampling == "pixel_shuffle" else _Upsample(config.upsampling),
        _Blur() if config.blurred else nn.Identity(),
        convolution,
        *([_NoiseStrength()] if config.noise else []),
        nn.BatchNorm2d(width * 2),
        nn.GLU(dim=1),
    ]
    excite, attend = None, None
    target = config.excited_by(index)
    if target is not None:
        shape = (width, config.widths[target])
        size = FIRST_SIZE << (index + 1)
        excite = _GlobalContext(*shape) if config.excitation == "global_context" else _Frequencies(*shape, size)
    if index in config.attention:
        kind = LinearAttention if config.attention_kind == "linear" else LinearAndLocalAttention
        attend = Normalised(inputs, kind(inputs))
    return nn.ModuleList([nn.Sequential(*parts), excite, attend])  # type: ignore[list-item] # None is allowed


class _Upsample(nn.Module):
    """Twice the size without weights."""

    def __init__(self, mode: str) -> None:
        super().__init__()
        self.mode = mode

    def forward(self, maps: Tensor) -> Tensor:
        """Map `(N, C, H, W)` to `(N, C, 2 H, 2 W)`."""
        aligned = None if self.mode == "nearest" else False
        return functional.interpolate(maps, scale_factor=2, mode=self.mode, align_corners=aligned)


class _PixelShuffle(nn.Module):
    """Twice the size by four learned maps for each (Shi et al. 2016, eq. 4)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.net = nn.Sequential(nn.Conv2d(channels, channels * 4, 1), nn.SiLU(), nn.PixelShuffle(2))

    def forward(self, maps: Tensor) -> Tensor:
        """Map `(N, C, H, W)` to `(N, C, 2 H, 2 W)`."""
        result: Tensor = self.net(maps)
        return result


class _Blur(nn.Module):
    """See `blur`."""

    def forward(self, maps: Tensor) -> Tensor:
        """Map `(N, C, H, W)` to the same shape."""
        return blur(maps)


class _NoiseStrength(nn.Module):
    """Keeps the learned strength of the noise that the original adds anew each time; here the noise's mean, zero."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(1))

    def forward(self, maps: Tensor) -> Tensor:
        """Pass on."""
        return maps


class _GlobalContext(nn.Module):
    """Pools maps by learned attention over the pixels, and makes a scale in (0, 1) for each later channel."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.to_k = nn.Conv2d(inputs, 1, 1)
        self.net = _squeeze(inputs, max(3, outputs // 2), outputs)

    def forward(self, maps: Tensor) -> Tensor:
        """Map `(N, inputs, H, W)` to `(N, outputs, 1, 1)`."""
        attention = self.to_k(maps).flatten(2).softmax(dim=2)
        pooled = (maps.flatten(2) * attention).sum(dim=2)
        result: Tensor = self.net(pooled[:, :, None, None])
        return result


class _Frequencies(nn.Module):
    """Pools each group of channels with one basis picture of the cosine transform, then as `_GlobalContext`."""

    dct_weights: Tensor

    def __init__(self, inputs: int, outputs: int, size: int) -> None:
        super().__init__()
        self.register_buffer("dct_weights", cosine_basis(inputs, size))
        self.net = _squeeze(inputs, max(3, outputs // 4), outputs)

    def forward(self, maps: Tensor) -> Tensor:
        """Map `(N, inputs, S, S)` to `(N, outputs, 1, 1)`."""
        result: Tensor = self.net((maps * self.dct_weights).sum(dim=(2, 3), keepdim=True))
        return result


def cosine_basis(channels: int, size: int) -> Tensor:
    """Basis pictures `(1, channels, size, size)`: 16 groups of channels, eight frequencies along each axis.

    Channels beyond sixteen equal groups get none. Source: Qin et al. 2021, eq. 5, orthonormal.
    """
    positions = torch.arange(size) + 0.5
    waves = torch.cos(math.pi / size * torch.arange(8)[:, None] * positions) * math.sqrt(2 / size)
    waves[0] = 1 / math.sqrt(size)
    flat = waves[:1].expand(8, -1)
    columns, rows = torch.cat([flat, waves]), torch.cat([waves, flat])
    pictures = columns[:, :, None] * rows[:, None, :]
    group = channels // FREQUENCIES
    basis = torch.zeros(1, channels, size, size)
    basis[0, : group * FREQUENCIES] = pictures.repeat_interleave(group, dim=0)
    return basis


def _squeeze(inputs: int, middle: int, outputs: int) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(inputs, middle, 1), nn.LeakyReLU(0.1), nn.Conv2d(middle, outputs, 1), nn.Sigmoid())


NETWORKS.add("lightweight_gan", Architecture(LightweightGANConfig, LightweightGANGenerator))
