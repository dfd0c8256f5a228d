"""Parts that stylegan2-pytorch and lightweight-gan share: blur, channel normalisation, attention linear in the pixels.

Modules are named as in those files of weights.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

HEADS = 8
HEAD_WIDTH = 64
NEIGHBOURS = 3  # the local half of the attention looks at 3x3 pixels


def blur(images: Tensor) -> Tensor:
    """Smooth `(N, C, H, W)` with the binomial filter (1, 2, 1) / 4 along both axes, mirrored at the border.

    Source: Zhang 2019 (Making convolutional networks shift-invariant again), section 4.
    """
    row = images.new_tensor([0.25, 0.5, 0.25])
    kernel = (row[:, None] * row).expand(images.shape[1], 1, 3, 3)
    return functional.conv2d(functional.pad(images, (1, 1, 1, 1), "reflect"), kernel, groups=images.shape[1])


class ChannelNorm(nn.Module):
    """Normalises each pixel over its channels, then scales and shifts (layer normalisation, Ba et al. 2016, eq. 3)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.g = nn.Parameter(torch.ones(1, channels, 1, 1))
        self.b = nn.Parameter(torch.zeros(1, channels, 1, 1))

    def forward(self, maps: Tensor) -> Tensor:
        """Map `(N, C, H, W)` to the same shape."""
        deviation = (maps.var(dim=1, unbiased=False, keepdim=True) + 1e-5).sqrt()
        return (maps - maps.mean(dim=1, keepdim=True)) / deviation * self.g + self.b


class Normalised(nn.Module):
    """A module behind a `ChannelNorm`, without the shortcut around both."""

    def __init__(self, channels: int, module: nn.Module) -> None:
        super().__init__()
        self.fn = module
        self.norm = ChannelNorm(channels)

    def forward(self, maps: Tensor) -> Tensor:
        """Map `(N, C, H, W)` to the same shape."""
        result: Tensor = self.fn(self.norm(maps))
        return result


class DepthwiseProjection(nn.Module):
    """A 3x3 convolution of each map for itself, then a 1x1 convolution that mixes them."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(inputs, inputs, 3, padding=1, groups=inputs, bias=False),
            nn.Conv2d(inputs, outputs, 1, bias=False),
        )

    def forward(self, maps: Tensor) -> Tensor:
        """Map `(N, inputs, H, W)` to `(N, outputs, H, W)`."""
        result: Tensor = self.net(maps)
        return result


class LinearAttention(nn.Module):
    """Attention over all pixels in linear time: softmax over channels for queries, over pixels for keys.

    Source: Shen et al. 2021 (Efficient attention), eq. 3 and 4.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        inner = HEADS * HEAD_WIDTH
        self.to_q = nn.Conv2d(channels, inner, 1, bias=False)
        self.to_kv = DepthwiseProjection(channels, inner * 2)
        self.to_out = nn.Conv2d(inner, channels, 1)

    def forward(self, maps: Tensor) -> Tensor:
        """Map `(N, C, H, W)` to the same shape."""
        result: Tensor = self.to_out(attend_linearly(self.to_q(maps), self.to_kv(maps)))
        return result


class LinearAndLocalAttention(nn.Module):
    """`LinearAttention` side by side with softmax attention among the 3x3 neighbours of each pixel."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        inner = HEADS * HEAD_WIDTH
        self.to_lin_q = nn.Conv2d(channels, inner, 1, bias=False)
        self.to_lin_kv = DepthwiseProjection(channels, inner * 2)
        self.to_q = nn.Conv2d(channels, inner, 1, bias=False)
        self.to_kv = nn.Conv2d(channels, inner * 2, 1, bias=False)
        self.to_out = nn.Conv2d(inner * 2, channels, 1)

    def forward(self, maps: Tensor) -> Tensor:
        """Map `(N, C, H, W)` to the same shape."""
        everywhere = attend_linearly(self.to_lin_q(maps), self.to_lin_kv(maps))
        nearby = attend_to_neighbours(self.to_q(maps), self.to_kv(maps))
        result: Tensor = self.to_out(torch.cat([everywhere, nearby], dim=1))
        return result


def attend_linearly(queries: Tensor, keys_and_values: Tensor) -> Tensor:
    """Attend over all pixels.

    Args:
        queries: `(N, heads * D, H, W)`.
        keys_and_values: `(N, 2 * heads * D, H, W)`, the keys first.

    Returns:
        `(N, heads * D, H, W)`, behind a GELU.
    """
    count, width, height, length = queries.shape
    by_head = (count, HEADS, width // HEADS, height * length)
    keys, values = (part.reshape(by_head) for part in keys_and_values.chunk(2, dim=1))
    queries = queries.reshape(by_head).softmax(dim=2) * (width // HEADS) ** -0.5
    context = torch.einsum("bhdn,bhen->bhde", keys.softmax(dim=3), values)
    found = torch.einsum("bhdn,bhde->bhen", queries, context)
    return functional.gelu(found.reshape(count, width, height, length))


def attend_to_neighbours(queries: Tensor, keys_and_values: Tensor) -> Tensor:
    """Attend to the 3x3 pixels around each, with zeros outside the picture; shapes as for `attend_linearly`."""
    count, width, height, length = queries.shape
    depth = width // HEADS

    def unfold(maps: Tensor) -> Tensor:
        patches = functional.unfold(maps.reshape(count * HEADS, depth, height, length), NEIGHBOURS, padding=1)
        return patches.reshape(count * HEADS, depth, NEIGHBOURS**2, height * length)

    keys, values = (unfold(part) for part in keys_and_values.chunk(2, dim=1))
    queries = queries.reshape(count * HEADS, depth, 1, height * length) * depth**-0.5
    weights = (queries * keys).sum(dim=1).softmax(dim=1)
    return (values * weights[:, None]).sum(dim=2).reshape(count, width, height, length)
