"""Resampling along one axis as a banded matrix, cut into small dense tiles: what fast inference on a CPU multiplies by.

A filter of 12 taps on a grid twice as fine touches 6 samples for each output. Tiles of the matrix hold several times
as many numbers, most of them zero, and are nevertheless much quicker: they go through the matrix product, skip the
zeros that upsampling inserts and the values that downsampling drops, and need no padded copies.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

Numbers = npt.NDArray[np.float64]

_TILE = 32  # outputs of a tile when upsampling; half when downsampling, where each needs twice as many inputs
_RANK_TOLERANCE = 1e-7  # singular values of a radial filter below this share of the largest are float32 noise


@dataclass(frozen=True)
class Tile:
    """One tile: outputs `start:stop` are `matrix` `(outputs, inputs)` times inputs `first:last`."""

    start: int
    stop: int
    first: int
    last: int
    matrix: Tensor
    transposed: Tensor


@dataclass(frozen=True)
class Band:
    """A banded matrix with so many `outputs`."""

    outputs: int
    tiles: tuple[Tile, ...]

    def along_rows(self, values: Tensor, out: Tensor) -> None:
        """Resample the last axis of values `(maps, height, inputs)` into out `(maps, height, outputs)`."""
        flat, flat_out = values.view(-1, values.shape[-1]), out.view(-1, out.shape[-1])
        for tile in self.tiles:
            torch.mm(flat[:, tile.first : tile.last], tile.transposed, out=flat_out[:, tile.start : tile.stop])

    def along_columns(self, values: Tensor, out: Tensor, *, add: bool = False) -> None:
        """Resample the middle axis of values `(maps, inputs, width)` into, or add to, out `(maps, outputs, width)`."""
        for tile in self.tiles:
            part = out[:, tile.start : tile.stop]
            matrix = tile.matrix.expand(len(values), -1, -1)
            window = values[:, tile.first : tile.last]
            torch.baddbmm(part, matrix, window, beta=1.0 if add else 0.0, out=part)


@dataclass(frozen=True)
class FilterBytes:
    """A filter of shape `(taps,)` or `(taps, taps)` as bytes of float32, so that bands can be kept for it."""

    values: bytes
    shape: tuple[int, ...]

    @classmethod
    def of(cls, taps: Tensor | None) -> "FilterBytes":
        """Take a filter; None is the identity."""
        if taps is None:
            return cls(np.ones(1, np.float32).tobytes(), (1,))
        return cls(taps.detach().cpu().contiguous().numpy().tobytes(), tuple(taps.shape))

    def array(self) -> Numbers:
        """The values in double precision, in the order in which they meet the samples (flipped: a convolution)."""
        return np.flip(np.frombuffer(self.values, np.float32).reshape(self.shape)).astype(np.float64)


@lru_cache(maxsize=512)
def upsampling_band(taps: FilterBytes, size: int, factor: int, padding: tuple[int, int], gain: float) -> Band:
    """Make the band that inserts zeros, pads, filters with `taps` `(taps,)` and multiplies by `factor * gain`.

    Args:
        taps: The filter.
        size: Samples that enter.
        factor: Outputs a sample.
        padding: Fine samples added before and after; negative ones are cut off.
        gain: A further factor.
    """
    values = taps.array() * factor * gain
    outputs = size * factor + sum(padding) - len(values) + 1
    matrix = np.zeros((outputs, size))
    for tap, value in enumerate(values):
        places = np.arange(outputs) + tap - padding[0]
        hits = (places >= 0) & (places < size * factor) & (places % factor == 0)
        matrix[np.flatnonzero(hits), places[hits] // factor] += value
    return _cut(matrix, _TILE)


@lru_cache(maxsize=512)
def downsampling_bands(taps: FilterBytes, size: int, factor: int) -> tuple[tuple[Band, Band], ...]:
    """Make the bands (along rows, along columns) whose sum filters and keeps every `factor`-th sample.

    A separable filter takes one pair, a radial one as many as its rank, which is about a third of its taps.
    """
    values = taps.array()
    if values.ndim == 1:
        band = _downsampling_band(values, size, factor)
        return ((band, band),)
    left, strengths, right = np.linalg.svd(values)
    rank = int((strengths > strengths[0] * _RANK_TOLERANCE).sum())
    return tuple(
        (
            _downsampling_band(right[index] * strengths[index], size, factor),
            _downsampling_band(left[:, index], size, factor),
        )
        for index in range(rank)
    )


def _downsampling_band(values: Numbers, size: int, factor: int) -> Band:
    outputs = (size - len(values)) // factor + 1
    matrix = np.zeros((outputs, size))
    for tap, value in enumerate(values):
        matrix[np.arange(outputs), np.arange(outputs) * factor + tap] = value
    return _cut(matrix, _TILE // factor if factor < _TILE else 1)


def _cut(matrix: Numbers, length: int) -> Band:
    """Cut a banded matrix into tiles of so many outputs, each with the inputs it needs."""
    tiles = []
    for start in range(0, len(matrix), length):
        rows = matrix[start : start + length]
        used = np.flatnonzero(rows.any(axis=0))
        first, last = (int(used[0]), int(used[-1]) + 1) if len(used) else (0, 1)
        dense = torch.from_numpy(rows[:, first:last].astype(np.float32))
        tiles.append(Tile(start, start + len(rows), first, last, dense.contiguous(), dense.t().contiguous()))
    return Band(len(matrix), tuple(tiles))
