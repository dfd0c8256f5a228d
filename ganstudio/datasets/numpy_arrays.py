"""Pictures in numpy files, npz and npy; opened without pickle, always."""

import hashlib
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal, cast

import numpy as np

from ganstudio.datasets.archive import begins_with_array
from ganstudio.datasets.array_layout import Array, Shape, choose_labels, choose_pictures, find_layout, read_classes
from ganstudio.datasets.array_source import MAX_DEFLATE_RATIO, ArrayContent, ArraySource, read_values
from ganstudio.datasets.base import DATASETS, DatasetError, Skipped, hash_parts
from ganstudio.npy_header import NPY_MAGIC, ArrayHeader, read_header

_EDGE_BYTES = 1 << 20
_ENTRY_DAMAGE = (zipfile.BadZipFile, OSError, EOFError, RuntimeError, zlib.error, LookupError, NotImplementedError)
_SHAPES = "(N, H, W), (N, H, W, C), (N, C, H, W) or (N, D·D)"
_SAVE_AGAIN = f"save an array of pictures with numpy.save or numpy.savez, of shape {_SHAPES}"


@dataclass(frozen=True)
class _Member:
    info: zipfile.ZipInfo
    header: ArrayHeader


class _NumpyZip:
    """The arrays of an npz file that are plain numbers and hold what they promise."""

    def __init__(self, path: Path, archive: zipfile.ZipFile) -> None:
        self.path = path
        self.archive = archive
        self.members: dict[str, _Member] = {}
        self.left_out: list[Skipped] = []
        for info in archive.infolist():
            self._visit(info)

    @property
    def shapes(self) -> dict[str, Shape]:
        """The shape of each usable array."""
        return {name: member.header.shape for name, member in self.members.items()}

    def read(self, name: str) -> Array:
        """Read one array.

        Raises:
            DatasetError: It is damaged, or the disk is full.
        """
        member = self.members[name]
        header = member.header
        try:
            with self.archive.open(member.info) as file:
                file.read(header.offset)
                values = read_values(cast("BinaryIO", file), header.size_bytes, header.dtype)
        except (*_ENTRY_DAMAGE, ValueError) as error:
            raise DatasetError(self.path, f"its array {name} is damaged ({error})", "download it again") from error
        return values.reshape(header.shape, order=_order(header))

    def _visit(self, info: zipfile.ZipInfo) -> None:
        name = info.filename.removesuffix(".npy")
        try:
            with self.archive.open(info) as file:
                header = read_header(cast("BinaryIO", file))
            _check_member(info, header)
        except ValueError as error:
            self.left_out.append(Skipped(name, str(error)))
        except _ENTRY_DAMAGE as error:
            self.left_out.append(Skipped(name, f"it is damaged or encrypted ({error})"))
        else:
            self.members[name] = _Member(info, header)


def _check_member(info: zipfile.ZipInfo, header: ArrayHeader) -> None:
    if header.offset + header.size_bytes != info.file_size:
        raise ValueError(f"it promises {header.size_bytes} bytes of numbers, but {info.file_size} are packed")
    if info.file_size > (info.compress_size + 64) * MAX_DEFLATE_RATIO and info.compress_type == zipfile.ZIP_DEFLATED:
        raise ValueError("it promises more than it can hold")


@DATASETS.register("npz")
class NumpyZipReader:
    """npz files; where they hold a training and a test part, the training part."""

    @staticmethod
    def detect(path: Path, head: bytes) -> bool:  # noqa: ARG004 - the bytes say it
        """Whether it is a zip whose first entry is an npy array."""
        return begins_with_array(head)

    @staticmethod
    def open(path: Path) -> ArraySource:
        """Find the pictures and their labels."""
        try:
            with zipfile.ZipFile(path) as archive:
                return ArraySource(path, _read_npz(_NumpyZip(path, archive)))
        except (*_ENTRY_DAMAGE, ValueError) as error:
            raise DatasetError(path, "the npz file is damaged or cut off", "download or save it again") from error


def _read_npz(arrays: _NumpyZip) -> ArrayContent:
    name = choose_pictures(arrays.shapes)
    layout = None if name is None else find_layout(arrays.shapes[name])
    if name is None or layout is None:
        raise DatasetError(arrays.path, f"no array in it holds pictures ({_list_arrays(arrays)})", _SAVE_AGAIN)
    label_name = choose_labels(name, arrays.shapes)
    labels = None if label_name is None else read_classes(arrays.read(label_name))
    left_out = list(arrays.left_out)
    if label_name is not None and labels is None:
        left_out.append(Skipped(label_name, "its labels are not used: they are no class numbers"))
    used = {name, label_name}
    left_out += [Skipped(other, f"not used: the pictures are in {name}") for other in arrays.members
                 if other not in used and find_layout(arrays.shapes[other])]  # fmt: skip
    parts = [(member, arrays.members[member].info.CRC, arrays.members[member].header) for member in used if member]
    fingerprint = hash_parts(["npz", *sorted(map(str, parts))])
    return ArrayContent(arrays.read(name), layout, labels, fingerprint, tuple(left_out))


def _list_arrays(arrays: _NumpyZip) -> str:
    found = [f"{name} {shape}" for name, shape in arrays.shapes.items()]
    found += [f"{skipped.name}: {skipped.reason}" for skipped in arrays.left_out]
    return "; ".join(found[:3]) or "it is empty"


@DATASETS.register("npy")
class NumpyArrayReader:
    """npy files, mapped from the disk."""

    @staticmethod
    def detect(path: Path, head: bytes) -> bool:  # noqa: ARG004 - the bytes say it
        """Whether it begins like an npy array."""
        return head.startswith(NPY_MAGIC)

    @staticmethod
    def open(path: Path) -> ArraySource:
        """Map the array."""
        try:
            with path.open("rb") as file:
                header = read_header(file)
            size = path.stat().st_size
        except (OSError, ValueError) as error:
            raise DatasetError(path, f"the npy file cannot be used: {error}", _SAVE_AGAIN) from error
        if header.offset + header.size_bytes != size:
            reason = f"it should take {header.offset + header.size_bytes} bytes, but takes {size}"
            raise DatasetError(path, reason, "it may be cut off: download or save it again")
        layout = find_layout(header.shape)
        if layout is None:
            raise DatasetError(path, f"an array of shape {header.shape} holds no pictures", _SAVE_AGAIN)
        return ArraySource(path, ArrayContent(_map(path, header), layout, None, fingerprint_file(path)))


def _map(path: Path, header: ArrayHeader) -> Array:
    mapped: Array = np.memmap(path, header.dtype, "r", header.offset, header.shape, _order(header))
    return mapped


def _order(header: ArrayHeader) -> Literal["C", "F"]:
    return "F" if header.fortran_order else "C"


def fingerprint_file(path: Path) -> str:
    """From size, times of change, and the first and last megabyte: quick however large the file is."""
    status = path.stat()
    digest = hashlib.blake2b(digest_size=16)
    with path.open("rb") as file:
        digest.update(file.read(_EDGE_BYTES))
        file.seek(max(0, status.st_size - _EDGE_BYTES))
        digest.update(file.read(_EDGE_BYTES))
    return hash_parts([status.st_size, status.st_mtime_ns, status.st_ctime_ns, digest.hexdigest()])
