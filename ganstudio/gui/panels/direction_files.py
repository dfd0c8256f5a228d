"""Directions from and to files and the clipboard: asks where, and hands over."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from ganstudio.errors import GanStudioError
from ganstudio.gui.document import Document
from ganstudio.gui.services.direction_export import DirectionExport, file_kinds
from ganstudio.project import direction_edits
from ganstudio.project.direction_text import directions_of_text, holds_directions
from ganstudio.project.slider_list import SliderEntry, list_sliders
from ganstudio.rendering.looks.checking import LookError
from ganstudio.rendering.opening import fitting

_READ = "Directions and latents (*.safetensors *.npy *.npz *.pt *.pth *.pkl);;All files (*)"
_MODEL = "GANStudio model (*.safetensors)"


class DirectionFiles:
    """What the menus of directions do with files.

    Args:
        document: Has the directions.
        export: Writes them.
        window: Over which file names are asked for.
        listed: The names of the directions that are listed now.
    """

    def __init__(
        self, document: Document, export: DirectionExport, window: QWidget, listed: Callable[[], Iterable[str]]
    ) -> None:
        self._document, self._export, self._window = document, export, window
        self._listed = listed

    def ask_import(self) -> None:
        """Ask for a file of directions or latents, and take it in."""
        name, _kind = QFileDialog.getOpenFileName(self._window, "Import Directions", str(self._folder), _READ)
        if name:
            self._document.open_requested.emit(Path(name))

    def ask_export(self, names: Sequence[str]) -> None:
        """Ask for a file to write directions to."""
        if not names:
            self._document.announced.emit("There are no directions to export")
            return
        kinds = file_kinds()
        title = f"{len(names)} directions"
        if len(names) == 1:
            listed = list_sliders(self._document.state, self._document.description)
            title = next((entry.title for entry in listed if entry.name == names[0]), "direction")
        start = self._folder / f"{self._model.stem}_{_as_file_name(title)}.safetensors"
        name, kind = QFileDialog.getSaveFileName(self._window, "Export Directions", str(start), ";;".join(kinds))
        if name:
            self._export.write(names, Path(name), kinds.get(kind, ""))

    def export_all(self) -> None:
        """Export all directions that are listed; while somebody searches, those that were found."""
        self.ask_export(list(self._listed()))

    def export_used(self) -> None:
        """Export those that the picture on the canvas goes along."""
        used = self._document.state.look.directions
        self.ask_export([entry.name for entry in self._entries() if entry.name in used])

    def ask_save_model(self) -> None:
        """Ask for a file, and write a copy of the model to it that carries the project's directions."""
        start = self._folder / f"{self._model.stem} with directions.safetensors"
        name, _kind = QFileDialog.getSaveFileName(self._window, "Save Model With Directions", str(start), _MODEL)
        if name and Path(name).resolve() == self._model.resolve():
            error = LookError(Path(name).name, "it is the open model itself", "choose another name for the copy")
            self._document.failed.emit(error)
        elif name:
            self._export.write_model(Path(name))

    def copy(self, name: str) -> None:
        """Put a direction onto the clipboard, as text."""
        self._export.copy([name])

    @property
    def can_paste(self) -> bool:
        """Whether directions are on the clipboard."""
        return holds_directions(QGuiApplication.clipboard().text())

    def paste(self) -> None:
        """Take directions from the clipboard into the project."""
        document = self._document
        try:
            found = directions_of_text(QGuiApplication.clipboard().text())
            description = document.description
            if description is not None and not fitting(found, description):
                direction = found[0]
                wanted = direction.info.shape(description.spec)
                reason = f"its vector in {direction.info.space} is of shape {list(direction.shape)}"
                takes = f"this model takes {list(wanted)}" if wanted else f"this model has no {direction.info.space}"
                raise LookError(direction.info.title[:60], reason, takes)
            state = direction_edits.add_directions(document.state, found)
        except GanStudioError as error:
            document.failed.emit(error)
            return
        document.apply("Paste Directions", state)

    def _entries(self) -> tuple[SliderEntry, ...]:
        return list_sliders(self._document.state, self._document.description)

    @property
    def _model(self) -> Path:
        return Path(self._document.state.checkpoint or "model")

    @property
    def _folder(self) -> Path:
        return self._document.path.parent if self._document.path is not None else Path.home()


def _as_file_name(title: str) -> str:
    letters = "".join(letter if letter.isalnum() else "_" for letter in title)
    return "_".join(part for part in letters.split("_") if part)[:60] or "direction"
