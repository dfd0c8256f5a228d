"""What a set of pictures is to the rest of the program, and the registry of what can be opened."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt
from PIL import Image

from ganstudio.errors import GanStudioError
from ganstudio.registry import Registry

Pixels = npt.NDArray[np.uint8]
FactorArray = npt.NDArray[np.float32]

HEAD_BYTES = 4096
MAX_CLASSES = 10_000


class DatasetError(GanStudioError):
    """A set of pictures that cannot be opened or prepared: which one, why, and what to do."""


class PictureError(GanStudioError):
    """One picture that cannot be used, by its name in its set; never a reason to stop."""


@dataclass(frozen=True)
class Skipped:
    """Something that was left out, and why."""

    name: str
    reason: str


class PictureSource(Protocol):
    """Pictures that can be read one by one, in a fixed order; not to be shared between threads.

    Attributes:
        title: What people call it, usually a file name.
        location: The path or word it was opened by.
        class_names: Names of the classes, empty where there are no labels.
        factor_names: Names of known factors, empty where there are none.
        left_out: What was found beside the pictures, and why it is none.
    """

    title: str
    location: str
    class_names: tuple[str, ...]
    factor_names: tuple[str, ...]
    left_out: tuple[Skipped, ...]

    def __len__(self) -> int:
        """Number of pictures, readable or not."""

    def name(self, index: int) -> str:
        """What a person finds the picture by."""

    def read(self, index: int, at_least: int = 0) -> Image.Image:
        """Decode one picture, upright, of mode L, LA, RGB or RGBA.

        Args:
            index: 0 to the number of pictures - 1.
            at_least: A side in pixels down to which it may come smaller, where that is quicker; 0 is full size.

        Raises:
            PictureError: It cannot be decoded.
        """

    def label(self, index: int) -> int | None:
        """Its class, an index of `class_names`, or None where there are no labels."""

    def factors(self, index: int) -> FactorArray | None:
        """Its known factors `(F,)`, or None where there are none."""

    def fingerprint(self) -> str:
        """Changes when the pictures, their order or their labels change; quick."""

    def close(self) -> None:
        """Let go of open files."""


@runtime_checkable
class DrawnSource(Protocol):
    """A source that draws its pictures at the resolution it is asked for, many at once."""

    def draw(self, indices: Sequence[int], resolution: int) -> Pixels:
        """Draw pictures `(N, H, W, 3)`."""


class PictureReader(Protocol):
    """One kind of file or folder that pictures come in."""

    def detect(self, path: Path, head: bytes) -> bool:
        """Whether the path is of this kind, by its first bytes (`HEAD_BYTES`, none for a folder)."""

    def open(self, path: Path) -> PictureSource:
        """Open it.

        Raises:
            DatasetError: It is damaged, empty or not to be trusted.
        """


DATASETS: Registry[PictureReader] = Registry("data set reader")


def hash_parts(parts: Iterable[object]) -> str:
    """Hash the texts of the parts, each apart from the next, to 32 hex digits."""
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        text = str(part).encode("utf-8", "surrogatepass")
        digest.update(len(text).to_bytes(8, "little") + text)
    return digest.hexdigest()
