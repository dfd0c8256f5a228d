"""Layers of residual generators: blocks, conditional batch normalisation, attention over all pixels.

Statistics of batch normalisation are always those that were stored: this family is drawn from, not trained.
"""

from collections.abc import Callable
from functools import partial
from typing import Protocol

import torch
from torch import Tensor, nn
from torch.nn import functional

from ganstudio.networks.classes import ClassTable

ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "relu": functional.relu,
    "leaky_relu": partial(functional.leaky_relu, negative_slope=0.1),
    "elu": functional.elu,
    "gelu": functional.gelu,
}
BOTTLENECK = 4  # a deep block works in a quarter of its input's width (Brock et al. 2019, appendix B)


class BlockHabits(Protocol):
    """What all blocks of a generator share; see `ResidualConfig`."""

    @property
    def condition(self) -> str:
        """What scales after normalisation."""

    @property
    def condition_length(self) -> int:
        """Length of a vector of condition."""

    @property
    def num_classes(self) -> int:
        """Classes of a table of condition."""

    @property
    def norm_eps(self) -> float:
        """Added to variances."""

    @property
    def activation(self) -> str:
        """Name in `ACTIVATIONS`."""

    @property
    def upsampling(self) -> str:
        """How maps are enlarged."""

    @property
    def shortcut(self) -> str:
        """What a deep block's shortcut does where widths differ."""


class Statistics(nn.Module):
    """Normalises with stored means and variances (Ioffe & Szegedy 2015, algorithm 2)."""

    running_mean: Tensor
    running_var: Tensor

    def __init__(self, width: int, eps: float) -> None:
        super().__init__()
        self.eps = eps
        self.register_buffer("running_mean", torch.zeros(width))
        self.register_buffer("running_var", torch.ones(width))

    def normalise(self, maps: Tensor, weight: Tensor | None = None, bias: Tensor | None = None) -> Tensor:
        """Map `(N, C, H, W)` to the same shape."""
        return functional.batch_norm(maps, self.running_mean, self.running_var, weight, bias, eps=self.eps)


class Normalisation(Statistics):
    """Batch normalisation with a learned scale and shift; takes a condition and leaves it."""

    def __init__(self, width: int, eps: float) -> None:
        super().__init__(width, eps)
        self.weight = nn.Parameter(torch.ones(width))
        self.bias = nn.Parameter(torch.zeros(width))

    def forward(self, maps: Tensor, condition: Tensor | None = None) -> Tensor:  # noqa: ARG002 - see above
        """Map `(N, C, H, W)` to the same shape."""
        return self.normalise(maps, self.weight, self.bias)


class TabledNormalisation(Statistics):
    """Batch normalisation whose scale and shift are looked up by class (Dumoulin et al. 2017, eq. 5)."""

    def __init__(self, width: int, eps: float, num_classes: int) -> None:
        super().__init__(width, eps)
        self.gain = ClassTable(num_classes, width)
        self.shift = ClassTable(num_classes, width)

    def forward(self, maps: Tensor, condition: Tensor) -> Tensor:
        """Map `(N, C, H, W)` and labels (see `classes`) to the shape of the maps."""
        gain, shift = (table(condition)[:, :, None, None] for table in (self.gain, self.shift))
        result: Tensor = self.normalise(maps) * gain + shift
        return result


class VectorNormalisation(Statistics):
    """Batch normalisation whose scale, less one, and shift are linear in a vector (Brock et al. 2019, appendix B)."""

    def __init__(self, width: int, eps: float, length: int) -> None:
        super().__init__(width, eps)
        self.gain = nn.Linear(length, width, bias=False)
        self.shift = nn.Linear(length, width, bias=False)

    def forward(self, maps: Tensor, condition: Tensor) -> Tensor:
        """Map `(N, C, H, W)` and vectors `(N, length)` to the shape of the maps."""
        gain, shift = (layer(condition)[:, :, None, None] for layer in (self.gain, self.shift))
        result: Tensor = self.normalise(maps) * (1 + gain) + shift
        return result


def make_normalisation(habits: BlockHabits, width: int) -> nn.Module:
    """The normalisation of a block, conditional as its generator is."""
    if habits.condition == "classes":
        return TabledNormalisation(width, habits.norm_eps, habits.num_classes)
    if habits.condition == "vector":
        return VectorNormalisation(width, habits.norm_eps, habits.condition_length)
    return Normalisation(width, habits.norm_eps)


def enlarge(maps: Tensor, upsampling: str) -> Tensor:
    """Map `(N, C, H, W)` to `(N, C, 2 H, 2 W)` by "nearest" or "bilinear" upsampling."""
    aligned = None if upsampling == "nearest" else False
    return functional.interpolate(maps, scale_factor=2, mode=upsampling, align_corners=aligned)


