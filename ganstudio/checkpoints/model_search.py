"""Finds a model that is not where it was, by what its file holds; only files of its size are read."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ganstudio.checkpoints.errors import CheckpointError
from ganstudio.checkpoints.fingerprints import FileHashed, FileKnown, Fingerprint, find_fingerprint

Certainty = Literal["same", "by name", "unknown", "other", "gone"]
_MOST_FILES = 2000  # of a folder


@dataclass(frozen=True)
class ModelSought:
    """What was found.

    Attributes:
        path: The file; None where there is none.
        certainty: "same" by its bytes; "by name" elsewhere, or "unknown" where it was, when nothing is known of its
            bytes; "other" where it was, with other bytes; "gone".
    """

    path: Path | None
    certainty: Certainty


def find_model(
    path: Path, wanted: Fingerprint | None, places: Iterable[Path] = ()
) -> Iterator[FileHashed | ModelSought]:
    """Look for a model; the last event is what was found.

    Args:
        path: Where it was.
        wanted: Which file it is; None where nobody knows.
        places: Files that it may be, and folders that it may be in.
    """
    elsewhere = _files(path, places)
    if wanted is None:
        yield _find_by_name(path, elsewhere)
        return
    for candidate in (path, *sorted(elsewhere, key=lambda file: file.name != path.name)):
        if _size(candidate) != wanted.size_bytes:
            continue
        try:
            for event in find_fingerprint(candidate):
                if isinstance(event, FileHashed):
                    yield event
                elif isinstance(event, FileKnown) and event.fingerprint == wanted:
                    yield ModelSought(candidate, "same")
                    return
        except CheckpointError:
            continue  # it may not be read, or is being written
    yield ModelSought(path, "other") if path.is_file() else ModelSought(None, "gone")


def _find_by_name(path: Path, elsewhere: list[Path]) -> ModelSought:
    if path.is_file():
        return ModelSought(path, "unknown")
    found = next((file for file in elsewhere if file.name == path.name), None)
    return ModelSought(found, "gone" if found is None else "by name")


def _files(path: Path, places: Iterable[Path]) -> list[Path]:
    files: dict[Path, None] = {}
    for place in places:
        if place.is_file():
            files[place] = None
            continue
        try:
            inside = [file for _, file in zip(range(_MOST_FILES), place.iterdir(), strict=False)]
        except OSError:
            continue
        files.update(dict.fromkeys(sorted(file for file in inside if file.is_file())))
    files.pop(path, None)
    return list(files)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size if path.is_file() else -1
    except OSError:
        return -1
