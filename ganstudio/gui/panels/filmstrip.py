"""Filmstrip: the pictures looked at, and those that were kept."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon, QImage, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from ganstudio.gui.document import Document
from ganstudio.gui.services.rendering_service import RenderingService
from ganstudio.gui.services.thumbnails import THUMBNAIL_SIZE
from ganstudio.project import history
from ganstudio.project.state import Entry, Project
from ganstudio.rendering.looks.look import Look


class Strip(QListWidget):
    """One row of thumbnails."""

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setProperty("role", "filmstrip")
        self.setViewMode(QListWidget.ViewMode.IconMode)
        self.setFlow(QListWidget.Flow.LeftToRight)
        self.setWrapping(False)
        self.setMovement(QListWidget.Movement.Static)
        self.setIconSize(QSize(THUMBNAIL_SIZE, THUMBNAIL_SIZE))
        self.setGridSize(QSize(THUMBNAIL_SIZE + 8, THUMBNAIL_SIZE + 8))
        self.setUniformItemSizes(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setHorizontalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setMinimumHeight(THUMBNAIL_SIZE + 16)
        self.entries: tuple[Entry, ...] = ()

    def show_entries(self, entries: tuple[Entry, ...], current: int, rendering: RenderingService) -> None:
        """Show these pictures with this one marked (-1 for none)."""
        self.blockSignals(True)
        if entries != self.entries:
            self._fit_count(len(entries))
            old, self.entries = self.entries, entries
            for index, entry in enumerate(entries):
                if index >= len(old) or old[index] != entry:
                    self._draw(index, rendering, keep=index == current)  # no blink while a slider is dragged
        self.setCurrentRow(current)
        self.blockSignals(False)
        if current >= 0:
            self.scrollToItem(self.item(current))

    def redraw(self, rendering: RenderingService, look: Look | None = None) -> None:
        """Draw the thumbnail of one look again, or all."""
        for index, known in enumerate(self.entries):
            if look is None or known.look == look:
                self._draw(index, rendering)

    def _fit_count(self, count: int) -> None:
        while self.count() > count:
            self.takeItem(self.count() - 1)
        while self.count() < count:
            item = QListWidgetItem()
            item.setSizeHint(QSize(THUMBNAIL_SIZE + 8, THUMBNAIL_SIZE + 8))
            self.addItem(item)

    def _draw(self, index: int, rendering: RenderingService, keep: bool = False) -> None:
        look = self.entries[index].look
        image = rendering.thumbnail(look)
        item = self.item(index)
        item.setToolTip(say_look(look))
        item.setData(Qt.ItemDataRole.AccessibleTextRole, say_look(look))
        if image is not None:
            item.setIcon(_untinted(image, self.devicePixelRatioF()))
        elif not keep:
            item.setIcon(QIcon())


def _untinted(image: QImage, ratio: float) -> QIcon:
    """An icon that looks the same when it is selected: a frame marks it, its colours stay true."""
    height = round(THUMBNAIL_SIZE * ratio)
    pixmap = QPixmap.fromImage(image.scaledToHeight(height, Qt.TransformationMode.SmoothTransformation))
    pixmap.setDevicePixelRatio(ratio)
    icon = QIcon()
    for mode in (QIcon.Mode.Normal, QIcon.Mode.Selected):
        icon.addPixmap(pixmap, mode)
    return icon


class FilmstripPanel(QWidget):
    """History on the left, favourites on the right; a click goes there.

    Args:
        document: Holds both.
        rendering: Draws the thumbnails.
    """

    def __init__(self, *, document: Document, rendering: RenderingService, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self._document = document
        self._rendering = rendering
        self.history = Strip("History", self)
        self.favourites = Strip("Favourites", self)
        self._favourites_hint = QLabel("Press S to keep a picture here.", self, wordWrap=True)
        self._favourites_hint.setProperty("role", "muted")
        self._favourites_hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 12, 8)
        row.setSpacing(16)
        for title, widgets, share in (
            ("History", (self.history,), 3),
            ("Favourites", (self.favourites, self._favourites_hint), 1),
        ):
            column = QVBoxLayout()
            column.setSpacing(4)
            heading = QLabel(title, self)
            heading.setProperty("role", "subheading")
            column.addWidget(heading)
            for widget in widgets:
                column.addWidget(widget, 1)
            row.addLayout(column, share)
        self.history.currentRowChanged.connect(self._on_history_row_changed)
        self.favourites.itemClicked.connect(self._on_favourite_clicked)
        document.changed.connect(self._on_document_changed)
        rendering.thumbnail_ready.connect(self._on_thumbnail_ready)
        self._show(document.state)

    def _show(self, state: Project) -> None:
        self.history.show_entries(state.history, state.history_index, self._rendering)
        kept = state.favourites
        places = (place for place, entry in enumerate(kept) if entry.is_same(state.look, state.checkpoint))
        self.favourites.show_entries(kept, next(places, -1), self._rendering)
        self.favourites.setVisible(bool(kept))
        self._favourites_hint.setVisible(not kept)

    def _on_history_row_changed(self, row: int) -> None:
        if row >= 0 and row != self._document.state.history_index:
            self._document.visit("Go to Picture", lambda state: history.show(state, row))

    def _on_favourite_clicked(self, item: QListWidgetItem) -> None:
        entry = self.favourites.entries[self.favourites.row(item)]
        self._document.visit("Open Favourite", lambda state: history.show_entry(state, entry))

    def _on_document_changed(self, old: Project, new: Project) -> None:
        if old.checkpoint != new.checkpoint:
            for strip in (self.history, self.favourites):
                strip.redraw(self._rendering)
        fields = ("history", "history_index", "favourites", "look")
        if any(getattr(old, name) != getattr(new, name) for name in fields):
            self._show(new)

    def _on_thumbnail_ready(self, look: Look) -> None:
        for strip in (self.history, self.favourites):
            strip.redraw(self._rendering, look)


def say_look(look: Look) -> str:
    """A look in a few words."""
    parts = [f"Seed {look.seed}"]
    if look.truncation != 1:
        parts.append(f"truncation {look.truncation:g}")
    if look.label is not None:
        parts.append(f"class {look.label}")
    parts += [f"{edit.direction.split('~')[0].replace('_', ' ')} {edit.strength:+.1f}" for edit in look.edits]
    if look.blend_seed is not None and look.blend > 0:
        parts.append(f"{look.blend:.0%} towards seed {look.blend_seed}")
    return ", ".join(parts)
