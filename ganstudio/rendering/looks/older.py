"""Looks as earlier versions wrote them, in their projects and pictures."""

from collections.abc import Mapping
from typing import Any

from ganstudio.rendering.looks.checking import LookError


def updated(values: object) -> object:
    """Bring the JSON of a look of any version to that of this one; what is none is given back as it is.

    Version 1 had `strengths`, an object of numbers by the name of the direction, where there are edits now, and said of
    the noise only whether there was any.
    """
    if not isinstance(values, Mapping):
        return values
    new: dict[str, Any] = dict(values)
    if "strengths" in new:
        strengths = new.pop("strengths")
        if not isinstance(strengths, Mapping):
            raise LookError("strengths", "they are not an object of numbers by name", "give the recipe as it was saved")
        new.setdefault("edits", [{"direction": name, "strength": value} for name, value in strengths.items()])
    if isinstance(new.get("noise"), bool):
        new["noise"] = {"is_on": new["noise"]}
    return new
