"""Logs of strangers, line by line: bounded in length and number, garbled lines counted and passed over."""

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MAX_LINE_BYTES = 1 << 20
MAX_LINES = 200_000
MAX_FILE_BYTES = 1 << 20  # of a JSON file of settings


@dataclass
class SkipCount:
    """How many lines could not be used."""

    lines: int = 0


def read_lines(path: Path, skipped: SkipCount) -> Iterator[str]:
    """Give the lines of a text file; those over 1 MiB, and all after the 200,000th, are counted and passed over.

    A file that cannot be read has no lines.
    """
    try:
        with path.open("rb") as file:
            for number in range(MAX_LINES):
                line = file.readline(MAX_LINE_BYTES)
                if not line:
                    return
                if len(line) == MAX_LINE_BYTES and not line.endswith(b"\n"):
                    skipped.lines += 1
                    _pass_over_rest(file)
                    continue
                yield line.decode("utf-8", "replace").rstrip("\r\n")
                if number == MAX_LINES - 1 and file.readline(1):
                    skipped.lines += 1
    except (OSError, ValueError):
        return


def read_records(path: Path, skipped: SkipCount) -> Iterator[dict[str, Any]]:
    """Give the JSON objects of a `.jsonl` file; blank lines are nothing, others that are no object are counted."""
    for line in read_lines(path, skipped):
        if not line.strip():
            continue
        values = _parse(line)
        if isinstance(values, dict):
            yield values
        else:
            skipped.lines += 1


def read_object(path: Path) -> dict[str, Any]:
    """Read a small JSON file that holds an object; anything else gives an empty one."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_FILE_BYTES + 1)
    except OSError:
        return {}
    values = _parse(data.decode("utf-8", "replace")) if len(data) <= MAX_FILE_BYTES else None
    return values if isinstance(values, dict) else {}


def number(value: object) -> float | None:
    """The value as a finite number, or None where it is none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        result = float(value)
    except OverflowError:
        return None
    return result if math.isfinite(result) else None


def _parse(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _pass_over_rest(file: Any) -> None:
    while (line := file.readline(MAX_LINE_BYTES)) and not line.endswith(b"\n"):
        pass
