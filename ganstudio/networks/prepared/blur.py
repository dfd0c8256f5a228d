"""The filter after an up-sampling convolution, for maps with channels last: sums of shifted rows and columns."""

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional

_TOLERANCE = 1e-6  # of the filter's sum: one that close to a product of a row and a column is taken for it


class Taps:
    """A one-dimensional filter, as shares of its largest value; both ends of a symmetrical one are added first.

    Attributes:
        scale: The largest value, which what is filtered must be scaled by.
        total: The sum of the shares.
    """

    def __init__(self, values: Sequence[float]) -> None:
        self.scale = max(values, key=abs)
        shares = [value / self.scale for value in values]
        self.total = sum(shares)
        self._last = len(values) - 1
        self._is_symmetrical = all(abs(a - b) <= _TOLERANCE for a, b in zip(shares, reversed(shares), strict=True))
        chosen = shares[: len(values) - len(values) // 2] if self._is_symmetrical else shares
        terms = [(share, index) for index, share in enumerate(chosen) if share]
        self._terms = sorted(terms, key=lambda term: -abs(term[0]))

    def apply(self, values: Tensor, dim: int, out: Tensor, room: Tensor) -> None:
        """Filter along a dimension.

        Args:
            values: Maps, in that dimension as much longer than the result as the filter is than one.
            dim: The dimension.
            out: Where the result goes.
            room: Memory to work in, of twice the size of the result.
        """
        first_room, other_room = room[: 2 * out.numel()].view(2, *out.shape)
        (_, index), *others = self._terms
        first = self._term(values, dim, index, first_room)
        if not others:
            out.copy_(first)
        for number, (share, index) in enumerate(others):
            term = self._term(values, dim, index, other_room)
            if number:
                out.add_(term, alpha=share)
            else:
                torch.add(first, term, alpha=share, out=out)

    def _term(self, values: Tensor, dim: int, index: int, room: Tensor) -> Tensor:
        """The values that one share is of, added up."""
        part, other = values.narrow(dim, index, room.shape[dim]), self._last - index
        if not self._is_symmetrical or other == index:
            return part
        return torch.add(part, values.narrow(dim, other, room.shape[dim]), out=room)


class BlurMemory(NamedTuple):
    """Memory of a `Blur`.

    Attributes:
        filtered: Rows that are filtered along, `(N, rows and K - 1 twice, wide, C)`; kept from one call to the next.
        room: To work in, of twice the size of what is filtered, flat.
    """

    filtered: Tensor
    room: Tensor


class Blur:
    """A filter `(K, K)` for what an up-sampling convolution leaves, times four; a few rows at a time.

    Attributes:
        gain: What the convolution's weights must be scaled by.
        total: What a constant is scaled by beside that.
    """

    def __init__(self, kernel: Tensor) -> None:
        flipped = kernel.detach().double().flip(0, 1) * 4
        self.gain, self.total = 1.0, float(flipped.sum())
        self._extra = len(kernel) - 1
        self._before = (len(kernel) + 1) // 2 - 1
        self._kernel = flipped.float()
        self._across: Taps | None = None
        self._down: Taps | None = None
        column, row, total = flipped.sum(1), flipped.sum(0), self.total
        if float((torch.outer(column, row) / total - flipped).abs().max()) <= _TOLERANCE * abs(total):
            self._across, self._down = Taps((row / total).tolist()), Taps(column.tolist())
            self.gain = self._across.scale * self._down.scale
            self.total = self._across.total * self._down.total

    def width(self, size: int, columns: int) -> int:
        """How wide lines of so many columns are with their margins, for a result `size` wide."""
        return max(self._before + columns, size + self._extra)

    def filtered_shape(self, size: int, rows: int) -> tuple[int, int]:
        """Height and width of `BlurMemory.filtered` for so many rows at a time, and a result `size` wide."""
        return rows + 2 * self._extra, size if self._across else size + self._extra

    def margins(self, lines: Tensor, columns: int, bias: Tensor) -> Tensor:
        """Put the bias into the margins of lines `(N, rows, width, C)`; what is between them is returned."""
        lines[:, :, : self._before] = bias
        lines[:, :, self._before + columns :] = bias
        return lines[:, :, self._before : self._before + columns]

    def filter_rows(self, lines: Tensor, start: int, bias: Tensor, memory: BlurMemory, out: Tensor) -> slice:
        """Go on with the filter, and with the result as far as it can be known.

        Args:
            lines: The next rows `(N, rows, width, C)` of what is filtered, margins and bias included.
            start: Which row comes first; 0 begins anew.
            bias: What is in them `(C,)`, and outside.
            memory: Memory.
            out: The result `(N, size, size, C)`.

        Returns:
            The rows that are done now.
        """
        size, height, filtered = out.shape[1], lines.shape[1], memory.filtered
        border = bias * self._across.total if self._across else bias
        ahead = self._before - self._extra
        first, end = max(0, start + ahead), max(0, min(start + height + ahead, size))
        have = start + self._before - first
        if start == 0:
            filtered[:, :have] = border
        self._filter_along(lines, filtered[:, have : have + height], memory.room)
        have += height
        if start + height > size:
            filtered[:, have:] = border
            end = size
        self._filter_down(filtered[:, : end - first + self._extra], out[:, first:end], memory.room)
        if first < end < size:
            rest = filtered[:, have - self._extra : have]
            filtered[:, : self._extra] = rest if have >= 2 * self._extra else rest.clone()
        return slice(first, end)

    def _filter_along(self, lines: Tensor, out: Tensor, room: Tensor) -> None:
        if self._across:
            self._across.apply(lines[:, :, : out.shape[2] + self._extra], 2, out, room)
        else:
            out.copy_(lines[:, :, : out.shape[2]])

    def _filter_down(self, filtered: Tensor, out: Tensor, room: Tensor) -> None:
        if out.shape[1] == 0:
            return
        if self._down:
            self._down.apply(filtered, 1, out, room)
        else:
            channels = out.shape[3]
            weight = self._kernel.expand(channels, 1, -1, -1)
            maps = functional.conv2d(filtered.permute(0, 3, 1, 2), weight, groups=channels)
            out.copy_(maps.permute(0, 2, 3, 1))
