"""Edits of the steps that a picture takes, of the directions that a project has of its own, and of their sliders."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from ganstudio.project.adjusting import EditError, adjust, changed
from ganstudio.project.slider_effects import SliderEffects
from ganstudio.project.sliders import SliderSettings
from ganstudio.project.state import Project
from ganstudio.rendering.looks.checking import LookError
from ganstudio.rendering.looks.edit import Edit
from ganstudio.rendering.looks.own_direction import OwnDirection

MOST_DIRECTIONS = 1000

Key = tuple[str, tuple[int, int] | None, int | None]


def set_strength(project: Project, name: str, strength: float) -> Project:
    """Set how far to go along a direction by its slider, in its deviations; 0 takes a plain edit away.

    Raises:
        EditError: The slider is locked, or the strength out of range.
    """
    settings = project.slider_of(name)
    if settings.is_locked:
        raise EditError(settings.title or name[:60], "its slider is locked", "unlock it first")
    known = project.look.edit_of(name)
    if known is None:
        return put_edit(project, _new_edit(name, strength, settings.layers)) if strength else project
    return change_edit(project, known.key, strength=strength)


def put_edit(project: Project, edit: Edit) -> Project:
    """Add an edit as the last step, or in the place of the one for the same direction, layers and class."""
    known = project.look.edits
    if any(one.key == edit.key for one in known):
        return _set_edits(project, [edit if one.key == edit.key else one for one in known])
    return _set_edits(project, [*known, edit])


def change_edit(project: Project, key: Key, **values: Any) -> Project:
    """Change something of one edit; one that is plain and comes to 0 is gone.

    Raises:
        EditError: There is none of this key, a value is out of range, or it becomes the double of another.
    """
    old = _edit_of(project, key)
    try:
        new = replace(old, **values)
    except LookError as error:
        raise EditError(error.subject, error.reason, error.remedy) from error
    is_gone = new.strength == 0 and new.is_plain and "strength" in values
    edits = [new if edit.key == key else edit for edit in project.look.edits]
    return _set_edits(project, [edit for edit in edits if not (is_gone and edit == new)])


def remove_edit(project: Project, key: Key) -> Project:
    """Take an edit away."""
    _edit_of(project, key)
    return _set_edits(project, [edit for edit in project.look.edits if edit.key != key])


def move_edit(project: Project, key: Key, place: int) -> Project:
    """Take an edit as step number `place`, 0 the first."""
    edit = _edit_of(project, key)
    others = [one for one in project.look.edits if one.key != key]
    others.insert(min(max(place, 0), len(others)), edit)
    return _set_edits(project, others)


def reset_strengths(project: Project) -> Project:
    """Take all edits away but those whose sliders are locked."""
    return _set_edits(project, [edit for edit in project.look.edits if project.slider_of(edit.direction).is_locked])


def add_directions(project: Project, directions: Iterable[OwnDirection]) -> Project:
    """Give the project directions of its own, after those that it has; one that it has already stays where it is.

    Raises:
        EditError: There would be too many.
    """
    known = {direction.name: direction for direction in project.directions}
    for direction in directions:
        known.setdefault(direction.name, direction)
    if len(known) > MOST_DIRECTIONS:
        raise EditError("directions", f"{len(known)} are too many", f"keep to {MOST_DIRECTIONS}; remove some first")
    return replace(project, directions=tuple(known.values()))


def remove_direction(project: Project, name: str) -> Project:
    """Take one of the project's own directions away, and the steps along it from the picture on the canvas.

    Pictures of the history keep their edits; what they went along is then passed over until undo brings it back.
    """
    edits = [edit for edit in project.look.edits if edit.direction != name]
    project = _set_edits(project, edits)
    kept = tuple(direction for direction in project.directions if direction.name != name)
    sliders = tuple(pair for pair in project.sliders if pair[0] != name)
    return replace(project, directions=kept, sliders=sliders)


def move_direction(project: Project, name: str, place: int) -> Project:
    """Put one of the project's own directions at slider number `place`, 0 the first."""
    found = project.direction_of(name)
    if found is None:
        raise EditError(name[:60], "the project has no such direction of its own", "choose one of its own")
    others = [direction for direction in project.directions if direction.name != name]
    others.insert(min(max(place, 0), len(others)), found)
    return replace(project, directions=tuple(others))


def rename_slider(project: Project, name: str, title: str) -> Project:
    """Call a direction otherwise; "" goes back to its own name."""
    return _set_slider(project, name, title=" ".join(title.split()))


def set_slider_range(project: Project, name: str, low: float | None, high: float | None) -> Project:
    """Set the ends of a slider, in deviations; None goes back to the direction's own."""
    return _set_slider(project, name, low=low, high=high)


def lock_slider(project: Project, name: str, is_locked: bool) -> Project:
    """Let nothing move a slider any more, or let it be moved again."""
    return _set_slider(project, name, is_locked=is_locked)


def set_slider_layers(project: Project, name: str, layers: tuple[int, int] | None) -> Project:
    """Let a slider act in these layers only, first and one past the last; None for the direction's own."""
    project = _set_slider(project, name, layers=layers)
    edit = project.look.edit_of(name)
    return project if edit is None or edit.layers == layers else change_edit(project, edit.key, layers=layers)


def set_effects(project: Project, effects: Mapping[str, SliderEffects]) -> Project:
    """Keep what sliders were measured to do, by the names of their directions; the project's own know how entangled."""
    for name, one in effects.items():
        project = _set_slider(project, name, effects=one)
    own = (
        replace(one, info=replace(one.info, entanglement=effects[one.name].entanglement))
        if one.name in effects
        else one
        for one in project.directions
    )
    return replace(project, directions=tuple(own))


def _set_slider(project: Project, name: str, **values: Any) -> Project:
    try:
        new = replace(project.slider_of(name), **values)
    except LookError as error:
        raise EditError(error.subject, error.reason, error.remedy) from error
    others = tuple(pair for pair in project.sliders if pair[0] != name)
    kept = others if new == SliderSettings() else tuple(sorted((*others, (name, new)), key=lambda pair: pair[0]))
    return replace(project, sliders=kept)


def _new_edit(name: str, strength: float, layers: tuple[int, int] | None) -> Edit:
    try:
        return Edit(name, strength, layers)
    except LookError as error:
        raise EditError(error.subject, error.reason, error.remedy) from error


def _edit_of(project: Project, key: Key) -> Edit:
    found = next((edit for edit in project.look.edits if edit.key == key), None)
    if found is None:
        raise EditError(key[0][:60], "the picture has no such edit", "choose one of its edits")
    return found


def _set_edits(project: Project, edits: Iterable[Edit]) -> Project:
    return adjust(project, changed(project.look, edits=tuple(edits)))
