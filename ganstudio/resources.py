"""Finds the files that come with the program, in a clone and in an installed package alike."""

from functools import cache
from pathlib import Path


def resource_path(relative: str) -> Path:
    """Return where a resource is; `relative` is a path below `resources/`, with slashes."""
    return _root() / relative


@cache
def _root() -> Path:
    package = Path(__file__).resolve().parent
    installed = package / "_resources"  # where the build puts the top-level folder
    return installed if installed.is_dir() else package.parent / "resources"
