"""3x3 convolutions of small maps as one product of matrices, where reading the weights takes longest."""

import torch
from torch import Tensor

from ganstudio.networks.prepared.blur import Blur, BlurMemory
from ganstudio.networks.prepared.finish import Finish, Modulation, spread
from ganstudio.networks.prepared.scratch import Scratch

_MOST_VALUES = 1 << 22  # of what is multiplied at once, 16 MiB


class DirectConvolution:
    """A modulated 3x3 convolution.

    Args:
        weight: `(O, I, 3, 3)`.
        size: Height and width of the maps.
        scratch: Memory.
    """

    def __init__(self, weight: Tensor, size: int, scratch: Scratch) -> None:
        self._weight = weight.permute(2, 3, 1, 0).flatten(0, 2).contiguous()  # (9 * I, O)
        self._channels = weight.shape[1], weight.shape[0]
        self._size = size
        self._scratch = scratch

    def __call__(self, maps: Tensor, modulation: Modulation, finish: Finish, out: Tensor) -> None:
        """Map `(N, H, W, I)` to `(N, H, W, O)`, into `out`."""
        inputs, size = self._channels[0], self._size
        together = max(1, _MOST_VALUES // (size * size * 9 * inputs))
        for start in range(0, len(maps), together):
            some = slice(start, start + together)
            factors, target = modulation.of(some), out[some]
            values = self._convolve(maps[some], factors.styles)
            finish.store(values.view(target.shape), factors.scales, slice(None), target)

    def _convolve(self, maps: Tensor, styles: Tensor) -> Tensor:
        (inputs, outputs), size, count = self._channels, self._size, len(maps)
        padded, columns, products = self._scratch.cut(
            (count, size + 2, size + 2, inputs), (count, size, size, 3, 3, inputs), (count * size * size, outputs)
        )
        padded.zero_()
        torch.mul(maps, spread(styles, 4), out=padded[:, 1:-1, 1:-1])
        columns.copy_(padded.unfold(1, 3, 1).unfold(2, 3, 1).movedim(3, 5))
        return torch.mm(columns.view(-1, 9 * inputs), self._weight, out=products)


class DirectUpsampling:
    """A modulated 3x3 convolution that doubles the size, and the filter after it.

    Args:
        weight: `(O, I, 3, 3)`.
        size: Height and width of the result.
        blur: The filter.
        scratch: Memory.
    """

    def __init__(self, weight: Tensor, size: int, blur: Blur, scratch: Scratch) -> None:
        self._weight = (weight.permute(1, 2, 3, 0).flatten(1) * blur.gain).contiguous()  # (I, 9 * O)
        self._channels = weight.shape[1], weight.shape[0]
        self._size = size
        self._blur = blur
        self._scratch = scratch

    def __call__(self, maps: Tensor, modulation: Modulation, finish: Finish, out: Tensor) -> None:
        """Map `(N, H, W, I)` to `(N, 2 H, 2 W, O)`, into `out`."""
        outputs, size = self._channels[1], self._size
        together = max(1, _MOST_VALUES // (size * size * 9 * outputs))
        for start in range(0, len(maps), together):
            some = slice(start, start + together)
            self._convolve(maps[some], modulation.of(some), finish.bias / self._blur.total, out[some])
            finish.complete(out[some], slice(None))

    def _convolve(self, maps: Tensor, factors: Modulation, bias: Tensor, out: Tensor) -> None:
        (inputs, outputs), size, count, blur = self._channels, self._size, len(maps), self._blur
        low, high = size // 2, size + 1
        filtered_shape = (count, *blur.filtered_shape(size, high), outputs)
        scaled, products, lines, filtered, room = self._scratch.cut(
            (count * low * low, inputs),
            (count * low * low, 9 * outputs),
            (count, high, blur.width(size, high), outputs),
            filtered_shape,
            (2 * torch.Size(filtered_shape).numel(),),
        )
        torch.mul(maps, spread(factors.styles, 4), out=scaled.view(maps.shape))
        torch.mm(scaled, self._weight, out=products)
        inner = blur.margins(lines, high, bias).zero_()
        for place, part in enumerate(products.view(count, low, low, 9, outputs).unbind(3)):
            row, column = divmod(place, 3)
            inner[:, row : row + size - 1 : 2, column : column + size - 1 : 2].add_(part)
        inner.mul_(spread(factors.scales, 4)).add_(bias)
        blur.filter_rows(lines, 0, bias, BlurMemory(filtered, room), out)
