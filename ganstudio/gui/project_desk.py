"""The project as a person's file: new, open, save, revert, and the questions that go with them.

What is worked on is kept by the autosave whether it was saved or not, and is there again at the next start, so closing
asks nothing. What would be lost is a project that another one takes the place of: that is asked about, where it was
changed and has a file, or has favourites, names or examples that no file holds. Where the session cannot be kept,
closing asks.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from ganstudio.errors import GanStudioError
from ganstudio.gui.actions import RECENT_IDS, Actions, Handlers
from ganstudio.gui.document import Document
from ganstudio.gui.services.project_files import ProjectFiles
from ganstudio.gui.settings import SettingsStore
from ganstudio.project.file import SUFFIX, ProjectChangedError, ProjectContent
from ganstudio.project.state import Project

_KINDS = f"GANStudio projects (*{SUFFIX})"
_ALL_KINDS = f"{_KINDS};;All files (*)"
Go = Callable[[], object]


class ProjectDesk(QObject):
    """Takes care of the project's file.

    Args:
        document: The project.
        settings: Remember the projects used last.
        files: Writes and reads.
        window: Over which questions are asked.
    """

    def __init__(self, document: Document, settings: SettingsStore, files: ProjectFiles, window: QWidget) -> None:
        super().__init__(window)
        self._document, self._settings, self._files, self._window = document, settings, files, window
        self._question: QMessageBox | None = None
        self._after_saving: Go | None = None
        files.saved.connect(self._on_files_saved)
        files.failed.connect(self._on_files_failed)

    def handlers(self) -> Handlers:
        """What its actions do."""
        recent = {name: partial(self._open_recent, index) for index, name in enumerate(RECENT_IDS)}
        return {
            **recent,
            "file.new_project": lambda: self.replace(self._begin_anew),
            "file.open_project": self.choose,
            "file.clear_recent": lambda: self._settings.update(recent_projects=()),
            "file.save_project": self.save,
            "file.save_project_as": self.save_as,
            "file.revert": self._files.revert,
        }

    def show_recent(self, actions: Actions) -> None:
        """Write the names of the projects used last into the menu."""
        for name, path in zip(RECENT_IDS, map(Path, self._settings.values.recent_projects), strict=False):
            actions[name].setText(f"{path.stem}  ({_short(str(path.parent))})".replace("&", "&&"))

    def choose(self) -> None:
        """Ask for a project and open it."""
        name, _kind = QFileDialog.getOpenFileName(self._window, "Open Project", self._folder(), _ALL_KINDS)
        if name:
            self._settings.update(folder=str(Path(name).parent))
            self._document.open_requested.emit(Path(name))

    def save(self) -> None:
        """Write the project into its file; one without is asked for a name."""
        if self._document.path is None:
            self.save_as()
        else:
            self._files.save(self._document.path)

    def save_as(self) -> None:
        """Ask for a name and write the project there."""
        start = Path(self._folder()) / f"{title_of_project(self._document)}{SUFFIX}"
        name, _kind = QFileDialog.getSaveFileName(self._window, "Save Project As", str(start), _KINDS)
        if not name:
            self._after_saving = None
            return
        path = Path(name)
        self._settings.update(folder=str(path.parent))
        self._files.save(path if path.suffix else path.with_suffix(SUFFIX))

    def replace(self, go: Go) -> None:
        """Let another project take the place of this one, when nothing of this one is lost by it."""
        if not self._would_be_lost():
            go()
            return
        kinds = QMessageBox.StandardButton
        title = self._document.path.name if self._document.path else "the project"
        question = self._ask(f"Save the changes to {title}?", "Otherwise only Undo brings them back.")
        question.setStandardButtons(kinds.Save | kinds.Discard | kinds.Cancel)
        question.setDefaultButton(kinds.Save)
        question.button(kinds.Discard).setText("Don't Save")
        question.button(kinds.Discard).clicked.connect(lambda _checked=False: go())
        question.button(kinds.Save).clicked.connect(lambda _checked=False: self._save_and_go(go))
        question.open()

    def take(self, path: Path, content: ProjectContent, go: Go) -> None:
        """Go over to a project that was read, once it may; it is one of those used last."""

        def open_it() -> None:
            self._settings.add_recent_project(path)
            go()

        if path == self._document.path and content.project == self._document.state:
            return  # it is open already
        self.replace(open_it)

    def ask_to_close(self, error: GanStudioError, close: Go) -> None:
        """Say that the session could not be kept, and close only if the person says so."""
        kinds = QMessageBox.StandardButton
        question = self._ask("Your work could not be kept for the next start", f"{error.reason}; {error.remedy}.")
        question.setStandardButtons(kinds.Save | kinds.Close | kinds.Cancel)
        question.button(kinds.Save).setText("Save Project As…")
        question.button(kinds.Close).setText("Close Anyway")
        question.setDefaultButton(kinds.Save)
        question.button(kinds.Close).clicked.connect(lambda _checked=False: close())
        question.button(kinds.Save).clicked.connect(lambda _checked=False: self._save_as_and_go(close))
        question.open()

    @property
    def question(self) -> QMessageBox | None:
        """What is being asked now."""
        return self._question if self._question is not None and self._question.isVisible() else None

    def _ask_to_write_over(self, path: Path, error: ProjectChangedError) -> None:
        kinds = QMessageBox.StandardButton
        question = self._ask(f"Write over {path.name}?", f"{error.reason[:1].upper()}{error.reason[1:]}.")
        question.setStandardButtons(kinds.Save | kinds.SaveAll | kinds.Cancel)
        question.button(kinds.Save).setText("Save As…")
        question.button(kinds.SaveAll).setText("Write Over It")
        question.setDefaultButton(kinds.Save)
        question.button(kinds.Save).clicked.connect(lambda _checked=False: self.save_as())
        question.button(kinds.SaveAll).clicked.connect(lambda _checked=False: self._files.save(path, may_replace=True))
        question.button(kinds.Cancel).clicked.connect(lambda _checked=False: self._forget_what_follows())
        question.open()

    def _forget_what_follows(self) -> None:
        self._after_saving = None

    def _would_be_lost(self) -> bool:
        document = self._document
        return document.is_modified and (document.path is not None or _has_keepsakes(document.state))

    def _ask(self, text: str, more: str) -> QMessageBox:
        if self._question is not None:
            self._question.close()
            self._question.deleteLater()
        self._question = QMessageBox(QMessageBox.Icon.NoIcon, "GANStudio", text, parent=self._window)
        self._question.setInformativeText(more)
        return self._question

    def _save_and_go(self, go: Go) -> None:
        self._after_saving = go
        self.save()

    def _save_as_and_go(self, go: Go) -> None:
        self._after_saving = go
        self.save_as()

    def _begin_anew(self) -> None:
        state = Project(checkpoint=self._document.state.checkpoint)
        self._document.open_project("New Project", ProjectContent(state), None)

    def _open_recent(self, index: int) -> None:
        recent = self._settings.values.recent_projects
        if index >= len(recent):
            return
        path = Path(recent[index])
        if not path.is_file():
            self._settings.forget_recent_project(path)
        self._document.open_requested.emit(path)  # says itself that it is gone

    def _on_files_saved(self, path: Path) -> None:
        self._settings.add_recent_project(path)
        self._document.announced.emit(f"Saved {path.name}")
        go, self._after_saving = self._after_saving, None
        if go is not None:
            go()

    def _on_files_failed(self, error: BaseException) -> None:
        if isinstance(error, ProjectChangedError) and self._document.path is not None:
            self._ask_to_write_over(self._document.path, error)
            return
        self._after_saving = None
        self._document.failed.emit(error)

    def _folder(self) -> str:
        path = self._document.path
        return str(path.parent) if path else self._settings.values.folder


def title_of_project(document: Document) -> str:
    """What the project is called."""
    return document.path.stem if document.path else "Untitled"


def _has_keepsakes(project: Project) -> bool:
    """Whether there is more than what was passed by: something that a person chose to keep."""
    is_named = any(entry.name for entry in project.history)
    return bool(is_named or project.favourites or project.liked or project.disliked)


def _short(folder: str) -> str:
    return folder if len(folder) <= 48 else f"{folder[:12]}…{folder[-34:]}"
