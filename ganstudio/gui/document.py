"""The document of the window: the project, its undo stack, and what panels tell each other about it."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from weakref import finalize, ref

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack
from shiboken6 import isValid

from ganstudio.checkpoints.base import CheckpointDescription
from ganstudio.checkpoints.fingerprints import Fingerprint, known_fingerprint
from ganstudio.project import edits
from ganstudio.project.file import ProjectContent
from ganstudio.project.recipe import Recipe
from ganstudio.project.session import Session
from ganstudio.project.state import Project
from ganstudio.rendering.opening import Layer

logger = logging.getLogger(__name__)

_MERGING_ID = 1


@dataclass(frozen=True)
class Filed:
    """Where the project is kept.

    Attributes:
        path: Its file, or None for one that was never saved.
        saved: What the file holds; of one without a file, how it began; None: something else than what is there now.
        stamp: When the file was written, as it was read or written here; 0 where that is not known.
    """

    path: Path | None = None
    saved: Project | None = None
    stamp: int = 0


Edit = Callable[[Project], Project]


class Document(QObject):
    """Holds the only project; `apply` is the only way to change it.

    It never looks into files: descriptions of models are handed to it by whoever opened them, and kept, so that undo
    and redo find them again.

    Signals:
        changed(old, new): The project was replaced; redraw the fields that differ.
        model_changed(description): Another checkpoint is open (`CheckpointDescription` or None).
        layers_known(): `layers` of the open model were not known before.
        filed(): The project has another file, or became as it is there, or otherwise.
        models_identified(paths): The fingerprints of models are known now.
        model_differs(path): The file of a model is another one than that which the project was made with.
        model_wanted(text, edit): An edit leads to a model that has to be opened first.
        open_requested(path): Somebody wants a checkpoint, picture or data opened, whatever it is.
        data_dropped(path): A file or folder of training pictures was handed over.
        failed(error): Something could not be done; the window shows it.
        announced(text): Something was done that leaves no trace to see; shown for a moment.
    """

    changed = Signal(object, object)
    model_changed = Signal(object)
    layers_known = Signal()
    filed = Signal()
    models_identified = Signal(object)
    model_differs = Signal(str)
    model_wanted = Signal(str, object)
    open_requested = Signal(object)
    data_dropped = Signal(object)
    failed = Signal(object)
    announced = Signal(str)

    def __init__(self, state: Project | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state = state or Project()
        self._descriptions: dict[str, CheckpointDescription] = {}
        self._layers: dict[str, tuple[Layer, ...]] = {}
        self._gestures = 0
        self._amend: Callable[[Project, Project], Project] | None = None
        self._file = Filed(None, self._state)
        self._was_modified = False
        self._models: dict[str, Fingerprint] = {}
        self._opened: dict[str, Fingerprint] = {}
        self._accepted: set[str] = set()
        self.undo_stack = QUndoStack(self)
        self.undo_stack.setUndoLimit(500)
        finalize(self, _let_go_of_steps, self.undo_stack).atexit = False

    @property
    def state(self) -> Project:
        """What is being worked on."""
        return self._state

    @property
    def description(self) -> CheckpointDescription | None:
        """What the open model is: its size, classes and named directions; None while nobody knows."""
        return self.description_of(self._state.checkpoint)

    def description_of(self, checkpoint: str | None) -> CheckpointDescription | None:
        """What a model was when it was opened last; None for one that was not."""
        return self._descriptions.get(checkpoint or "")

    @property
    def path(self) -> Path | None:
        """The file of the project, or None while it has none."""
        return self._file.path

    @property
    def is_modified(self) -> bool:
        """Whether the project is not as its file has it; what is selected does not count."""
        saved, state = self._file.saved, self._state
        if saved is None or not (saved.picks or state.picks):
            return state != saved  # asked at every move of a slider
        return replace(state, picks=()) != replace(saved, picks=())

    @property
    def models(self) -> Mapping[str, Fingerprint]:
        """Which files the models are that the project was made with, by path, as far as that is known."""
        return self._models

    @property
    def content(self) -> ProjectContent:
        """What a file of the project has to hold."""
        return ProjectContent(self._state, dict(self._models), stamp=self._file.stamp)

    @property
    def session(self) -> Session:
        """What has to be kept so that the next start goes on from here."""
        return Session(self.content, str(self.path or ""), self.is_modified, file_stamp=self._file.stamp)

    def apply(self, text: str, new_state: Project, merge_key: str | None = None) -> None:
        """Go to `new_state` as one step of undo.

        Args:
            text: What was done, for the menu ("Truncation").
            new_state: Result of a function in `project/edits.py`.
            merge_key: Names one gesture (one drag): steps in a row with the same key become one.
        """
        if new_state != self._state and self._amend is not None:
            new_state = self._amend(self._state, new_state)
        if new_state != self._state:
            self.undo_stack.push(_Replacement(text, (self._state, new_state), merge_key, ref(self)))

    def amend_with(self, amend: Callable[[Project, Project], Project]) -> None:
        """Let somebody add to every edit before it is applied, so that both are one step of undo.

        Args:
            amend: Takes the project as it is and as it is to be; returns what it shall be.
        """
        self._amend = amend

    def visit(self, text: str, edit: Edit) -> None:
        """Apply an edit that may lead to another model; one that nobody has opened yet is opened first."""
        state = edit(self._state)
        is_known = state.checkpoint in (None, self._state.checkpoint) or self.description_of(state.checkpoint)
        if is_known:
            self.apply(text, state)
        else:
            self.model_wanted.emit(text, edit)

    def open_project(self, text: str, content: ProjectContent, path: Path | None, has_changed: bool = False) -> None:
        """Go over to another project and its file, as one step of undo that leads back to both.

        Args:
            text: Names the step.
            content: The project.
            path: Its file; None while it has none.
            has_changed: Whether the file has it otherwise.
        """
        self.identify(content.models)
        new = Filed(path, None if has_changed else content.project, content.stamp)
        self.undo_stack.push(_OtherProject(text, (self._state, content.project), new, ref(self)))

    def resume(self, session: Session) -> None:
        """Go on with what a session has kept."""
        self.identify(session.content.models)
        path = Path(session.file) if session.file else None
        self._file = Filed(path, None if session.is_modified else session.project, session.file_stamp)
        self._replace(session.project)
        self.undo_stack.clear()
        self._tell_filed()

    def note_saved(self, path: Path, state: Project, stamp: int = 0) -> None:
        """Take note that a state of the project is in a file now, which is the project's from now on."""
        self._file = Filed(path, state, stamp)
        self._tell_filed()

    def identify(self, models: Mapping[str, Fingerprint]) -> None:
        """Take note of which files models are."""
        new = {path: found for path, found in models.items() if self._models.get(path) != found}
        if new:
            self._models.update(new)
            self.models_identified.emit(tuple(new))

    def note_opened(self, path: str, found: Fingerprint) -> None:
        """Take note of which file a model really is; told, where the project was made with another one."""
        self._opened[path] = found
        if path in self._accepted or path not in self._models:
            self.identify({path: found})
        elif self._models[path] != found:
            self.model_differs.emit(path)

    def accept(self, path: str) -> None:
        """Go on with whichever file is there, though the project was made with another one."""
        self._accepted.add(path)
        if path in self._opened:
            self.identify({path: self._opened[path]})

    def forget_opened(self, path: str) -> None:
        """Know no longer which file a model is, because it was read again."""
        self._opened.pop(path, None)

    def opened_as(self, path: str | None) -> Fingerprint | None:
        """Which file a model is that was opened; None while nobody knows."""
        return self._opened.get(path or "")

    def complete(self, recipe: Recipe) -> Recipe:
        """The recipe with which file its model is and with the project's directions that it needs."""
        path = recipe.checkpoint
        model = self.opened_as(path) or (known_fingerprint(Path(path)) if path else None)
        return replace(recipe, model=model, directions=self._state.directions_of(recipe.looks))

    def new_gesture(self, name: str) -> str:
        """Return a merge key for one gesture: ask for it when the drag begins, use it until the drag ends."""
        self._gestures += 1
        return f"{name} {self._gestures}"

    @property
    def layers(self) -> tuple[Layer, ...]:
        """The tensors in the open model's file; empty while nobody knows."""
        return self._layers.get(self._state.checkpoint or "", ())

    def learn(self, description: CheckpointDescription, layers: tuple[Layer, ...] = ()) -> None:
        """Take note of what a model is; told to all, if it is the open one and was not known so."""
        path = str(description.path)
        is_news = self._descriptions.get(path) != description
        self._descriptions[path] = description
        has_new_layers = bool(layers) and self._layers.get(path) != layers
        if has_new_layers:
            self._layers[path] = layers
        if path == self._state.checkpoint:
            if is_news:
                self.model_changed.emit(description)
            elif has_new_layers:
                self.layers_known.emit()

    def open_model(self, description: CheckpointDescription) -> None:
        """Go over to a model that is ready, as an undoable step."""
        self.learn(description)
        self.apply(f"Open {description.path.name}", edits.open_checkpoint(self._state, description))

    def begin_with(self, state: Project) -> None:
        """Go to a state that is no step of anybody's: what a start shows, or what is left when it fails."""
        if not self.is_modified:
            self._file = replace(self._file, saved=state)
        self._replace(state)
        self.undo_stack.clear()

    def _replace(self, new: Project) -> None:
        old, self._state = self._state, new
        if new.checkpoint != old.checkpoint:
            self.model_changed.emit(self.description)
        self.changed.emit(old, new)
        if self.is_modified != self._was_modified:
            self._tell_filed()

    def _replace_filed(self, state: Project, filed: Filed) -> Filed:
        """Go to a project in another file; returns where the one before it was."""
        before, self._file = self._file, filed
        self._replace(state)
        self._tell_filed()
        return before

    def _tell_filed(self) -> None:
        self._was_modified = self.is_modified
        self.filed.emit()


