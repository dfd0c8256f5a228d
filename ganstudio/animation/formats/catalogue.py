"""All formats, imported by name so that a search and a frozen program both find them."""

from pathlib import Path

from ganstudio.animation.errors import AnimationError
from ganstudio.animation.formats import apng, gif, mov, mp4, png_frames, webm, webp
from ganstudio.animation.formats.base import FORMATS, Format

__all__ = ["FORMATS", "LISTED", "apng", "format_of", "gif", "mov", "mp4", "png_frames", "webm", "webp"]

LISTED = ("mp4", "webm", "mov", "gif", "webp", "apng", "png")  # as people are shown them, the usual ones first
_OTHER_SUFFIXES = {".m4v": "mp4", ".png": "apng", ".qt": "mov"}


def format_of(path: Path) -> tuple[str, Format]:
    """The format that a file name asks for, and its name; a name without suffix is a folder of pictures.

    Raises:
        AnimationError: The suffix is none of an animation.
    """
    suffix = path.suffix.lower()
    for name in LISTED:
        if FORMATS[name].suffix == suffix:
            return name, FORMATS[name]
    if suffix in _OTHER_SUFFIXES:
        return _OTHER_SUFFIXES[suffix], FORMATS[_OTHER_SUFFIXES[suffix]]
    known = ", ".join(FORMATS[name].suffix for name in LISTED if FORMATS[name].suffix)
    remedy = f"end it in {known}, or give a folder's name for single pictures"
    raise AnimationError(path, f"{suffix} is no format of animations", remedy)
