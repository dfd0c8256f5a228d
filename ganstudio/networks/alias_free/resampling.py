"""The alias-free rectifier: upsample, leaky ReLU, clamp, downsample, so that the edges it makes stay in band.

Source: Karras et al. 2021, section 3.1 and appendix C.3.
"""

import math

import torch
from torch import Tensor
from torch.nn import functional

from ganstudio.networks.alias_free.bands import FilterBytes, downsampling_bands, upsampling_band
from ganstudio.networks.alias_free.schedule import LayerPlan

SLOPE = 0.2
GAIN = math.sqrt(2.0)
_CHUNK_VALUES = 1 << 18  # so many values of the fine grid stay in the cache between the passes


def filtered_rectifier(maps: Tensor, plan: LayerPlan, up_filter: Tensor | None, down_filter: Tensor | None) -> Tensor:
    """Resample feature maps from `plan.source` to `plan.target` with the rectifier on a finer grid in between.

    Args:
        maps: `(N, C, H, W)`, bias included.
        plan: Factors, padding and clamp.
        up_filter: `(taps,)`, None for none.
        down_filter: `(taps,)` or radial `(taps, taps)`, None for none.

    Returns:
        `(N, C, target.size, target.size)`.
    """
    needs_graph = torch.is_grad_enabled() and maps.requires_grad
    if needs_graph or maps.device.type != "cpu" or maps.dtype != torch.float32:
        return _by_convolution(maps, plan, up_filter, down_filter)
    return _by_bands(maps.contiguous(), plan, FilterBytes.of(up_filter), FilterBytes.of(down_filter))


def _rectify_(values: Tensor, clamp: float) -> Tensor:
    """Apply leaky ReLU and clamp in place; the gain is in the upsampling already, which a rectifier lets through."""
    functional.leaky_relu_(values, SLOPE)
    return values.clamp_(-clamp, clamp) if clamp else values


def _by_bands(maps: Tensor, plan: LayerPlan, up_filter: FilterBytes, down_filter: FilterBytes) -> Tensor:
    """Work on a few maps at a time with banded matrices; no autograd."""
    count, channels, _, size = maps.shape
    up = upsampling_band(up_filter, size, plan.up, plan.padding, math.sqrt(GAIN))  # for each of two axes
    downs = downsampling_bands(down_filter, up.outputs, plan.down)
    result = maps.new_empty(count * channels, plan.target.size, plan.target.size)
    length = max(1, _CHUNK_VALUES // up.outputs**2)
    wide = maps.new_empty(length, size, up.outputs)
    fine = maps.new_empty(length, up.outputs, up.outputs)
    narrow = maps.new_empty(length, up.outputs, plan.target.size)
    for chunk, out in zip(torch.split(maps.flatten(0, 1), length), torch.split(result, length), strict=True):
        part = len(chunk)
        up.along_rows(chunk, wide[:part])
        up.along_columns(wide[:part], fine[:part])
        _rectify_(fine[:part], plan.clamp)
        for index, (rows, columns) in enumerate(downs):
            rows.along_rows(fine[:part], narrow[:part])
            columns.along_columns(narrow[:part], out, add=index > 0)
    return result.view(count, channels, plan.target.size, plan.target.size)


def _by_convolution(maps: Tensor, plan: LayerPlan, up_filter: Tensor | None, down_filter: Tensor | None) -> Tensor:
    """Do the same with convolutions of one map each, for autograd and for accelerators."""
    fine = _upsample(maps * GAIN, plan, up_filter)
    fine = functional.leaky_relu(fine, SLOPE)
    if plan.clamp:
        fine = fine.clamp(-plan.clamp, plan.clamp)
    return _downsample(fine, plan, down_filter)


def _upsample(maps: Tensor, plan: LayerPlan, taps: Tensor | None) -> Tensor:
    """Insert zeros, pad or crop, and filter; a transposed convolution pads with `taps - 1` of its own."""
    before, after = plan.padding
    if taps is not None:
        channels = maps.shape[1]
        kernel = (taps * plan.up).to(maps.dtype).expand(channels, 1, 1, -1)
        maps = functional.conv_transpose2d(maps, kernel, stride=(1, plan.up), groups=channels)
        maps = functional.conv_transpose2d(maps, kernel.mT, stride=(plan.up, 1), groups=channels)
        extra = taps.shape[-1] - 1
        before, after = before - extra, after + plan.up - 1 - extra
    return functional.pad(maps, [before, after, before, after])


def _downsample(maps: Tensor, plan: LayerPlan, taps: Tensor | None) -> Tensor:
    """Filter and keep every `plan.down`-th sample."""
    if taps is None:
        return maps[:, :, :: plan.down, :: plan.down]
    channels, step = maps.shape[1], plan.down
    flipped = taps.flip(list(range(taps.ndim))).to(maps.dtype)
    if taps.ndim == 2:
        return functional.conv2d(maps, flipped.expand(channels, 1, -1, -1), stride=step, groups=channels)
    kernel = flipped.expand(channels, 1, 1, -1)
    maps = functional.conv2d(maps, kernel, stride=(1, step), groups=channels)
    return functional.conv2d(maps, kernel.mT, stride=(step, 1), groups=channels)
