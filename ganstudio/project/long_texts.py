"""Keeps long texts in JSON once: twenty edits of one latent need not hold its numbers twenty times.

`share` puts a text of 200 characters or more into a table and `{"$text": KEY}` in its place; `restore` puts it back.
KEY is the beginning of the text's SHA-256, so equal values give equal files.
"""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

MARK = "$text"
_LONG = 200
_DEEPEST = 64


def share(values: Any, table: dict[str, str]) -> Any:
    """The values with their long texts in `table`."""
    if isinstance(values, str) and len(values) >= _LONG:
        key = sha256(values.encode()).hexdigest()[:24]
        table[key] = values
        return {MARK: key}
    if isinstance(values, Mapping):
        return {name: share(value, table) for name, value in values.items()}
    if isinstance(values, list | tuple):
        return [share(value, table) for value in values]
    return values


def restore(values: Any, table: Mapping[str, str], depth: int = 0) -> Any:
    """The values as they were; inverse of `share`.

    Raises:
        ValueError: They are nested deeper than anything that was written here.
        KeyError: A text is not in the table.
    """
    if depth > _DEEPEST:
        raise ValueError("it is nested too deeply")
    if isinstance(values, Mapping):
        if set(values) == {MARK}:
            return table[values[MARK]]
        return {name: restore(value, table, depth + 1) for name, value in values.items()}
    if isinstance(values, list):
        return [restore(value, table, depth + 1) for value in values]
    return values
