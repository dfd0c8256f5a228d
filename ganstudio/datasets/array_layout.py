"""Which of several arrays holds the pictures, how they lie in it, which holds the labels, and how bright 1 is."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ganstudio.datasets.base import MAX_CLASSES, Pixels
from ganstudio.datasets.pictures import MAX_PIXELS

Array = npt.NDArray[np.generic]
Shape = tuple[int, ...]

# names by which the field keeps pictures, best first, each with the names of their labels
_LABELS_OF = {
    "x_train": ("y_train", "t_train"),
    "train_images": ("train_labels",),
    "images": ("labels", "label", "targets", "y"),
    "x": ("y", "labels"),
    "data": ("labels", "target", "targets", "fine_labels", "y"),
    "imgs": ("labels", "latents_classes"),
    "pictures": ("labels",),
    "arr_0": ("arr_1", "labels"),
}
_LEAST_SIDE = 4


@dataclass(frozen=True)
class Layout:
    """How pictures lie in an array: its kind, and count, height, width and channels.

    Kinds: "NHW", "NHWC", "NCHW", "flat" (rows of H·W greys), "planes" (rows of 3 planes of H·W), "HWC" (one picture).
    """

    kind: str
    count: int
    height: int
    width: int
    channels: int


def find_layout(shape: Shape) -> Layout | None:
    """Say how pictures lie in an array of this shape, or None where it holds none."""
    if any(length < 1 for length in shape):
        return None
    layout = {2: _layout_of_rows, 3: _layout_of_three, 4: _layout_of_four}.get(len(shape), lambda _: None)(shape)
    return layout if layout and layout.height * layout.width <= MAX_PIXELS else None


def _layout_of_rows(shape: Shape) -> Layout | None:
    count, length = shape
    side = math.isqrt(length)
    if side >= _LEAST_SIDE and side * side == length:
        return Layout("flat", count, side, side, 1)
    side = math.isqrt(length // 3)
    if side >= _LEAST_SIDE and 3 * side * side == length:
        return Layout("planes", count, side, side, 3)
    return None


def _layout_of_three(shape: Shape) -> Layout:
    first, second, last = shape
    if last in (3, 4) and min(first, second) > 4:
        return Layout("HWC", 1, first, second, last)
    return Layout("NHW", first, second, last, 1)


def _layout_of_four(shape: Shape) -> Layout | None:
    count, first, second, last = shape
    if last in (1, 2, 3, 4):
        return Layout("NHWC", count, first, second, last)
    if first in (1, 2, 3, 4):
        return Layout("NCHW", count, second, last, first)
    return None


def choose_pictures(shapes: Mapping[str, Shape]) -> str | None:
    """The name of the array that holds the pictures: by a usual name, else the largest that could."""
    possible = {name: layout for name, shape in shapes.items() if (layout := find_layout(shape)) is not None}
    for usual in _LABELS_OF:
        for name in possible:
            if name.lower() == usual:
                return name
    solid = {name: layout for name, layout in possible.items() if layout.kind not in ("flat", "planes")} or possible
    return max(solid, key=lambda name: math.prod(shapes[name]), default=None)


def choose_labels(pictures: str, shapes: Mapping[str, Shape]) -> str | None:
    """The name of the array that could hold the labels of the pictures, or None."""
    layout = find_layout(shapes[pictures])
    count = layout.count if layout else 0
    fitting = {name.lower(): name for name, shape in shapes.items() if name != pictures and shape[:1] == (count,)}
    usual = _LABELS_OF.get(pictures.lower(), ("labels", "label", "y", "y_train", "targets", "classes"))
    return next((fitting[name] for name in usual if name in fitting), None)


def read_classes(values: Array) -> npt.NDArray[np.int64] | None:
    """Turn class numbers `(N,)` or `(N, 1)`, or one-hot rows `(N, K)`, into int64 `(N,)`; None for anything else."""
    if values.ndim == 2 and values.shape[1] == 1:
        values = values[:, 0]
    if values.dtype.kind not in "buif" or values.ndim not in (1, 2) or values.size == 0:
        return None
    numbers = np.asarray(values, np.float64)
    if values.ndim == 2:
        one_hot = ((numbers == 0) | (numbers == 1)).all() and (numbers.sum(axis=1) == 1).all()
        return numbers.argmax(axis=1).astype(np.int64) if one_hot else None
    if not np.isfinite(numbers).all() or numbers.min() < 0 or numbers.max() >= MAX_CLASSES:
        return None
    return numbers.astype(np.int64) if (numbers == np.floor(numbers)).all() else None


def find_range(sample: Array) -> tuple[float, float]:
    """Guess what is black and what is white from some pictures.

    Whole numbers: 0 and 255 for bytes, 0 and 65535 where values exceed a byte; 0 and 1 where none exceeds 1. Fractions:
    -1 and 1 or 0 and 1 where they lie there, else as whole numbers; anything else by its own least and greatest value.
    """
    if sample.dtype.kind == "b":
        return 0.0, 1.0
    numbers = np.asarray(sample, np.float64)
    finite = numbers[np.isfinite(numbers)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
    slack = 1e-3 if sample.dtype.kind == "f" else 0.0
    for usual in ((0.0, 1.0), (-1.0, 1.0), (0.0, 255.0), (0.0, 65535.0)):
        if low >= usual[0] - slack and high <= usual[1] + slack:
            return usual
    return low, high


def scale_to_bytes(values: Array, low_high: tuple[float, float]) -> Pixels:
    """Bring values to 0..255, rounded; what lies outside the range is clipped, what is no number is black."""
    low, high = low_high
    if values.dtype == np.uint8 and low_high == (0.0, 255.0):
        return np.asarray(values, np.uint8)
    numbers = np.nan_to_num(np.asarray(values, np.float64), nan=low, posinf=high, neginf=low)
    scaled = (numbers - low) * (255.0 / max(high - low, 1e-12)) + 0.5
    return np.clip(scaled, 0, 255).astype(np.uint8)


def arrange(values: Array, layout: Layout) -> Array:
    """Bring one row of the array to a picture `(H, W)` or `(H, W, C)`."""
    shape = (layout.height, layout.width)
    if layout.kind in ("NHW", "flat"):
        return values.reshape(shape)
    if layout.kind in ("NCHW", "planes"):
        values = values.reshape(layout.channels, *shape).transpose(1, 2, 0)
    return values[..., 0] if layout.channels == 1 else values
