"""Takes pictures out of the window: to the clipboard, into a file, dragged away; with the recipe that made them."""

import contextlib
from pathlib import Path

from PySide6.QtCore import QMimeData, QStandardPaths, Qt, QUrl
from PySide6.QtGui import QDrag, QGuiApplication, QPixmap
from PySide6.QtWidgets import QFileDialog, QWidget

from ganstudio import images
from ganstudio.errors import GanStudioError
from ganstudio.files import user_cache_dir
from ganstudio.gui.document import Document
from ganstudio.gui.widgets.pixels import to_image
from ganstudio.project.recipe import Recipe

_SAVE_KINDS = "PNG (*.png);;WebP (*.webp);;JPEG (*.jpg)"
_SUFFIXES = {"P": ".png", "W": ".webp", "J": ".jpg"}
_DRAGGED_HEIGHT = 96


class PictureExport:
    """Plain colours, whatever channel is looked at.

    Args:
        document: Told what was done and what failed.
        source: The widget that pictures are dragged out of, and over which file names are asked for.
    """

    def __init__(self, document: Document, source: QWidget) -> None:
        self._document = document
        self._source = source

    def copy(self, pixels: images.Pixels) -> None:
        """Put pixels `(H, W, C)` on the clipboard."""
        QGuiApplication.clipboard().setImage(to_image(pixels))
        self._document.announced.emit("The picture is on the clipboard")

    def ask_path(self, name: str) -> Path | None:
        """Ask for a file name, starting with this one; None if the person thinks better of it."""
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
        chosen, kind = QFileDialog.getSaveFileName(self._source, "Save Picture", str(Path(folder) / name), _SAVE_KINDS)
        if not chosen:
            return None
        path = Path(chosen)
        return path if path.suffix else path.with_suffix(_SUFFIXES[kind[:1] or "P"])

    def save(self, path: Path, pixels: images.Pixels, recipe: Recipe) -> None:
        """Write pixels `(H, W, C)` and say so."""
        if self._write(path, pixels, recipe):
            self._document.announced.emit(f"Saved {path.name}")

    def drag_out(self, name: str, pixels: images.Pixels, recipe: Recipe) -> None:
        """Let pixels `(H, W, C)` be dropped elsewhere, as a file of this name; blocks until they are."""
        path = user_cache_dir() / "dragged" / name
        with contextlib.suppress(OSError):  # writing tells why it fails
            path.parent.mkdir(parents=True, exist_ok=True)
        if not self._write(path, pixels, recipe):
            return
        image = to_image(pixels)
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path))])
        data.setImageData(image)
        drag = QDrag(self._source)
        drag.setMimeData(data)
        drag.setPixmap(QPixmap.fromImage(image.scaledToHeight(_DRAGGED_HEIGHT)))
        drag.exec(Qt.DropAction.CopyAction)

    def _write(self, path: Path, pixels: images.Pixels, recipe: Recipe) -> bool:
        try:
            images.save_picture(path, pixels, recipe.to_json())
        except GanStudioError as error:
            self._document.failed.emit(error)
            return False
        return True
