"""What pictures are asked for by, and what is answered: plain data that can be compared."""

from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from ganstudio.rendering.looks.look import Look
from ganstudio.rendering.looks.own_direction import OwnDirection


@dataclass(frozen=True)
class RenderRequest:
    """Pictures that are wanted of one checkpoint, in this order.

    Attributes:
        checkpoint_path: Its file.
        looks: How each picture is made.
        columns: Pictures in a row of the grid that they are shown in, which fills from its middle.
        size_px: Height and width that the pictures are brought down to, by averaging; 0, or more than they have, leaves
            them as they are.
        directions: Those directions that the looks name and the checkpoint does not carry.
        is_rough: Whether coarse pictures of half `size_px` will do where full ones take long.
    """

    checkpoint_path: str
    looks: tuple[Look, ...]
    columns: int = 1
    size_px: int = 0
    directions: tuple[OwnDirection, ...] = ()
    is_rough: bool = False


@dataclass(frozen=True, eq=False)
class Rendered:
    """An answer to a request, or a part of it.

    Attributes:
        request: What was asked for.
        pixels: uint8 `(N, H, W, C)`, one picture for each of `places`.
        elapsed_ms: Time since the request was begun, in milliseconds.
        device: What computed, in a person's words.
        places: Which of the request's looks the pixels are of; all of them in a whole answer.
        full_px: Height and width that the pictures have in full; larger than those of `pixels` while they are coarse.
        note: What went otherwise than asked for, in a person's words ("", mostly).
        network_ms: How much of `elapsed_ms` the network took.
    """

    request: RenderRequest
    pixels: npt.NDArray[np.uint8] = field(repr=False)
    elapsed_ms: float
    device: str
    places: tuple[int, ...] = ()
    full_px: int = 0
    note: str = ""
    network_ms: float = 0.0

    @property
    def is_coarse(self) -> bool:
        """Whether finer pictures of the same looks are to follow."""
        return bool(len(self.pixels)) and self.pixels.shape[1] < self.full_px

    @property
    def is_whole(self) -> bool:
        """Whether it answers the whole request in full."""
        return not self.is_coarse and len(self.pixels) == len(self.request.looks)


class Gathering:
    """Puts the parts of an answer together; parts of other requests and coarse ones are passed over."""

    def __init__(self, request: RenderRequest) -> None:
        self.request = request
        self._pixels: npt.NDArray[np.uint8] | None = None
        self._missing = set(range(len(request.looks)))

    def add(self, part: Rendered) -> Rendered | None:
        """Take in a part; the whole answer, when it was the last.

        The answer of a single part is that part, not a copy.
        """
        if part.request is not self.request or part.is_coarse:
            return None
        if part.is_whole:
            return part
        if self._pixels is None:
            self._pixels = np.zeros((len(self.request.looks), *part.pixels.shape[1:]), np.uint8)
        self._pixels[list(part.places)] = part.pixels
        self._missing.difference_update(part.places)
        if self._missing:
            return None
        return replace(part, pixels=self._pixels, places=tuple(range(len(self._pixels))))
