"""Directions as text, to be pasted into another project or sent to somebody."""

import json
from collections.abc import Iterable

from ganstudio.rendering.looks.checking import LookError
from ganstudio.rendering.looks.own_direction import OwnDirection

SCHEMA = 1
_LONGEST = 16 << 20  # letters; 200 directions of w_plus at 18 x 512


def directions_to_text(directions: Iterable[OwnDirection]) -> str:
    """JSON that holds directions whole."""
    return json.dumps(
        {"ganstudio": "directions", "schema": SCHEMA, "directions": [one.to_json() for one in directions]}
    )


def holds_directions(text: str) -> bool:
    """Whether text may be what `directions_to_text` makes, told by how it begins."""
    return text.lstrip()[:1] == "{" and '"ganstudio": "directions"' in text[:200]


def directions_of_text(text: str) -> tuple[OwnDirection, ...]:
    """The directions in a text; inverse of `directions_to_text`.

    Raises:
        LookError: It holds none, is damaged, or a newer version wrote it.
    """
    subject, remedy = "text", "copy it again"
    try:
        values = json.loads(text) if len(text) <= _LONGEST else None
    except (ValueError, RecursionError) as error:
        raise LookError(subject, "it is damaged or none of ours", remedy) from error
    if not isinstance(values, dict) or values.get("ganstudio") != "directions":
        raise LookError(subject, "it holds no directions", remedy)
    if values.get("schema") != SCHEMA:
        raise LookError(subject, "a newer GANStudio wrote it", "update GANStudio")
    listed = values.get("directions")
    if not isinstance(listed, list) or not listed:
        raise LookError(subject, "it holds no directions", remedy)
    return tuple(OwnDirection.from_json(one) for one in listed)
