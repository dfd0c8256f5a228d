"""Classes of pictures that have names: from their folders, or from a StyleGAN `dataset.json`."""

import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ganstudio.datasets.base import MAX_CLASSES, Skipped

LABEL_FILE = "dataset.json"
MAX_LABEL_FILE_BYTES = 512 << 20

_SPLITS = frozenset({"train", "training", "test", "testing", "val", "valid", "validation", "dev"})
_MIN_PICTURES_A_CLASS = 2.0  # fewer on average and the folders are albums, not classes
_DIGITS = re.compile(r"([0-9]+)")
_SHARD = re.compile(r"[0-9]{4,}")


@dataclass(frozen=True)
class Labelling:
    """The class of every picture (empty where there are none), the classes' names, and why labels were not used."""

    labels: tuple[int, ...] = ()
    class_names: tuple[str, ...] = ()
    notes: tuple[Skipped, ...] = ()


def natural_key(name: str) -> tuple[object, ...]:
    """A key that sorts names as people do: numbers by value ("2" before "10"), the rest by letters."""
    parts = _DIGITS.split(name)
    words = tuple(parts[0::2])
    numbers = tuple((len(digits.lstrip("0")), digits.lstrip("0")) for digits in parts[1::2])
    mixed = [item for pair in zip(words, (*numbers, (0, "")), strict=True) for item in pair]
    return (*mixed, name)


def label_by_folders(names: Sequence[str]) -> Labelling:
    """Take the first folder of each name as its class, where these really are classes.

    They are where every picture lies in one of two or more folders that hold some pictures each and are not mere
    numbered parts ("00000", "01000"). A single folder around everything, and train/test folders, are looked through.

    Args:
        names: Relative paths with "/".
    """
    folders = _class_folders([name.split("/")[:-1] for name in names])
    if folders is None:
        return Labelling()
    counts = Counter(folders)
    if not 2 <= len(counts) <= MAX_CLASSES or len(folders) / len(counts) < _MIN_PICTURES_A_CLASS:
        return Labelling()
    if all(_SHARD.fullmatch(folder) for folder in counts):
        return Labelling()
    class_names = tuple(sorted(counts, key=natural_key))
    numbers = {name: number for number, name in enumerate(class_names)}
    return Labelling(tuple(numbers[folder] for folder in folders), class_names)


def _class_folders(paths: list[list[str]]) -> list[str] | None:
    """The folder of each path at the first level that tells paths apart; None where a path has none there."""
    level = 0
    while paths and all(len(path) > level for path in paths):
        found = {path[level] for path in paths}
        if len(found) > 1 and not {name.lower() for name in found} <= _SPLITS:
            return [path[level] for path in paths]
        level += 1
    return None


def label_by_file(names: Sequence[str], text: bytes) -> Labelling:
    """Take labels from the text of a `dataset.json`: `{"labels": [[name, number or one-hot vector], ...]}`.

    A `labels` of null means no labels. Labels that leave out pictures or are no classes are not used, with a note.
    """
    try:
        table = _read_table(text)
    except (ValueError, TypeError, RecursionError) as error:
        return Labelling(notes=(Skipped(LABEL_FILE, f"its labels are not used: {error}"),))
    if table is None:
        return Labelling()
    missing = [name for name in names if name not in table]
    if missing:
        reason = f"its labels are not used: {len(missing)} of {len(names)} pictures have none ({missing[0]} ...)"
        return Labelling(notes=(Skipped(LABEL_FILE, reason),))
    count = max(table.values(), default=-1) + 1
    return Labelling(tuple(table[name] for name in names), tuple(str(number) for number in range(count)))


def _read_table(text: bytes) -> dict[str, int] | None:
    content = json.loads(text)
    if not isinstance(content, dict) or "labels" not in content:
        raise ValueError("it has no list called labels")
    if content["labels"] is None:
        return None
    if not isinstance(content["labels"], list) or not content["labels"]:
        raise ValueError("labels is not a list")
    table = {}
    for entry in content["labels"]:
        if not (isinstance(entry, list) and len(entry) == 2 and isinstance(entry[0], str)):
            raise ValueError("an entry is not [name, label]")
        table[entry[0].replace("\\", "/")] = _class_number(entry[1])
    return table


def _class_number(value: Any) -> int:
    if isinstance(value, list):
        ones = [index for index, part in enumerate(value) if part == 1]
        if len(ones) != 1 or any(part not in (0, 1) for part in value):
            raise ValueError("a label is a vector that is not one-hot")
        value = ones[0]
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < MAX_CLASSES:
        raise ValueError(f"a label is not a number from 0 to {MAX_CLASSES - 1}")
    return value


def label_pictures(names: Sequence[str], label_file: bytes | None) -> Labelling:
    """Label by the `dataset.json` where there is one, else by folders."""
    return label_by_folders(names) if label_file is None else label_by_file(names, label_file)
