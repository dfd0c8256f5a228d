"""3x3 convolutions with a quarter of the multiplications: Winograd's F(4x4, 3x3).

Tiles of 6x6 inputs, four apart, are transformed; then each of the 36 places is one product of matrices (tiles, inputs)
x (inputs, outputs), for all tiles at once; and each tile is transformed back to 4x4 outputs. The transforms are sums of
whole planes of numbers. Columns are kept apart by their remainder of four, so that those of a plane lie side by side.

The one-dimensional transform evaluates polynomials at 0, 1, 5/8, -1, -5/8 and infinity, in this order here. With 5/8
in place of the usual 2 it needs as many sums and is twice as exact.

Source: Lavin and Gray 2016, "Fast Algorithms for Convolutional Neural Networks", section 4.1; Barabasz et al. 2020,
"Error Analysis and Improving the Accuracy of Winograd Convolution for Deep Neural Networks" (choice of points).
"""

from collections.abc import Iterator
from functools import partial

import torch
from torch import Tensor

from ganstudio.networks.prepared.chunks import Chunk, Part, cut_tiles
from ganstudio.networks.prepared.finish import Finish, Modulation, spread
from ganstudio.networks.prepared.scratch import Plans, Scratch, Step, cut, room_of

TILE = 4
PLACES = 6
_POINT = 5 / 8  # the points are 0, 1, -1, this, its negative and infinity
_SQUARE = _POINT**2
_ONE_SHARE, _POINT_SHARE = 1 / (2 - 2 * _SQUARE), 1 / (2 * _SQUARE * (_SQUARE - 1))
_WEIGHT_TRANSFORM = (
    (1 / _SQUARE, 0, 0),
    (_ONE_SHARE, _ONE_SHARE, _ONE_SHARE),
    (_POINT_SHARE, _POINT_SHARE * _POINT, _POINT_SHARE * _SQUARE),
    (_ONE_SHARE, -_ONE_SHARE, _ONE_SHARE),
    (_POINT_SHARE, -_POINT_SHARE * _POINT, _POINT_SHARE * _SQUARE),
    (0, 0, 1),
)


def transform_weight(weight: Tensor, transform: tuple[tuple[float, ...], ...] = _WEIGHT_TRANSFORM) -> Tensor:
    """Bring a weight `(O, I, 3, 3)` to the places of a transform (P rows of 3): `(P * P, I, O)`, rows first."""
    once = torch.tensor(transform, dtype=torch.float64)
    matrix = torch.kron(once, once).to(weight)
    places = matrix @ weight.permute(2, 3, 1, 0).reshape(9, -1)
    return places.view(len(matrix), weight.shape[1], weight.shape[0])


def transform_maps(inner: Tensor, ends: tuple[Tensor, Tensor], pair: Tensor, out: Tensor) -> Iterator[Step]:
    """Steps that transform six inputs, planes of any shape, to six places.

    Args:
        inner: The second to the fifth input `(4, ...)`.
        ends: The first and the sixth `(...)`.
        pair: Memory to work in `(2, ...)`.
        out: The places `(6, ...)`.
    """
    yield partial(torch.sub, inner[2:], inner[:2], alpha=_SQUARE, out=pair)
    yield partial(torch.add, pair[1], pair[0], out=out[1])
    yield partial(torch.sub, pair[1], pair[0], out=out[3])
    yield partial(torch.sub, inner[2:], inner[:2], out=pair)
    yield partial(torch.add, pair[1], pair[0], alpha=_POINT, out=out[2])
    yield partial(torch.sub, pair[1], pair[0], alpha=_POINT, out=out[4])
    yield partial(torch.sub, inner[3], inner[1], alpha=1 + _SQUARE, out=out[0])
    yield partial(out[0].add_, ends[0], alpha=_SQUARE)
    yield partial(torch.sub, ends[1], inner[2], alpha=1 + _SQUARE, out=out[5])
    yield partial(out[5].add_, inner[0], alpha=_SQUARE)


def _back_transform() -> Tensor:
    """The matrix `(16, 36)` that brings the places of a tile to its outputs, rows first."""
    points = torch.tensor([0, 1, _POINT, -1, -_POINT], dtype=torch.float64)
    once = torch.zeros(TILE, PLACES, dtype=torch.float64)
    once[:, :5] = points ** torch.arange(TILE, dtype=torch.float64)[:, None]
    once[TILE - 1, 5] = 1
    return torch.kron(once, once).float()


