"""The alias-free rectifier: upsample, leaky ReLU, clamp, downsample, so that the edges it makes stay in band.

Source: Karras et al. 2021, section 3.1 and appendix C.3.
"""

import math

import torch
from torch import Tensor
from torch.nn import functional

from ganstudio.networks.alias_free.schedule import LayerPlan

SLOPE = 0.2
GAIN = math.sqrt(2.0)
_CHUNK_VALUES = 1 << 20  # so many values of the fine grid, 4 MiB, mostly stay in the cache between the passes
_LANES = 8  # channels that a processor's vectors take at once


def filtered_rectifier(maps: Tensor, plan: LayerPlan, up_filter: Tensor | None, down_filter: Tensor | None) -> Tensor:
    """Resample feature maps from `plan.source` to `plan.target` with the rectifier on a finer grid in between.

    Without autograd on a CPU it takes a few channels at a time: the fine grid, which has many times the values of what
    enters and leaves, then stays in the cache. Channels go last there, where filters of one map each are vectorised.

    Args:
        maps: `(N, C, H, W)`, bias included.
        plan: Factors, padding and clamp.
        up_filter: `(taps,)`, None for none.
        down_filter: `(taps,)` or radial `(taps, taps)`, None for none.

    Returns:
        `(N, C, target.size, target.size)`.
    """
    # chunks depend on the number of maps, which what records a network for export cannot follow
    recorded = bool(torch._C._get_tracing_state()) or torch.compiler.is_exporting()
    if recorded or _has_graph(maps) or maps.device.type != "cpu":
        return _resample(maps, plan, up_filter, down_filter)
    count, channels, _, size = maps.shape
    result = maps.new_empty(count, channels, plan.target.size, plan.target.size)
    length = _CHUNK_VALUES // (count * (size * plan.up) ** 2) // _LANES * _LANES
    parts = zip(maps.split(length or _LANES, dim=1), result.split(length or _LANES, dim=1), strict=True)  # type: ignore[no-untyped-call]
    for part, place in parts:
        place.copy_(_resample(part.contiguous(memory_format=torch.channels_last), plan, up_filter, down_filter))
    return result


def _has_graph(maps: Tensor) -> bool:
    """Whether gradients will be asked for, so that nothing may be overwritten."""
    return torch.is_grad_enabled() and maps.requires_grad


def _resample(maps: Tensor, plan: LayerPlan, up_filter: Tensor | None, down_filter: Tensor | None) -> Tensor:
    """Do the four steps; the gain of the rectifier is in the upsampling already, for a rectifier lets it through."""
    fine = _upsample(maps, plan, up_filter)
    if _has_graph(fine):
        fine = functional.leaky_relu(fine, SLOPE)
        fine = fine.clamp(-plan.clamp, plan.clamp) if plan.clamp else fine
    else:
        fine = functional.leaky_relu_(fine, SLOPE)
        fine = fine.clamp_(-plan.clamp, plan.clamp) if plan.clamp else fine
    return _downsample(fine, plan, down_filter)


def _upsample(maps: Tensor, plan: LayerPlan, taps: Tensor | None) -> Tensor:
    """Insert zeros, pad or crop, and filter: a transposed convolution, which pads with `taps - 1` and can crop."""
    before, after = plan.padding
    if taps is None:
        return functional.pad(maps * GAIN, [before, after, before, after])
    channels, spread = maps.shape[1], len(taps) - 1
    before, after = before - spread, after + plan.up - 1 - spread
    cut = max(0, min(-before, -after))  # what both sides lose is not computed
    kernel = (taps * (plan.up * math.sqrt(GAIN))).to(maps.dtype).expand(channels, 1, 1, -1)
    maps = functional.conv_transpose2d(maps, kernel, stride=(1, plan.up), padding=(0, cut), groups=channels)
    maps = functional.conv_transpose2d(maps, kernel.mT, stride=(plan.up, 1), padding=(cut, 0), groups=channels)
    before, after = before + cut, after + cut
    return functional.pad(maps, [before, after, before, after]) if before or after else maps


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
