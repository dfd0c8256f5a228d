"""What a file of weights holds, as plain data: nothing here is code and nothing here can run.

A *tree* is made of dict, list, tuple, str, bytes, int, float, bool and None, with two kinds of leaf of our own:
`TensorData` stands for a tensor, `Record` for an object of a class that is only named, never imported.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.generic]

MAX_DEPTH = 40


@dataclass(frozen=True, eq=False)
class TensorData:
    """A tensor of a file; its values are read when asked for.

    Attributes:
        dtype: The field's name for its type ("float32", "bfloat16", "int64" ...).
        shape: Its sizes; checked against the bytes that are really there before this was made.
        load: Reads the values in C order, little-endian. bfloat16, which numpy lacks, comes as uint16 bit patterns.
    """

    dtype: str
    shape: tuple[int, ...]
    load: Callable[[], Array] = field(repr=False)

    @property
    def count(self) -> int:
        """Number of values."""
        return int(np.prod(self.shape, dtype=np.int64))

    def bits(self) -> bytes:
        """The little-endian C-order bytes of the values, as in the file."""
        return self.load().tobytes()

    def array(self) -> Array:
        """The values; bfloat16 widened to float32, which is exact."""
        values = self.load()
        if self.dtype != "bfloat16":
            return values
        return (values.astype(np.uint32) << 16).view(np.float32)

    @classmethod
    def of(cls, array: Array) -> "TensorData":
        """Wrap an array that is in memory already."""
        little = np.asarray(array, dtype=array.dtype.newbyteorder("<"), order="C")
        return cls(array.dtype.name, tuple(array.shape), lambda: little)


@dataclass(frozen=True, eq=False)
class Record:
    """An object of a class that the file names; the class was never looked up.

    Attributes:
        class_name: Where the file says the class is, "module.Name".
        args: What it would have been made with.
        state: Its attributes as the file gives them, usually a dict; None where it gives none.
    """

    class_name: str
    args: tuple[Any, ...] = ()
    state: Any = None


def find_tensors(tree: Any) -> dict[str, TensorData]:
    """List all tensors of a tree by their place, names joined by dots: `{"g": {"a.weight": t}}` gives `g.a.weight`."""
    return dict(_walk(tree, (), 0))


def _walk(node: Any, place: tuple[str, ...], depth: int) -> Iterator[tuple[str, TensorData]]:
    if isinstance(node, TensorData):
        yield ".".join(place) or "tensor", node
    if depth >= MAX_DEPTH:
        return
    if isinstance(node, Record):
        node = node.state
    if isinstance(node, dict):
        for key, value in node.items():
            yield from _walk(value, (*place, str(key)), depth + 1)
    elif isinstance(node, list | tuple):
        for index, value in enumerate(node):
            yield from _walk(value, (*place, str(index)), depth + 1)
