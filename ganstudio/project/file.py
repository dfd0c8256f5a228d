"""A project as a file: JSON in UTF-8, written whole or not at all, and checked value by value when read.

NAME.ganstudio holds one object:

- `format` "ganstudio-project", `schema` a number, `program` which version wrote it;
- `checkpoint` the path of the open model or null; `models` the SHA-256 and size of every model's file by its path, so
  that one that was moved is found and another one of the same name is noticed;
- `history` and `favourites`, lists of `{look, checkpoint, name}`; `history_index`, which of the history is shown;
- `liked` and `disliked`, looks that were marked + and −; `view`, `grid_side`: how they are looked at;
- `timeline`, how the picture moves (see `Timeline.to_json`);
- `directions` that were found here, with their vectors; `sliders`, how sliders were set up, by the direction's name;
- `texts`, what stands elsewhere as `{"$text": KEY}` (see `long_texts.py`): the numbers of latents and directions.

What a look holds is said by `Look.to_json`. Files of older schemas are brought up to date by `migrations/`.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import ganstudio
from ganstudio.animation.timeline import Timeline
from ganstudio.checkpoints.fingerprints import Fingerprint
from ganstudio.errors import GanStudioError
from ganstudio.files import write_text_atomically
from ganstudio.project import direction_edits, edits, history
from ganstudio.project.long_texts import restore, share
from ganstudio.project.migrations import from_schema_1
from ganstudio.project.sliders import slider_of_json
from ganstudio.project.state import HISTORY_LENGTH, Entry, Project
from ganstudio.rendering.looks.look import Look
from ganstudio.rendering.looks.own_direction import OwnDirection
from ganstudio.rendering.shelf import stamp_of

FORMAT = "ganstudio-project"
SCHEMA = 2
SUFFIX = ".ganstudio"
LARGEST_FILE = 64 << 20  # a thousand directions of w_plus at 18 x 512 take 50 MB, 200 such latents 10
_MIGRATIONS: dict[int, Callable[[Mapping[str, Any]], dict[str, Any]]] = {1: from_schema_1.migrate}


class ProjectFileError(GanStudioError):
    """A project file that cannot be read."""


class NewerProjectError(ProjectFileError):
    """A project file of a version that is yet to come; it must not be written over."""


class ProjectChangedError(ProjectFileError):
    """A project file that somebody else has written since it was read."""


@dataclass(frozen=True)
class ProjectContent:
    """What a project file holds.

    Attributes:
        project: The project.
        models: Which file each of its models is, by path, as far as that was known.
        program: Which version wrote it.
        stamp: When the file was written, as `stamp_of` tells it; 0 where there is none.
    """

    project: Project
    models: Mapping[str, Fingerprint] = field(default_factory=dict)
    program: str = ""
    stamp: int = field(default=0, compare=False)


def write_project(path: Path, project: Project, models: Mapping[str, Fingerprint] | None = None) -> None:
    """Write a project; of `models` those that it has pictures of.

    Raises:
        FileWriteError: The disk is full or the folder not writable; the old file stays.
    """
    write_text_atomically(path, json.dumps(to_json(project, models or {}), indent=1))


def save_project(path: Path, content: ProjectContent) -> int:
    """Write a project over the file that it was read from, unless that was written by somebody else since.

    Args:
        path: The file.
        content: The project; its `stamp` is that of the file as it was read, 0 where it may be written over.

    Returns:
        The stamp of the file as it is now.

    Raises:
        ProjectChangedError: Another window or program wrote it since.
        FileWriteError: The disk is full or the folder not writable; the old file stays.
    """
    if content.stamp and stamp_of(str(path)) not in (0, content.stamp):
        reason = "another window or program has changed it since it was opened here"
        raise ProjectChangedError(path, reason, "save under another name, or write over it")
    write_project(path, content.project, content.models)
    return stamp_of(str(path))


def read_project(path: Path) -> Project:
    """Read a project; see `read_content`."""
    return read_content(path).project


def read_content(path: Path) -> ProjectContent:
    """Read all that a project file holds.

    Raises:
        NewerProjectError: A newer version wrote it.
        ProjectFileError: It is gone, no JSON, or holds a value that no project can have.
    """
    stamp = stamp_of(str(path))  # from before it is read, so that a later writing is never taken for this one
    return replace(from_json(path, read_object(path)), stamp=stamp)


def read_object(path: Path) -> Mapping[str, Any]:
    """Read the JSON object of a project file, unchecked; raises ProjectFileError."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise ProjectFileError(path, "it is far too large for a project", "choose a file that GANStudio wrote")
        values = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ProjectFileError(path, f"it cannot be read ({error.strerror})", "choose it where it is now") from error
    except (ValueError, RecursionError) as error:
        raise ProjectFileError(path, "it is damaged or no project", "choose a file that GANStudio wrote") from error
    if not isinstance(values, Mapping):
        raise ProjectFileError(path, "it is no project", "choose a file that GANStudio wrote")
    return values


