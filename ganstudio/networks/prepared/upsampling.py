"""Up-sampling 3x3 convolutions with three fifths of the multiplications, and the filter that follows them.

A transposed convolution with stride two is four: even rows take the weight's first and third row, odd ones the second;
columns likewise. Of the two taps of the even ones Winograd's F(3, 2) makes four products for three outputs, the odd
ones need one each: 49 products for 6x6 outputs instead of 81. Only 25 different matrices are needed for them.

The seven places of the one-dimensional transform are, in this order: -1 (negated), 0, 1 and infinity of the even
outputs, then the three odd ones; so what has been transformed back in place lies side by side.

Source: Winograd 1980, "Arithmetic Complexity of Computations" (F(3, 2)); Karras et al. 2020, appendix B.
"""

from collections.abc import Iterator
from functools import partial

import torch
from torch import Tensor

from ganstudio.networks.prepared.blur import Blur, BlurMemory
from ganstudio.networks.prepared.chunks import Chunk, Part, cut_tiles
from ganstudio.networks.prepared.finish import Finish, Modulation, spread
from ganstudio.networks.prepared.scratch import Plans, Scratch, Step, cut, room_of
from ganstudio.networks.prepared.winograd import transform_weight

TILE = 3
PLACES = 7
MATRICES = 5
_WEIGHT_TRANSFORM = ((0.5, 0, -0.5), (0, 0, 1), (0.5, 0, 0.5), (1, 0, 0), (0, 1, 0))


def transform_maps(first: Tensor, inner: Tensor, out: Tensor) -> Iterator[Step]:
    """Steps that transform four inputs, the first `(...)` and three more `(3, ...)`, to four places `(4, ...)`."""
    yield partial(torch.sub, inner[1], inner[0], out=out[0])
    yield partial(torch.sub, first, inner[1], out=out[1])
    yield partial(torch.add, inner[0], inner[1], out=out[2])
    yield partial(torch.sub, inner[2], inner[0], out=out[3])


def collect_maps(places: Tensor) -> Iterator[Step]:
    """Steps that transform four places `(4, ...)` back in place, to three outputs in the second to the fourth."""
    yield partial(places[2].add_, places[0])
    yield partial(torch.sub, places[2], places[0], alpha=2, out=places[0])
    yield partial(places[1].add_, places[0])
    yield partial(places[3].add_, places[0])


class TiledUpsampling:
    """The steps for one chunk, at fixed places in the scratch memory.

    Attributes:
        planes: Where the inputs go: `(pictures, 3 * rows + 1, 3, columns + 1, I)`, column `3 * (j - 1) + k` of the maps
            at `[:, :, k, j]`; the first row is the one above the chunk.
        values: The transformed inputs `(7, 7, tiles, I)`.
        weights: Where weights of a picture's own can go, `(7, 7, I, O)`; the same for all of its chunks.
        products: To be made of both, `(7, 7, tiles, O)`.
        pixels: The outputs `(pictures, rows, 3, 2, columns, 3, 2, O)`.
        lines: Where they can go to be filtered, `(pictures, 6 * rows, width, O)`.
        memory: What the filter needs.
    """

    def __init__(self, regions: list[Tensor], chunk: Chunk, shapes: "_Shapes") -> None:
        height = TILE * chunk.rows
        weights, filtered, first, second = regions
        (planes,) = cut(first, shapes.planes)
        (values,) = cut(second, shapes.values)
        (products,) = cut(first, shapes.products)
        (self.lines,) = cut(second, shapes.lines)
        (self.weights,) = cut(weights, shapes.weights)
        self.memory = BlurMemory(cut(filtered, shapes.filtered)[0], first)
        self.planes, across = planes[:, :, 4:], planes.movedim(2, 0)
        down = torch.unflatten(across[:, :, 1:, 1:], 2, (chunk.rows, TILE)).movedim(3, 0)
        self.before: list[Step] = [
            *transform_maps(across[6, :, :, :-1], across[4:, :, :, 1:], across[:4, :, :, 1:]),
            *transform_maps(across[:, :, :height:TILE, 1:], down, values[:4]),
            partial(values[4:].copy_, down),
        ]
        self.values, self.products = values.flatten(2, 4), products.flatten(2, 4)
        self.after: list[Step] = [*collect_maps(products), *collect_maps(products.transpose(0, 1)[:, 1:])]
        pixels = torch.unflatten(torch.unflatten(products[1:, 1:], 1, (2, TILE)), 0, (2, TILE))
        self.pixels = pixels.permute(4, 5, 1, 0, 6, 3, 2, 7)


