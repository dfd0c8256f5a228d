"""Low-pass filtered up- and down-sampling of feature maps, as the StyleGAN family does it.

A filter is a buffer `(K, K)` of sum 1, usually the outer product of [1, 3, 3, 1] with itself; K is 2 to 16. Up-sampling
by two puts zeros between the pixels and filters with four times the filter, so that brightness stays; where a
convolution goes along with it, the transposed convolution puts the zeros.

Source: Karras et al. 2019, section 2 (as in Zhang 2019); Karras et al. 2020, appendix B.
"""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor, nn

from ganstudio.networks.filters import FILTER

MAX_TAPS = 16


def make_filter(taps: Sequence[float] = FILTER) -> Tensor:
    """Make the two-dimensional filter `(K, K)` of sum 1 of the one-dimensional `taps`."""
    plane = np.outer(taps, taps)  # numpy's, for torch would import its compiler where tensors have no memory
    return torch.from_numpy((plane / plane.sum()).astype(np.float32))


def upsample(maps: Tensor, kernel: Tensor) -> Tensor:
    """Double the size of maps `(N, C, H, W)`: each pixel adds its share of the filter around its place."""
    taps, channels = len(kernel), maps.shape[1]
    crop = taps - 1 - (taps + 1) // 2
    weight = (kernel * 4).to(maps.dtype).expand(channels, 1, taps, taps)
    larger = nn.functional.conv_transpose2d(maps, weight, stride=2, padding=crop, groups=channels)
    return larger[:, :, : 2 * maps.shape[2], : 2 * maps.shape[3]]  # one more row and column where K is odd


def downsample(maps: Tensor, kernel: Tensor) -> Tensor:
    """Halve the size of maps `(N, C, H, W)`, filtered."""
    taps = len(kernel)
    return filter_maps(maps, kernel, ((taps - 1) // 2, (taps - 2) // 2), stride=2)


def filter_maps(maps: Tensor, kernel: Tensor, border: tuple[int, int], stride: int = 1) -> Tensor:
    """Convolve each map of `(N, C, H, W)` with the filter.

    Args:
        maps: The maps.
        kernel: `(K, K)`.
        border: Rows and columns of zeros to put before and after, in pixels.
        stride: Of the result, every so manieth row and column is kept.
    """
    before, after = border
    if before != after:
        maps = nn.functional.pad(maps, (before, after, before, after))
        before = 0
    channels = maps.shape[1]
    weight = kernel.flip(0, 1).to(maps.dtype).expand(channels, 1, *kernel.shape)
    return nn.functional.conv2d(maps, weight, stride=stride, padding=before, groups=channels)


def convolve_up(maps: Tensor, weight: Tensor, kernel: Tensor) -> Tensor:
    """Double the size of maps `(N, I, H, W)` and convolve with weight `(O, I, 3, 3)`, then filter.

    The transposed convolution leaves `2 H + 1` rows, which the filter brings to `2 H`.
    """
    larger = nn.functional.conv_transpose2d(maps, weight.transpose(0, 1), stride=2)
    taps = len(kernel)
    return filter_maps(larger, kernel * 4, ((taps + 1) // 2 - 1, (taps - 2) // 2))


def convolve_down(maps: Tensor, weight: Tensor, kernel: Tensor) -> Tensor:
    """Filter maps `(N, I, H, W)`, then convolve with weight `(O, I, 3, 3)` at every second row and column."""
    taps = len(kernel)
    filtered = filter_maps(maps, kernel, ((taps - 1) // 2 + 1, (taps - 2) // 2 + 1))
    return nn.functional.conv2d(filtered, weight, stride=2)
