"""Pictures that lie in an array, in memory or mapped from a file: what npz, npy and idx readers open."""

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

import numpy as np
import numpy.typing as npt
from PIL import Image

from ganstudio.datasets.array_layout import Array, Layout, arrange, find_range, scale_to_bytes
from ganstudio.datasets.base import DatasetError, FactorArray, Skipped
from ganstudio.datasets.cache import default_cache_folder, explain_write

MAX_IN_MEMORY_BYTES = 128 << 20
MAX_DEFLATE_RATIO = 1040  # deflate cannot pack tighter than 1032 to 1

_BLOCK_BYTES = 1 << 20
_RANGE_SAMPLES, _RANGE_VALUES = 256, 1 << 22


@dataclass(frozen=True)
class ArrayContent:
    """What a reader found.

    Attributes:
        pixels: The array, any numbers, laid out as `layout` says; the first axis counts pictures.
        layout: How the pictures lie in it.
        labels: Class numbers `(N,)`, or None.
        fingerprint: Changes with the content.
        left_out: What was not used of the file, and why.
    """

    pixels: Array
    layout: Layout
    labels: npt.NDArray[np.int64] | None
    fingerprint: str
    left_out: tuple[Skipped, ...] = ()


class ArraySource:
    """The pictures of an array, named by their numbers; values are scaled to bytes by the range of a sample."""

    factor_names: tuple[str, ...] = ()

    def __init__(self, path: Path, content: ArrayContent) -> None:
        self.title = path.name
        self.location = str(path)
        self.left_out = content.left_out
        self._content = content
        pixels = content.pixels
        self._rows = pixels[None] if content.layout.kind == "HWC" else pixels
        samples = max(1, min(_RANGE_SAMPLES, _RANGE_VALUES // self._rows[0].size))
        step = max(1, len(self._rows) // samples)
        self._range = find_range(np.asarray(self._rows[::step][:samples]))
        count = 0 if content.labels is None else int(content.labels.max()) + 1
        self.class_names = tuple(str(number) for number in range(count))

    def __len__(self) -> int:
        return self._content.layout.count

    def name(self, index: int) -> str:
        """Its number."""
        return f"picture {index}"

    def read(self, index: int, at_least: int = 0) -> Image.Image:  # noqa: ARG002 - nothing to save here
        """Take one picture out of the array; see `PictureSource`."""
        values = arrange(np.asarray(self._rows[index]), self._content.layout)
        return Image.fromarray(np.ascontiguousarray(scale_to_bytes(values, self._range)))

    def label(self, index: int) -> int | None:
        """Its class; see `PictureSource`."""
        return None if self._content.labels is None else int(self._content.labels[index])

    def factors(self, index: int) -> FactorArray | None:  # noqa: ARG002 - an array knows none
        """None: nothing is known of these pictures."""
        return None

    def fingerprint(self) -> str:
        """From the file's content; see the reader."""
        return self._content.fingerprint

    def close(self) -> None:
        """Nothing is open but the mapping, which the system lets go of with the source."""


def read_values(file: BinaryIO, size_bytes: int, dtype: np.dtype[np.generic]) -> Array:
    """Read `size_bytes` of numbers from a decompressing file: small ones to memory, large ones to the disk.

    What goes to the disk is a file without a name in the cache folder; it is gone when the array is.

    Raises:
        ValueError: There are fewer bytes than promised.
        DatasetError: The disk is full.
    """
    if size_bytes <= MAX_IN_MEMORY_BYTES:
        data = bytearray()
        for block in _blocks(file, size_bytes):
            data += block  # grows with what is really there, not with what was promised
        return np.frombuffer(data, dtype)
    return _spool(file, size_bytes, dtype)


def _spool(file: BinaryIO, size_bytes: int, dtype: np.dtype[np.generic]) -> Array:
    folder = default_cache_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(folder).free
        if size_bytes > free:
            text = f"its pictures take {size_bytes / 1e6:,.0f} MB unpacked, but only {free / 1e6:,.0f} MB are free"
            raise DatasetError(folder, text, "free some space")
        with contextlib.ExitStack() as stack:
            spool = stack.enter_context(tempfile.TemporaryFile(dir=folder))
            for block in _blocks(file, size_bytes):
                spool.write(block)
            spool.flush()
            return np.memmap(cast("BinaryIO", spool), dtype, "r")
    except OSError as error:
        raise explain_write(folder, error) from error


def _blocks(file: BinaryIO, size_bytes: int) -> Iterator[bytes]:
    left = size_bytes
    while left > 0:
        block = file.read(min(left, _BLOCK_BYTES))
        if not block:
            raise ValueError("it ends early")
        left -= len(block)
        yield block
