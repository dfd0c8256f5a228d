"""Which pictures of a set are copies of each other, or nearly; and which are like no other.

Each picture is shrunk to 16x16 means and stretched to mean 0 and length 1, so that brightness, contrast and a new
compression do not matter. Distances between these lie from 0 (the same) over about 1.4 (unrelated) to 2. All pairs are
compared by their first principal components, whose distance is never larger than the whole one: none is missed.
"""

import hashlib
from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ganstudio.datasets.base import Pixels

Rows = npt.NDArray[np.float32]

SIDE = 16
NEAR = 0.12  # copies scaled, compressed or toned anew stay below half of it
NEAR_SHARE = 0.3  # of the usual distance to the nearest: in a set of much alike pictures, copies must be nearer still
MAX_COMPARED = 100_000  # pictures; the pairs grow with their square
MAX_OUTLIERS = 100
_COMPONENTS = 64
_BLOCK = 4096
_SAMPLE = 4000
_LEAST_COMPARED = 32  # pictures, below which nobody can say what is usual
_LEAST_CONTRAST = 4.0  # levels of 255: below, noise would be stretched into a picture
_FAR_QUARTILES = 2.0  # beyond the third quartile, in distances between quartiles; Tukey's 3 lies beyond 1.4


@dataclass(frozen=True)
class PicturesCompared:
    """How far the comparing is.

    Attributes:
        share: 0 to 1.
    """

    share: float


@dataclass(frozen=True)
class Likeness:
    """What the comparing found; the end of it.

    Attributes:
        groups: Pictures that are alike, each group sorted, the largest first.
        copies: How many pictures are exact copies of another, beyond the first of each.
        outliers: Pictures far from all others, the farthest first.
        only_exact: Whether there were too many pictures to look for more than exact copies.
    """

    groups: tuple[tuple[int, ...], ...] = ()
    copies: int = 0
    outliers: tuple[int, ...] = ()
    only_exact: bool = False

    def extra(self) -> tuple[int, ...]:
        """All but the first of each group, sorted."""
        return tuple(sorted(index for group in self.groups for index in group[1:]))


def compare_pictures(pixels: Pixels) -> Generator[PicturesCompared | Likeness, None, None]:
    """Find copies, near copies and outliers.

    Args:
        pixels: uint8 `(N, H, W, C)`.

    Yields:
        PicturesCompared now and then, Likeness at the end.
    """
    exact = _exact_pairs(pixels)
    yield PicturesCompared(0.05)
    if len(pixels) > MAX_COMPARED:
        yield Likeness(_join(len(pixels), exact), len(exact), only_exact=True)
        return
    described = describe(pixels)
    yield PicturesCompared(0.2)
    search = _Search(described)
    for share in search.run():
        yield PicturesCompared(0.2 + 0.8 * share)
    yield Likeness(_join(len(pixels), [*exact, *search.near_pairs()]), len(exact), search.outliers())