def to_json(project: Project, models: Mapping[str, Fingerprint]) -> dict[str, Any]:
    """The project as plain values for JSON; selection is not kept."""
    texts: dict[str, str] = {}
    values = {
        "format": FORMAT,
        "schema": SCHEMA,
        "program": f"GANStudio {ganstudio.__version__}",
        "checkpoint": project.checkpoint,
        "models": {path: asdict(models[path]) for path in project.checkpoints if path in models},
        "history": _list_entries(project.history),
        "history_index": project.history_index,
        "favourites": _list_entries(project.favourites),
        "view": project.view,
        "grid_side": project.grid_side,
        "liked": [look.to_json() for look in project.liked],
        "disliked": [look.to_json() for look in project.disliked],
        "marked_in": project.marked_in,
        "directions": [direction.to_json() for direction in project.directions],
        "timeline": project.timeline.to_json(),
        "sliders": {name: settings.to_json() for name, settings in project.sliders},
    }
    return {**share(values, texts), "texts": texts}


def from_json(path: Path, values: Mapping[str, Any]) -> ProjectContent:
    """Check the values of a project file and bring them up to date; inverse of `to_json`.

    Args:
        path: Where they are from, for the words of an error.
        values: What JSON holds.

    Raises:
        NewerProjectError: A newer version wrote it.
        ProjectFileError: A value that no project can have.
    """
    schema = values.get("schema")
    if isinstance(schema, bool) or not isinstance(schema, int) or schema < 1:
        raise ProjectFileError(path, "it is no project", "choose a file that GANStudio wrote")
    if schema > SCHEMA:
        program = str(values.get("program") or "a newer version")[:40]
        own = f"GANStudio {ganstudio.__version__}"
        reason = f"{program} wrote it (schema {schema}); this is {own}, which reads up to schema {SCHEMA}"
        raise NewerProjectError(path, reason, "open it with the version that wrote it; it is left as it is")
    try:
        for step in range(schema, SCHEMA):
            values = _MIGRATIONS[step](values)
        return _build(restore(dict(values), values["texts"]))
    except (GanStudioError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise ProjectFileError(path, f"a value in it is wrong ({error})", "use an older copy of it") from error


def _build(values: Mapping[str, Any]) -> ProjectContent:
    checkpoint = _path(values["checkpoint"])
    visited = _entries(values["history"])[:HISTORY_LENGTH]
    project = replace(Project(checkpoint=checkpoint, favourites=_entries(values["favourites"])), history=visited)
    own = (OwnDirection.from_json(one) for one in values.get("directions", ()))
    project = direction_edits.add_directions(project, own)
    sliders = tuple((str(name), slider_of_json(one)) for name, one in sorted(values.get("sliders", {}).items()))
    project = replace(project, sliders=sliders, timeline=Timeline.from_json(values.get("timeline", {})))
    for name in ("liked", "disliked"):  # files of the first versions have no marks
        looks = tuple(Look.from_json(look) for look in values.get(name, ()))
        project = edits.toggle_examples(project, looks, liked=name == "liked")
    if project.liked or project.disliked:
        project = replace(project, marked_in=_path(values.get("marked_in", checkpoint)))
    project = replace(history.show(project, int(values["history_index"])), checkpoint=checkpoint)
    project = edits.set_view(edits.set_grid_side(project, int(values["grid_side"])), values["view"])
    models = {str(path): Fingerprint(**fingerprint) for path, fingerprint in values["models"].items()}
    return ProjectContent(project, models, str(values.get("program", ""))[:40])


def _list_entries(entries: tuple[Entry, ...]) -> list[dict[str, Any]]:
    return [{"look": entry.look.to_json(), "checkpoint": entry.checkpoint, "name": entry.name} for entry in entries]


def _entries(values: Any) -> tuple[Entry, ...]:
    return tuple(
        Entry(Look.from_json(value["look"]), _path(value["checkpoint"]), _name(value["name"])) for value in values
    )


def _path(value: object) -> str | None:
    if not isinstance(value, str | None):
        raise TypeError("a checkpoint that is no path")
    return value


def _name(value: object) -> str:
    if not isinstance(value, str) or len(value) > history.LONGEST_NAME:
        raise TypeError("a name that is none")
    return value
