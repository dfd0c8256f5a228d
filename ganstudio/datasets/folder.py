"""A folder of pictures, with all folders in it."""

import os
import stat
from dataclasses import dataclass, field
from pathlib import Path

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


class FolderSource:
    """The pictures of a folder, in the order in which people count ("2.png" before "10.png").

    Hidden files and folders are passed over; links are followed, but no folder is entered twice.
    """

    factor_names: tuple[str, ...] = ()

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.title = folder.name or str(folder)
        self.location = str(folder)
        scan = _Scan(folder)
        scan.run()
        scan.files.sort(key=lambda file: natural_key(file.name))
        self._files = scan.files
        labelling = label_pictures([file.name for file in self._files], scan.label_file)
        self._labels = labelling.labels
        self.class_names = labelling.class_names
        self.left_out = (*labelling.notes, *sorted(scan.left_out, key=lambda skipped: natural_key(skipped.name)))

    def __len__(self) -> int:
        return len(self._files)

    def name(self, index: int) -> str:
        """Its path in the folder."""
        return self._files[index].name

    def read(self, index: int, at_least: int = 0) -> Image.Image:
        """Decode one picture; see `PictureSource`."""
        file = self._files[index]
        if file.size > MAX_FILE_BYTES:
            raise PictureError(file.name, f"the file is too large ({file.size >> 20} MB)")
        try:
            data = (self.folder / file.name).read_bytes()
        except OSError as error:
            raise PictureError(file.name, f"it cannot be read ({error.strerror or error})") from error
        return decode_picture(data, file.name, at_least)

    def label(self, index: int) -> int | None:
        """Its class; see `PictureSource`."""
        return self._labels[index] if self._labels else None

    def factors(self, index: int) -> FactorArray | None:  # noqa: ARG002 - a folder knows none
        """None: nothing is known of these pictures."""
        return None

    def fingerprint(self) -> str:
        """From place, names, sizes and times of change: reading all files would take as long as preparing them."""
        files = ((file.name, file.size, *file.changed_ns) for file in self._files)
        return hash_parts(["folder", self.folder.resolve(), *files, self.class_names, self._labels])

    def close(self) -> None:
        """Nothing is open."""


@dataclass(frozen=True)
class _File:
    name: str
    size: int
    changed_ns: tuple[int, int]  # of the content, and of anything: the first alone survives copying another file over


@dataclass
class _Scan:
    """One walk through a folder, without recursion so that no depth is too deep."""

    root: Path
    files: list[_File] = field(default_factory=list)
    left_out: list[Skipped] = field(default_factory=list)
    label_file: bytes | None = None
    _waiting: list[str] = field(default_factory=list)
    _entered: set[tuple[int, int]] = field(default_factory=set)

    def run(self) -> None:
        """Fill `files`, `left_out` and `label_file`."""
        try:
            self._enter("", self.root.stat())
            self._list("")
        except OSError as error:
            raise DatasetError(
                self.root, f"the folder cannot be read ({error.strerror or error})", "check that it is there and yours"
            ) from error
        while self._waiting:
            name = self._waiting.pop()
            try:
                self._list(name)
            except OSError as error:
                self.left_out.append(Skipped(name, f"the folder cannot be read ({error.strerror or error})"))

    def _list(self, folder: str) -> None:
        with os.scandir(self.root / folder) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):  # which of two links is entered must not vary
                if not entry.name.startswith("."):
                    self._visit(f"{folder}/{entry.name}" if folder else entry.name, entry)

    def _visit(self, name: str, entry: os.DirEntry[str]) -> None:
        try:
            status = entry.stat()
            if stat.S_ISDIR(status.st_mode):
                self._enter(name, status)
            elif not stat.S_ISREG(status.st_mode):
                self.left_out.append(Skipped(name, "it is a device or a pipe, not a file"))
            elif name == LABEL_FILE:
                self._keep_labels(status.st_size)
            else:
                self._keep(name, status)
        except OSError as error:
            self.left_out.append(Skipped(name, f"it cannot be read ({error.strerror or error})"))

    def _enter(self, name: str, status: os.stat_result) -> None:
        identity = (status.st_dev, status.st_ino)
        if identity in self._entered:
            return
        self._entered.add(identity)
        if name:
            self._waiting.append(name)

    def _keep_labels(self, size: int) -> None:
        if size > MAX_LABEL_FILE_BYTES:
            self.left_out.append(Skipped(LABEL_FILE, "it is too large for a list of labels"))
        else:
            self.label_file = (self.root / LABEL_FILE).read_bytes()

    def _keep(self, name: str, status: os.stat_result) -> None:
        # what is called a picture is looked at when it is prepared; opening each twice doubles the wait
        if os.path.splitext(name)[1].lower() not in PICTURE_SUFFIXES:  # noqa: PTH122 - a Path each costs a second
            with (self.root / name).open("rb") as file:
                head = file.read(SNIFF_BYTES)
            if find_kind(head) is None:
                self.left_out.append(Skipped(name, explain_unknown(head)))
                return
        self.files.append(_File(name, status.st_size, (status.st_mtime_ns, status.st_ctime_ns)))


@DATASETS.register("folder")
class FolderReader:
    """Folders, and nothing else."""

    @staticmethod
    def detect(path: Path, head: bytes) -> bool:  # noqa: ARG004 - a folder has no bytes
        """Whether it is a folder."""
        return path.is_dir()

    @staticmethod
    def open(path: Path) -> FolderSource:
        """List the folder."""
        return FolderSource(path)
