"""A zip of pictures, read in place: nothing is unpacked to disk, no entry's name is ever used as a path."""

import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from PIL import Image

from ganstudio.datasets.base import DATASETS, DatasetError, FactorArray, PictureError, Skipped, hash_parts
from ganstudio.datasets.labelling import LABEL_FILE, MAX_LABEL_FILE_BYTES, label_pictures, natural_key
from ganstudio.datasets.pictures import (
    MAX_FILE_BYTES,
    PICTURE_SUFFIXES,
    SNIFF_BYTES,
    decode_picture,
    explain_unknown,
    find_kind,
)

# what zipfile and its decompressors raise on damaged entries; RuntimeError: a password is needed
_ENTRY_DAMAGE = (zipfile.BadZipFile, OSError, EOFError, ValueError, RuntimeError, zlib.error, LookupError)
_ENCRYPTED = 0x1
_MAX_DEFLATE_RATIO = 1040  # deflate cannot pack tighter than 1032 to 1


class ArchiveSource:
    """The pictures of a zip, in the order in which people count; labels from `dataset.json` or class folders."""

    factor_names: tuple[str, ...] = ()

    def __init__(self, path: Path) -> None:
        self.path = path
        self.title = path.name
        self.location = str(path)
        self._zip = _open_zip(path)
        try:
            self._index()
        except BaseException:
            self._zip.close()
            raise

    def _index(self) -> None:
        scan = _Scan(self._zip)
        scan.run()
        scan.pictures.sort(key=lambda entry: natural_key(entry.name))
        self._entries = scan.pictures
        labelling = label_pictures([entry.name for entry in self._entries], scan.label_file)
        self._labels = labelling.labels
        self.class_names = labelling.class_names
        self.left_out = (*labelling.notes, *sorted(scan.left_out, key=lambda skipped: natural_key(skipped.name)))

    def __len__(self) -> int:
        return len(self._entries)

    def name(self, index: int) -> str:
        """Its path in the zip."""
        return self._entries[index].name

    def read(self, index: int, at_least: int = 0) -> Image.Image:
        """Decode one picture; see `PictureSource`."""
        entry = self._entries[index]
        try:
            data = self._zip.read(entry.info)
        except _ENTRY_DAMAGE as error:
            raise PictureError(entry.name, "its entry in the zip is damaged") from error
        return decode_picture(data, entry.name, at_least)

    def label(self, index: int) -> int | None:
        """Its class; see `PictureSource`."""
        return self._labels[index] if self._labels else None

    def factors(self, index: int) -> FactorArray | None:  # noqa: ARG002 - a zip knows none
        """None: nothing is known of these pictures."""
        return None

    def fingerprint(self) -> str:
        """From names, sizes and checksums of the entries: the same wherever the zip lies."""
        entries = ((entry.name, entry.info.file_size, entry.info.CRC) for entry in self._entries)
        return hash_parts(["zip", *entries, self.class_names, self._labels])

    def close(self) -> None:
        """Close the zip."""
        self._zip.close()


@dataclass(frozen=True)
class _Entry:
    name: str
    info: zipfile.ZipInfo


@dataclass
class _Scan:
    """One look through the directory of a zip."""

    archive: zipfile.ZipFile
    pictures: list[_Entry] = field(default_factory=list)
    left_out: list[Skipped] = field(default_factory=list)
    label_file: bytes | None = None

    def run(self) -> None:
        """Fill `pictures`, `left_out` and `label_file`."""
        for info in self.archive.infolist():
            name = info.filename.replace("\\", "/")
            if not info.is_dir() and not _is_hidden(name):
                self._visit(name, info)

    def _visit(self, name: str, info: zipfile.ZipInfo) -> None:
        if reason := _refuse(name, info):
            self.left_out.append(Skipped(name, reason))
        elif name == LABEL_FILE:
            self._keep_labels(info)
        # what is called a picture is looked at when it is prepared; opening 60,000 entries twice doubles the wait
        elif PurePosixPath(name).suffix.lower() in PICTURE_SUFFIXES or self._sniff(name, info):
            self.pictures.append(_Entry(name, info))

    def _sniff(self, name: str, info: zipfile.ZipInfo) -> bool:
        try:
            with self.archive.open(info) as file:
                head = file.read(SNIFF_BYTES)
        except _ENTRY_DAMAGE:
            self.left_out.append(Skipped(name, "its entry in the zip is damaged"))
            return False
        if find_kind(head) is not None:
            return True
        reason = "it is an archive inside the archive" if head[:4] == b"PK\x03\x04" else explain_unknown(head)
        self.left_out.append(Skipped(name, reason))
        return False

    def _keep_labels(self, info: zipfile.ZipInfo) -> None:
        try:
            if info.file_size > MAX_LABEL_FILE_BYTES:
                raise ValueError("too large")
            self.label_file = self.archive.read(info)
        except _ENTRY_DAMAGE:
            self.left_out.append(Skipped(LABEL_FILE, "it is damaged or too large, so there are no labels"))


def _is_hidden(name: str) -> bool:
    return (name.startswith(("__MACOSX/", ".")) and not name.startswith("../")) or ("/." in name and "/.." not in name)


def _refuse(name: str, info: zipfile.ZipInfo) -> str | None:
    """Why an entry is not even opened."""
    if name.startswith("/") or ".." in name.split("/"):
        return "its name leads out of the archive"
    if info.flag_bits & _ENCRYPTED:
        return "it is encrypted"
    if info.file_size == 0:
        return "the file is empty"
    limit = MAX_LABEL_FILE_BYTES if name == LABEL_FILE else MAX_FILE_BYTES
    if info.file_size > limit or info.compress_size > limit:
        return f"the file is too large ({info.file_size >> 20} MB)"
    if info.compress_type == zipfile.ZIP_DEFLATED and info.file_size > (info.compress_size + 16) * _MAX_DEFLATE_RATIO:
        return "it promises more than it can hold"
    return None


def begins_with_array(head: bytes) -> bool:
    """Whether a file begins like a zip whose first entry is an npy array: an npz."""
    name_bytes = int.from_bytes(head[26:28], "little")
    return head[:4] == b"PK\x03\x04" and head[30 : 30 + name_bytes].endswith(b".npy")


def _open_zip(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except OSError as error:
        raise DatasetError(
            path, f"it cannot be read ({error.strerror or error})", "check that it is there and yours"
        ) from error
    except (zipfile.BadZipFile, ValueError, NotImplementedError, LookupError, EOFError) as error:
        raise DatasetError(path, "the zip is damaged or cut off", "download or pack it again") from error


@DATASETS.register("zip")
class ArchiveReader:
    """Zip files, whatever they are called."""

    @staticmethod
    def detect(path: Path, head: bytes) -> bool:  # noqa: ARG004 - the bytes say it
        """Whether it begins like a zip (an empty one included) that is no npz."""
        return head[:4] in (b"PK\x03\x04", b"PK\x05\x06") and not begins_with_array(head)

    @staticmethod
    def open(path: Path) -> ArchiveSource:
        """Read the zip's directory."""
        return ArchiveSource(path)
