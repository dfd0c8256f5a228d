"""Pictures in a few words, and whether they are what a person searches for."""

from collections.abc import Mapping
from pathlib import PurePath

from ganstudio.project.state import Entry, Project
from ganstudio.rendering.looks.look import Look


def titles_of(project: Project, titles: Mapping[str, str]) -> dict[str, str]:
    """What directions are called: by the model, by the project's own, or as their sliders were renamed."""
    own = {direction.name: direction.info.title for direction in project.directions}
    renamed = {name: settings.title for name, settings in project.sliders if settings.title}
    return {**titles, **own, **renamed}


def say_look(look: Look, titles: Mapping[str, str] | None = None) -> str:
    """A look in a few words.

    Args:
        look: How the picture is made.
        titles: What its directions are called, as far as that is known.
    """
    parts = [f"Seed {look.seed}" if look.point is None else f"A latent of {look.point.space.replace('_plus', '+')}"]
    if look.truncation != 1:
        parts.append(f"truncation {look.truncation:g}")
    if look.label is not None:
        parts.append(f"class {look.label}")
    parts += [f"{_title(edit.direction, titles or {})} {edit.strength:+.1f}" for edit in look.edits]
    if look.blend_seed is not None and look.blend > 0:
        parts.append(f"{look.blend:.0%} towards seed {look.blend_seed}")
    if look.mix is not None and look.mix.is_heard:
        parts.append("mixed with another")
    return ", ".join(parts)


def say_entry(entry: Entry, titles: Mapping[str, str] | None = None) -> str:
    """A picture of the history in a few lines: its name, how it is made, which model makes it."""
    lines = [entry.name, say_look(entry.look, titles), title_of_model(entry.checkpoint)]
    return "\n".join(line for line in lines if line)


def title_of_model(checkpoint: str | None) -> str:
    """What a model is called, by its path as any system writes it; "" where there is none."""
    return PurePath((checkpoint or "").replace("\\", "/")).stem


def is_match(entry: Entry, words: str, titles: Mapping[str, str]) -> bool:
    """Whether every one of these words is in a picture's name, seed, directions, class or model."""
    known = say_entry(entry, titles).lower()
    return all(word in known for word in words.lower().split())


def _title(direction: str, titles: Mapping[str, str]) -> str:
    return titles.get(direction) or direction.split("~", maxsplit=1)[0].replace("_", " ")
