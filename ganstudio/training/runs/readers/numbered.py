"""Files that carry the moment they are of in their names."""

import os
import re
from pathlib import Path

from ganstudio.training.runs.readers.base import Stamped

MAX_ENTRIES = 100_000
PICTURES = r"\.(?:png|jpe?g)"


def list_names(folder: Path) -> list[str]:
    """Names of the plain files in a folder, at most 100,000; none where it cannot be listed."""
    names: list[str] = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if len(names) >= MAX_ENTRIES:
                    break
                if entry.is_file():
                    names.append(entry.name)
    except OSError:
        return []
    return names


def list_numbered(folder: Path, pattern: str, scale: float = 1.0) -> Stamped:
    """List files whose whole name matches `pattern` as (its first group as a number times `scale`, path), sorted."""
    compiled = re.compile(pattern, re.IGNORECASE)
    found = ((compiled.fullmatch(name), name) for name in list_names(folder))
    return tuple(sorted((float(match[1]) * scale, folder / name) for match, name in found if match))


def has_numbered(folder: Path, pattern: str) -> bool:
    """Whether there is such a file."""
    compiled = re.compile(pattern, re.IGNORECASE)
    return any(compiled.fullmatch(name) for name in list_names(folder))


def existing(path: Path) -> Path | None:
    """The path where a file is there, else None."""
    return path if path.is_file() else None
