"""What all edits are made of: a look is checked, then put in the place of the one on the canvas, or shown as new."""

from dataclasses import replace
from typing import Any

from ganstudio.errors import GanStudioError
from ganstudio.project.state import HISTORY_LENGTH, Project
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
    """Change the picture on the canvas and its entry of the history."""
    if look == project.look:
        return project
    index = project.history_index
    history = (*project.history[:index], look, *project.history[index + 1 :])
    return replace(project, look=look, history=history)


def visit(project: Project, look: Look) -> Project:
    """Show a new picture, as the newest entry of the history."""
    history = (*project.history, look)[-HISTORY_LENGTH:]
    return replace(project, look=look, history=history, history_index=len(history) - 1, picks=())
