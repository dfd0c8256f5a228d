"""A first look at a set: some pictures as they will be fed in, and how to prepare them."""

import random
import statistics
from typing import NamedTuple

import numpy as np
from PIL import Image

from ganstudio.datasets.base import DrawnSource, PictureError, PictureSource, Pixels
from ganstudio.datasets.fitting import BACKGROUNDS, PreparationConfig, lay_on_background, prepare_one

SUGGESTED = (28, 32, 64, 128)  # larger ones are for those who ask for them: few recipes draw them
RESOLUTIONS = (*SUGGESTED, 256, 512, 1024)

_SAMPLED = 24
_GREY_TOLERANCE = 6  # JPEG does not keep the channels of a grey picture exactly equal


class Preview(NamedTuple):
    """One picture as it will be fed in, uint8 `(H, W, C)`, or the reason why it will be left out."""

    outcome: Pixels | str
    name: str


def preview(source: PictureSource, config: PreparationConfig, count: int, seed: int = 0) -> list[Preview]:
    """Prepare some pictures of a source, chosen by seed, in the source's order."""
    chosen = sorted(random.Random(seed).sample(range(len(source)), min(count, len(source))))  # noqa: S311 - a choice
    return [_preview_one(source, index, config) for index in chosen]


def _preview_one(source: PictureSource, index: int, config: PreparationConfig) -> Preview:
    try:
        return Preview(prepare_one(source, index, config), source.name(index))
    except PictureError as error:
        return Preview(error.reason, source.name(index))


def suggest_preparation(source: PictureSource) -> PreparationConfig:
    """Choose by a few pictures: grey where all are grey, the largest usual resolution that needs no enlarging."""
    if isinstance(source, DrawnSource):
        return PreparationConfig(resolution=64, channels=3)
    step = max(1, len(source) // _SAMPLED)
    pictures = [picture for index in range(0, len(source), step) if (picture := _try_read(source, index)) is not None]
    if not pictures:
        return PreparationConfig()
    side = statistics.median_low([min(picture.size) for picture in pictures])
    resolution = max((size for size in SUGGESTED if size <= side), default=SUGGESTED[0])
    return PreparationConfig(resolution=resolution, channels=1 if all(map(_is_grey, pictures)) else 3)


def suggest_labels(source: PictureSource) -> bool:
    """Whether to learn the classes: a person's own yes, those of the avatars (glasses, hair) only when asked for."""
    return len(source.class_names) > 1 and not isinstance(source, DrawnSource)


def _try_read(source: PictureSource, index: int) -> Image.Image | None:
    try:
        return source.read(index, at_least=SUGGESTED[-1])
    except PictureError:
        return None


def _is_grey(picture: Image.Image) -> bool:
    if picture.mode in ("L", "LA"):
        return True
    picture = lay_on_background(picture, BACKGROUNDS["white"])
    picture.thumbnail((SUGGESTED[-1], SUGGESTED[-1]))
    channels = np.asarray(picture.convert("RGB"), np.int16)
    return int(np.ptp(channels, axis=-1).max()) <= _GREY_TOLERANCE
