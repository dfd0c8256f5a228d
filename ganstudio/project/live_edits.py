"""Edits by name and number, as controls from outside ask for them."""

from collections.abc import Callable

from ganstudio.animation.parameters import EDIT_PREFIX, Frame, parameter_of
from ganstudio.project import direction_edits, latent_edits
from ganstudio.project.adjusting import EditError, adjust
from ganstudio.project.edits import set_truncation
from ganstudio.project.state import Project


def set_value(project: Project, parameter: str, value: float) -> Project:
    """Give what a parameter names a value, brought within its limits.

    Raises:
        EditError: Its slider is locked, or the picture has nothing of it: no second class, no mix.
        AnimationError: There is no such parameter.
    """
    limits = parameter_of(parameter).limits
    if limits is None:
        raise EditError("picture", "it is no number", "set the seed")
    value = min(max(value, limits[0]), limits[1])
    if parameter.startswith(EDIT_PREFIX):
        return direction_edits.set_strength(project, parameter.removeprefix(EDIT_PREFIX), value)
    return _WAYS.get(parameter, _write)(project, parameter, value)


def value_of(project: Project, parameter: str) -> float:
    """The value that a parameter has."""
    return float(parameter_of(parameter).read(Frame(project.look)))


def _set_truncation(project: Project, _parameter: str, value: float) -> Project:
    return set_truncation(project, value)


def _set_label_blend(project: Project, _parameter: str, value: float) -> Project:
    if project.look.second_label is None:
        raise EditError("class blend", "the picture has no second class", "choose one first")
    return latent_edits.set_second_label(project, project.look.second_label, value)


def _set_mix(project: Project, parameter: str, value: float) -> Project:
    if project.look.mix is None:
        raise EditError("mix", "the picture is mixed with no other", "choose a second one in Mixing")
    return _write(project, parameter, value)


def _write(project: Project, parameter: str, value: float) -> Project:
    return adjust(project, parameter_of(parameter).write(Frame(project.look), value).look)


_WAYS: dict[str, Callable[[Project, str, float], Project]] = {
    "truncation": _set_truncation,
    "label_blend": _set_label_blend,
    "mix": _set_mix,
}
