"""How the tiles of a layer are cut into chunks whose intermediate values stay in the processor's cache."""

from collections.abc import Iterator
from typing import NamedTuple

import torch

_VALUES = 1 << 14  # of each place of the transforms and each thread, 64 KiB: some MiB over all places
_LEAST_TILES = 256  # with fewer rows, products of matrices are slow


class Chunk(NamedTuple):
    """So many rows of tiles, of so many pictures each."""

    pictures: int
    rows: int
    columns: int


class Part(NamedTuple):
    """Which pictures and which rows of tiles a chunk takes."""

    chunk: Chunk
    pictures: slice
    rows: slice


def cut_tiles(pictures: int, side: int, channels: int, apart: bool) -> Iterator[Part]:
    """Cut `side` x `side` tiles of each picture into chunks, picture by picture, from the top.

    Args:
        pictures: How many.
        side: Rows and columns of tiles.
        channels: Of the inputs or the outputs, whichever are more.
        apart: Whether each chunk holds one picture only.
    """
    tiles = max(_LEAST_TILES, torch.get_num_threads() * _VALUES // channels)
    parts = -(-side // max(1, tiles // side))
    height = -(-side // parts)
    together = max(1, tiles // side**2) if parts == 1 and not apart else 1
    for picture in range(0, pictures, together):
        chosen = slice(picture, min(picture + together, pictures))
        for row in range(0, side, height):
            rows = slice(row, min(row + height, side))
            yield Part(Chunk(chosen.stop - chosen.start, rows.stop - rows.start, side), chosen, rows)
