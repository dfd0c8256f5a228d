"""A small convolutional network that reads factor values off pictures (not a GAN's player; it measures them)."""

from itertools import pairwise

import torch
from torch import Tensor, nn


class FactorRegressor(nn.Module):
    """Reads the values of known factors off pictures, in units of each factor's own deviation.

    Args:
        channels: 3 for RGB, 1 for grey.
        factors: How many values to read.
        random: Draws the weights.
        width: Feature maps of the first layer.
    """

    def __init__(self, channels: int, factors: int, random: torch.Generator, width: int = 24) -> None:
        super().__init__()
        widths = [channels, width, width * 2, width * 4, width * 4]
        blocks = [_block(inputs, outputs) for inputs, outputs in pairwise(widths)]
        self.blocks = nn.Sequential(*blocks, nn.AdaptiveAvgPool2d(4), nn.Flatten())
        self.head = nn.Sequential(nn.Linear(width * 4 * 16, 128), nn.LeakyReLU(0.1), nn.Linear(128, factors))
        for part in self.modules():
            if isinstance(part, nn.Conv2d | nn.Linear):
                nn.init.kaiming_normal_(part.weight, a=0.1, generator=random)

    def forward(self, images: Tensor) -> Tensor:
        """Map images `(N, C, H, W)` in [-1, 1] to values `(N, F)`."""
        values: Tensor = self.head(self.blocks(images))
        return values


def _block(inputs: int, outputs: int) -> nn.Sequential:
    convolution = nn.Conv2d(inputs, outputs, 3, 2, 1, bias=False)
    return nn.Sequential(convolution, nn.BatchNorm2d(outputs), nn.LeakyReLU(0.1))
