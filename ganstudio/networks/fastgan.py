"""FastGAN, a light network: gated upsampling blocks, and early maps that excite the channels of late ones.

Modules are named as in the files of FastGAN-pytorch, spectral normalisation already divided out.

Source: Liu et al. 2021 (Towards faster and stabilized GAN training), section 3.1, eq. 2 and figure 4.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from ganstudio.networks.base import NETWORKS, Architecture, Generator, NetworkConfigError, last_of
from ganstudio.networks.fastgan_discriminator import FastGANDiscriminator
from ganstudio.networks.layer_steps import NO_STEPS, LayerSteps
from ganstudio.networks.layers import check_range, initialise_normal
from ganstudio.networks.spec import GeneratorSpec

FIRST_SIZE = 4
RESOLUTIONS = (32, 64, 128, 256, 512, 1024)
EXCITED_BY = {64: 4, 128: 8, 256: 16, 512: 32}
"""Size of the maps that are scaled, and of those that say by how much; pictures of 32 px have a pair of their own."""
DOUBLE_BLOCKS = (8, 32, 128, 512)
"""Sizes whose block convolves twice, with a strength of noise after each."""


@dataclass(frozen=True)
class FastGANConfig:
    """One generator.

    Attributes:
        resolution: 32, 64, 128, 256, 512 or 1024 px.
        channels: 3 for RGB, 1 for grey.
        num_classes: Always 0.
        z_dim: Length of the latent.
        widths: Feature maps at 4, 8, 16 ... px up to the full resolution.
        tanh: Whether the picture is squashed to [-1, 1]; the original does so at 1024 px only.
        noise: Whether there are strengths of noise, as in the original's files; nothing here learns them.
    """

    resolution: int = 256
    channels: int = 3
    num_classes: int = 0
    z_dim: int = 256
    widths: tuple[int, ...] = (1024, 512, 256, 128, 128, 64, 32)
    tanh: bool = False
    noise: bool = True

    def __post_init__(self) -> None:
        if self.resolution not in RESOLUTIONS or self.resolution != FIRST_SIZE << (len(self.widths) - 1):
            remedy = "choose 32 to 1024 px, and a width for each doubling from 4 px on"
            raise NetworkConfigError("resolution", "it does not fit the widths", remedy)
        if self.channels not in (1, 3) or self.num_classes:
            raise NetworkConfigError("channels", "this family is grey or RGB, unconditional", "choose 1 or 3 channels")
        check_range("z_dim", self.z_dim, 1, 8192)
        for width in self.widths:
            check_range("widths", width, 1, 8192)


class FastGANGenerator(Generator):
    """z -> picture of the full resolution."""

    def __init__(self, config: FastGANConfig, random: torch.Generator) -> None:
        super().__init__()
        self.spec = GeneratorSpec(
            config.z_dim, config.resolution, config.channels, feature_widths=tuple(config.widths[1:])
        )
        self.tanh = config.tanh
        widths = {FIRST_SIZE << level: width for level, width in enumerate(config.widths)}
        self.sizes = tuple(widths)[1:]
        self.init = _Stem(config.z_dim, widths[FIRST_SIZE])
        for size in self.sizes:
            noisy = config.noise and size in DOUBLE_BLOCKS
            self.add_module(f"feat_{size}", _block(size, widths[size // 2], widths[size], noisy))
        self.excited_by = EXCITED_BY if config.resolution > 32 else {32: FIRST_SIZE}
        for size, source in self.excited_by.items():
            if size in widths:
                self.add_module(f"se_{size}", _Excitation(widths[source], widths[size]))
        self.to_big = nn.Conv2d(widths[config.resolution], config.channels, 3, padding=1, bias=False)
        initialise_normal(self, random)

    def first_features(self, z: Tensor, labels: Tensor | None = None) -> Tensor:  # noqa: ARG002 - no classes
        """See `Generator`."""
        maps: Tensor = self.init(z[:, :, None, None])
        return maps.flatten(1)

    def forward(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """See `Generator`."""
        return last_of(self.walk(z, labels))

    def map_sizes(self) -> dict[str, int]:
        """See `Generator`; a scale belongs to the maps that it scales."""
        blocks = {f"{kind}_{size}.": size for size in self.sizes for kind in ("feat", "se")}
        return {"init.": FIRST_SIZE, **blocks, "to_big.": self.spec.resolution}

    def walk(
        self,
        z: Tensor,
        labels: Tensor | None = None,  # noqa: ARG002 - no classes
        steps: LayerSteps = NO_STEPS,
    ) -> Iterator[Tensor]:
        """See `Generator`."""
        maps = {FIRST_SIZE: self.init(z[:, :, None, None])}
        for number, size in enumerate(self.sizes):
            grown = self.get_submodule(f"feat_{size}")(maps[size // 2])
            source = self.excited_by.get(size)
            if source is not None:
                grown = grown * self.get_submodule(f"se_{size}")(maps[source])
            maps[size] = steps.move(number, grown)
            yield maps[size]
        image: Tensor = self.to_big(maps[self.spec.resolution])
        yield image.tanh() if self.tanh else image


class _Stem(nn.Module):
    """The latent to maps of 4x4 px."""

    def __init__(self, z_dim: int, width: int) -> None:
        super().__init__()
        first = nn.ConvTranspose2d(z_dim, width * 2, FIRST_SIZE, bias=False)
        self.init = nn.Sequential(first, nn.BatchNorm2d(width * 2), nn.GLU(dim=1))

    def forward(self, z: Tensor) -> Tensor:
        """Map `(N, z_dim, 1, 1)` to `(N, width, 4, 4)`."""
        maps: Tensor = self.init(z)
        return maps


class _Excitation(nn.Module):
    """A scale in (0, 1) for each channel of later maps, from earlier ones pooled to 4x4 px (eq. 2)."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.main = nn.Sequential(
            nn.AdaptiveAvgPool2d(4),
            nn.Conv2d(inputs, outputs, 4, bias=False),
            nn.SiLU(),
            nn.Conv2d(outputs, outputs, 1, bias=False),
            nn.Sigmoid(),
        )

    def forward(self, maps: Tensor) -> Tensor:
        """Map `(N, inputs, H, W)` to `(N, outputs, 1, 1)`."""
        scale: Tensor = self.main(maps)
        return scale


