"""Reads scores of pictures from a CSV file: a column `seed`, and one column for each attribute."""

import csv
import math
from dataclasses import dataclass
from pathlib import Path

from ganstudio.latent.discovery.base import DiscoveryError

SEED = "seed"
_MAX_ROWS, _MAX_BYTES = 1_000_000, 1 << 28
_FORM = "write a head line seed,smile,age and below it a line for each picture"


@dataclass(frozen=True)
class ScoreTable:
    """What was said of the pictures of some seeds.

    Attributes:
        seeds: N seeds.
        names: F attributes.
        scores: N rows of F numbers; NaN where nothing is said.
    """

    seeds: tuple[int, ...]
    names: tuple[str, ...]
    scores: tuple[tuple[float, ...], ...]


def read_scores(path: Path) -> ScoreTable:
    """Read a table of scores.

    Raises:
        DiscoveryError: The file is gone, too large, or not such a table.
    """
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise DiscoveryError(path, "it is larger than 256 MB", "leave out what is not needed")
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = [line for line in csv.reader(file) if any(cell.strip() for cell in line)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DiscoveryError(path, f"it cannot be read as text ({error})", _FORM) from error
    if not lines or len(lines) > _MAX_ROWS:
        raise DiscoveryError(path, "it has no lines, or more than a million", _FORM)
    head = [cell.strip() for cell in lines[0]]
    names = tuple(name for name in head if name != SEED)
    if head.count(SEED) != 1 or not names or "" in names or len(set(names)) != len(names):
        raise DiscoveryError(path, "its first line does not name a column seed and others, each once", _FORM)
    rows = [_read_row(path, number, line, head) for number, line in enumerate(lines[1:], start=2)]
    return ScoreTable(tuple(seed for seed, _ in rows), names, tuple(scores for _, scores in rows))


def _read_row(path: Path, number: int, line: list[str], head: list[str]) -> tuple[int, tuple[float, ...]]:
    if len(line) != len(head):
        raise DiscoveryError(path, f"line {number} has {len(line)} cells and the first one {len(head)}", _FORM)
    cells = dict(zip(head, (cell.strip() for cell in line), strict=True))
    seed = cells.pop(SEED)
    try:
        scores = tuple(float(cell) if cell else math.nan for cell in cells.values())
    except ValueError as error:
        raise DiscoveryError(path, f"line {number} holds something that is no number", _FORM) from error
    if not seed.isdecimal() or int(seed) >= 2**32 or any(math.isinf(score) for score in scores):
        raise DiscoveryError(path, f"line {number} has no seed below 2**32, or an infinite score", _FORM)
    return int(seed), scores
