"""What a file of weights holds, as plain data: nothing here is code and nothing here can run.

A *tree* is made of dict, list, tuple, set, frozenset, str, bytes, int, float, complex, bool and None, with four kinds
of leaf of our own: `TensorData` stands for a tensor, `Record` for an object of a class that is only named, `Symbol` for
a class or function that is only named, `ByteSlice` (`file_bytes.py`) for bytes too long to copy. An OrderedDict comes
as an `AttributedDict`, a dict that keeps what the file attached to it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.generic]

MAX_DEPTH = 40
MAX_PLACES = 300_000

_MODULE_PARTS = ("_parameters", "_buffers", "_modules")


@dataclass(frozen=True, eq=False)
class TensorData:
    """A tensor of a file; its values are read when asked for.

    Attributes:
        dtype: The field's name for its type ("float32", "bfloat16", "float8_e4m3fn", "int64" ...).
        shape: Its sizes; checked against the bytes that are really there before this was made.
        load: Reads the values in C order, little-endian. Types that numpy lacks come as bit patterns: bfloat16 as
            uint16, float8 as uint8.
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
        """The values; bfloat16 and float8 widened to float32, which is exact."""
        values = self.load()
        if self.dtype == "bfloat16":
            return (values.astype(np.uint32) << 16).view(np.float32)
        if self.dtype in _FLOAT8:
            return np.take(_widen_float8(self.dtype), values.view(np.uint8))
        return values

    @classmethod
    def of(cls, array: Array) -> "TensorData":
        """Wrap an array that is in memory already."""
        little = np.asarray(array, dtype=array.dtype.newbyteorder("<"), order="C")
        return cls(array.dtype.name, tuple(array.shape), lambda: little)


@dataclass(frozen=True)
class Symbol:
    """A class or function that a file names; it was never looked up.

    Attributes:
        name: Where the file says it is, "module.Name".
    """

    name: str


@dataclass(frozen=True)
class EmbeddedSource:
    """Source code that came with an object: measured, never read, let alone run.

    Attributes:
        length: Number of characters.
        sha256: Of its UTF-8 bytes, in hexadecimal.
    """

    length: int
    sha256: str


@dataclass(frozen=True, eq=False)
class Record:
    """An object of a class that the file names; the class was never looked up.

    Attributes:
        class_name: Where the file says the class is, "module.Name"; for NVlabs' persistent objects the bare name.
        args: What it would have been made with.
        state: Its attributes as the file gives them, usually a dict; None where it gives none.
        items: What it holds as a dict or list where its class extends one of these; else None.
        source: The code that came with it, if any.
    """

    class_name: str
    args: tuple[Any, ...] = ()
    state: Any = None
    items: Any = None
    source: EmbeddedSource | None = None


class AttributedDict(dict[Any, Any]):
    """An OrderedDict of the file.

    Attributes:
        attributes: What was attached to it; torch attaches to a state dict `_metadata`, which has an entry for every
            module, also for those without weights.
    """

    def __init__(self, *items: Any) -> None:
        super().__init__(*items)
        self.attributes: dict[str, Any] = {}


def find_tensors(tree: Any) -> dict[str, TensorData]:
    """List all tensors of a tree by their place, names joined by dots: `{"g": {"a.weight": t}}` gives `g.a.weight`.

    Torch's modules are listed as their state_dict lists them: `_modules`, `_parameters` and `_buffers` are no names.
    A part that stands in several places is listed in each, up to 300,000 places (parsing refuses trees with more).
    """
    found: dict[str, TensorData] = {}
    for visited, (place, tensor) in enumerate(_walk(tree, (), 0)):
        if visited >= MAX_PLACES:
            break
        if tensor is not None:
            found[place] = tensor
    return found


def _walk(node: Any, place: tuple[str, ...], depth: int) -> Iterator[tuple[str, TensorData | None]]:
    """Yield every tensor, and something for every other container, so that the caller can stop."""
    if isinstance(node, TensorData):
        yield ".".join(place) or "tensor", node
        return
    if depth >= MAX_DEPTH or not isinstance(node, dict | list | tuple | Record):
        return
    yield "", None
    for key, value in _children(node):
        if isinstance(value, TensorData | dict | list | tuple | Record):
            yield from _walk(value, (*place, key), depth + 1)


def is_module(record: Record) -> bool:
    """Whether a record is a torch module: its state holds the parts that torch.nn.Module has."""
    return isinstance(record.state, dict) and all(isinstance(record.state.get(part), dict) for part in _MODULE_PARTS)


def _children(node: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(node, Record):
        yield from ((f"args.{key}", value) for key, value in _children(node.args))
        yield from _state_of(node)
        yield from _children(node.items)
    elif isinstance(node, dict):
        yield from ((str(key), value) for key, value in node.items())
    elif isinstance(node, list | tuple):
        yield from ((str(index), value) for index, value in enumerate(node))


def _state_of(record: Record) -> Iterator[tuple[str, Any]]:
    if isinstance(record.state, TensorData):
        yield "state", record.state
    elif is_module(record):
        for key, value in record.state.items():
            yield from _children(value) if key in _MODULE_PARTS else ((str(key), value),)
    else:
        yield from _children(record.state)


_FLOAT8 = {  # exponent bits, mantissa bits, exponent bias, has infinity (else only all ones is no number)
    "float8_e4m3fn": (4, 3, 7, False),
    "float8_e5m2": (5, 2, 15, True),
}


def _widen_float8(dtype: str) -> Array:
    """All 256 values of a float8 type. Source: Micikevicius et al. 2022, FP8 formats for deep learning, table 1."""
    exponent_bits, mantissa_bits, bias, has_infinity = _FLOAT8[dtype]
    bits = np.arange(256)
    exponent = (bits >> mantissa_bits) & ((1 << exponent_bits) - 1)
    fraction = (bits & ((1 << mantissa_bits) - 1)) / (1 << mantissa_bits)
    magnitude = np.where(exponent > 0, (1 + fraction) * 2.0 ** (exponent - bias), fraction * 2.0 ** (1 - bias))
    if has_infinity:
        top = exponent == (1 << exponent_bits) - 1
        magnitude = np.where(top, np.where(fraction > 0, np.nan, np.inf), magnitude)
    else:
        magnitude[(bits & 0x7F) == 0x7F] = np.nan
    return np.where(bits >= 128, -magnitude, magnitude).astype(np.float32)