class UpsamplingBlock(nn.Module):
    """Two convolutions behind normalisations, twice the size, and a 1x1 convolution round them.

    Source: Miyato et al. 2018, figure 8; Brock et al. 2019, figure 15.
    """

    def __init__(self, habits: BlockHabits, inputs: int, outputs: int) -> None:
        super().__init__()
        self.upsampling = habits.upsampling
        self.activation = ACTIVATIONS[habits.activation]
        self.norm1 = make_normalisation(habits, inputs)
        self.conv1 = nn.Conv2d(inputs, outputs, 3, padding=1)
        self.norm2 = make_normalisation(habits, outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1)
        self.shortcut = nn.Conv2d(inputs, outputs, 1)

    def forward(self, maps: Tensor, condition: Tensor) -> Tensor:
        """Map `(N, inputs, H, W)` to `(N, outputs, 2 H, 2 W)`."""
        residual = self.conv1(enlarge(self.activation(self.norm1(maps, condition)), self.upsampling))
        residual = self.conv2(self.activation(self.norm2(residual, condition)))
        # the 1x1 convolution comes before, not after enlarging: the same sums, a quarter of the work
        result: Tensor = residual + enlarge(self.shortcut(maps), self.upsampling)
        return result


class DeepBlock(nn.Module):
    """Four convolutions with a bottleneck, each behind a normalisation.

    Source: Brock et al. 2019, figure 16.
    """

    def __init__(self, habits: BlockHabits, inputs: int, outputs: int, grows: bool) -> None:
        super().__init__()
        self.grows = grows
        self.upsampling = habits.upsampling
        self.activation = ACTIVATIONS[habits.activation]
        middle = inputs // BOTTLENECK
        self.norm1 = make_normalisation(habits, inputs)
        self.conv1 = nn.Conv2d(inputs, middle, 1)
        self.norm2 = make_normalisation(habits, middle)
        self.conv2 = nn.Conv2d(middle, middle, 3, padding=1)
        self.norm3 = make_normalisation(habits, middle)
        self.conv3 = nn.Conv2d(middle, middle, 3, padding=1)
        self.norm4 = make_normalisation(habits, middle)
        self.conv4 = nn.Conv2d(middle, outputs, 1)
        self.kept = outputs
        self.shortcut = nn.Conv2d(inputs, outputs, 1) if habits.shortcut == "convolution" else None

    def forward(self, maps: Tensor, condition: Tensor) -> Tensor:
        """Map `(N, inputs, H, W)` to `(N, outputs, H, W)`, or twice that size."""
        residual = self.conv1(self.activation(self.norm1(maps, condition)))
        residual = self.activation(self.norm2(residual, condition))
        kept = maps[:, : self.kept] if self.shortcut is None else self.shortcut(maps)
        if self.grows:
            residual, kept = enlarge(residual, self.upsampling), enlarge(kept, self.upsampling)
        residual = self.conv3(self.activation(self.norm3(self.conv2(residual), condition)))
        residual = self.conv4(self.activation(self.norm4(residual, condition)))
        result: Tensor = residual + kept
        return result


class TransposedBlock(nn.Module):
    """A transposed convolution to twice the size, normalisation, activation (Radford et al. 2016)."""

    def __init__(self, habits: BlockHabits, inputs: int, outputs: int) -> None:
        super().__init__()
        self.activation = ACTIVATIONS[habits.activation]
        self.conv = nn.ConvTranspose2d(inputs, outputs, 4, 2, 1)
        self.norm = make_normalisation(habits, outputs)

    def forward(self, maps: Tensor, condition: Tensor) -> Tensor:
        """Map `(N, inputs, H, W)` to `(N, outputs, 2 H, 2 W)`."""
        return self.activation(self.norm(self.conv(maps), condition))


class Attention(nn.Module):
    """Attention of every pixel to a pooled version of all, added with a learned strength.

    Source: Zhang et al. 2019, eq. 1 to 3, with the pooling of its authors' own program.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.query = nn.Conv2d(width, width // 8, 1, bias=False)
        self.key = nn.Conv2d(width, width // 8, 1, bias=False)
        self.value = nn.Conv2d(width, width // 2, 1, bias=False)
        self.out = nn.Conv2d(width // 2, width, 1, bias=False)
        self.strength = nn.Parameter(torch.zeros(1))

    def forward(self, maps: Tensor) -> Tensor:
        """Map `(N, C, H, W)` to the same shape."""
        queries = self.query(maps).flatten(2)
        keys, values = (functional.max_pool2d(layer(maps), 2).flatten(2) for layer in (self.key, self.value))
        weights = torch.einsum("ncq,nck->nqk", queries, keys).softmax(dim=2)
        found = torch.einsum("nck,nqk->ncq", values, weights).view(len(maps), -1, *maps.shape[2:])
        result: Tensor = maps + self.strength * self.out(found)
        return result
