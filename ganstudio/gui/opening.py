"""What to do with a file that is dropped, chosen or named on the command line, by what it is."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from ganstudio import images
from ganstudio.errors import GanStudioError
from ganstudio.gui.document import Document
from ganstudio.project import edits
from ganstudio.project.recipe import Recipe, read_recipe

PICTURE_SUFFIXES = (".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif", ".tif", ".tiff")
DATA_SUFFIXES = (".zip", ".npz", ".npy", ".gz", ".idx")


class Opener(QObject):
    """Sends a path where it belongs: a model or a recipe to the document, training pictures to the Train workspace.

    Signals:
        plain_picture_opened(path): A picture without a recipe; the window offers what can be done with it.
        model_opened(path): A checkpoint is open now.
    """

    plain_picture_opened = Signal(object)
    model_opened = Signal(object)

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        document.open_requested.connect(self.open)

    def open(self, path: Path) -> None:
        """Open anything."""
        path = path.expanduser().resolve()  # the next start may be in another folder
        if is_data(path):
            self._document.data_dropped.emit(path)
        elif path.suffix.lower() in PICTURE_SUFFIXES:
            self._open_picture(path)
        elif self._document.open_checkpoint(path):
            self.model_opened.emit(path)

    def _open_picture(self, path: Path) -> None:
        values = images.read_recipe(path)
        if values is None:
            self.plain_picture_opened.emit(path)
            return
        try:
            self._restore(read_recipe(values), path)
        except GanStudioError as error:
            self._document.failed.emit(error)

    def _restore(self, recipe: Recipe, path: Path) -> None:
        document = self._document
        stack = document.undo_stack
        stack.beginMacro(f"Restore {path.name}")
        try:
            if recipe.checkpoint and Path(recipe.checkpoint).is_file():
                document.open_checkpoint(Path(recipe.checkpoint))
            elif recipe.checkpoint and recipe.checkpoint != document.state.checkpoint:
                name = Path(recipe.checkpoint).name
                document.announced.emit(f"Its model {name} is not there; the look is applied to the open one")
            document.apply(f"Restore {path.name}", edits.set_look(document.state, recipe.look))
        finally:
            stack.endMacro()


def is_data(path: Path) -> bool:
    """Whether a path is training pictures rather than a model or one picture."""
    name = path.name.lower()
    return path.is_dir() or path.suffix.lower() in DATA_SUFFIXES or name.endswith(("-ubyte", "idx3", "idx1"))
