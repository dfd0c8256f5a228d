"""Prepared pictures: mapped from a cache folder, ready to be fed in."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ganstudio.datasets.base import DatasetError, FactorArray, Pixels, Skipped

PIXELS_FILE, LABELS_FILE, FACTORS_FILE, META_FILE = "pixels.npy", "labels.npy", "factors.npy", "meta.json"
SCHEMA = 1

_SPOTS, _SPOT_BYTES = 16, 4096


@dataclass(frozen=True)
class DatasetFacts:
    """What people and presets need to know of prepared pictures.

    Attributes:
        count: Number of pictures.
        resolution: Height and width in pixels.
        channels: 3 for RGB, 1 for grey.
        class_count: Number of classes, 0 where there are no labels.
        class_names: Their names.
        source: What they were prepared from.
        skipped_count: How many files were left out.
    """

    count: int
    resolution: int
    channels: int
    class_count: int
    class_names: tuple[str, ...]
    source: str
    skipped_count: int


@dataclass(frozen=True)
class PreparedDataset:
    """Pictures of one size, as a trainer takes them.

    Attributes:
        folder: Where they are kept.
        pixels: uint8 `(N, H, W, C)`, mapped from the disk, not writable.
        labels: int64 `(N,)`, or None where there are none.
        class_names: Names of the classes.
        factors: float32 `(N, F)`, or None where none are known.
        factor_names: Names of the factors.
        skipped: What was left out, and why; at most the first thousand.
        skipped_count: How much was left out.
        source: What they were prepared from, for people.
        digest: Changes when pixels or labels change.
    """

    folder: Path
    pixels: Pixels
    labels: npt.NDArray[np.int64] | None
    class_names: tuple[str, ...]
    factors: FactorArray | None
    factor_names: tuple[str, ...]
    skipped: tuple[Skipped, ...]
    skipped_count: int
    source: str
    digest: str

    def __len__(self) -> int:
        return len(self.pixels)

    def facts(self) -> DatasetFacts:
        """Sum up what is there."""
        count, resolution, _, channels = self.pixels.shape
        class_count = 0 if self.labels is None else len(self.class_names)
        return DatasetFacts(count, resolution, channels, class_count, self.class_names, self.source, self.skipped_count)

    def close(self) -> None:
        """Let go of the mapped file; there are no pixels afterwards.

        Whoever still holds the array may go on reading it: closing the mapping under it would crash the process.
        """
        object.__setattr__(self, "pixels", np.zeros((0, *self.pixels.shape[1:]), np.uint8))


def open_prepared(folder: Path) -> PreparedDataset:
    """Open a cache folder that `preparation.prepare` made.

    Raises:
        DatasetError: It is not there, damaged, or of another version of the program.
    """
    try:
        return _open(folder)
    except (OSError, ValueError, LookupError, TypeError, EOFError, RecursionError) as error:
        raise DatasetError(
            folder, f"the prepared pictures are damaged ({error})", "prepare them again from their source"
        ) from error


def _open(folder: Path) -> PreparedDataset:
    meta = json.loads((folder / META_FILE).read_text("utf-8"))
    if meta["schema"] != SCHEMA:
        raise ValueError(f"they are of schema {meta['schema']}")
    for name, size in meta["sizes"].items():
        if (folder / Path(name).name).stat().st_size != size:
            raise ValueError(f"{name} has another size than it was written with")
    if spot_check(folder / PIXELS_FILE) != meta["spots"]:
        raise ValueError("pixels.npy was changed")
    pixels = np.load(folder / PIXELS_FILE, mmap_mode="r", allow_pickle=False)
    labels = _load_optional(folder / LABELS_FILE, meta)
    factors = _load_optional(folder / FACTORS_FILE, meta)
    _check_shapes(pixels, labels, factors)
    return _from_meta(folder, meta, (pixels, labels, factors))


def _from_meta(folder: Path, meta: Mapping[str, Any], arrays: tuple[Any, Any, Any]) -> PreparedDataset:
    return PreparedDataset(
        folder=folder,
        pixels=arrays[0],
        labels=arrays[1],
        class_names=tuple(map(str, meta["class_names"])),
        factors=arrays[2],
        factor_names=tuple(map(str, meta["factor_names"])),
        skipped=tuple(Skipped(str(name), str(reason)) for name, reason in meta["skipped"]),
        skipped_count=int(meta["skipped_count"]),
        source=str(meta["source"]),
        digest=str(meta["digest"]),
    )


def _load_optional(path: Path, meta: Mapping[str, Any]) -> npt.NDArray[Any] | None:
    if path.name not in meta["sizes"]:
        return None
    array: npt.NDArray[Any] = np.load(path, allow_pickle=False)
    return array


def _check_shapes(pixels: Any, labels: Any, factors: Any) -> None:
    if pixels.dtype != np.uint8 or pixels.ndim != 4 or len(pixels) == 0:
        raise ValueError("pixels.npy holds no pictures")
    if labels is not None and (labels.dtype != np.int64 or labels.shape != (len(pixels),)):
        raise ValueError("labels.npy does not fit the pixels")
    if factors is not None and (factors.ndim != 2 or len(factors) != len(pixels)):
        raise ValueError("factors.npy does not fit the pixels")


def spot_check(path: Path) -> str:
    """Hash some blocks spread over a file: finds the zeros that a power cut leaves, at no cost."""
    digest = hashlib.blake2b(digest_size=16)
    size = path.stat().st_size
    with path.open("rb") as file:
        for spot in range(_SPOTS):
            file.seek(max(0, size - _SPOT_BYTES) * spot // (_SPOTS - 1))
            digest.update(file.read(_SPOT_BYTES))
    return digest.hexdigest()
