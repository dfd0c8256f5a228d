"""The canvas's map of the latent space: many pictures, similar ones near each other; a click goes there."""

from dataclasses import replace

import numpy as np
from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from ganstudio import images
from ganstudio.gui.document import Document
from ganstudio.gui.picture_export import PictureExport
from ganstudio.gui.services.map_making import MapMaking
from ganstudio.gui.services.rendering_service import RenderingService
from ganstudio.gui.widgets.empty_state import EmptyState
from ganstudio.gui.widgets.picture_map import PictureMap
from ganstudio.gui.widgets.pixels import fitting_pixmap, to_image
from ganstudio.project import edits
from ganstudio.project.picture_files import MadePicture
from ganstudio.project.recipe import Recipe
from ganstudio.project.state import Project
from ganstudio.rendering.latent_map import MAP_COUNTS, LatentMap, in_rows
from ganstudio.rendering.looks.look import Look
from ganstudio.rendering.request import Rendered

_PREVIEW_PX = 128
_WORDS = (
    "Draws many pictures of this model and lays them out so that similar ones are neighbours. A click goes to a "
    "picture, a double-click opens it."
)


class MapPage(QWidget):
    """Offers to make a map, shows how far it is, then shows it.

    Args:
        document: What is mapped; clicks go to its pictures.
        rendering: Draws the picture that was clicked, in full.
        making: Makes the maps.
    """

    def __init__(
        self, *, document: Document, rendering: RenderingService, making: MapMaking, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._document, self._making = document, making
        self._map: LatentMap | None = None
        self._indices: dict[int, int] = {}
        self._export = PictureExport(document, self)
        self.map = PictureMap(self)
        self.count = QComboBox(self)
        self.count.setAccessibleName("Pictures of the map")
        for count in MAP_COUNTS:
            self.count.addItem(f"{count:,} pictures", count)
        self.count.setCurrentIndex(1)
        self.make = QPushButton("Draw Map", self)
        self.arrange = QComboBox(self)
        self.arrange.setAccessibleName("Arrangement")
        self.arrange.addItem("Clusters", False)
        self.arrange.addItem("Even rows", True)
        self.note = QLabel(self)
        self.note.setProperty("role", "muted")
        self.note.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)  # docks keep their width
        self._preview = QLabel(self.map)
        self._preview.setFixedSize(_PREVIEW_PX, _PREVIEW_PX)
        self._preview.setProperty("role", "preview")
        self._preview.hide()
        self._stack = QStackedWidget(self)
        self._empty = EmptyState("A map of this model", _WORDS, (("Draw Map", self._on_make_clicked),))
        self._lay_out()
        self._connect(rendering)
        self._show()

    @property
    def shown(self) -> LatentMap | None:
        """The map that is seen."""
        return self._map

    def sheet(self) -> MadePicture | None:
        """The map's pictures on one sheet in even rows, with the recipe of the picture that is marked."""
        if self._map is None:
            return None
        even = in_rows(self._map.places)
        order = np.lexsort((np.round(even[:, 0], 4), np.round(even[:, 1], 2)))
        state = self._document.state
        return MadePicture(Recipe(state.look, state.checkpoint), images.tile(self._map.pixels[order]))

    def copy(self) -> None:
        """Put the map on the clipboard."""
        made = self.sheet()
        if made is not None:
            self._export.copy(made, "The map is")

    def _lay_out(self) -> None:
        bar = QHBoxLayout()
        bar.setContentsMargins(12, 8, 12, 8)
        bar.setSpacing(8)
        for widget in (self.count, self.make, self.arrange):
            bar.addWidget(widget)
        bar.addWidget(self.note, 1)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self.map)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(bar)
        layout.addWidget(self._stack, 1)

    def _connect(self, rendering: RenderingService) -> None:
        self.make.clicked.connect(self._on_make_clicked)
        self.arrange.currentIndexChanged.connect(self._place)
        self.map.chosen.connect(self._on_map_chosen)
        self.map.opened.connect(self._on_map_opened)
        self.map.pointed.connect(self._show_note)
        self._making.changed.connect(self._show_making)
        self._making.made.connect(lambda _map: self._show())
        self._document.changed.connect(self._on_document_changed)
        rendering.picture_ready.connect(self._on_picture_ready)

    def _show(self) -> None:
        """Show the map that there is of the open model."""
        found = self._making.find()
        if found is not self._map:
            self._map = found
            self._indices = {} if found is None else {look.seed: index for index, look in enumerate(found.looks)}
            self.map.set_map([] if found is None else [to_image(pixels) for pixels in found.pixels], [])
            self._place()
            self._preview.hide()
        self._stack.setCurrentWidget(self._empty if found is None else self.map)
        self._mark(self._document.state.look)
        self._show_making()

    def _place(self) -> None:
        if self._map is not None:
            places = in_rows(self._map.places) if self.arrange.currentData() else self._map.places
            self.map.set_places([(float(x), float(y)) for x, y in places])

    def _mark(self, look: Look) -> None:
        is_there = self._map is not None and look.latent == Look(look.seed, label=look.label)
        self.map.set_current(self._indices.get(look.seed, -1) if is_there else -1)

    def _show_making(self) -> None:
        is_running = self._making.is_running
        self.make.setText("Stop" if is_running else "Draw Map")
        self.count.setEnabled(not is_running)
        self.arrange.setEnabled(self._map is not None)
        self._empty.setEnabled(not is_running)
        self._show_note()

    def _show_note(self, index: int = -1) -> None:
        progress = self._making.progress
        if progress is not None:
            self.note.setText(f"{progress.doing.capitalize()}: {progress.fraction:.0%}")
        elif self._map is not None and index >= 0:
            self.note.setText(f"Seed {self._map.looks[index].seed}")
        else:
            words = "" if self._map is None else f"{len(self._map.looks):,} pictures, wheel to zoom, drag to move"
            self.note.setText(words)

    def _on_make_clicked(self) -> None:
        if self._making.is_running:
            self._making.cancel()
        else:
            self._making.start(self.count.currentData())

    def _on_map_chosen(self, index: int) -> None:
        if self._map is not None:
            seed, state = self._map.looks[index].seed, self._document.state
            self._document.apply("Go to Picture", edits.set_look(state, self._look_of(state, seed)))

    def _on_map_opened(self, index: int) -> None:
        if self._map is not None:
            state = self._document.state
            there = edits.set_look(state, self._look_of(state, self._map.looks[index].seed))
            self._document.apply("Open Picture", edits.set_view(there, "single"))

    def _look_of(self, state: Project, seed: int) -> Look:
        """The picture on the canvas with another seed; all else stays."""
        return replace(state.look.from_seed, seed=seed)

    def _on_picture_ready(self, rendered: Rendered) -> None:
        if self._map is not None and len(rendered.request.looks) == 1 and not rendered.is_coarse:
            self._show_preview(to_image(rendered.pixels[0]))

    def _show_preview(self, image: QImage) -> None:
        self._preview.setPixmap(fitting_pixmap(image, _PREVIEW_PX, self.devicePixelRatioF()))
        self._preview.move(12, 12)
        self._preview.show()

    def _on_document_changed(self, old: Project, new: Project) -> None:
        if (old.checkpoint, old.look, old.view) != (new.checkpoint, new.look, new.view) and new.view == "map":
            self._show()
