"""Filmstrip: the pictures looked at, and those that were kept, with their names and models."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QListWidgetItem, QMenu, QVBoxLayout, QWidget

from ganstudio.errors import GanStudioError
from ganstudio.gui.document import Document, Edit
from ganstudio.gui.services.rendering_service import RenderingService
from ganstudio.gui.services.thumbnails import THUMBNAIL_SIZE
from ganstudio.gui.widgets.thumbnail_strip import StripItem, ThumbnailStrip
from ganstudio.project import history
from ganstudio.project.state import Entry, Project
from ganstudio.project.words import is_match, say_entry, title_of_model, titles_of
from ganstudio.rendering.looks.look import Look

_SEARCH_WIDTH = 200


class Strip(ThumbnailStrip):
    """The pictures of one list."""

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(name, THUMBNAIL_SIZE, parent)
        self.entries: tuple[Entry, ...] = ()

    def show_entries(
        self, entries: tuple[Entry, ...], current: int, describe: Callable[[Entry], StripItem], is_anew: bool = False
    ) -> list[int]:
        """Show these pictures with this one marked (-1 for none).

        Args:
            entries: The pictures.
            current: Which is marked.
            describe: Says what is written on one.
            is_anew: Whether that is another thing now for pictures that were there before.

        Returns:
            Which thumbnails have to be drawn.
        """
        self.blockSignals(True)
        self.set_count(len(entries))
        old, self.entries = self.entries, entries
        new = [row for row, entry in enumerate(entries) if row >= len(old) or old[row] is not entry]
        for row in range(len(entries)) if is_anew else new:
            self.show_words(row, describe(entries[row]))
        self.setCurrentRow(current)
        self.blockSignals(False)
        if current >= 0:
            self.scrollToItem(self.item(current))
        return new

    def redraw(self, rendering: RenderingService, look: Look | None = None) -> None:
        """Draw the thumbnail of one look again, or all."""
        for row, entry in enumerate(self.entries):
            if look is None or entry.look == look:
                self.draw(row, rendering)

    def draw(self, row: int, rendering: RenderingService, keep: bool = False) -> None:
        """Draw one thumbnail; where there is none yet, nothing, or what is there if `keep`."""
        image = rendering.thumbnail(self.entries[row].look, self.entries[row].checkpoint)
        if image is not None or not keep:
            self.show_image(row, image)


class FilmstripPanel(QWidget):
    """History on the left, favourites on the right; a click goes there, and to the model that made it.

    Args:
        document: Holds both.
        rendering: Draws the thumbnails.

    Signals:
        compare_wanted(look): The picture on the canvas is to be compared with this one of the same model.
    """

    compare_wanted = Signal(object)

    def __init__(self, *, document: Document, rendering: RenderingService, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self._document = document
        self._rendering = rendering
        self.history = Strip("History", self)
        self.favourites = Strip("Favourites", self)
        self.search = QLineEdit(self, placeholderText="Search pictures", clearButtonEnabled=True)
        self.search.setAccessibleName("Search the history and the favourites")
        self.search.setToolTip("By name, seed, direction, class or model")
        self.search.setFixedWidth(_SEARCH_WIDTH)
        self._nothing = _muted("No picture matches.", self)
        self._favourites_hint = _muted("Press S to keep a picture here.", self)
        self._titles: dict[str, str] = {}
        self._several = False
        self._lay_out()
        self._connect()
        self._show(document.state, is_anew=True)

    def rename_current(self) -> None:
        """Let the person name the picture on the canvas."""
        self.search.clear()
        self.history.setFocus()
        self.history.begin_naming(self._document.state.history_index)

    def remove_current(self) -> None:
        """Take the picture on the canvas out of the history."""
        self._remove(self._document.state.history_index)

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 12, 8)
        row.setSpacing(16)
        for title, widgets, share, extra in (
            ("History", (self.history, self._nothing), 3, self.search),
            ("Favourites", (self.favourites, self._favourites_hint), 1, None),
        ):
            column = QVBoxLayout()
            column.setSpacing(4)
            heading = QLabel(title, self)
            heading.setProperty("role", "subheading")
            top = QHBoxLayout()
            top.addWidget(heading, 1)
            if extra is not None:
                top.addWidget(extra)
            heading.setMinimumHeight(self.search.sizeHint().height())  # so that both begin at the same height
            column.addLayout(top)
            for widget in widgets:
                column.addWidget(widget, 1)
            row.addLayout(column, share)

    def _connect(self) -> None:
        self.history.currentRowChanged.connect(self._on_history_row_changed)
        self.favourites.itemClicked.connect(self._on_favourite_clicked)
        self.favourites.itemActivated.connect(self._on_favourite_clicked)
        self.search.textChanged.connect(self._filter)
        for strip in (self.history, self.favourites):
            strip.renamed.connect(partial(self._on_strip_renamed, strip))
            strip.menu_wanted.connect(partial(self._show_menu, strip))
        self.history.removed.connect(self._remove)
        self.favourites.removed.connect(self._remove_favourite)
        self._document.changed.connect(self._on_document_changed)
        self._document.model_changed.connect(self._on_model_changed)
        self._rendering.thumbnail_ready.connect(self._on_thumbnail_ready)

    def _show(self, state: Project, is_anew: bool = False) -> None:
        kept = state.favourites
        several = len(state.checkpoints) > 1 or self._document.description is None  # then names say what is missing
        is_anew, self._several = is_anew or several != self._several, several
        if is_anew:
            self._titles = self._find_titles()
        places = (place for place, entry in enumerate(kept) if entry.is_same(state.look, state.checkpoint))
        is_filtered = is_anew or len(state.history) != self.history.count() or kept is not self.favourites.entries
        for strip, entries, current in (
            (self.history, state.history, state.history_index),
            (self.favourites, kept, next(places, -1)),
        ):
            for row in strip.show_entries(entries, current, self._describe, is_anew):
                strip.draw(row, self._rendering, keep=row == current)  # no blink while a slider is dragged
        if is_filtered or self.search.text():
            self._filter()

    def _describe(self, entry: Entry) -> StripItem:
        entry = self._with_model(entry)
        model = title_of_model(entry.checkpoint) if self._several else ""
        return StripItem(entry.name, model, say_entry(entry, self._titles))

    def _with_model(self, entry: Entry) -> Entry:
        return entry if entry.checkpoint else replace(entry, checkpoint=self._document.state.checkpoint)

    def _find_titles(self) -> dict[str, str]:
        description = self._document.description
        known = {one.name: one.title for one in description.directions} if description else {}
        return titles_of(self._document.state, known)

    def _filter(self) -> None:
        """Show what matches the search, and say so where nothing does."""
        words, titles = self.search.text(), self._titles
        for strip in (self.history, self.favourites):
            strip.show_only([is_match(self._with_model(entry), words, titles) for entry in strip.entries])
        found = any(
            not strip.isRowHidden(row) for strip in (self.history, self.favourites) for row in range(strip.count())
        )
        self.history.setVisible(found)
        self._nothing.setVisible(not found)
        has_kept = bool(self.favourites.entries)
        self.favourites.setVisible(has_kept)
        self._favourites_hint.setVisible(not has_kept)

    def _show_menu(self, strip: Strip, row: int, at: QPoint) -> None:
        entry, is_history = strip.entries[row], strip is self.history
        can_compare = entry.is_same(entry.look, self._document.state.checkpoint)
        remove = partial(self._remove if is_history else self._remove_favourite, row)
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Open", partial(self._open, entry, row if is_history else None))
        menu.addAction("Name…\tF2", partial(strip.begin_naming, row))
        compare = menu.addAction("Compare with This (A)", partial(self.compare_wanted.emit, entry.look))
        compare.setEnabled(can_compare)
        if is_history:
            favourite = menu.addAction("Favourite", partial(self._keep, entry))
            favourite.setEnabled(can_compare)
        menu.addSeparator()
        menu.addAction("Remove\tDel", remove)
        menu.popup(at)

    def _open(self, entry: Entry, row: int | None) -> None:
        if row is None:
            self._document.visit("Open Favourite", lambda state: history.show_entry(state, entry))
        else:
            self._document.visit("Go to Picture", lambda state: history.show(state, row))

    def _keep(self, entry: Entry) -> None:
        self._edit("Favourite", lambda state: history.toggle_favourite(state, entry.look))

    def _remove(self, row: int) -> None:
        """Take a picture out of the history; another model's may take its place on the canvas."""
        try:
            self._document.visit("Remove from History", lambda state: history.remove(state, row))
        except GanStudioError as error:
            self._document.failed.emit(error)

    def _remove_favourite(self, row: int) -> None:
        self._edit("Remove Favourite", lambda state: history.remove_favourite(state, row))

    def _on_strip_renamed(self, strip: Strip, row: int, name: str) -> None:
        entry = strip.entries[row]
        self._edit("Name Picture", lambda state: history.rename(state, entry, name))

    def _edit(self, text: str, edit: Edit) -> None:
        try:
            self._document.apply(text, edit(self._document.state))
        except GanStudioError as error:
            self._document.failed.emit(error)

    def _on_history_row_changed(self, row: int) -> None:
        if row >= 0 and row != self._document.state.history_index:
            self._document.visit("Go to Picture", lambda state: history.show(state, row))

    def _on_favourite_clicked(self, item: QListWidgetItem) -> None:
        self._open(self.favourites.entries[self.favourites.row(item)], None)

    def _on_document_changed(self, old: Project, new: Project) -> None:
        if old.checkpoint != new.checkpoint:
            for strip in (self.history, self.favourites):
                strip.redraw(self._rendering)
        has_titles = old.directions is not new.directions or old.sliders is not new.sliders
        fields = ("checkpoint", "history", "history_index", "favourites", "look")
        if has_titles or any(getattr(old, name) is not getattr(new, name) for name in fields):
            self._show(new, has_titles)

    def _on_model_changed(self, _description: object) -> None:
        self._show(self._document.state, is_anew=True)

    def _on_thumbnail_ready(self, look: Look) -> None:
        for strip in (self.history, self.favourites):
            strip.redraw(self._rendering, look)


def _muted(text: str, parent: QWidget) -> QLabel:
    label = QLabel(text, parent, wordWrap=True)
    label.setProperty("role", "muted")
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    label.hide()
    return label
