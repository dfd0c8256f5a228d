"""A project as a JSON file: written whole or not at all, and checked value by value when read."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from ganstudio.errors import GanStudioError
from ganstudio.files import write_text_atomically
from ganstudio.project import direction_edits, edits
from ganstudio.project.sliders import slider_of_json
from ganstudio.project.state import HISTORY_LENGTH, Project
from ganstudio.rendering.looks.look import Look
from ganstudio.rendering.looks.own_direction import OwnDirection

SCHEMA = 1
_LARGEST_FILE = 64 << 20  # a thousand directions of w_plus at 18 x 512 take 50 MB


class ProjectFileError(GanStudioError):
    """A project file that cannot be read."""


def write_project(path: Path, project: Project) -> None:
    """Write a project.

    Raises:
        FileWriteError: The disk is full or the folder not writable; the old file stays.
    """
    write_text_atomically(path, json.dumps(to_json(project), indent=1))


def read_project(path: Path) -> Project:
    """Read a project.

    Raises:
        ProjectFileError: It is gone, no JSON, of a newer schema, or holds a value that no project can have.
    """
    try:
        if path.stat().st_size > _LARGEST_FILE:
            raise ProjectFileError(path, "it is far too large for a project", "choose a file that GANStudio wrote")
        values = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ProjectFileError(path, f"it cannot be read ({error.strerror})", "choose it where it is now") from error
    except (ValueError, RecursionError) as error:
        raise ProjectFileError(path, "it is damaged or no project", "choose a file that GANStudio wrote") from error
    return _checked(path, values)


def to_json(project: Project) -> dict[str, Any]:
    """The project as plain values for JSON; selection is not kept."""
    return {
        "schema": SCHEMA,
        "checkpoint": project.checkpoint,
        "history": [look.to_json() for look in project.history],
        "history_index": project.history_index,
        "favourites": [look.to_json() for look in project.favourites],
        "view": project.view,
        "grid_side": project.grid_side,
        "liked": [look.to_json() for look in project.liked],
        "disliked": [look.to_json() for look in project.disliked],
        "directions": [direction.to_json() for direction in project.directions],
        "sliders": {name: settings.to_json() for name, settings in project.sliders},
    }


def _checked(path: Path, values: object) -> Project:
    if not isinstance(values, Mapping) or values.get("schema") != SCHEMA:
        raise ProjectFileError(path, "its schema is not one this version knows", "open it with a newer version")
    try:
        return _build(values)
    except (GanStudioError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise ProjectFileError(path, f"a value in it is wrong ({error})", "use an older copy of it") from error


def _build(values: Mapping[str, Any]) -> Project:
    checkpoint = values["checkpoint"]
    if not isinstance(checkpoint, str | None):
        raise TypeError("checkpoint")
    history = _looks(values["history"])[:HISTORY_LENGTH]
    project = replace(Project(checkpoint=checkpoint, favourites=_looks(values["favourites"])), history=history)
    own = tuple(OwnDirection.from_json(one) for one in values.get("directions", ()))
    project = direction_edits.add_directions(project, own)
    sliders = tuple((str(name), slider_of_json(one)) for name, one in sorted(values.get("sliders", {}).items()))
    project = replace(project, sliders=sliders)
    for name in ("liked", "disliked"):  # files of the first versions have no marks
        project = edits.toggle_examples(project, _looks(values.get(name, ())), liked=name == "liked")
    project = edits.show_history(project, int(values["history_index"]))
    project = edits.set_grid_side(project, int(values["grid_side"]))
    return edits.set_view(project, values["view"])


def _looks(values: Any) -> tuple[Look, ...]:
    return tuple(Look.from_json(look) for look in values)
