"""Memory for feature maps, used again when nobody holds what was in it.

A system hands out each large piece of memory cleared, page by page as it is touched, and takes it back at once when it
is freed: for large maps that takes as long as the arithmetic.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import prod

import torch
from torch import Tensor

_MOST_WASTE = 2  # times: a larger piece is left for those who need it
_MOST_HELD = 160 << 20  # values, 640 MiB: all maps of a picture of 1024 px; beyond that memory is handed out as usual


@dataclass
class _Piece:
    memory: Tensor
    round: int


class Recycler:
    """Hands out memory; knows by the number of owners what is in use, so that nothing has to be given back."""

    def __init__(self) -> None:
        self._pieces: list[_Piece] = []
        self._round = 0

    def begin(self) -> None:
        """Begin another round: what was not used in the last one, and is not in use, goes back to the system."""
        self._round += 1
        self._pieces = [piece for piece in self._pieces if piece.round >= self._round - 1 or not _is_free(piece.memory)]

    def clear(self) -> None:
        """Let go of all; what is in use stays with those who use it."""
        self._pieces.clear()

    def take(self, *shape: int) -> Tensor:
        """A tensor with any values, float32; its memory is its own as long as it, or a view of it, is there."""
        size = prod(shape)
        fitting = [
            piece
            for piece in self._pieces
            if size <= len(piece.memory) <= _MOST_WASTE * size and _is_free(piece.memory)
        ]
        if fitting:
            piece = min(fitting, key=lambda piece: len(piece.memory))
            piece.round = self._round
        else:
            with torch.inference_mode(mode=False):  # memory of that mode cannot be written to outside it
                piece = _Piece(torch.empty(size), self._round)
            if self.held + size <= _MOST_HELD:
                self._pieces.append(piece)
        return piece.memory[:size].view(shape)

    @property
    def held(self) -> int:
        """How many values all pieces hold, in use or not."""
        return sum(len(piece.memory) for piece in self._pieces)


def _owners(memory: Tensor) -> int:
    """How many tensors share the memory, and some more that are always there; always another where torch cannot say."""
    count: Callable[[int], int] | None = getattr(torch._C, "_storage_Use_Count", None)
    return count(memory.untyped_storage()._cdata) if count else -1


_OWNERS_OF_ONE = max(0, _owners(torch.empty(1)))


def _is_free(memory: Tensor) -> bool:
    return _owners(memory) == _OWNERS_OF_ONE
