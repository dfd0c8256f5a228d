"""Edits of where a picture begins: its latent, its second class, its truncation and what it is mixed with."""

from collections.abc import Iterable
from dataclasses import replace

from ganstudio.project.adjusting import EditError, adjust, changed, visit
from ganstudio.project.state import Project
from ganstudio.rendering.looks.between import Between
from ganstudio.rendering.looks.checking import LookError
from ganstudio.rendering.looks.look import Look
from ganstudio.rendering.looks.mixing import Mix
from ganstudio.rendering.looks.point import LatentPoint


def set_point(project: Project, point: LatentPoint | None) -> Project:
    """Begin with a latent itself, as a new picture of the history; None goes back to the seed's."""
    look = changed(project.look, point=point, between=None)
    return project if look == project.look else visit(project, look)


def set_between(project: Project, between: Between | None) -> Project:
    """Begin between the latents of other pictures; None goes back to the seed's."""
    return adjust(project, changed(project.look, between=between))


def set_drift(project: Project, drift: tuple[float, float]) -> Project:
    """Go to a place on the pad of seeds, columns and rows away from the seed; a latent of its own is left."""
    return adjust(project, changed(project.look.from_seed, drift=drift))


def set_second_label(project: Project, label: int | None, blend: float = 0.0) -> Project:
    """Go `blend` (0 to 1) of the way to a second class; None takes the second away."""
    return adjust(project, changed(project.look, second_label=label, label_blend=0.0 if label is None else blend))


def set_truncation_cutoff(project: Project, cutoff: int | None) -> Project:
    """Truncate only the first so many w; None for all."""
    return adjust(project, changed(project.look, truncation_cutoff=cutoff))


def set_truncation_centres(project: Project, centres: int) -> Project:
    """Truncate towards the nearest of so many centres; 0 for the mean of all."""
    return adjust(project, changed(project.look, truncation_centres=centres))


def set_mix(project: Project, second: Look | None, strengths: Iterable[float] = ()) -> Project:
    """Take, of a second picture, `strengths` (0 to 1) in each layer; None takes the second away.

    What the second picture is mixed with itself is left out.

    Raises:
        EditError: A strength out of range.
    """
    if second is None:
        return adjust(project, changed(project.look, mix=None))
    try:
        mix = Mix(replace(second, mix=None), tuple(strengths))
    except LookError as error:
        raise EditError(error.subject, error.reason, error.remedy) from error
    return adjust(project, changed(project.look, mix=mix))


def swap_mix(project: Project) -> Project:
    """Put the second picture first and the first one second; the layers keep what they take of the second."""
    look = project.look
    if look.mix is None:
        return project
    return set_mix(adjust(project, look.mix.look), look, look.mix.strengths)
