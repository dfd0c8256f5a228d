"""All edits of a project: pure functions that give the next project or raise EditError, before anything changes."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from ganstudio.checkpoints.base import CheckpointDescription
from ganstudio.project import history
from ganstudio.project.errors import EditError
from ganstudio.project.state import GRID_SIDES, VIEWS, Project, View
from ganstudio.rendering.request import Look, LookError


def set_seed(project: Project, seed: int, remember: bool = True) -> Project:
    """Go to another latent; all other settings stay.

    Args:
        project: What is edited.
        seed: 0 to 2**32 - 1.
        remember: Whether it is a new picture of the history (a click), or the current one changes (a drag).
    """
    look = _changed(project.look, seed=seed)
    return history.visit(project, look) if remember else history.adjust(project, look)


def set_truncation(project: Project, truncation: float) -> Project:
    """Move the picture towards the mean latent (0) or away from it; -2 to 2."""
    return history.adjust(project, _changed(project.look, truncation=truncation))


def set_label(project: Project, label: int | None) -> Project:
    """Choose the class, or None to let the seed choose it."""
    return history.adjust(project, _changed(project.look, label=label))


def set_noise(project: Project, noise: bool) -> Project:
    """Add the noise that a synthesis carries, or leave it out."""
    return history.adjust(project, _changed(project.look, noise=noise))


def set_strength(project: Project, name: str, strength: float) -> Project:
    """Set how far to go along one named direction, in its deviations; 0 takes it away."""
    kept = {key: value for key, value in project.look.strengths if key != name}
    if strength:
        kept[name] = strength
    ordered = tuple(sorted(kept.items()))  # so that two ways to the same picture are the same look
    return history.adjust(project, _changed(project.look, strengths=ordered))


def reset_strengths(project: Project) -> Project:
    """Take all directions back to zero."""
    return history.adjust(project, replace(project.look, strengths=()))


def reset_look(project: Project) -> Project:
    """Take everything but the seed and the class back to how a model is opened."""
    return history.adjust(project, Look(seed=project.look.seed, label=project.look.label))


def set_blend(project: Project, blend_seed: int | None, blend: float = 0.0) -> Project:
    """Go `blend` (0 to 1) of the way to a second latent; None takes the second away."""
    amount = 0.0 if blend_seed is None else blend
    return history.adjust(project, _changed(project.look, blend_seed=blend_seed, blend=amount))


def set_look(project: Project, look: Look) -> Project:
    """Put a whole look on the canvas as a new picture of the history, unless it is there already."""
    return project if look == project.look else history.visit(project, look)


def open_checkpoint(project: Project, description: CheckpointDescription) -> Project:
    """Go over to another model; keeps of the look what the model has (seed, truncation, shared directions)."""
    names = {direction.name for direction in description.directions}
    classes = description.spec.num_classes
    look = replace(
        project.look,
        label=project.look.label if (project.look.label or 0) < classes else None,
        strengths=tuple(pair for pair in project.look.strengths if pair[0] in names),
    )
    if project.checkpoint == str(description.path):
        return project
    opened = replace(history.bind(project), checkpoint=str(description.path), picks=())
    return history.adjust(opened, look) if project.checkpoint is None else history.visit(opened, look)


def close_checkpoint(project: Project) -> Project:
    """Have no model open; the look stays for the next one."""
    return replace(project, checkpoint=None, picks=())


def toggle_examples(project: Project, looks: Iterable[Look], liked: bool) -> Project:
    """Mark looks as examples of what is wanted (+) or of its opposite; unmark them where all are marked so.

    Args:
        project: What is edited.
        looks: A look has one mark at most: the new one takes the place of the other.
        liked: Whether they are marked +.
    """
    marked = tuple(looks)
    same, other = (project.liked, project.disliked) if liked else (project.disliked, project.liked)
    same, other = _toggled(same, marked), tuple(look for look in other if look not in marked)
    return replace(project, liked=same if liked else other, disliked=other if liked else same)


def set_view(project: Project, view: View) -> Project:
    """Show one picture ("single"), a grid of neighbours ("grid") or the inside of the network ("layers")."""
    if view not in VIEWS:
        raise EditError("view", f"{view!r} is none", f"choose {' or '.join(VIEWS)}")
    return replace(project, view=view, picks=())


def set_grid_side(project: Project, side: int) -> Project:
    """Set how many pictures the grid has in a row, 2 to 20."""
    if not GRID_SIDES[0] <= side <= GRID_SIDES[1]:
        raise EditError("grid", f"{side} pictures in a row", f"choose {GRID_SIDES[0]} to {GRID_SIDES[1]}")
    return replace(project, grid_side=side, picks=())


def set_picks(project: Project, places: Iterable[int]) -> Project:
    """Select places of the grid, 0 the first."""
    picks = tuple(sorted(set(places)))
    if picks and not 0 <= picks[0] <= picks[-1] < project.grid_side**2:
        raise EditError("selection", f"place {picks[-1]} is outside the grid", "choose places that are shown")
    return replace(project, picks=picks)


def _toggled(kept: tuple[Look, ...], looks: tuple[Look, ...]) -> tuple[Look, ...]:
    """Take looks out where all of them are there, else put in those that are not."""
    new = tuple(dict.fromkeys(look for look in looks if look not in kept))
    return (*kept, *new) if new else tuple(look for look in kept if look not in looks)


def _changed(look: Look, **values: Any) -> Look:
    try:
        return replace(look, **values)
    except LookError as error:
        raise EditError(error.subject, error.reason, error.remedy) from error