class TiledConvolution:
    """The steps for one chunk, at fixed places in the scratch memory.

    Attributes:
        planes: Where the inputs go: `(pictures, 4 * rows + 2, 4, columns + 2, I)`, column `4 * (j - 1) + k` of the maps
            at `[:, :, k, j]`; the first row is the one above the chunk.
        values: The transformed inputs `(36, tiles, I)`.
        weights: Where weights of a picture's own can go, `(36, I, O)`; the same for all of its chunks.
        products: To be made of both, `(36, tiles, O)`.
        pixels: The outputs `(pictures, rows, 4, columns, 4, O)`.
    """

    def __init__(self, regions: list[Tensor], chunk: Chunk, channels: tuple[int, int]) -> None:
        shapes = _Shapes(chunk, channels)
        weights, first, second = regions
        (self.planes,) = cut(first, shapes.planes)
        across, pair, down_pair = cut(second, *shapes.transformed)
        (values,) = cut(first, shapes.values)
        (products,) = cut(second, shapes.products)
        (result,) = cut(first, shapes.result)
        (self.weights,) = cut(weights, shapes.weights)
        columns, height = self.planes.movedim(2, 0), TILE * chunk.rows
        ends = columns[3, :, :, :-2], columns[0, :, :, 2:]
        inner = torch.unflatten(across[:, :, 1 : height + 1], 2, (chunk.rows, TILE)).movedim(3, 0)
        down_ends = across[:, :, :height:TILE], across[:, :, TILE + 1 :: TILE]
        self.before: list[Step] = [
            *transform_maps(columns[:, :, :, 1:-1], ends, pair, across),
            *transform_maps(inner, down_ends, down_pair, values),
        ]
        self._back_transform = _back_transform()
        self.values, self.products = values.view(PLACES**2, -1, channels[0]), products.view(PLACES**2, -1, channels[1])
        self._flat_products, self._flat_result = products.view(PLACES**2, -1), result.view(TILE**2, -1)
        self.pixels = result.permute(2, 3, 0, 4, 1, 5)

    def collect(self) -> None:
        """Make the outputs of the products."""
        torch.mm(self._back_transform, self._flat_products, out=self._flat_result)


class _Shapes:
    """The shapes of what a chunk needs; what is used at the same time lies in different regions."""

    def __init__(self, chunk: Chunk, channels: tuple[int, int]) -> None:
        (pictures, rows, columns), (inputs, outputs) = chunk, channels
        lines, self.weights = (pictures, TILE * rows + 2), (PLACES**2, *channels)
        self.planes = (*lines, TILE, columns + 2, inputs)
        self.values = (PLACES, PLACES, *chunk, inputs)
        self.transformed = (
            (PLACES, *lines, columns, inputs),
            (2, *lines, columns, inputs),
            (2, PLACES, *chunk, inputs),
        )
        self.products = (PLACES, PLACES, *chunk, outputs)
        self.result = (TILE, TILE, *chunk, outputs)

    def regions(self) -> list[int]:
        """How many values the regions hold; first what is kept, for chunks of different sizes share it."""
        first = max(room_of(self.planes), room_of(self.values), room_of(self.result))
        second = max(room_of(*self.transformed), room_of(self.products))
        return [room_of(self.weights), first, second]


class WinogradConvolution:
    """A modulated 3x3 convolution.

    Args:
        weight: `(O, I, 3, 3)`.
        size: Height and width of the maps, a multiple of four.
        scratch: Memory.
    """

    def __init__(self, weight: Tensor, size: int, scratch: Scratch) -> None:
        self._weight = transform_weight(weight)
        self._channels = channels = weight.shape[1], weight.shape[0]
        self._size = size
        self._is_folded = PLACES**2 * weight.shape[1] < size**2  # fewer weights than pixels: the weights are scaled
        self._plans = Plans(
            scratch,
            lambda chunk: _Shapes(chunk, channels).regions(),
            lambda regions, chunk: TiledConvolution(regions, chunk, channels),
        )

    def __call__(self, maps: Tensor, modulation: Modulation, finish: Finish, out: Tensor) -> None:
        """Map `(N, H, W, I)` to `(N, H, W, O)`, into `out`."""
        for part in cut_tiles(len(maps), self._size // TILE, max(self._channels), apart=self._is_folded):
            plan, factors = self._plans.of(part.chunk), modulation.of(part.pictures)
            self._load(plan.planes, maps[part.pictures], factors.styles, part)
            for step in plan.before:
                step()
            if self._is_folded and part.rows.start == 0:
                torch.mul(self._weight, factors.scales, out=plan.weights)
            self._multiply(plan, finish.bias)
            plan.collect()
            rows = slice(part.rows.start * TILE, part.rows.stop * TILE)
            scales = None if self._is_folded else factors.scales
            finish.store(plan.pixels, scales, rows, out[part.pictures, rows])

    def _load(self, planes: Tensor, maps: Tensor, styles: Tensor, part: Part) -> None:
        """Put scaled rows of maps into planes, with zeros around the maps."""
        begin, end = part.rows.start * TILE - 1, part.rows.stop * TILE + 1
        top, bottom = max(begin, 0), min(end, self._size)
        planes[:, :, 0, -1] = 0
        planes[:, :, 3, 0] = 0
        planes[:, : top - begin] = 0
        planes[:, planes.shape[1] - (end - bottom) :] = 0
        source = torch.unflatten(maps[:, top:bottom], 2, (-1, TILE)).transpose(2, 3)
        torch.mul(source, spread(styles, 5), out=planes[:, top - begin : bottom - begin, :, 1:-1])

    def _multiply(self, plan: TiledConvolution, bias: Tensor) -> None:
        """Make the products; where the weights are scaled, the bias goes in where all outputs take it up."""
        torch.bmm(plan.values, plan.weights if self._is_folded else self._weight, out=plan.products)
        if self._is_folded:
            plan.products[PLACES + 1].add_(bias)
