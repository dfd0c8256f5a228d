"""Opens whatever is dropped, chosen or named: looks into it and builds its network in a job, then sends it on.

The document and the picture stay as they are until the new model has drawn its first picture; an opening that fails, is
cancelled or is overtaken by a newer one leaves no trace.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from ganstudio.checkpoints.base import CheckpointDescription, OpenedFile
from ganstudio.checkpoints.builtin import builtin_models, builtin_path
from ganstudio.checkpoints.formats.native import NativeFormat
from ganstudio.errors import GanStudioError
from ganstudio.gui.document import Document, Edit
from ganstudio.gui.jobs import Job, JobList
from ganstudio.gui.services.opening_work import ModelArrived, ModelMissing, ModelPlaced, Sought, Wish, open_anything
from ganstudio.gui.services.rendering_service import RenderingService
from ganstudio.project import edits, history
from ganstudio.project.file import ProjectContent
from ganstudio.project.recipe import Recipe, read_recipe
from ganstudio.project.state import Entry, Project
from ganstudio.recognition import Kind, Recognised
from ganstudio.rendering.looks.look import Look
from ganstudio.rendering.opening import Layer, ModelDescribed, OpeningProgress


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
        model_missing(missing): A picture or a project needs a model that is not there (`ModelMissing`).
        settled(): Nothing is being opened any more.
    """

    began = Signal(object)
    recognised = Signal(object)
    model_opened = Signal(object)
    model_missing = Signal(object)
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
        self._list_places: Callable[[], tuple[Path, ...]] = tuple
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

    def look_in(self, list_places: Callable[[], tuple[Path, ...]]) -> None:
        """Look for models that are not where they were among these files and folders."""
        self._list_places = list_places

    def open(self, path: Path) -> None:
        """Open anything."""
        path = path.expanduser().resolve()  # the next start may be in another folder
        if not self._show_again(path):
            self._begin(Wish(path, f"Open {path.name}", edits.open_checkpoint))

    def reopen(self, path: Path) -> None:
        """Open a model anew, because what was assumed of its file is another thing now."""
        self._rendering.forget(str(path))
        self._begin(Wish(path, f"Open {path.name}", edits.open_checkpoint))

    def restore(self) -> None:
        """Load the model that the project names, else the built-in one."""
        document = self._document
        if document.state.checkpoint is None and builtin_path().is_file():
            file = OpenedFile.open(builtin_path())  # a short header of a file of our own
            description = NativeFormat().describe(file, {})
            document.learn(description)
            document.begin_with(edits.open_checkpoint(document.state, description))
        checkpoint = document.state.checkpoint
        if checkpoint is None:
            return
        sought = None
        if not Path(checkpoint).is_file():
            sought = self._seek(checkpoint, "this project was made with")
        self._begin(Wish(Path(checkpoint), "", _stay, is_restored=True, sought=sought))

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
        job = Job(partial(open_anything, wish, self._document.state, self._rendering.device),
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
            elif isinstance(event, ModelPlaced):
                self._take_placed(wish, event)
            elif isinstance(event, ModelMissing):
                self._take_missing(event)
            elif isinstance(event, ModelArrived):
                self._take_model(wish, event)
            elif isinstance(event, Recognised):
                self._take_found(event)

    def _take_model(self, wish: Wish, arrived: ModelArrived) -> None:
        self._job = self._owed = None
        document, path = self._document, str(arrived.path)
        document.forget_opened(path)
        document.learn(arrived.description, self._layers)
        self._rendering.adopt(path, arrived.renderer, arrived.stamp, arrived.first)
        self._arrive(wish, arrived.description, arrived.path)

    def _take_placed(self, wish: Wish, placed: ModelPlaced) -> None:
        """Take note of where a model is; one that is open already need not be opened again."""
        if placed.path != wish.path:
            self._document.announced.emit(f"{wish.path.name} was found in {placed.path.parent}")
        description = self._document.description_of(str(placed.path))
        if description is not None and self._rendering.shelf.find(str(placed.path)) is not None:
            self._overtake()
            self._arrive(wish, description, placed.path)

    def _take_missing(self, missing: ModelMissing) -> None:
        """Go without: a project is there to be looked at, whatever draws its pictures."""
        wish = missing.wish
        if wish.project is not None:
            path, content = wish.project
            self._job = self._owed = None
            self._document.open_project(wish.text, content, path)
            self.settled.emit()
            missing = replace(missing, wish=replace(wish, project=None, text=f"Locate {wish.path.name}"))
        elif wish.is_restored:
            look = self._document.state.look
            arrive = partial(_go_back_to, look)
            missing = replace(missing, wish=Wish(wish.path, f"Locate {wish.path.name}", arrive, sought=wish.sought))
        self.model_missing.emit(missing)

    def _arrive(self, wish: Wish, description: CheckpointDescription, path: Path) -> None:
        document, has_moved = self._document, path != wish.path
        is_first = document.description is None and wish.project is None and not wish.text.startswith("Locate")
        if wish.sought is not None and wish.sought.accepts_other:
            document.accept(str(path))
        elif wish.sought is not None and wish.sought.fingerprint is not None:
            document.identify({str(path): wish.sought.fingerprint})
        state = wish.state(document.state, description, path)
        if wish.project is not None:
            document.open_project(wish.text, replace(wish.project[1], project=state), wish.project[0], has_moved)
        elif is_first:
            document.begin_with(state)
        else:
            document.apply(wish.text, state)
        if not wish.is_restored:
            self.model_opened.emit(path)
        self.settled.emit()

    def _take_found(self, found: Recognised) -> None:
        if found.kind is Kind.RECIPE:
            self._restore_picture(found)
        elif found.kind is not Kind.MODEL:
            self.recognised.emit(found)

    def _restore_picture(self, found: Recognised) -> None:
        document = self._document
        try:
            recipe = read_recipe(found.content)
        except GanStudioError as error:
            document.failed.emit(type(error)(found.path.name, f"{error.subject}: {error.reason}", error.remedy))
            return
        text, current = f"Restore {found.path.name}", document.state.checkpoint
        is_open = recipe.model == document.opened_as(current) if recipe.model else recipe.checkpoint == current
        if recipe.checkpoint is None or (is_open and document.description is not None):
            document.apply(text, edits.restore_pictures(document.state, current, recipe))
            return
        model = Path(recipe.checkpoint)

        def arrive(project: Project, description: CheckpointDescription) -> Project:
            return edits.restore_pictures(project, str(description.path), recipe)

        without = partial(_restore_here, recipe)
        sought = Sought(recipe.model, "made this picture", places=(found.path.parent, model.parent))
        self._begin(Wish(model, text, arrive, sought=self._with_places(sought), without=without))

    def open_project(self, path: Path, content: ProjectContent, is_carried: bool = False) -> None:
        """Go over to a project that was read, and to its model.

        Args:
            path: What it was read from.
            content: The project.
            is_carried: Whether that is a film that carries it, so that it has no file to be saved in.
        """
        file = None if is_carried else path
        text, model = f"Open {path.name}", content.project.checkpoint
        wanted = content.models.get(model or "")
        is_open = model == self._document.state.checkpoint and wanted in (None, self._document.opened_as(model))
        if model is None or (is_open and self._document.description is not None):
            self._document.open_project(text, content, file)
            return
        sought = Sought(wanted, "this project was made with", places=(path.parent, Path(model).parent))
        self._begin(Wish(Path(model), text, _stay, sought=self._with_places(sought), project=(file, content)))

    def open_elsewhere(self, missing: ModelMissing, path: Path | None = None) -> None:
        """Go on with what needs a model that was missing.

        Args:
            missing: What was told.
            path: Where the person says that it is; None: the other model of its name will do.
        """
        wish, sought = missing.wish, missing.wish.sought
        if sought is not None:
            at = path or missing.sought.path
            self._begin(replace(wish, sought=replace(sought, at=at, accepts_other=path is None)))

    def relocate(self, model: Path, path: Path) -> None:
        """Take the file that the project was made with from elsewhere, for another one is where it was."""
        wanted = self._document.models.get(str(model))
        sought = Sought(wanted, "this project was made with", at=path)
        self._begin(Wish(model, f"Locate {model.name}", _stay, sought=sought))

    def _visit(self, text: str, edit: Edit) -> None:
        """Open the model that an edit leads to, then apply it."""
        model = edit(self._document.state).checkpoint
        if model is not None:
            sought = self._seek(model, "made this picture")
            self._begin(Wish(Path(model), text, lambda project, _description: edit(project), sought=sought))

    def _seek(self, model: str, what: str) -> Sought:
        sought = Sought(self._document.models.get(model), what, places=(Path(model).parent,))
        file = self._document.path
        return self._with_places(replace(sought, places=(*sought.places, file.parent)) if file else sought)

    def _with_places(self, sought: Sought) -> Sought:
        known = (*sought.places, *(model.path for model in builtin_models()), *self._list_places())
        return replace(sought, places=tuple(dict.fromkeys(known)))

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


def _stay(project: Project, _description: CheckpointDescription) -> Project:
    return project


def _go_back_to(look: Look, project: Project, description: CheckpointDescription) -> Project:
    """Show a picture of the history again, whose model has been found."""
    return history.show_entry(project, Entry(look, str(description.path)))


def _restore_here(recipe: Recipe, project: Project) -> Project:
    """Make the pictures of a recipe with whichever model is open."""
    return edits.restore_pictures(project, project.checkpoint, recipe)


def _short(name: str) -> str:
    return name if len(name) <= 40 else f"{name[:18]}…{name[-18:]}"
