"""A small network that reads factor values off latents, without drawing the picture (not a GAN's player)."""

import torch
from torch import Tensor, nn


class LatentReader(nn.Module):
    """Reads the values of known factors off latents, in units of each factor's own deviation.

    Two hidden layers of smooth units, so that its slopes can be followed.

    Args:
        length: Numbers in a latent.
        factors: How many values to read.
        random: Draws the weights.
        width: Units of each hidden layer.
    """

    def __init__(self, length: int, factors: int, random: torch.Generator, width: int = 256) -> None:
        super().__init__()
        self.first = nn.Linear(length, width)
        self.second = nn.Linear(width, width)
        self.last = nn.Linear(width, factors)
        for layer in (self.first, self.second, self.last):
            nn.init.kaiming_normal_(layer.weight, a=1.0, generator=random)
            nn.init.zeros_(layer.bias)

    def forward(self, latents: Tensor) -> Tensor:
        """Map latents `(N, length)` to values `(N, factors)`."""
        silu = nn.functional.silu
        values: Tensor = self.last(silu(self.second(silu(self.first(latents)))))
        return values

    def slopes(self, latents: Tensor) -> Tensor:
        """How each value changes with each number of the latent, `(N, factors, length)`."""
        first = self.first(latents)
        second = self.second(nn.functional.silu(first))
        slopes = self.last.weight * _silu_slope(second)[:, None]
        slopes = slopes @ self.second.weight * _silu_slope(first)[:, None]
        result: Tensor = slopes @ self.first.weight
        return result


def _silu_slope(x: Tensor) -> Tensor:
    gate = torch.sigmoid(x)
    return gate * (1 + x * (1 - gate))
