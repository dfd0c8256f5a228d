"""The clipboard: pictures with their recipe, latents and edits as text; and what is pasted, whatever it is."""

import json
from pathlib import Path

from PySide6.QtCore import QMimeData, QObject
from PySide6.QtGui import QGuiApplication

from ganstudio.errors import GanStudioError
from ganstudio.gui.document import Document
from ganstudio.gui.picture_export import RECIPE_FORMAT
from ganstudio.project import edits
from ganstudio.project.clipboard_texts import (
    PastedEdits,
    PastedLatent,
    PasteError,
    edits_text,
    latent_text,
    paste,
    read_pasted,
)
from ganstudio.project.recipe import Recipe, read_recipe
from ganstudio.rendering.latent_numbers import latent_numbers


class Clipboard(QObject):
    """Copies and pastes what pictures are made of.

    Args:
        document: Is copied from and pasted into.
    """

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document

    def copy_latent(self) -> None:
        """Put the latent of the picture on the clipboard, as text."""
        description = self._document.description
        if description is None:
            return
        look = self._document.state.look
        numbers = latent_numbers(look, description.spec)
        QGuiApplication.clipboard().setText(latent_text(look, numbers))
        what = "The latent" if numbers is None else f"The latent ({numbers.space.replace('_plus', '+')})"
        self._document.announced.emit(f"{what} is on the clipboard, as text")

    def copy_edits(self) -> None:
        """Put the edits of the picture on the clipboard, as text."""
        count = len(self._document.state.look.edits)
        QGuiApplication.clipboard().setText(edits_text(self._document.state))
        self._document.announced.emit(f"{count} edit{'s are' if count > 1 else ' is'} on the clipboard, as text")

    def paste(self) -> None:
        """Paste what is on the clipboard: a file, a picture of here, a latent, edits, numbers."""
        data = QGuiApplication.clipboard().mimeData()
        try:
            self._paste(data)
        except GanStudioError as error:
            self._document.failed.emit(error)

    def _paste(self, data: QMimeData) -> None:
        files = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
        if files:
            self._document.open_requested.emit(files[0])
        elif data.hasFormat(RECIPE_FORMAT):
            self._restore(_recipe_of(bytes(data.data(RECIPE_FORMAT).data())))
        elif data.hasText():
            self._paste_text(data.text())
        else:
            raise PasteError("it holds nothing that can be pasted here")

    def _paste_text(self, text: str) -> None:
        description, state = self._document.description, self._document.state
        if description is None:
            raise PasteError("no model is open", "open one, then paste")
        pasted = read_pasted(text, description.spec)
        if isinstance(pasted, Recipe):
            self._restore(pasted)
            return
        after = paste(state, pasted)
        self._document.apply("Paste Latent" if isinstance(pasted, PastedLatent) else "Paste Edits", after)
        self._document.announced.emit(_say_pasted(pasted, after == state))

    def _restore(self, recipe: Recipe) -> None:
        """Show the pictures of a recipe; with the open model, for what is copied is mostly of it."""
        state, model = self._document.state, recipe.model
        is_other = model is not None and model != self._document.opened_as(state.checkpoint)
        self._document.apply("Paste Picture", edits.restore_pictures(state, state.checkpoint, recipe))
        if is_other:
            name = Path(recipe.checkpoint or "another model").name
            self._document.announced.emit(f"It was made with {name}; here the open model makes it")


def _recipe_of(data: bytes) -> Recipe:
    try:
        values = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise PasteError("what it says of the picture is damaged", "copy the picture again") from error
    if not isinstance(values, dict):
        raise PasteError("what it says of the picture is damaged", "copy the picture again")
    return read_recipe(values)


def _say_pasted(pasted: PastedLatent | PastedEdits, is_same: bool) -> str:
    if is_same:
        return "The picture has that already"
    if isinstance(pasted, PastedLatent):
        return f"Pasted {pasted.words}"
    what, count = ("direction", len(pasted.directions)) if pasted.edits is None else ("edit", len(pasted.edits))
    return f"Pasted {count} {what}{'' if count == 1 else 's'}"
