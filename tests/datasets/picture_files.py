"""Pictures of every kind, made on the spot, and a source that lives in memory."""

import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ganstudio.datasets.base import PictureError, Skipped, hash_parts
from ganstudio.datasets.pictures import decode_picture

SHARED = Path(__file__).parents[3] / "shared" / "data"


def shared_file(name: str) -> Path:
    """A real data set, where this machine has it; else the test is skipped."""
    for root in (SHARED, Path(__file__).parents[2].parent / "shared" / "data"):
        if (root / name).is_file():
            return root / name
    pytest.skip(f"{name} is not on this machine")


def colours(height: int = 6, width: int = 8, seed: int = 0) -> np.ndarray:
    """A smooth colourful picture `(H, W, 3)`, so that JPEG keeps it nearly."""
    phase = np.random.default_rng(seed).random(3) * 6
    y, x = np.mgrid[0:height, 0:width]
    planes = [127 + 120 * np.sin(phase[c] + x / (5 + c) + y / (9 - c)) for c in range(3)]
    return np.stack(planes, axis=-1).astype(np.uint8)


def encode(picture: Image.Image | np.ndarray, kind: str = "PNG", **options: object) -> bytes:
    """The bytes of a picture file."""
    if isinstance(picture, np.ndarray):
        picture = Image.fromarray(picture)
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


class FilesSource:
    """A picture source of files in memory."""

    title = "files"
    location = "memory"
    factor_names: tuple[str, ...] = ()

    def __init__(self, files: Sequence[bytes], labels: Sequence[int] = (), class_names: Sequence[str] = ()) -> None:
        self.files = list(files)
        self.labels = list(labels)
        self.class_names = tuple(class_names)
        self.left_out: tuple[Skipped, ...] = ()
        self.reads = 0

    def __len__(self) -> int:
        return len(self.files)

    def name(self, index: int) -> str:
        return f"{index}.png"

    def read(self, index: int, at_least: int = 0) -> Image.Image:
        self.reads += 1
        if self.files[index] == b"explode":
            raise PictureError(self.name(index), "it is a test")
        return decode_picture(self.files[index], self.name(index), at_least)

    def label(self, index: int) -> int | None:
        return self.labels[index] if self.labels else None

    def factors(self, index: int) -> np.ndarray | None:
        return None

    def fingerprint(self) -> str:
        return hash_parts([*self.files, *self.labels, *self.class_names])

    def close(self) -> None:
        pass
