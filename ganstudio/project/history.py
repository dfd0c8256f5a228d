"""Edits of the history and of the favourites: going there, keeping, naming, taking away."""

from collections.abc import Iterable
from dataclasses import replace

from ganstudio.project.adjusting import EditError, bind, visit
from ganstudio.project.state import Entry, Project
from ganstudio.rendering.looks.look import Look

LONGEST_NAME = 120


def step(project: Project, steps: int) -> Project:
    """Walk the history, -1 one back; stays at its ends."""
    return show(project, min(max(project.history_index + steps, 0), len(project.history) - 1))


def show(project: Project, index: int) -> Project:
    """Go to one entry of the history, 0 the oldest, and to the model that made it."""
    _check_index(project.history, index, "history")
    there = _go_to_model(project, project.history[index].checkpoint)
    return replace(there, look=project.history[index].look, history_index=index)


def show_entry(project: Project, entry: Entry) -> Project:
    """Put a picture, such as a favourite, on the canvas: as a new one of the history, unless it is there already."""
    checkpoint = entry.checkpoint or project.checkpoint
    if project.entry.is_same(entry.look, checkpoint):
        return project
    shown = visit(_go_to_model(project, checkpoint), entry.look)
    return rename(shown, shown.entry, entry.name) if entry.name else shown


def clear(project: Project) -> Project:
    """Forget all pictures visited but the one on the canvas; favourites stay."""
    return replace(project, history=(project.entry,), history_index=0)


def remove(project: Project, index: int) -> Project:
    """Take one picture out of the history; where it is on the canvas, the one after it takes its place.

    Raises:
        EditError: It is the only one, or not there.
    """
    _check_index(project.history, index, "history")
    if len(project.history) == 1:
        raise EditError("history", "this is its only picture", "make another one first")
    left = (*project.history[:index], *project.history[index + 1 :])
    if index != project.history_index:
        return replace(project, history=left, history_index=project.history_index - (index < project.history_index))
    return show(replace(project, history=left, history_index=0), min(index, len(left) - 1))


def remove_favourite(project: Project, index: int) -> Project:
    """Take one picture out of the favourites, 0 the first."""
    _check_index(project.favourites, index, "favourites")
    return replace(project, favourites=(*project.favourites[:index], *project.favourites[index + 1 :]))


def rename(project: Project, entry: Entry, name: str) -> Project:
    """Call a picture something, wherever it is listed; "" takes the name away."""
    name = " ".join(name.split())
    if len(name) > LONGEST_NAME:
        raise EditError("name", f"it has {len(name)} characters", f"use up to {LONGEST_NAME}")

    def named(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
        return tuple(
            replace(other, name=name) if other.is_same(entry.look, entry.checkpoint) else other for other in entries
        )

    return replace(project, history=named(project.history), favourites=named(project.favourites))


def toggle_favourite(project: Project, look: Look | None = None) -> Project:
    """Keep a look (the canvas's by default) among the favourites, or take it out again."""
    return toggle_favourites(project, (look or project.look,))


def toggle_favourites(project: Project, looks: Iterable[Look]) -> Project:
    """Keep looks of the open model among the favourites, or take them out where all of them are there."""
    wanted, kept = tuple(dict.fromkeys(looks)), project.favourite_looks
    names = {entry.look: entry.name for entry in project.history if entry.is_same(entry.look, project.checkpoint)}
    new = tuple(Entry(look, project.checkpoint, names.get(look, "")) for look in wanted if look not in kept)
    if new:
        return replace(project, favourites=(*project.favourites, *new))
    left = (
        entry for entry in project.favourites if not any(entry.is_same(look, project.checkpoint) for look in wanted)
    )
    return replace(project, favourites=tuple(left))


def relink(project: Project, old: str, new: str) -> Project:
    """Say that a model is somewhere else now."""

    def moved(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
        return tuple(replace(entry, checkpoint=new) if entry.checkpoint == old else entry for entry in entries)

    checkpoint = new if project.checkpoint == old else project.checkpoint
    marked_in = new if project.marked_in == old else project.marked_in
    project = replace(project, history=moved(project.history), favourites=moved(project.favourites))
    return replace(project, checkpoint=checkpoint, marked_in=marked_in)


def _go_to_model(project: Project, checkpoint: str | None) -> Project:
    if checkpoint in (None, project.checkpoint):
        return project
    return replace(bind(project), checkpoint=checkpoint, picks=())


def _check_index(entries: tuple[Entry, ...], index: int, place: str) -> None:
    if not 0 <= index < len(entries):
        raise EditError(place, f"there is no picture {index}", f"choose 0 to {len(entries) - 1}")
