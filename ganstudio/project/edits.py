"""All edits of a project: pure functions that give the next project or raise EditError, before anything changes."""

from collections.abc import Iterable
from dataclasses import replace

from ganstudio.checkpoints.base import CheckpointDescription
from ganstudio.networks.noise import Noise
from ganstudio.project.adjusting import EditError, adjust, bind, changed, visit
from ganstudio.project.direction_edits import add_directions
from ganstudio.project.history import show_entry
from ganstudio.project.recipe import Recipe, Sheet
from ganstudio.project.state import GRID_SIDES, VIEWS, Entry, Project, View
from ganstudio.rendering.looks.look import Look
from ganstudio.rendering.opening import fit_look, fitting


def set_seed(project: Project, seed: int, remember: bool = True) -> Project:
    """Go to another latent; all other settings stay.

    Args:
        project: What is edited.
        seed: 0 to 2**32 - 1.
        remember: Whether it is a new picture of the history (a click), or the current one changes (a drag).
    """
    look = changed(project.look.from_seed, seed=seed)
    return visit(project, look) if remember else adjust(project, look)


def set_truncation(project: Project, truncation: float) -> Project:
    """Move the picture towards the mean latent (0) or away from it; -2 to 2."""
    return adjust(project, changed(project.look, truncation=truncation))


def set_label(project: Project, label: int | None) -> Project:
    """Choose the class, or None to let the seed choose it."""
    return adjust(project, changed(project.look, label=label))


def set_noise(project: Project, noise: Noise) -> Project:
    """Choose which noise a synthesis adds."""
    return adjust(project, changed(project.look, noise=noise))


def reset_look(project: Project) -> Project:
    """Take everything but the latent and the class back to how a model is opened; locked sliders stay."""
    look = project.look
    locked = tuple(edit for edit in look.edits if project.slider_of(edit.direction).is_locked)
    return adjust(project, Look(seed=look.seed, point=look.point, label=look.label, edits=locked))


def set_blend(project: Project, blend_seed: int | None, blend: float = 0.0) -> Project:
    """Go `blend` (0 to 1) of the way to a second latent; None takes the second away."""
    amount = 0.0 if blend_seed is None else blend
    return adjust(project, changed(project.look, blend_seed=blend_seed, blend=amount))


def set_look(project: Project, look: Look) -> Project:
    """Put a whole look on the canvas as a new picture of the history, unless it is there already."""
    return project if look == project.look else visit(project, look)


def restore_pictures(project: Project, checkpoint: str | None, recipe: Recipe) -> Project:
    """Show what a recipe makes with a model: one picture, or those of a sheet.

    A sheet of neighbours is the grid again; the pictures of any other are put into the history, the first is shown.
    """
    project = add_directions(project, recipe.directions)
    for look in reversed(recipe.looks[1:]) if recipe.sheet and not _is_grid(recipe.sheet) else ():
        project = show_entry(project, Entry(look, checkpoint))
    project = show_entry(project, Entry(recipe.look, checkpoint))
    if recipe.sheet is None:
        return project if project.view == "single" else set_view(project, "single")
    if _is_grid(recipe.sheet):
        project = set_view(set_grid_side(project, recipe.sheet.columns), "grid")
    return project


def _is_grid(sheet: Sheet) -> bool:
    """Whether it shows what the grid view shows."""
    side = sheet.columns
    fits = GRID_SIDES[0] <= side <= GRID_SIDES[1] and len(sheet.looks) == side * side
    return fits and replace(Project(), look=sheet.looks[0], grid_side=side).grid_looks == sheet.looks


def open_checkpoint(project: Project, description: CheckpointDescription) -> Project:
    """Go over to another model; keeps of the look what the model has (seed, truncation, shared directions)."""
    if project.checkpoint == str(description.path):
        return project
    own = frozenset(one.name for one in fitting(project.directions, description))
    look = fit_look(project.look, description, own)
    opened = replace(bind(project), checkpoint=str(description.path), picks=())
    is_bound = project.checkpoint is not None or project.entry.checkpoint is not None
    return visit(opened, look) if is_bound else adjust(bind(opened), look)


def close_checkpoint(project: Project) -> Project:
    """Have no model open; the look stays for the next one."""
    return replace(bind(project), checkpoint=None, picks=())


def toggle_examples(project: Project, looks: Iterable[Look], liked: bool) -> Project:
    """Mark looks as examples of what is wanted (+) or of its opposite; unmark them where all are marked so.

    Args:
        project: What is edited.
        looks: A look has one mark at most: the new one takes the place of the other. Of the open model; marks in
            another model are taken off, for pictures of two models have nothing in common.
        liked: Whether they are marked +.
    """
    marked = tuple(looks)
    if project.has_marks_elsewhere:
        project = clear_examples(project)
    same, other = (project.liked, project.disliked) if liked else (project.disliked, project.liked)
    same, other = _toggled(same, marked), tuple(look for look in other if look not in marked)
    marked_in = project.checkpoint if same or other else None
    plus, minus = (same, other) if liked else (other, same)
    return replace(project, liked=plus, disliked=minus, marked_in=marked_in)


def clear_examples(project: Project) -> Project:
    """Take all marks, + and −, off the pictures."""
    return replace(project, liked=(), disliked=(), marked_in=None)


def set_view(project: Project, view: View) -> Project:
    """Show one picture ("single"), a grid of neighbours, the inside of the network ("layers") or a map of many."""
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
