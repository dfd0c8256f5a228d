"""The document of the window: the project, its undo stack, and what panels tell each other about it."""

import logging
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from ganstudio.checkpoints import catalogue
from ganstudio.checkpoints.base import CheckpointDescription
from ganstudio.errors import GanStudioError
from ganstudio.project import edits
from ganstudio.project.state import Project

logger = logging.getLogger(__name__)

_MERGING_ID = 1


class Document(QObject):
    """Holds the only project; `apply` is the only way to change it.

    Signals:
        changed(old, new): The project was replaced; redraw the fields that differ.
        model_changed(description): Another checkpoint is open (`CheckpointDescription` or None).
        open_requested(path): Somebody wants a checkpoint, picture or data opened, whatever it is.
        data_dropped(path): A file or folder of training pictures was handed over.
        failed(error): Something could not be done; the window shows it.
        announced(text): Something was done that leaves no trace to see; shown for a moment.
    """

    changed = Signal(object, object)
    model_changed = Signal(object)
    open_requested = Signal(object)
    data_dropped = Signal(object)
    failed = Signal(object)
    announced = Signal(str)

    def __init__(self, state: Project | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state = state or Project()
        self._description: CheckpointDescription | None = None
        self._gestures = 0
        self.undo_stack = QUndoStack(self)
        self.undo_stack.setUndoLimit(500)
        if self._state.checkpoint:
            self._describe(self._state.checkpoint)

    @property
    def state(self) -> Project:
        """What is being worked on."""
        return self._state

    @property
    def description(self) -> CheckpointDescription | None:
        """What the open model is: its size, classes and named directions."""
        return self._description

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

    def open_checkpoint(self, path: Path) -> bool:
        """Open a model as an undoable step; False, with `failed`, when the file cannot be opened."""
        try:
            description = catalogue.describe(path)
        except GanStudioError as error:
            self.failed.emit(error)
            return False
        self.apply(f"Open {path.name}", edits.open_checkpoint(self._state, description))
        return True

    def refresh_model(self) -> None:
        """Read again what the open model is, because its file was changed here."""
        self._describe(self._state.checkpoint)
        self.model_changed.emit(self._description)

    def _replace(self, new: Project) -> None:
        old, self._state = self._state, new
        if new.checkpoint != old.checkpoint:
            self._describe(new.checkpoint)
            self.model_changed.emit(self._description)
        self.changed.emit(old, new)

    def _describe(self, checkpoint: str | None) -> None:
        self._description = None
        if checkpoint is None:
            return
        try:
            self._description = catalogue.describe(Path(checkpoint))
        except GanStudioError as error:  # gone since, say, and reached again by undo
            self.failed.emit(error)


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
