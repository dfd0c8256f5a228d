"""All readers, imported by name, and the one way to open pictures of any kind."""

import contextlib
from pathlib import Path

from ganstudio.datasets import archive, folder, idx, numpy_arrays
from ganstudio.datasets.base import DATASETS, HEAD_BYTES, DatasetError, PictureSource
from ganstudio.datasets.builtin import open_word
from ganstudio.datasets.pictures import find_kind

__all__ = ["DATASETS", "archive", "folder", "idx", "numpy_arrays", "open_source"]

_LOOKED_AT = 100  # files of a folder without pictures
_READABLE = "a folder, a zip, an npz, npy or idx file"


def open_source(place: str | Path) -> PictureSource:
    """Open pictures: the built-in ones by "avatars" or "avatars:COUNT", all others by their path.

    The kind is told by what is in a file, never by its name.

    Raises:
        DatasetError: It is not there, of no known kind, damaged, or holds no pictures.
    """
    if isinstance(place, str) and (drawn := open_word(place)) is not None:
        return drawn
    path = Path(place).expanduser()
    head = _read_head(path)
    for reader in DATASETS.values():
        if reader.detect(path, head):
            return _not_empty(reader.open(path))
    raise DatasetError(path, *_explain_unknown(head))


def _not_empty(source: PictureSource) -> PictureSource:
    if len(source) == 0:
        source.close()
        found = "; ".join(f"{skipped.name}: {skipped.reason}" for skipped in source.left_out[:3])
        reason = f"there are no pictures in it ({found})" if found else "there is nothing in it"
        raise DatasetError(source.location, reason, _remedy_for_none(Path(source.location)))
    return source


def _remedy_for_none(place: Path) -> str:
    """What to choose in place of one without pictures: a file in it that holds some, where there is one."""
    remedy = "choose one that holds PNG, JPEG, WebP, BMP, GIF or TIFF pictures"
    files = sorted(path for path in place.iterdir() if path.is_file())[:_LOOKED_AT] if place.is_dir() else []
    for path in files:
        with contextlib.suppress(DatasetError):
            head = _read_head(path)
            if any(reader.detect(path, head) for reader in DATASETS.values()):
                return f"choose the file {path.name} in it, or {remedy.removeprefix('choose ')}"
    return remedy


def _read_head(path: Path) -> bytes:
    if path.is_dir():
        return b""
    if path.exists() and not path.is_file():
        raise DatasetError(path, "it is a device or a pipe, not a file", f"choose {_READABLE}")
    try:
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
    except FileNotFoundError as error:
        raise DatasetError(path, "it is not there", 'choose it where it is now, or "avatars"') from error
    except (OSError, ValueError) as error:
        raise DatasetError(path, f"it cannot be read ({error})", "check the disk and its permissions") from error
    if not head:
        raise DatasetError(path, "the file is empty", f"choose {_READABLE}")
    return head


def _explain_unknown(head: bytes) -> tuple[str, str]:
    if find_kind(head) is not None:
        return "it is a single picture", "choose the folder it is in"
    pack = "unpack it and choose the folder"
    starts = {
        b"version https://git-lfs": ("it is a Git LFS pointer, the data was not downloaded", "download it first"),
        b"7z\xbc\xaf\x27\x1c": ("it is a 7z archive, which is not read", pack),
        b"Rar!": ("it is a RAR archive, which is not read", pack),
        b"BZh": ("it is a bzip2 file, which is not read", pack),
        b"\xfd7zXZ": ("it is an xz file, which is not read", pack),
        b"\x28\xb5\x2f\xfd": ("it is a zstandard file, which is not read", pack),
        b"\x1f\x8b": ("it is a gzip file with something else than idx data in it", pack),
        b"\x89HDF": ("it is an HDF5 file, which is not read", "save its pictures as npz or npy"),
        b"PAR1": ("it is a Parquet file, which is not read", "save its pictures as a folder, a zip or npz"),
        b"\x80": ("it is a pickle, which could run code and is never opened", "save its pictures as npz or npy"),
    }
    known = next((text for start, text in starts.items() if head.startswith(start)), None)
    if known is None and head[257:262] == b"ustar":
        known = ("it is a tar archive, which is not read", pack)
    return known or ("it holds no pictures of a known kind", f"choose {_READABLE}")
