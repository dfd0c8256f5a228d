"""Takes pictures out of the window: to the clipboard, dragged away; with the recipe that made them."""

import contextlib
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QMimeData, QStandardPaths
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from ganstudio.errors import GanStudioError
from ganstudio.files import user_cache_dir
from ganstudio.gui.document import Document
from ganstudio.gui.widgets.file_drag import drag_files
from ganstudio.gui.widgets.pixels import to_image
from ganstudio.project.picture_files import MadePicture, write_picture

RECIPE_FORMAT = "application/x-ganstudio-recipe"
_KINDS = "PNG (*.png);;WebP (*.webp);;JPEG (*.jpg)"
_SUFFIXES = {"P": ".png", "W": ".webp", "J": ".jpg"}


class PictureExport:
    """Plain colours, whatever channel is looked at.

    Args:
        document: Told what was done and what failed.
        source: The widget that pictures are dragged out of, and over which file names are asked for.
    """

    def __init__(self, document: Document, source: QWidget) -> None:
        self._document = document
        self._source = source

    def copy(self, made: MadePicture, what: str = "The picture is") -> None:
        """Put a picture on the clipboard, with its recipe for whoever pastes it here, and say so."""
        recipe = self._document.complete(made.recipe)
        data = QMimeData()
        data.setImageData(to_image(made.pixels))
        data.setData(RECIPE_FORMAT, json.dumps(recipe.to_json()).encode())
        QGuiApplication.clipboard().setMimeData(data)
        self._document.announced.emit(f"{what} on the clipboard")

    def ask_path(self, name: str) -> Path | None:
        """Ask for a file name, starting with this one; None if the person thinks better of it."""
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
        chosen, kind = QFileDialog.getSaveFileName(self._source, "Save Picture", str(Path(folder) / name), _KINDS)
        if not chosen:
            return None
        path = Path(chosen)
        return path if path.suffix else path.with_suffix(_SUFFIXES[kind[:1] or "P"])

    def drag_out(self, files: Mapping[str, MadePicture], shown: MadePicture) -> None:
        """Let pictures be dropped elsewhere; returns when they are.

        Args:
            files: The pictures, by the names that their files get.
            shown: For programs that take a picture and no file; also what is seen under the pointer.
        """
        folder = user_cache_dir() / "dragged"
        with contextlib.suppress(OSError):  # writing tells why it fails
            folder.mkdir(parents=True, exist_ok=True)
        if all(self._write(folder / name, made) for name, made in files.items()):
            drag_files(self._source, [folder / name for name in files], to_image(shown.pixels))

    def _write(self, path: Path, made: MadePicture) -> bool:
        try:
            write_picture(path, replace(made, recipe=self._document.complete(made.recipe)))
        except GanStudioError as error:
            self._document.failed.emit(error)
            return False
        return True