class _NoiseStrength(nn.Module):
    """Keeps the learned strength of the noise that the original draws anew each time; here the noise's mean, zero."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(1))

    def forward(self, maps: Tensor) -> Tensor:
        """Pass on."""
        return maps


def _block(size: int, inputs: int, outputs: int, noisy: bool) -> nn.Sequential:
    """Twice the size, then one or two gated convolutions."""
    layers: list[nn.Module] = [nn.Upsample(scale_factor=2, mode="nearest")]
    for width in (inputs, outputs)[: 2 if size in DOUBLE_BLOCKS else 1]:
        layers.append(nn.Conv2d(width, outputs * 2, 3, padding=1, bias=False))
        layers += [_NoiseStrength()] if noisy else []
        layers += [nn.BatchNorm2d(outputs * 2), nn.GLU(dim=1)]
    return nn.Sequential(*layers)


def _build_discriminator(config: FastGANConfig, random: torch.Generator, pack: int = 1) -> FastGANDiscriminator:
    """As wide as the generator at each size."""
    widths = {FIRST_SIZE << level: width for level, width in enumerate(config.widths)}
    judged = {size: width for size, width in widths.items() if FIRST_SIZE < size < config.resolution}
    return FastGANDiscriminator(judged, config.resolution, config.channels * pack, random)


NETWORKS.add("fastgan", Architecture(FastGANConfig, FastGANGenerator, _build_discriminator))
