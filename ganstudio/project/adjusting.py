"""What all edits are made of: a look is checked, then put in the place of the one on the canvas, or shown as new."""

from dataclasses import replace
from typing import Any

from ganstudio.errors import GanStudioError
from ganstudio.project.state import HISTORY_LENGTH, Entry, Project
from ganstudio.rendering.looks.checking import LookError
from ganstudio.rendering.looks.look import Look


class EditError(GanStudioError):
    """An edit with a value that no project can have."""


def changed(look: Look, **values: Any) -> Look:
    """The look with other values.

    Raises:
        EditError: One of them is out of range.
    """
    try:
        return replace(look, **values)
    except LookError as error:
        raise EditError(error.subject, error.reason, error.remedy) from error


def adjust(project: Project, look: Look) -> Project:
    """Change the picture on the canvas and its entry, which keeps its name."""
    if project.look == look and project.entry.is_same(look, project.checkpoint):
        return project
    entry = replace(project.entry, look=look, checkpoint=project.checkpoint)
    index = project.history_index
    return replace(project, look=look, history=(*project.history[:index], entry, *project.history[index + 1 :]))


def visit(project: Project, look: Look) -> Project:
    """Show a new picture of the open model, as the newest entry of the history."""
    entries = (*project.history, Entry(look, project.checkpoint))[-HISTORY_LENGTH:]
    return replace(project, look=look, history=entries, history_index=len(entries) - 1, picks=())


def bind(project: Project) -> Project:
    """Say of every picture that was of whichever model is open that it is of the one that is open now."""
    if project.checkpoint is None:
        return project

    def bound(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
        return tuple(entry if entry.checkpoint else replace(entry, checkpoint=project.checkpoint) for entry in entries)

    return replace(project, history=bound(project.history), favourites=bound(project.favourites))
