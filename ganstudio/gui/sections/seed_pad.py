"""The pad of seeds: two dimensions to drag through."""

from dataclasses import replace

from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from ganstudio.gui.document import Document
from ganstudio.gui.services.rendering_service import RenderingService
from ganstudio.gui.widgets.fold import Fold
from ganstudio.gui.widgets.seed_pad import Cell, SeedPad
from ganstudio.latent.pad_seeds import seed_at
from ganstudio.project import latent_edits
from ganstudio.project.adjusting import EditError
from ganstudio.project.state import Project
from ganstudio.rendering.looks.look import Look

_WATCHER = "seed pad"


class SeedPadSection(Fold):
    """The neighbouring seeds as pictures, drawn while the section is open, and a way between them."""

    def __init__(self, document: Document, rendering: RenderingService, parent: QWidget) -> None:
        super().__init__("Seed pad", parent=parent)
        self._document = document
        self._rendering = rendering
        self._cells_of: dict[Look, Cell] = {}
        self.pad = SeedPad(self)
        self.body.addWidget(self.pad)
        self.pad.moved.connect(self._on_pad_moved)
        self.pad.cells_changed.connect(self._ask)
        self.toggled.connect(self._ask)
        rendering.thumbnail_ready.connect(self._on_thumbnail_ready)
        document.changed.connect(self._on_document_changed)
        self._show_state(document.state)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: D102, N802 - Qt's name
        super().showEvent(event)
        self._ask()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: D102, N802 - Qt's name
        super().hideEvent(event)
        self._ask()

    def _show_state(self, state: Project) -> None:
        self.pad.set_place(*state.look.drift)

    def _ask(self) -> None:
        """Ask for the pictures of the crossings that are seen: seeds as they are, without the edits."""
        look = self._document.state.look
        is_seen = self.is_open and self.isVisible()
        plain = Look(truncation=look.truncation, label=look.label)
        cells = self.pad.cells if is_seen else ()
        self._cells_of = {replace(plain, seed=seed_at(look.seed, *cell)): cell for cell in cells}
        self._rendering.watch(_WATCHER, tuple(self._cells_of))
        for wanted in self._cells_of:
            self._on_thumbnail_ready(wanted)

    def _on_thumbnail_ready(self, look: Look) -> None:
        cell = self._cells_of.get(look)
        image = None if cell is None else self._rendering.thumbnail(look)
        if cell is not None and image is not None:
            self.pad.set_picture(cell, image)

    def _on_pad_moved(self, x: float, y: float, gesture: int) -> None:
        try:
            state = latent_edits.set_drift(self._document.state, (x, y))
        except EditError as error:
            self._document.failed.emit(error)
            self._show_state(self._document.state)
            return
        self._document.apply("Seed Pad", state, merge_key=f"seed pad {gesture}")

    def _on_document_changed(self, old: Project, new: Project) -> None:
        before, after = old.look, new.look
        is_other = (old.checkpoint, before.seed, before.truncation, before.label) != (
            new.checkpoint,
            after.seed,
            after.truncation,
            after.label,
        )
        if is_other:
            self.pad.clear()
        if before.drift != after.drift:
            self._show_state(new)
        if is_other:
            self._ask()
