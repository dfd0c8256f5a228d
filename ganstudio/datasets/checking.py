"""A look through a whole set before training: copies, near copies, outliers, and how many pictures a class has."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass

import numpy as np

from ganstudio.datasets.base import DatasetError, PictureSource, Pixels
from ganstudio.datasets.fitting import PreparationConfig
from ganstudio.datasets.likeness import Likeness, PicturesCompared, compare_pictures
from ganstudio.datasets.preparation import DatasetPrepared, PictureSkipped, PicturesPrepared, prepare
from ganstudio.datasets.prepared import PreparedDataset

MOST_SHOWN = 3000  # pictures of groups and outliers whose pixels are kept to be looked at


@dataclass(frozen=True, eq=False)
class FoundPicture:
    """One picture of a group, or an outlier.

    Attributes:
        name: What its source calls it.
        pixels: uint8 `(H, W, C)` as it will be fed in; None where very many were found.
    """

    name: str
    pixels: Pixels | None


@dataclass(frozen=True, eq=False)
class SetChecked:
    """What was found; the end of it.

    Attributes:
        groups: Pictures that are alike, the largest group first.
        copies: How many of them are exact copies, beyond the first of each.
        outliers: Pictures like no other, the farthest first.
        only_exact: Whether there were too many pictures to look for more than exact copies.
        count: How many pictures were compared.
        skipped: Files that cannot be used, as many of them as are on record.
        skipped_count: How many there are.
    """

    groups: tuple[tuple[FoundPicture, ...], ...]
    copies: int
    outliers: tuple[FoundPicture, ...]
    only_exact: bool
    count: int
    skipped: tuple[PictureSkipped, ...] = ()
    skipped_count: int = 0

    def extra(self) -> list[str]:
        """The names of all but the first picture of each group."""
        return [picture.name for group in self.groups for picture in group[1:]]


def check_set(
    source: PictureSource, config: PreparationConfig
) -> Generator[PicturesPrepared | PicturesCompared | SetChecked, None, None]:
    """Prepare the pictures of a source and compare them all.

    Args:
        source: Stays open.
        config: How pictures are made equal.

    Yields:
        PicturesPrepared and PicturesCompared now and then, SetChecked at the end.

    Raises:
        DatasetError: Not one picture is usable, or the disk is full.
    """
    dataset: PreparedDataset | None = None
    for event in prepare(source, config):
        if isinstance(event, DatasetPrepared):
            dataset = event.dataset
        elif isinstance(event, PicturesPrepared):
            yield event
    if dataset is None:
        return
    places = kept_places(source, dataset)
    for found in compare_pictures(dataset.pixels):
        yield _describe(found, source, dataset, places) if isinstance(found, Likeness) else found


def kept_places(source: PictureSource, dataset: PreparedDataset) -> Sequence[int]:
    """Where each prepared picture stands in its source: some of that may be unusable, and left out.

    Raises:
        DatasetError: More was left out than is on record, so nobody can say.
    """
    if len(dataset) == len(source):
        return range(len(source))
    bad = {skipped.name for skipped in dataset.skipped}
    places = [index for index in range(len(source)) if source.name(index) not in bad]
    if len(places) != len(dataset):
        reason = f"{dataset.skipped_count:,} of its files are no pictures, too many to tell which is which"
        raise DatasetError(dataset.source, reason, "take these files out first")
    return places


def places_of(names: Sequence[str], source: PictureSource, dataset: PreparedDataset) -> list[int]:
    """Which prepared pictures have these names.

    Raises:
        DatasetError: One of them is not there any more.
    """
    if not names:
        return []
    known = {source.name(place): index for index, place in enumerate(kept_places(source, dataset))}
    gone = [name for name in names if name not in known]
    if gone:
        shown = ", ".join(gone[:3]) + (" and more" if len(gone) > 3 else "")
        reason = f"{len(gone)} of the pictures that were to be left out are not there any more ({shown})"
        raise DatasetError(dataset.source, reason, "look for copies and outliers once more")
    return sorted(known[name] for name in names)


def count_classes(source: PictureSource) -> tuple[int, ...]:
    """How many pictures each class of a source has; () where there are no classes."""
    if not source.class_names:
        return ()
    labels = [label for index in range(len(source)) if (label := source.label(index)) is not None]
    return tuple(np.bincount(labels, minlength=len(source.class_names)).tolist()) if labels else ()


def _describe(found: Likeness, source: PictureSource, dataset: PreparedDataset, places: Sequence[int]) -> SetChecked:
    shown = 0

    def picture(index: int) -> FoundPicture:
        nonlocal shown
        shown += 1
        pixels = np.array(dataset.pixels[index]) if shown <= MOST_SHOWN else None
        return FoundPicture(source.name(places[index]), pixels)

    outliers = tuple(picture(index) for index in found.outliers)
    groups = tuple(tuple(picture(index) for index in group) for group in found.groups)
    skipped = tuple(PictureSkipped(own.name, own.reason) for own in dataset.skipped)
    return SetChecked(groups, found.copies, outliers, found.only_exact, len(dataset), skipped, dataset.skipped_count)
