"""Projects as films: what an export of one is, and the project that a film carries."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ganstudio.animation.carried_text import read_carried
from ganstudio.animation.parameters import EDIT_PREFIX
from ganstudio.checkpoints.builtin import builtin_path
from ganstudio.project.file import FORMAT, ProjectContent, to_json
from ganstudio.project.state import Entry, Project

if TYPE_CHECKING:
    from ganstudio.animation.exporting.plan import ExportPlan

_LONGEST = 8 << 20  # of the text in a film; a project that is longer leaves its history at home


def plan_export(content: ProjectContent, output: Path, **values: Any) -> "ExportPlan":
    """The export of a project; further values are those of `ExportPlan`.

    Raises:
        AnimationError: A value that no export can have.
    """
    from ganstudio.animation.exporting.plan import ExportPlan  # late: formats are of no use at the start

    project = content.project
    timeline = project.timeline
    moving = [track.parameter for track in timeline.tracks] + [drive.parameter for drive in timeline.drives]
    keyed = {parameter.removeprefix(EDIT_PREFIX) for parameter in moving}
    named = project.look.directions | keyed
    return ExportPlan(
        checkpoint=project.checkpoint or str(builtin_path()),
        base=project.look,
        timeline=timeline,
        output=output,
        directions=tuple(one for one in project.directions if one.name in named),
        text=carried_text(content),
        **values,
    )


def carried_text(content: ProjectContent) -> str:
    """The project as a text that a film carries: all of it, or of a very large one what its pictures are made of."""
    text = json.dumps(to_json(content.project, content.models))
    if len(text) <= _LONGEST:
        return text
    text = json.dumps(to_json(_reduced(content.project), content.models))
    return text if len(text) <= 2 * _LONGEST else ""


def read_carried_project(path: Path) -> Mapping[str, Any] | None:
    """The values of the project that a film (or a picture that moves) carries, unchecked; None where there is none.

    Raises:
        PictureTextError: It carries one that is damaged.
    """
    text = read_carried(path)
    if text is None:
        return None
    try:
        values = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return values if isinstance(values, Mapping) and values.get("format") == FORMAT else None


def _reduced(project: Project) -> Project:
    return replace(
        project,
        history=(Entry(project.look, project.checkpoint),),
        history_index=0,
        favourites=(),
        liked=(),
        disliked=(),
    )
