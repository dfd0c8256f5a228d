"""What is wished to be opened, and the work of it: looked for, looked into, built and drawn, in a worker thread."""

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ganstudio.checkpoints.base import CheckpointDescription
from ganstudio.checkpoints.fingerprints import FileHashed, Fingerprint
from ganstudio.checkpoints.model_search import ModelSought, find_model
from ganstudio.project import history
from ganstudio.project.file import ProjectContent
from ganstudio.project.state import Project
from ganstudio.recognition import Kind, recognise
from ganstudio.rendering.cards import card_of, keep_card, keep_thumbnail
from ganstudio.rendering.opening import ModelReady, OpeningProgress, draw_fitting, open_model
from ganstudio.rendering.request import Rendered, RenderRequest
from ganstudio.rendering.shelf import stamp_of

if TYPE_CHECKING:
    from ganstudio.rendering.renderer import Renderer

Arrive = Callable[[Project, CheckpointDescription], Project]
"""What the project becomes when a model is there."""


@dataclass(frozen=True)
class Sought:
    """A model that may be elsewhere now, or another one.

    Attributes:
        fingerprint: Which file it is; None where nobody knows.
        what: What needs it, for the person: "made this picture" ...
        at: Where the person says that it is; None for where it was.
        places: Files that it may be, and folders that it may be in.
        accepts_other: Whether another file of its name will do, because the person said so.
    """

    fingerprint: Fingerprint | None
    what: str
    at: Path | None = None
    places: tuple[Path, ...] = ()
    accepts_other: bool = False


@dataclass(frozen=True)
class Wish:
    """Something to be opened.

    Attributes:
        path: What; of a model that is sought, where it was.
        text: Names the undo step; "" makes none.
        arrive: What the project becomes, where it is a model.
        is_restored: Whether it is the model that the project names already, which only has to be loaded.
        sought: What is known of a model that something else needs.
        project: The project file that it is the model of (None where that has none), and what that holds.
        without: What the project becomes without the model, where that makes sense.
    """

    path: Path
    text: str
    arrive: Arrive
    is_restored: bool = False
    sought: Sought | None = None
    project: tuple[Path | None, ProjectContent] | None = None
    without: Callable[[Project], Project] | None = None

    def state(self, project: Project, description: CheckpointDescription, path: Path) -> Project:
        """What a project becomes when the model is there, which may be elsewhere than it was."""
        base = project if self.project is None else self.project[1].project
        return self.arrive(history.relink(base, str(self.path), str(path)), description)


@dataclass(frozen=True)
class ModelPlaced:
    """A model that was sought is there."""

    path: Path
    certainty: str


@dataclass(frozen=True)
class ModelMissing:
    """A model that was sought is not there, or another one is."""

    wish: Wish
    sought: ModelSought


@dataclass(frozen=True, eq=False)
class ModelArrived:
    """A model is built and has drawn its first picture."""

    path: Path
    description: CheckpointDescription
    renderer: "Renderer" = field(repr=False)
    stamp: int
    first: Rendered = field(repr=False)


def open_anything(wish: Wish, project: Project, device: str) -> Iterator[Any]:
    """Look into a path, and build the model that it is."""
    path: Path | None = wish.path
    if wish.sought is not None:
        path = yield from _seek(wish, wish.sought)
    if path is None:
        return
    stamp = stamp_of(str(path))
    found = recognise(path)
    file = found.content
    yield found if found.kind is not Kind.MODEL else replace(found, content=None)
    if found.kind is not Kind.MODEL:
        return
    del found
    for event in open_model(file, device):
        if not isinstance(event, ModelReady):
            yield event
            continue
        del file  # what was parsed need not stay while the picture is drawn
        state = wish.state(project, event.description, path)
        request = RenderRequest(str(path), (state.look,), directions=state.directions_of((state.look,)))
        first = draw_fitting(event.renderer, request)
        keep_card(path, card_of(event.description))
        keep_thumbnail(path, first.pixels[0])
        yield ModelArrived(path, event.description, event.renderer, stamp, first)


def _seek(wish: Wish, sought: Sought) -> Generator[Any, None, Path | None]:
    """Find where a model is now; returns None, and tells, where it is not there or is another one."""
    found = ModelSought(None, "gone")
    for event in find_model(sought.at or wish.path, sought.fingerprint, () if sought.at else sought.places):
        if isinstance(event, FileHashed):
            yield OpeningProgress(f"comparing {event.path.name[:40]}", event.fraction * 0.3)
        else:
            found = event
    if found.path is None or (found.certainty == "other" and not sought.accepts_other):
        yield ModelMissing(wish, found)
        return None
    yield ModelPlaced(found.path, found.certainty)
    return found.path
