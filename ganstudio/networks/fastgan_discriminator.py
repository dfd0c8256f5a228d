"""The discriminator of FastGAN, and the small decoders that make it describe pictures.

Source: Liu et al. 2021 (Towards faster and stabilized GAN training), section 3.2, eq. 3 and figure 4.
"""

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from ganstudio.networks.base import Discriminator
from ganstudio.networks.layers import initialise_normal

MAPS_SIZE = 16  # of the last hidden maps, in pixels
LARGEST_DECODED = 128  # px: pictures are decoded no larger


class FastGANDiscriminator(Discriminator):
    """Residual halving blocks to maps of 16x16 px, which are what is decoded; one more block and a logit of patches.

    Args:
        widths: Feature maps by their size in pixels, 8 px up to half the pictures' size.
        resolution: Height and width of the pictures.
        channels: Of all pictures of a pack.
        random: Of the first weights.
    """

    def __init__(self, widths: Mapping[int, int], resolution: int, channels: int, random: torch.Generator) -> None:
        super().__init__()
        self.width = widths[MAPS_SIZE]
        self.last_width = widths[MAPS_SIZE // 2]
        size = resolution // 2
        layers = [nn.Conv2d(channels, widths[size], 4, 2, 1, bias=False), nn.LeakyReLU(0.2)]
        if resolution > 256:  # figure 4: large pictures are halved once more before the blocks
            layers += [nn.Conv2d(widths[size], widths[size // 2], 4, 2, 1, bias=False)]
            layers += [nn.BatchNorm2d(widths[size // 2]), nn.LeakyReLU(0.2)]
            size //= 2
        self.stem = nn.Sequential(*layers)
        halved = [own for own in sorted(widths, reverse=True) if MAPS_SIZE <= own < size]
        self.blocks = nn.Sequential(*(_HalvingBlock(widths[2 * own], widths[own]) for own in halved))
        self.last = _HalvingBlock(self.width, self.last_width)
        self.head = nn.Sequential(
            nn.Conv2d(self.last_width, self.last_width, 1, bias=False),
            nn.BatchNorm2d(self.last_width),
            nn.LeakyReLU(0.2),
            nn.Conv2d(self.last_width, 1, 4, bias=False),
        )
        initialise_normal(self, random)

    def features(self, images: Tensor) -> Tensor:
        """See `Discriminator`."""
        maps: Tensor = self.blocks(self.stem(images))
        return maps.flatten(1)

    def maps_of(self, features: Tensor) -> Tensor:
        """The maps `(N, width, 16, 16)` that features `(N, F)` are."""
        return features.view(-1, self.width, MAPS_SIZE, MAPS_SIZE)

    def judge(self, features: Tensor, labels: Tensor | None = None) -> Tensor:  # noqa: ARG002 - no classes
        """See `Discriminator`; the mean logit of overlapping patches."""
        logits: Tensor = self.head(self.last(self.maps_of(features))).mean(dim=(1, 2, 3))
        return logits


class PictureDecoders(nn.Module):
    """Draws pictures of a discriminator's maps: the whole of maps pooled to 8x8 px, and a quarter of a quarter of them.

    Args:
        width: Feature maps of 16x16 px.
        resolution: Of the pictures.
        channels: Of the pictures.
        random: Of the first weights, on the device of them.
    """

    def __init__(self, width: int, resolution: int, channels: int, random: torch.Generator) -> None:
        super().__init__()
        self.whole = _decoder(width, min(resolution, LARGEST_DECODED), channels)
        self.quarter = _decoder(width, min(resolution // 2, LARGEST_DECODED), channels)
        self.to(random.device)
        initialise_normal(self, random)

    def miss(self, maps: Tensor, images: Tensor, corners: Tensor) -> Tensor:
        """How far the decoded pictures are from the pictures, as a mean absolute difference.

        Args:
            maps: `(N, width, 16, 16)` of the pictures.
            images: `(N, C, H, W)` in [-1, 1], as the discriminator saw them.
            corners: int64 `(N,)`, which quarter of each is decoded as well: 0 to 3.
        """
        coarse = nn.functional.adaptive_avg_pool2d(maps, MAPS_SIZE // 2)
        whole = _difference(self.whole(coarse), images)
        return whole + _difference(self.quarter(_quarters(maps, corners)), _quarters(images, corners))


class _HalvingBlock(nn.Module):
    """The mean of two ways to half the size: convolved twice, and pooled."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.main = nn.Sequential(
            *(nn.Conv2d(inputs, outputs, 4, 2, 1, bias=False), nn.BatchNorm2d(outputs), nn.LeakyReLU(0.2)),
            *(nn.Conv2d(outputs, outputs, 3, padding=1, bias=False), nn.BatchNorm2d(outputs), nn.LeakyReLU(0.2)),
        )
        self.direct = nn.Sequential(
            *(nn.AvgPool2d(2), nn.Conv2d(inputs, outputs, 1, bias=False), nn.BatchNorm2d(outputs), nn.LeakyReLU(0.2))
        )

    def forward(self, maps: Tensor) -> Tensor:
        """Map `(N, inputs, H, W)` to `(N, outputs, H / 2, W / 2)`."""
        halved: Tensor = (self.main(maps) + self.direct(maps)) / 2
        return halved


def _decoder(width: int, size: int, channels: int) -> nn.Sequential:
    """Doubling from 8x8 px up to a size, and a picture of it; each is normalised alone, however a batch is shared."""
    layers: list[nn.Module] = []
    for _ in range((size // (MAPS_SIZE // 2)).bit_length() - 1):
        narrower = max(width // 2, 8)
        layers += [nn.Upsample(scale_factor=2, mode="nearest"), nn.Conv2d(width, 2 * narrower, 3, 1, 1, bias=False)]
        layers += [nn.GroupNorm(1, 2 * narrower, affine=False), nn.GLU(dim=1)]
        width = narrower
    return nn.Sequential(*layers, nn.Conv2d(width, channels, 3, 1, 1, bias=False), nn.Tanh())


def _quarters(maps: Tensor, corners: Tensor) -> Tensor:
    """A quarter `(N, C, H / 2, W / 2)` of each of `(N, C, H, W)`."""
    halves = (half for row in maps.chunk(2, dim=2) for half in row.chunk(2, dim=3))
    return torch.stack(tuple(halves), dim=1)[torch.arange(len(maps), device=maps.device), corners]


def _difference(decoded: Tensor, images: Tensor) -> Tensor:
    return (decoded - nn.functional.adaptive_avg_pool2d(images, decoded.shape[-1])).abs().mean()
