"""Which files of a folder are weights, told by their first bytes: quick enough for thousands of files."""

import os
import stat
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ganstudio.checkpoints.containers.catalogue import CONTAINERS

MAX_DEPTH = 4
MAX_LISTED = 1000
MAX_VISITED = 20_000
_HEAD_BYTES = 4096
_SMALLEST = 256  # bytes; no network is smaller
_ZIPPED_WEIGHTS = {"data.pkl", "constants.pkl", "model.weights.h5"}
_MANY_ENTRIES = 2000


@dataclass(frozen=True)
class FolderScanned:
    """What a folder holds.

    Attributes:
        folder: The folder.
        files: Files of weights, by name.
        others: How many other files there are.
        is_complete: Whether all of it was looked at.
    """

    folder: Path
    files: tuple[Path, ...]
    others: int
    is_complete: bool


def scan_folder(folder: Path, limit: int = MAX_LISTED) -> Iterator[int | FolderScanned]:
    """Look through a folder and the folders in it; hidden ones, links and what may not be read are passed over.

    Yields:
        Every so often how many files were looked at; at last FolderScanned.
    """
    found: list[Path] = []
    visited = 0
    for path in _walk(folder, 0):
        visited += 1
        if visited % 50 == 0:
            yield visited
        if visited > MAX_VISITED or len(found) >= limit:
            break
        if _is_weights(path):
            found.append(path)
    files = tuple(sorted(found, key=lambda path: str(path).lower()))
    complete = visited <= MAX_VISITED and len(found) < limit
    yield FolderScanned(folder, files, visited - len(found), complete)


def holds_zipped_weights(path: Path, head: bytes) -> bool:
    """Whether a zip is a file of PyTorch or Keras rather than an archive of pictures; False for what is no zip."""
    if head[:4] != b"PK\x03\x04":
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()[:_MANY_ENTRIES]
    except (OSError, ValueError, NotImplementedError, LookupError, EOFError, zipfile.BadZipFile):
        return b"data.pkl" in head[:_HEAD_BYTES]
    return any(name.rsplit("/", 1)[-1] in _ZIPPED_WEIGHTS for name in names)


def _walk(folder: Path, depth: int) -> Iterator[Path]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name.lower())
    except OSError:
        return
    for entry in entries:
        if entry.name.startswith(".") or entry.is_symlink():
            continue
        if entry.is_dir() and depth < MAX_DEPTH:
            yield from _walk(Path(entry.path), depth + 1)
        elif entry.is_file():
            yield Path(entry.path)


def _is_weights(path: Path) -> bool:
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode) or about.st_size < _SMALLEST:
            return False
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
    except OSError:
        return False
    if head[:4] == b"PK\x03\x04":
        return holds_zipped_weights(path, head)
    if head.startswith(b"\x93NUMPY"):
        return False  # pictures, latents, labels: never a network
    return any(container.detect(head) for container in CONTAINERS.values())