def _let_go_of_steps(stack: QUndoStack) -> None:
    """Delete the steps before Python collects a document that is part of a cycle, which crashes Qt otherwise."""
    if isValid(stack):  # not, where the window has taken it along
        stack.clear()


class _Replacement(QUndoCommand):
    """The one undo step there is: one project before, one after."""

    def __init__(
        self, text: str, states: tuple[Project, Project], merge_key: str | None, document: "ref[Document]"
    ) -> None:
        super().__init__(text)
        self._before, self._after = states
        self._merge_key = merge_key
        self._document = document

    def id(self) -> int:
        return -1 if self._merge_key is None else _MERGING_ID

    def mergeWith(self, other: QUndoCommand) -> bool:  # noqa: N802 - Qt's name
        if not isinstance(other, _Replacement) or other._merge_key != self._merge_key:
            return False
        self._after = other._after
        self.setObsolete(self._after == self._before)
        return True

    def redo(self) -> None:
        self._go(self._after)

    def undo(self) -> None:
        self._go(self._before)

    def _go(self, state: Project) -> None:
        if (document := self._document()) is not None:
            document._replace(state)


class _OtherProject(QUndoCommand):
    """The step from one project and its file to another; a file that was saved meanwhile is found again as it is."""

    def __init__(self, text: str, states: tuple[Project, Project], filed: Filed, document: "ref[Document]") -> None:
        super().__init__(text)
        self._before, self._after = states
        self._elsewhere = filed
        self._document = document

    def redo(self) -> None:
        self._go(self._after)

    def undo(self) -> None:
        self._go(self._before)

    def _go(self, state: Project) -> None:
        if (document := self._document()) is not None:
            self._elsewhere = document._replace_filed(state, self._elsewhere)
