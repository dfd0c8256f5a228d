"""Pictures in idx files, the format of MNIST, plain or gzipped; labels from the file beside them."""

import contextlib
import gzip
import math
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

import numpy as np
import numpy.typing as npt

from ganstudio.datasets.array_layout import Array, find_layout, read_classes
from ganstudio.datasets.array_source import MAX_DEFLATE_RATIO, ArrayContent, ArraySource, read_values
from ganstudio.datasets.base import DATASETS, DatasetError, Skipped
from ganstudio.datasets.numpy_arrays import fingerprint_file

_DTYPES = {0x08: ">u1", 0x09: ">i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
_GZIP_MAGIC = b"\x1f\x8b"
_MAX_DIMENSIONS = 4
_DAMAGE = (OSError, EOFError, ValueError, zlib.error)


@dataclass(frozen=True)
class _Header:
    dtype: np.dtype[np.generic]
    shape: tuple[int, ...]

    @property
    def offset(self) -> int:
        return 4 + 4 * len(self.shape)

    @property
    def size_bytes(self) -> int:
        return math.prod(self.shape) * self.dtype.itemsize


def _parse_header(start: bytes) -> _Header:
    if len(start) < 4 or start[:2] != b"\0\0" or start[2] not in _DTYPES or not 1 <= start[3] <= _MAX_DIMENSIONS:
        raise ValueError("it does not begin like an idx file")
    end = 4 + 4 * start[3]
    if len(start) < end:
        raise ValueError("it is cut off in its header")
    return _Header(np.dtype(_DTYPES[start[2]]), tuple(map(int, np.frombuffer(start[4:end], ">u4"))))


def _unpack_head(head: bytes) -> bytes:
    """The first bytes of a file, unpacked where it is gzipped."""
    if not head.startswith(_GZIP_MAGIC):
        return head
    try:
        return zlib.decompressobj(wbits=31).decompress(head, 64)
    except zlib.error:
        return b""


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    with path.open("rb") as file:
        packed = file.read(2) == _GZIP_MAGIC
        file.seek(0)
        if not packed:
            yield file
            return
        with gzip.GzipFile(fileobj=file) as unpacked:
            yield cast("BinaryIO", unpacked)


def _is_packed(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) == _GZIP_MAGIC


def _read_header(path: Path) -> _Header:
    with _opened(path) as file:
        header = _parse_header(file.read(4 + 4 * _MAX_DIMENSIONS))
    size, promised = path.stat().st_size, header.offset + header.size_bytes
    if not _is_packed(path) and size != promised:
        raise ValueError(f"it should take {promised} bytes, but takes {size}")
    if promised > (size + 64) * MAX_DEFLATE_RATIO:
        raise ValueError("it promises more than it can hold")
    return header


def _read_array(path: Path, header: _Header) -> Array:
    if not _is_packed(path):
        return np.memmap(path, header.dtype, "r", header.offset, header.shape)
    with _opened(path) as file:
        file.read(header.offset)
        values = read_values(file, header.size_bytes, header.dtype)
        if file.read(1):
            raise ValueError("it holds more than it promises")
    return values.reshape(header.shape)


@DATASETS.register("idx")
class IdxReader:
    """idx files of pictures; `train-labels-idx1-ubyte` beside `train-images-idx3-ubyte` gives the labels."""

    @staticmethod
    def detect(path: Path, head: bytes) -> bool:  # noqa: ARG004 - the bytes say it
        """Whether it begins like an idx file, unpacked where it is gzipped."""
        try:
            _parse_header(_unpack_head(head))
        except ValueError:
            return False
        return True

    @staticmethod
    def open(path: Path) -> ArraySource:
        """Open the pictures and find their labels."""
        try:
            header = _read_header(path)
            if len(header.shape) == 1:
                raise DatasetError(path, "it holds labels, not pictures", f"open {_name_images(path)} instead")
            layout = find_layout(header.shape)
            if layout is None:
                raise ValueError(f"an array of shape {header.shape} holds no pictures")
            pixels = _read_array(path, header)
        except _DAMAGE as error:
            raise DatasetError(path, f"the idx file cannot be used: {error}", "download it again") from error
        labels, left_out = _find_labels(path, layout.count)
        return ArraySource(path, ArrayContent(pixels, layout, labels, _fingerprint(path, labels), left_out))


def _name_images(path: Path) -> str:
    """What to open instead of a labels file: the pictures beside it, by their usual name where they are not there."""
    usual = path.name.replace("labels", "images").replace("idx1", "idx3")
    choices = [usual, usual.removesuffix(".gz"), f"{usual}.gz"]
    there = next((name for name in choices if name != path.name and (path.parent / name).is_file()), None)
    return there or (usual if usual != path.name else "the file with the pictures that belong to them")


def _find_labels(path: Path, count: int) -> tuple[npt.NDArray[np.int64] | None, tuple[Skipped, ...]]:
    usual = path.name.replace("images", "labels").replace("idx3", "idx1")
    for name in (usual, usual.removesuffix(".gz"), f"{usual}.gz"):
        beside = path.parent / name
        if name == path.name or not beside.is_file():
            continue
        try:
            return _read_labels(beside, count), ()
        except _DAMAGE as error:
            return None, (Skipped(name, f"its labels are not used: {error}"),)
    return None, ()


def _read_labels(path: Path, count: int) -> npt.NDArray[np.int64]:
    header = _read_header(path)
    if header.shape != (count,):
        raise ValueError(f"there are {math.prod(header.shape)} for {count} pictures")
    classes = read_classes(_read_array(path, header))
    if classes is None:
        raise ValueError("they are no class numbers")
    return classes


def _fingerprint(path: Path, labels: npt.NDArray[np.int64] | None) -> str:
    digest = fingerprint_file(path)
    return digest if labels is None else f"{digest} {zlib.crc32(labels.tobytes())}"
