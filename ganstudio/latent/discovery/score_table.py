"""Reads scores of pictures from a text table: a column that names the picture, and one column for each attribute.

The first line names the columns. One says which picture a line is about: `seed` (what it is drawn by), `picture` (a
file that was saved with its recipe, beside the table or by a whole path) or `index` (its row in a file of latents, from
0). All others are attributes, in any numbers; an empty cell says nothing. Commas, semicolons or tabs part the cells;
between semicolons and tabs a comma may stand for the decimal point.
"""

import csv
import math
from dataclasses import dataclass
from pathlib import Path

from ganstudio.latent.discovery.base import DiscoveryError

SEED, PICTURE, INDEX = "seed", "picture", "index"
KEYS = (SEED, PICTURE, INDEX)
_MAX_ROWS, _MAX_BYTES, _MAX_COLUMNS = 1_000_000, 1 << 28, 1000
_FORM = "write a head line such as seed,smile,age and below it a line for each picture"


@dataclass(frozen=True)
class ScoreTable:
    """What was said of some pictures.

    Attributes:
        kind: What `keys` are: "seed", "picture" or "index".
        keys: N seeds or rows, as numbers, or names of files.
        names: F attributes.
        scores: N rows of F numbers; NaN where nothing is said.
        lines: In which line of the file each is, from 1.
    """

    kind: str
    keys: tuple[int | str, ...]
    names: tuple[str, ...]
    scores: tuple[tuple[float, ...], ...]
    lines: tuple[int, ...] = ()

    @property
    def numbers(self) -> tuple[int, ...]:
        """The keys of a table of seeds or rows."""
        return tuple(key for key in self.keys if isinstance(key, int))


def read_scores(path: Path) -> ScoreTable:
    """Read a table of scores.

    Raises:
        DiscoveryError: The file is gone, too large, or not such a table; names the line and the column.
    """
    delimiter, lines = _read_lines(path)
    if not lines or len(lines) > _MAX_ROWS:
        raise DiscoveryError(path, "it has no lines, or more than a million", _FORM)
    head = [cell.strip() for cell in lines[0][1]]
    kinds = [name for name in head if name in KEYS]
    names = tuple(name for name in head if name not in KEYS)
    if len(kinds) != 1:
        found = "names none of them" if not kinds else f"names {' and '.join(kinds)}"
        raise DiscoveryError(path, f"line 1 must name one column {', '.join(KEYS)}, and {found}", _FORM)
    if not names or len(names) > _MAX_COLUMNS:
        raise DiscoveryError(path, f"line 1 names {len(names)} attributes beside {kinds[0]}", _FORM)
    for place, name in enumerate(head, start=1):
        if not name or head.count(name) > 1:
            raise DiscoveryError(path, f"line 1, column {place}: {name or 'it'} has no name of its own", _FORM)
    reader = _Rows(path, head, kinds[0], delimiter)
    rows = [reader.read(number, line) for number, line in lines[1:]]
    if not rows:
        raise DiscoveryError(path, "there is nothing below its head line", _FORM)
    numbers = tuple(number for number, _ in lines[1:])
    return ScoreTable(kinds[0], tuple(key for key, _ in rows), names, tuple(scores for _, scores in rows), numbers)


def _read_lines(path: Path) -> tuple[str, list[tuple[int, list[str]]]]:
    """The delimiter, and the cells of each line that holds any, with its number."""
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise DiscoveryError(path, "it is larger than 256 MB", "leave out what is not needed")
        with path.open(encoding="utf-8-sig", newline="") as file:
            head = file.readline()
            delimiter = max(",;\t", key=head.count)
            file.seek(0)
            reader = csv.reader(file, delimiter=delimiter)
            return delimiter, [(reader.line_num, line) for line in reader if any(cell.strip() for cell in line)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DiscoveryError(path, f"it cannot be read as text ({error})", _FORM) from error


class _Rows:
    """Reads the lines below the head."""

    def __init__(self, path: Path, head: list[str], kind: str, delimiter: str) -> None:
        self._path, self._head, self._kind = path, head, kind
        self._may_be_decimal_comma = delimiter != ","

    def read(self, number: int, line: list[str]) -> tuple[int | str, tuple[float, ...]]:
        """The key and the scores of a line; raises DiscoveryError."""
        if len(line) != len(self._head):
            reason = f"line {number} has {len(line)} cells and the first line {len(self._head)}"
            raise DiscoveryError(self._path, reason, _FORM)
        key: int | str = ""
        scores = []
        for name, cell in zip(self._head, (cell.strip() for cell in line), strict=True):
            if name == self._kind:
                key = self._read_key(number, cell)
            else:
                scores.append(self._read_score(number, name, cell))
        return key, tuple(scores)

    def _read_key(self, number: int, cell: str) -> int | str:
        if self._kind == PICTURE:
            if not cell:
                raise DiscoveryError(self._path, f"line {number}, column {PICTURE}: it names no file", _FORM)
            return cell
        if not (cell.isascii() and cell.isdecimal()) or int(cell) >= 2**32:
            reason = f"line {number}, column {self._kind}: {cell[:40]!r} is no whole number below 2**32"
            raise DiscoveryError(self._path, reason, _FORM)
        return int(cell)

    def _read_score(self, number: int, name: str, cell: str) -> float:
        if not cell:
            return math.nan
        try:
            score = float(cell.replace(",", ".") if self._may_be_decimal_comma else cell)
        except ValueError as error:
            reason = f"line {number}, column {name}: {cell[:40]!r} is no number"
            raise DiscoveryError(self._path, reason, "write a number, or nothing where nothing is known") from error
        if math.isinf(score):
            raise DiscoveryError(self._path, f"line {number}, column {name}: it is infinite", "write a number")
        return score
