"""A square of pictures between four, to be looked at and saved as a sheet."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSpinBox, QWidget

from ganstudio.animation.ways import grid_between
from ganstudio.errors import GanStudioError
from ganstudio.gui.document import Document
from ganstudio.gui.jobs import JobList
from ganstudio.gui.picture_export import PictureExport
from ganstudio.gui.sections.picture_choice import PictureChoice
from ganstudio.gui.services.picture_saving import PictureSaving
from ganstudio.gui.services.rendering_service import RenderingService
from ganstudio.gui.services.sheet_drawing import SheetDrawing
from ganstudio.gui.widgets.fold import Fold
from ganstudio.gui.widgets.pixels import to_image
from ganstudio.gui.widgets.sheet_window import SheetWindow
from ganstudio.gui.widgets.wheel_guard import guard_wheel
from ganstudio.project import edits
from ganstudio.project.picture_files import MadePicture

_CORNERS = (("A", "upper left"), ("B", "upper right"), ("C", "lower left"), ("D", "lower right"))
_SIDES = (3, 12)


class BetweenFourSection(Fold):
    """Four corners, and the sheet between them.

    Args:
        document: Takes a picture that is pressed.
        rendering: Draws the corners.
        drawing: Draws the sheet.
        jobs: Saves it.
    """

    def __init__(
        self, document: Document, rendering: RenderingService, drawing: SheetDrawing, jobs: JobList, parent: QWidget
    ) -> None:
        super().__init__("Grid between Four", parent=parent)
        self._document, self._drawing = document, drawing
        self._export = PictureExport(document, self)
        self._saving = PictureSaving(document, jobs, self)
        self._made: MadePicture | None = None
        self.window_shown: SheetWindow | None = None
        self.corners = [PictureChoice(letter, document, rendering, self) for letter, _where in _CORNERS]
        for corner, (_letter, where) in zip(self.corners, _CORNERS, strict=True):
            corner.setToolTip(f"The {where} corner")
        self.side = QSpinBox(self)
        self.side.setRange(*_SIDES)
        self.side.setValue(6)
        self.side.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.side.setAccessibleName("Pictures in a row")
        guard_wheel(self.side)
        self.show_button = QPushButton("Draw", self)
        row = QHBoxLayout()
        row.addWidget(QLabel("In a row", self))
        row.addWidget(self.side)
        row.addWidget(self.show_button, 1)
        for corner in self.corners:
            self.body.addWidget(corner)
        self.body.addLayout(row)
        for corner in self.corners:
            corner.changed.connect(self._refresh)
        self.show_button.clicked.connect(self._on_show_clicked)
        drawing.drawn.connect(self._on_drawing_drawn)
        self._refresh()

    def _refresh(self) -> None:
        self.show_button.setEnabled(all(corner.look is not None for corner in self.corners))

    def _on_show_clicked(self) -> None:
        looks = [corner.look for corner in self.corners if corner.look is not None]
        try:
            self._drawing.start(grid_between(looks, self.side.value()), self.side.value())
        except GanStudioError as error:
            self._document.failed.emit(error)

    def _on_drawing_drawn(self, made: MadePicture) -> None:
        self._made = made
        if self.window_shown is None:
            shown = self.window_shown = SheetWindow("Grid between Four", self)
            shown.save_wanted.connect(self._save)
            shown.pressed.connect(self._go_to)
            shown.closed.connect(self._forget)
        sheet = made.recipe.sheet
        self.window_shown.show_sheet(to_image(made.pixels), 1 if sheet is None else sheet.columns)
        self.window_shown.show()

    def _forget(self) -> None:
        self.window_shown = None

    def _save(self) -> None:
        if self._made is not None and (path := self._export.ask_path("between-four.png")):
            self._saving.save(path, self._made)

    def _go_to(self, place: int) -> None:
        looks = self._drawing.looks
        if place < len(looks):
            self._document.apply("Go to Picture", edits.set_look(self._document.state, looks[place]))