def describe(pixels: Pixels) -> Rows:
    """Shrink pictures to rows `(N, F)` of mean 0 and length 1.

    Where there is hardly any contrast they are shorter, and say which colour it is instead: else all plain pictures
    would be alike.
    """
    height, width = pixels.shape[1:3]
    tops, lefts = (np.arange(min(SIDE, side)) * side // min(SIDE, side) for side in (height, width))
    areas = np.outer(np.diff([*tops, height]), np.diff([*lefts, width]))[None, :, :, None]
    parts = []
    for start in range(0, len(pixels), 1000):
        sums = np.add.reduceat(pixels[start : start + 1000], tops, axis=1, dtype=np.int32)
        means = (np.add.reduceat(sums, lefts, axis=2) / areas).astype(np.float32)
        rows = means.reshape(len(means), -1)
        rows = rows - rows.mean(axis=1, keepdims=True)
        least = _LEAST_CONTRAST * rows.shape[1] ** 0.5
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        plainness = 1 - np.minimum(lengths / least, 1)
        parts.append(np.hstack([rows / np.maximum(lengths, least), plainness * means.mean(axis=(1, 2)) / 255]))
    return np.concatenate(parts).astype(np.float32)


class _Search:
    """Compares all pairs of described pictures, block by block."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._short = _first_components(rows)
        self._lengths = (self._short**2).sum(axis=1)
        self._pairs: list[tuple[int, int]] = []
        self._apart: list[float] = []  # how far they are
        self._nearest = np.full(len(rows), np.inf, np.float32)  # squared, to the nearest that is no copy

    def run(self) -> Generator[float, None, None]:
        """Compare; yields the share that is done."""
        starts = range(0, len(self._rows), _BLOCK)
        blocks = [(top, left) for top in starts for left in starts if left >= top]
        for done, (top, left) in enumerate(blocks, start=1):
            self._compare(top, left)
            yield done / len(blocks)

    def _compare(self, top: int, left: int) -> None:
        above, beside = slice(top, top + _BLOCK), slice(left, left + _BLOCK)
        squares = self._short[above] @ self._short[beside].T
        squares *= -2
        squares += self._lengths[above, None]
        squares += self._lengths[None, beside]
        if top == left:
            np.fill_diagonal(squares, np.inf)
        close = np.argwhere(squares < NEAR**2)
        self._keep_close(close + np.array([top, left]), top == left)
        squares[close[:, 0], close[:, 1]] = np.inf
        np.minimum(self._nearest[above], squares.min(axis=1), out=self._nearest[above])
        np.minimum(self._nearest[beside], squares.min(axis=0), out=self._nearest[beside])

    def _keep_close(self, pairs: npt.NDArray[np.int64], is_square: bool) -> None:
        """Keep those whose whole distance is small, too."""
        pairs = pairs[pairs[:, 0] < pairs[:, 1]] if is_square else pairs
        distances = np.concatenate(
            [
                np.linalg.norm(self._rows[part[:, 0]] - self._rows[part[:, 1]], axis=1)
                for part in np.array_split(pairs, len(pairs) // 10_000 + 1)
            ]
        )
        self._pairs += [(int(one), int(other)) for one, other in pairs[distances < NEAR]]
        self._apart += distances[distances < NEAR].tolist()

    def near_pairs(self) -> list[tuple[int, int]]:
        """Pairs that are nearer than pictures of this set usually are."""
        usual = float(np.median(np.sqrt(np.maximum(self._nearest, 0)))) if len(self._rows) > 2 else np.inf
        limit = min(NEAR, NEAR_SHARE * usual)
        return [pair for pair, distance in zip(self._pairs, self._apart, strict=True) if distance < limit]

    def outliers(self) -> tuple[int, ...]:
        """Pictures whose nearest is much farther away than is usual.

        Strange pictures hardly show in the components of the others: what these miss of a picture is added.
        """
        missed = np.maximum((self._rows**2).sum(axis=1) - self._lengths, 0)
        distances = np.sqrt(np.maximum(self._nearest, 0) + missed)
        known = distances[np.isfinite(distances)]
        if len(known) < _LEAST_COMPARED:
            return ()
        low, high = np.quantile(known, (0.25, 0.75))
        far = np.flatnonzero(np.isfinite(distances) & (distances > high + _FAR_QUARTILES * (high - low)))
        return tuple(int(index) for index in far[np.argsort(-distances[far], kind="stable")][:MAX_OUTLIERS])


def _first_components(rows: Rows) -> Rows:
    sample = rows[:: max(1, len(rows) // _SAMPLE)].astype(np.float64)
    _, vectors = np.linalg.eigh(sample.T @ sample)
    return np.ascontiguousarray(rows @ vectors[:, -_COMPONENTS:].astype(np.float32))


def _exact_pairs(pixels: Pixels) -> list[tuple[int, int]]:
    """Each exact copy with the first of its kind."""
    first: dict[bytes, int] = {}
    pairs = []
    for index in range(len(pixels)):
        content = hashlib.blake2b(np.ascontiguousarray(pixels[index]).data, digest_size=16).digest()
        known = first.setdefault(content, index)
        if known != index:
            pairs.append((known, index))
    return pairs


def _join(count: int, pairs: list[tuple[int, int]]) -> tuple[tuple[int, ...], ...]:
    """Groups of what hangs together by pairs, the largest first."""
    leader = list(range(count))

    def find(index: int) -> int:
        while leader[index] != index:
            leader[index] = leader[leader[index]]
            index = leader[index]
        return index

    for one, other in pairs:
        low, high = sorted((find(one), find(other)))
        leader[high] = low
    groups: dict[int, list[int]] = {}
    for index in sorted({index for pair in pairs for index in pair}):
        groups.setdefault(find(index), []).append(index)
    return tuple(sorted(map(tuple, groups.values()), key=lambda group: (-len(group), group)))