class _Shapes:
    """The shapes of what a chunk needs; what is used at the same time lies in different regions."""

    def __init__(self, chunk: Chunk, channels: tuple[int, int], size: int, blur: Blur) -> None:
        (pictures, rows, columns), (inputs, outputs) = chunk, channels
        height, width = 2 * TILE * rows, blur.width(size, 2 * TILE * columns)
        self.planes = (pictures, TILE * rows + 1, PLACES, columns + 1, inputs)
        self.values, self.products = (PLACES, PLACES, *chunk, inputs), (PLACES, PLACES, *chunk, outputs)
        self.lines = (pictures, height, width, outputs)
        self.filtered = (pictures, *blur.filtered_shape(size, height), outputs)
        self.weights = (PLACES, PLACES, *channels)

    def regions(self) -> list[int]:
        """How many values the regions hold; first what is kept, for chunks of different sizes share it."""
        first = max(room_of(self.planes), room_of(self.products), 2 * room_of(self.filtered))
        second = max(room_of(self.values), room_of(self.lines))
        return [room_of(self.weights), room_of(self.filtered), first, second]


class WinogradUpsampling:
    """A modulated 3x3 convolution that doubles the size, and the filter after it.

    Args:
        weight: `(O, I, 3, 3)`.
        size: Height and width of the result.
        blur: The filter.
        scratch: Memory.
    """

    def __init__(self, weight: Tensor, size: int, blur: Blur, scratch: Scratch) -> None:
        self._channels = channels = weight.shape[1], weight.shape[0]
        self._weight = transform_weight(weight * blur.gain, _WEIGHT_TRANSFORM).view(MATRICES, MATRICES, *channels)
        self._size = size
        self._blur = blur
        self._side = size // 2 // TILE + 1  # one more for the row and the column that only the filter takes away
        self._is_folded = PLACES**2 * weight.shape[1] < size**2  # fewer weights than pixels: the weights are scaled
        self._plans = Plans(
            scratch,
            lambda chunk: _Shapes(chunk, channels, size, blur).regions(),
            lambda regions, chunk: TiledUpsampling(regions, chunk, _Shapes(chunk, channels, size, blur)),
        )

    def __call__(self, maps: Tensor, modulation: Modulation, finish: Finish, out: Tensor) -> None:
        """Map `(N, H, W, I)` to `(N, 2 H, 2 W, O)`, into `out`."""
        bias = finish.bias / self._blur.total
        for part in cut_tiles(len(maps), self._side, max(self._channels), apart=self._is_folded):
            plan, factors, target = self._plans.of(part.chunk), modulation.of(part.pictures), out[part.pictures]
            self._load(plan.planes, maps[part.pictures], factors.styles, part)
            for step in plan.before:
                step()
            if self._is_folded and part.rows.start == 0:
                self._scale_weights(factors.scales, plan.weights)
            self._multiply(plan)
            for step in plan.after:
                step()
            self._place(plan, factors.scales, bias)
            done = self._blur.filter_rows(plan.lines, 2 * TILE * part.rows.start, bias, plan.memory, target)
            finish.complete(target[:, done], done)

    def _load(self, planes: Tensor, maps: Tensor, styles: Tensor, part: Part) -> None:
        """Put scaled rows of maps into planes, with zeros around the maps."""
        size = self._size // 2
        begin = part.rows.start * TILE - 1
        top, bottom = max(begin, 0), min(part.rows.stop * TILE, size)
        planes[:, :, :, 0] = 0
        planes[:, :, :, -1] = 0
        planes[:, : top - begin] = 0
        planes[:, bottom - begin :] = 0
        source, lines = maps[:, top:bottom], planes[:, top - begin : bottom - begin]
        whole = size // TILE
        tiles = torch.unflatten(source[:, :, : whole * TILE], 2, (whole, TILE)).transpose(2, 3)
        torch.mul(tiles, spread(styles, 5), out=lines[:, :, :, 1 : whole + 1])
        rest = source[:, :, whole * TILE :]
        torch.mul(rest, spread(styles, 4), out=lines[:, :, : rest.shape[2], -1])

    def _scale_weights(self, scales: Tensor, out: Tensor) -> None:
        """Make a picture's own weights `(7, 7, I, O)`, those of the odd outputs three times."""
        for rows in (slice(0, 4), slice(4, 7)):
            for columns in (slice(0, 4), slice(4, 7)):
                place = out[rows, columns]
                torch.mul(self._weight[rows, columns].expand_as(place), scales, out=place)

    def _multiply(self, plan: TiledUpsampling) -> None:
        if self._is_folded:
            torch.bmm(plan.values.flatten(0, 1), plan.weights.flatten(0, 1), out=plan.products.flatten(0, 1))
            return
        for place, values, products in zip(range(PLACES), plan.values, plan.products, strict=True):
            row = self._weight[min(place, MATRICES - 1)]
            torch.bmm(values[:4], row[:4], out=products[:4])
            torch.mm(values[4:].flatten(0, 1), row[4], out=products[4:].flatten(0, 1))

    def _place(self, plan: TiledUpsampling, scales: Tensor, bias: Tensor) -> None:
        """Put the outputs beside each other, with their bias, which the filter scales."""
        inner = self._blur.margins(plan.lines, 2 * TILE * self._side, bias)
        place = torch.unflatten(torch.unflatten(inner, 1, (-1, TILE, 2)), 4, (-1, TILE, 2))
        if self._is_folded:
            torch.add(plan.pixels, bias, out=place)
        else:
            torch.mul(plan.pixels, spread(scales, 8), out=place)
            inner.add_(bias)
