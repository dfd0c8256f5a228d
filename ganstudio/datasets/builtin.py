"""The built-in avatars as a picture source; opened by a word, not by a path."""

import re
from collections.abc import Sequence

from PIL import Image

from ganstudio.datasets.avatars.source import DEFAULT_COUNT, MAX_COUNT, AvatarSet
from ganstudio.datasets.base import DatasetError, FactorArray, Pixels, Skipped, hash_parts

WORD = "avatars"
DRAWING_VERSION = 1  # raise it when avatars come to look different, so that prepared ones are drawn anew
_READ_RESOLUTION = 128
_WORDS = re.compile(rf"{WORD}(?::([0-9]{{1,12}}))?")


class AvatarSource:
    """The first `count` avatars, drawn at the resolution that is asked for; a `DrawnSource`."""

    left_out: tuple[Skipped, ...] = ()

    def __init__(self, count: int = DEFAULT_COUNT) -> None:
        if not 1 <= count <= MAX_COUNT:
            raise DatasetError(f"{WORD}:{count}", "there is no such number of avatars", f"take 1 to {MAX_COUNT}")
        self._avatars = AvatarSet(count)
        self.title = "Avatars"
        self.location = f"{WORD}:{count}"
        self.class_names: tuple[str, ...] = self._avatars.class_names
        self.factor_names: tuple[str, ...] = self._avatars.factor_names

    def __len__(self) -> int:
        return len(self._avatars)

    def name(self, index: int) -> str:
        """Its number."""
        return f"avatar {index}"

    def read(self, index: int, at_least: int = 0) -> Image.Image:
        """Draw one avatar at 128 pixels, or at `at_least` where that is more."""
        return Image.fromarray(self.draw([index], max(_READ_RESOLUTION, at_least))[0])

    def draw(self, indices: Sequence[int], resolution: int) -> Pixels:
        """Draw avatars `(N, H, W, 3)`."""
        return self._avatars.draw(indices, resolution)

    def label(self, index: int) -> int | None:
        """Its class: glasses or not, hair shorter or longer."""
        return self._avatars.label(index)

    def factors(self, index: int) -> FactorArray | None:
        """What it was drawn from, `(F,)`."""
        return self._avatars.factors(index)

    def fingerprint(self) -> str:
        """From count, seed and the version of the drawing."""
        return hash_parts([WORD, DRAWING_VERSION, len(self._avatars), self._avatars.seed, self.factor_names])

    def close(self) -> None:
        """Nothing is open."""


def open_word(word: str) -> AvatarSource | None:
    """Open "avatars" or "avatars:COUNT"; None for anything else.

    Raises:
        DatasetError: A count out of range.
    """
    match = _WORDS.fullmatch(word)
    if match is None:
        return None
    return AvatarSource(int(match[1]) if match[1] else DEFAULT_COUNT)
