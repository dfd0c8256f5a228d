"""Preparing a set once, into a cache that is opened at once the next time."""

import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path

from ganstudio.datasets.base import (
    DatasetError,
    DrawnSource,
    PictureError,
    PictureSource,
    Pixels,
    Skipped,
    hash_parts,
)
from ganstudio.datasets.cache import CacheWriter, check_space, clear_damaged, default_cache_folder, sweep_stale
from ganstudio.datasets.fitting import PreparationConfig, prepare_drawn, prepare_one, prepare_picture
from ganstudio.datasets.prepared import SCHEMA, PreparedDataset, open_prepared
from ganstudio.datasets.suggestion import Preview, preview, suggest_preparation

__all__ = [
    "DatasetPrepared",
    "PictureSkipped",
    "PicturesPrepared",
    "PreparationConfig",
    "PreparationEvent",
    "Preview",
    "prepare",
    "prepare_picture",
    "preview",
    "suggest_preparation",
]

_REPORT_SECONDS = 0.1
_DRAWN_AT_ONCE = 32
_REASONS_SHOWN = 3


@dataclass(frozen=True)
class PicturesPrepared:
    """How far it is: `done` of `total` pictures were looked at."""

    done: int
    total: int


@dataclass(frozen=True)
class PictureSkipped:
    """A picture that is left out, and why."""

    name: str
    reason: str


@dataclass(frozen=True)
class DatasetPrepared:
    """The end: everything is in the cache."""

    dataset: PreparedDataset


PreparationEvent = PicturesPrepared | PictureSkipped | DatasetPrepared


def prepare(
    source: PictureSource, config: PreparationConfig, cache_folder: Path | None = None
) -> Generator[PreparationEvent, None, None]:
    """Prepare all pictures of a source into a cache folder, or find them there.

    The same pictures with the same config are prepared once. Closing the generator leaves nothing behind.

    Args:
        source: Stays open; read from front to back.
        config: How pictures are made equal.
        cache_folder: Where all prepared sets are kept; the user's cache folder when None.

    Yields:
        PicturesPrepared about ten times a second, PictureSkipped for each picture left out, DatasetPrepared at the end.

    Raises:
        DatasetError: Not one picture is usable, or the disk is full.
    """
    cache = cache_folder or default_cache_folder()
    target = cache / cache_key(source, config)
    yield PicturesPrepared(0, len(source))
    found = _find(target)
    if found is None:
        found = yield from _prepare_anew(source, config, target)
    yield PicturesPrepared(len(source), len(source))
    yield DatasetPrepared(found)


def cache_key(source: PictureSource, config: PreparationConfig) -> str:
    """Name of the cache folder: changes with the pictures, their labels and the config."""
    return hash_parts([SCHEMA, source.fingerprint(), *vars(config).items()])


def _find(target: Path) -> PreparedDataset | None:
    if not target.exists():
        return None
    try:
        return open_prepared(target)
    except DatasetError:  # damaged, or of an older version: it is made again
        clear_damaged(target)
        return None


def _prepare_anew(
    source: PictureSource, config: PreparationConfig, target: Path
) -> Generator[PreparationEvent, None, PreparedDataset]:
    check_space(target.parent, source, config)
    sweep_stale(target.parent)
    writer = CacheWriter(target, source, config)
    try:
        yield from _fill(writer)
        if writer.count == 0:
            raise _nothing_usable(writer)
        return writer.finish()
    finally:
        writer.discard()


def _fill(writer: CacheWriter) -> Iterator[PreparationEvent]:
    reported = time.monotonic()
    total = len(writer.source)
    for done, (index, outcome) in enumerate(_outcomes(writer.source, writer.config), start=1):
        if isinstance(outcome, PictureError):
            writer.skip(Skipped(outcome.subject, outcome.reason))
            yield PictureSkipped(outcome.subject, outcome.reason)
        else:
            writer.add(index, outcome)
        if time.monotonic() - reported >= _REPORT_SECONDS:
            yield PicturesPrepared(done, total)
            reported = time.monotonic()


def _outcomes(source: PictureSource, config: PreparationConfig) -> Iterator[tuple[int, Pixels | PictureError]]:
    """Every picture in order, prepared, or why it is none."""
    if isinstance(source, DrawnSource):
        for start in range(0, len(source), _DRAWN_AT_ONCE):
            indices = range(start, min(start + _DRAWN_AT_ONCE, len(source)))
            yield from zip(indices, prepare_drawn(source, indices, config), strict=True)
        return
    for index in range(len(source)):
        try:
            yield index, prepare_one(source, index, config)
        except PictureError as error:
            yield index, error


def _nothing_usable(writer: CacheWriter) -> DatasetError:
    shown = "; ".join(f"{skipped.name}: {skipped.reason}" for skipped in writer.skipped[:_REASONS_SHOWN])
    return DatasetError(
        writer.source.location,
        f"none of its {len(writer.source)} pictures can be used ({shown})",
        "choose a set with whole PNG, JPEG, WebP, BMP, GIF or TIFF pictures",
    )
