"""Opens whatever is dropped, chosen or named: looks into it and builds its network in a job, then sends it on.

The document and the picture stay as they are until the new model has drawn its first picture; an opening that fails, is
cancelled or is overtaken by a newer one leaves no trace.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from ganstudio.checkpoints.base import CheckpointDescription, OpenedFile
from ganstudio.checkpoints.builtin import builtin_path
from ganstudio.checkpoints.formats.native import NativeFormat
from ganstudio.errors import GanStudioError
from ganstudio.gui.document import Document, Edit
from ganstudio.gui.jobs import Job, JobList
from ganstudio.gui.services.rendering_service import RenderingService
from ganstudio.project import edits
from ganstudio.project.file import ProjectContent
from ganstudio.project.recipe import read_recipe
from ganstudio.project.state import Project
from ganstudio.recognition import Kind, Recognised, recognise
from ganstudio.rendering.cards import card_of, keep_card, keep_thumbnail
from ganstudio.rendering.opening import Layer, ModelDescribed, ModelReady, OpeningProgress, draw_fitting, open_model
from ganstudio.rendering.request import Rendered, RenderRequest
from ganstudio.rendering.shelf import stamp_of

if TYPE_CHECKING:
    from ganstudio.rendering.renderer import Renderer

Arrive = Callable[[Project, CheckpointDescription], Project]
"""What the project becomes when a model is there."""


@dataclass(frozen=True)
class Wish:
    """Something to be opened.

    Attributes:
        path: What.
        text: Names the undo step; "" makes none.
        arrive: What the project becomes, where it is a model.
        is_restored: Whether it is the model that the project names already, which only has to be loaded.
        project: The project file that it is the model of, and what that holds.
    """

    path: Path
    text: str
    arrive: Arrive = edits.open_checkpoint
    is_restored: bool = False
    project: tuple[Path, ProjectContent] | None = None


@dataclass(frozen=True, eq=False)
class ModelArrived:
    """A model is built and has drawn its first picture."""

    description: CheckpointDescription
    renderer: "Renderer" = field(repr=False)
    stamp: int
    first: Rendered = field(repr=False)


class Opener(QObject):
    """Sends a path where it belongs: a model or a recipe to the document, training pictures to the Train workspace.

    One opening at a time: a newer one overtakes an older.

    Args:
        document: Gets models, looks and projects.
        rendering: Gets the renderers.
        jobs: Shows what is being opened, with a cancel button.

    Signals:
        began(path): Something is being opened.
        recognised(found): What a path is (`Recognised`); the window takes care of what is none of the document's.
        model_opened(path): A checkpoint that somebody asked for is open now.
        settled(): Nothing is being opened any more.
    """

    began = Signal(object)
    recognised = Signal(object)
    model_opened = Signal(object)
    settled = Signal()

    def __init__(
        self, document: Document, rendering: RenderingService, jobs: JobList, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._document = document
        self._rendering = rendering
        self._jobs = jobs
        self._job: Job | None = None
        self._waiting: Wish | None = None
        self._layers: tuple[Layer, ...] = ()
        self._may_begin = False
        self._is_closed = False
        self._owed: Wish | None = None  # a restoring that was overtaken, and is taken up again where nothing came of it
        document.open_requested.connect(self.open)
        document.model_wanted.connect(self._visit)

    @property
    def is_busy(self) -> bool:
        """Whether something is being opened."""
        return self._job is not None or self._waiting is not None

    def allow(self) -> None:
        """Begin with what waits; called when the window is on the screen, for opening loads torch."""
        self._may_begin = True
        if self._waiting is not None:
            wish, self._waiting = self._waiting, None
            self._begin(wish)

    def open(self, path: Path) -> None:
        """Open anything."""
        path = path.expanduser().resolve()  # the next start may be in another folder
        if not self._show_again(path):
            self._begin(Wish(path, f"Open {path.name}"))

    def reopen(self, path: Path) -> None:
        """Open a model anew, because what was assumed of its file is another thing now."""
        self._rendering.forget(str(path))
        self._begin(Wish(path, f"Open {path.name}"))

    def restore(self) -> None:
        """Load the model that the project names, else the built-in one."""
        document = self._document
        if document.state.checkpoint is None and builtin_path().is_file():
            file = OpenedFile.open(builtin_path())  # a short header of a file of our own
            description = NativeFormat().describe(file, {})
            document.learn(description)
            document.begin_with(edits.open_checkpoint(document.state, description))
        checkpoint = document.state.checkpoint
        if checkpoint is not None:
            self._begin(Wish(Path(checkpoint), "", lambda project, _description: project, is_restored=True))

    def begin_shutdown(self) -> None:
        """Open nothing any more, because the window closes; the job is ended with all others."""
        self._is_closed = True
        self._overtake()

    def is_shut_down(self) -> bool:
        """Whether nothing of it is in the way of closing."""
        return True

    def _show_again(self, path: Path) -> bool:
        """Go to a model whose network is still there, at once."""
        description = self._document.description_of(str(path))
        if description is None or self._rendering.shelf.find(str(path)) is None:
            return False
        self._overtake()
        self._owed = None
        self._document.open_model(description)
        self.model_opened.emit(path)
        self.settled.emit()
        return True

    def _begin(self, wish: Wish) -> None:
        self._overtake()
        self.began.emit(wish.path)
        if wish.is_restored:
            self._owed = wish
            self._rendering.expect(str(wish.path))
        if not self._may_begin or self._is_closed:
            self._waiting = wish
            return
        job = Job(partial(_open_anything, wish, self._document.state, self._rendering.device),
                  f"Opening {_short(wish.path.name)}")  # fmt: skip
        self._job = job
        job.progressed.connect(partial(self._on_job_progressed, job, wish))
        job.failed.connect(partial(self._on_job_failed, job, wish))
        job.finished.connect(partial(self._on_job_ended, job, wish))
        job.cancelled.connect(partial(self._on_job_ended, job, wish))
        self._jobs.start(job)

    def _overtake(self) -> None:
        self._waiting = None
        self._rendering.expect(None)
        if self._job is not None:
            job, self._job = self._job, None
            job.cancel()

    def _on_job_progressed(self, job: Job, wish: Wish, events: list[object]) -> None:
        for event in events:
            if job is not self._job:
                return  # overtaken
            if isinstance(event, OpeningProgress):
                self._jobs.tell(job, event.doing, event.fraction)
            elif isinstance(event, ModelDescribed):
                self._layers = event.layers
                if wish.is_restored:
                    self._document.learn(event.description, event.layers)
            elif isinstance(event, ModelArrived):
                self._take_model(wish, event)
            elif isinstance(event, Recognised):
                self._take_found(event)

    def _take_model(self, wish: Wish, arrived: ModelArrived) -> None:
        self._job = self._owed = None
        document, path = self._document, str(wish.path)
        is_first = document.description is None
        document.learn(arrived.description, self._layers)
        self._rendering.adopt(path, arrived.renderer, arrived.stamp, arrived.first)
        state = wish.arrive(document.state, arrived.description)
        if wish.project is not None:
            document.open_project(wish.text, wish.project[1], wish.project[0])
        elif is_first:
            document.begin_with(state)
        else:
            document.apply(wish.text, state)
        if not wish.is_restored:
            self.model_opened.emit(wish.path)
        self.settled.emit()

    def _take_found(self, found: Recognised) -> None:
        if found.kind is Kind.RECIPE:
            self._restore_picture(found)
        elif found.kind is not Kind.MODEL:
            self.recognised.emit(found)

    def _restore_picture(self, found: Recognised) -> None:
        document, text = self._document, f"Restore {found.path.name}"
        try:
            recipe = read_recipe(found.content)
        except GanStudioError as error:
            document.failed.emit(error)
            return
        model = Path(recipe.checkpoint) if recipe.checkpoint else None
        if model is None or str(model) == document.state.checkpoint or not model.is_file():
            if model is not None and str(model) != document.state.checkpoint:
                document.announced.emit(f"Its model {model.name} is not there; the look is applied to the open one")
            document.apply(text, edits.set_look(document.state, recipe.look))
            return

        def arrive(project: Project, description: CheckpointDescription) -> Project:
            return edits.set_look(edits.open_checkpoint(project, description), recipe.look)

        self._begin(Wish(model, text, arrive))

    def open_project(self, path: Path, content: ProjectContent) -> None:
        """Go over to a project that was read, and to its model."""
        text, model = f"Open {path.name}", content.project.checkpoint
        if model in (None, self._document.state.checkpoint):
            self._document.open_project(text, content, path)
            return
        project = content.project
        self._begin(Wish(Path(model), text, lambda _project, _description: project, project=(path, content)))

    def _visit(self, text: str, edit: Edit) -> None:
        """Open the model that an edit leads to, then apply it."""
        model = edit(self._document.state).checkpoint
        if model is not None:
            self._begin(Wish(Path(model), text, lambda project, _description: edit(project)))

    def _on_job_failed(self, job: Job, wish: Wish, error: BaseException) -> None:
        if job is self._job:
            self._document.failed.emit(error)
            self._on_job_ended(job, wish)

    def _on_job_ended(self, job: Job, wish: Wish) -> None:
        if job is not self._job:
            return
        self._job = None
        if wish.is_restored:
            self._give_up(wish)
        elif self._owed is not None:
            self._begin(self._owed)
        elif self._document.description is None:
            self.restore()
        if not self.is_busy:
            self.settled.emit()

    def _give_up(self, wish: Wish) -> None:
        """Go without the model that could not be restored."""
        self._owed = None
        self._rendering.expect(None)
        if self._document.state.checkpoint == str(wish.path) and not self._is_closed:
            self._document.begin_with(edits.close_checkpoint(self._document.state))
            if wish.path != builtin_path():
                self.restore()


def _open_anything(wish: Wish, project: Project, device: str) -> Iterator[Any]:
    """Look into a path, and build the model that it is; for a worker thread."""
    stamp = stamp_of(str(wish.path))
    found = recognise(wish.path)
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
        look = wish.arrive(project, event.description).look
        first = draw_fitting(event.renderer, RenderRequest(str(wish.path), (look,)))
        keep_card(wish.path, card_of(event.description))
        keep_thumbnail(wish.path, first.pixels[0])
        yield ModelArrived(event.description, event.renderer, stamp, first)


def _short(name: str) -> str:
    return name if len(name) <= 40 else f"{name[:18]}…{name[-18:]}"
