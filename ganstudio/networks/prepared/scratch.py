"""Memory that the layers of a prepared network share, so that nothing large is asked of the system for each picture."""

from collections.abc import Callable
from math import prod
from typing import Generic, TypeVar

import torch
from torch import Tensor

from ganstudio.networks.prepared.chunks import Chunk

Plan = TypeVar("Plan")
Step = Callable[[], object]
"""One operation on fixed places in the scratch memory."""

_ALIGNMENT = 16  # values: 64 bytes, a line of the cache; the libraries' sums depend on the alignment of what they read


class Scratch:
    """One piece of memory, whose content lasts for one layer only."""

    def __init__(self) -> None:
        self._memory = torch.empty(0)
        self._forgetting: list[Callable[[], None]] = []

    def on_clear(self, forget: Callable[[], None]) -> None:
        """Have something called when the memory goes, to forget its places in it."""
        self._forgetting.append(forget)

    def reserve(self, *regions: int) -> list[Tensor]:
        """Regions of at least so many values each, float32; elsewhere than before where the memory had to grow."""
        sizes = [_aligned(size) for size in regions]
        if len(self._memory) < sum(sizes):
            with torch.inference_mode(mode=False):  # memory of that mode cannot be written to outside it
                self.clear()
                self._memory = torch.empty(sum(sizes))
        return list(self._memory[: sum(sizes)].split(sizes))  # type: ignore[no-untyped-call]

    def clear(self) -> None:
        """Let go of the memory."""
        for forget in self._forgetting:
            forget()
        self._memory = torch.empty(0)

    def cut(self, *shapes: tuple[int, ...]) -> list[Tensor]:
        """Tensors of these shapes; their values are what was there before."""
        regions = self.reserve(*[prod(shape) for shape in shapes])
        return [cut(region, shape)[0] for region, shape in zip(regions, shapes, strict=True)]


class Plans(Generic[Plan]):
    """What a layer does with chunks, made once for each shape of chunk.

    Args:
        scratch: The memory that plans are made for.
        sizes: How many values of it a chunk needs, region by region.
        make: Makes a plan of the regions.
    """

    def __init__(
        self, scratch: Scratch, sizes: Callable[[Chunk], list[int]], make: Callable[[list[Tensor], Chunk], Plan]
    ) -> None:
        self._scratch, self._sizes, self._make = scratch, sizes, make
        self._plans: dict[Chunk, Plan] = {}
        scratch.on_clear(self._plans.clear)

    def of(self, chunk: Chunk) -> Plan:
        """The plan of a chunk."""
        regions = self._scratch.reserve(*self._sizes(chunk))
        if chunk not in self._plans:
            self._plans[chunk] = self._make(regions, chunk)
        return self._plans[chunk]


def cut(region: Tensor, *shapes: tuple[int, ...]) -> list[Tensor]:
    """Tensors of these shapes, one after the other in a region; their values are what was there before."""
    parts, start = [], 0
    for shape in shapes:
        parts.append(region[start : start + prod(shape)].view(shape))
        start += _aligned(prod(shape))
    return parts


def room_of(*shapes: tuple[int, ...]) -> int:
    """How many values `cut` takes for these shapes."""
    return sum(_aligned(prod(shape)) for shape in shapes)


def _aligned(size: int) -> int:
    return -(-size // _ALIGNMENT) * _ALIGNMENT
