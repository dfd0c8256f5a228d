"""A map of a model's latent space: many of its pictures, laid out so that similar ones are near each other."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ganstudio.rendering.looks.look import Look
from ganstudio.rendering.request import RenderRequest

MAP_COUNTS = (300, 1000, 3000)
PICTURE_PX = 48
_FEATURE_PX = 16
_AT_ONCE = 20
_SHARE_OF_DRAWING = 0.6

Pixels = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class MapRequest:
    """What to map.

    Attributes:
        checkpoint_path: The model.
        look: How the pictures are made but for their seeds: truncation and class count, edits do not.
        count: How many, of the seeds from 0 on.
        device: "auto", "cpu" or "cuda".
    """

    checkpoint_path: str
    look: Look
    count: int
    device: str = "auto"


@dataclass(frozen=True)
class MapProgress:
    """What is being done, and how far it is, 0 to 1."""

    doing: str
    fraction: float


@dataclass(frozen=True, eq=False)
class LatentMap:
    """The map.

    Attributes:
        request: What was asked for.
        looks: How each picture is made, N of them.
        pixels: Small pictures uint8 `(N, H, W, C)`.
        places: Where they are, float32 `(N, 2)` in [0, 1], x to the right and y down.
        drawn_s: Seconds that drawing took.
    """

    request: MapRequest
    looks: tuple[Look, ...]
    pixels: Pixels = field(repr=False)
    places: npt.NDArray[np.float32] = field(repr=False)
    drawn_s: float = 0.0


def map_looks(request: MapRequest) -> tuple[Look, ...]:
    """How the pictures of a map are made."""
    plain = Look(truncation=request.look.truncation, label=request.look.label)
    centred = replace(plain, truncation_centres=request.look.truncation_centres)
    return tuple(replace(centred, seed=seed) for seed in range(request.count))


def make_map(request: MapRequest) -> Iterator[MapProgress | LatentMap]:
    """Draw pictures and lay them out by how they look; for a worker thread.

    Yields:
        Progress, then the map.

    Raises:
        CheckpointError: The model cannot be read.
        OutOfMemoryError: Memory does not last for a picture.
    """
    import torch

    from ganstudio.devices import default_threads
    from ganstudio.latent.neighbour_map import map_neighbours
    from ganstudio.rendering.opening import draw_fitting
    from ganstudio.rendering.renderer import Renderer

    torch.set_num_threads(default_threads())
    yield MapProgress("opening the model", 0.0)
    renderer = Renderer(Path(request.checkpoint_path), request.device)
    looks, parts, begun = map_looks(request), list[Pixels](), time.perf_counter()
    for start in range(0, request.count, _AT_ONCE):
        some = looks[start : start + _AT_ONCE]
        asked = RenderRequest(request.checkpoint_path, some, size_px=PICTURE_PX)
        parts.append(draw_fitting(renderer, asked).pixels)
        yield MapProgress("drawing pictures", _SHARE_OF_DRAWING * (start + len(some)) / request.count)
    drawn_s = time.perf_counter() - begun
    pixels = np.concatenate(parts)
    places = np.zeros((len(pixels), 2), np.float32)
    for step in map_neighbours(torch.from_numpy(_features(pixels)), torch.Generator().manual_seed(0)):
        places = step.places.numpy()
        yield MapProgress("laying them out", _SHARE_OF_DRAWING + (1 - _SHARE_OF_DRAWING) * step.done / step.total)
    yield LatentMap(request, looks, pixels, _to_unit_square(places), drawn_s)


def in_rows(places: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Spread places `(N, 2)` evenly over a square without gaps: equal columns by x, each in the order of y."""
    count = len(places)
    columns = max(1, round(count**0.5))
    even = np.zeros_like(places)
    for column, members in enumerate(np.array_split(np.argsort(places[:, 0], kind="stable"), columns)):
        ordered = members[np.argsort(places[members, 1], kind="stable")]
        even[ordered, 0] = (column + 0.5) / columns
        even[ordered, 1] = (np.arange(len(ordered)) + 0.5) / max(1, len(ordered))
    return even


def _features(pixels: Pixels) -> npt.NDArray[np.float32]:
    """Each picture as `_FEATURE_PX` squared averages of its parts, float32 `(N, D)`."""
    count, height, width, channels = pixels.shape
    step = max(1, min(height, width) // _FEATURE_PX)
    cut = pixels[:, : height // step * step, : width // step * step].astype(np.float32)
    parts = cut.reshape(count, height // step, step, width // step, step, channels).mean((2, 4))
    features: npt.NDArray[np.float32] = parts.reshape(count, -1) / 255
    return features


def _to_unit_square(places: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    low, high = places.min(0), places.max(0)
    span = max(float((high - low).max()), 1e-12)
    middle = (low + high) / 2
    unit: npt.NDArray[np.float32] = ((places - middle) / span + 0.5).astype(np.float32)
    return unit
