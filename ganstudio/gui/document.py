"""The document of the window: the project, its undo stack, and what panels tell each other about it."""

import logging
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from ganstudio.checkpoints.base import CheckpointDescription
from ganstudio.project import edits
from ganstudio.project.state import Project
from ganstudio.rendering.opening import Layer

logger = logging.getLogger(__name__)

_MERGING_ID = 1


class Document(QObject):
    """Holds the only project; `apply` is the only way to change it.

    It never looks into files: descriptions of models are handed to it by whoever opened them, and kept, so that undo
    and redo find them again.

    Signals:
        changed(old, new): The project was replaced; redraw the fields that differ.
        model_changed(description): Another checkpoint is open (`CheckpointDescription` or None).
        layers_known(): `layers` of the open model were not known before.
        open_requested(path): Somebody wants a checkpoint, picture or data opened, whatever it is.
        data_dropped(path): A file or folder of training pictures was handed over.
        failed(error): Something could not be done; the window shows it.
        announced(text): Something was done that leaves no trace to see; shown for a moment.
    """

    changed = Signal(object, object)
    model_changed = Signal(object)
    layers_known = Signal()
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
        self.undo_stack = QUndoStack(self)
        self.undo_stack.setUndoLimit(500)

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

    def apply(self, text: str, new_state: Project, merge_key: str | None = None) -> None:
        """Go to `new_state` as one step of undo.

        Args:
            text: What was done, for the menu ("Truncation").
            new_state: Result of a function in `project/edits.py`.
            merge_key: Names one gesture (one drag): steps in a row with the same key become one.
        """
        if new_state != self._state:
            self.undo_stack.push(_Replacement(text, (self._state, new_state), merge_key, self._replace))

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
        self._replace(state)
        self.undo_stack.clear()

    def _replace(self, new: Project) -> None:
        old, self._state = self._state, new
        if new.checkpoint != old.checkpoint:
            self.model_changed.emit(self.description)
        self.changed.emit(old, new)


class _Replacement(QUndoCommand):
    """The one undo step there is: one project before, one after."""

    def __init__(
        self,
        text: str,
        states: tuple[Project, Project],
        merge_key: str | None,
        replace: Callable[[Project], None],
    ) -> None:
        super().__init__(text)
        self._before, self._after = states
        self._merge_key = merge_key
        self._replace = replace

    def id(self) -> int:
        return -1 if self._merge_key is None else _MERGING_ID

    def mergeWith(self, other: QUndoCommand) -> bool:  # noqa: N802 - Qt's name
        if not isinstance(other, _Replacement) or other._merge_key != self._merge_key:
            return False
        self._after = other._after
        self.setObsolete(self._after == self._before)
        return True

    def redo(self) -> None:
        self._replace(self._after)

    def undo(self) -> None:
        self._replace(self._before)
