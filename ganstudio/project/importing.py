"""What a project becomes when files of directions and latents are taken in."""

from collections.abc import Sequence

from ganstudio.project import direction_edits, history
from ganstudio.project.adjusting import visit
from ganstudio.project.state import Project
from ganstudio.rendering.direction_import import LatentsImported, NamedPoint
from ganstudio.rendering.looks.look import Look


def take_in(project: Project, imported: LatentsImported) -> Project:
    """Add directions to the project's own, and latents to the history, the first of them on the canvas.

    Raises:
        EditError: There would be too many directions.
    """
    project = direction_edits.add_directions(project, imported.directions)
    return add_points(project, imported.points) if imported.points else project


def add_points(project: Project, points: Sequence[NamedPoint]) -> Project:
    """Visit latents, one after the other, as they are: without edits, truncation or a blend; then go to the first."""
    label, noise, seed = project.look.label, project.look.noise, project.look.seed
    for named in points:
        project = visit(project, Look(seed=seed, label=label, noise=noise, point=named.point))
        project = history.rename(project, project.entry, named.name[: history.LONGEST_NAME])
    return history.step(project, 1 - len(points))
