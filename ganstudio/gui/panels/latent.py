"""Latent: where a picture begins: which seed or latent, which class, how typical, and the ways to others."""

from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from ganstudio.checkpoints.base import CheckpointDescription
from ganstudio.gui.document import Document
from ganstudio.gui.sections.noise import NoiseSection
from ganstudio.gui.sections.rows import DiceButton, field_grid, name_label, new_seed, yielding_box
from ganstudio.gui.sections.second_class import SecondClassSection, fill_classes
from ganstudio.gui.sections.second_seed import SecondSeedSection
from ganstudio.gui.sections.seed_pad import SeedPadSection
from ganstudio.gui.sections.truncation import TruncationSection
from ganstudio.gui.services.rendering_service import RenderingService
from ganstudio.gui.widgets.latent_slider import LatentSlider
from ganstudio.gui.widgets.scrolling_column import ScrollingColumn
from ganstudio.gui.widgets.seed_field import SeedField
from ganstudio.project import edits, latent_edits
from ganstudio.project.state import Project
from ganstudio.rendering.looks.checking import SEED_RANGE

_SEED_CHOOSES = "Chosen by the seed"


class LatentPanel(QWidget):
    """Edits everything of a look but its directions and what it is mixed with.

    Args:
        document: Holds the look.
        rendering: Draws the pictures of the seed pad.
    """

    def __init__(self, *, document: Document, rendering: RenderingService, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self._document = document
        self.seed = SeedField("Seed", SEED_RANGE[1], self)
        self.label = yielding_box("Class", self)
        self._label_title = name_label("Class", self.label, self)
        self._point_name = QLabel(self)
        self.leave_point = QPushButton("Back to the Seed", self)
        self.leave_point.setProperty("role", "flat")
        self.truncation = LatentSlider("Truncation", (0.0, 1.5), 1.0, parent=self)
        self.truncation.setToolTip("Towards 0 more typical and alike, above 1 more extreme; 1 as drawn")
        self.second_class = SecondClassSection(document, self)
        self.truncation_details = TruncationSection(document, self)
        self.noise = NoiseSection(document, self)
        self.second_seed = SecondSeedSection(document, self)
        self.pad = SeedPadSection(document, rendering, self)
        self._lay_out()
        self._connect()
        self._show_model(document.description)
        self._show(document.state)

    def _lay_out(self) -> None:
        grid = field_grid()
        grid.addWidget(name_label("Seed", self.seed, self), 0, 0)
        grid.addWidget(self.seed, 0, 1)
        grid.addWidget(DiceButton("New seed  (R)", self._roll_seed, self), 0, 2)
        grid.addWidget(self._point_name, 1, 0, 1, 2)
        grid.addWidget(self.leave_point, 1, 1, 1, 2)
        grid.addWidget(self._label_title, 2, 0)
        grid.addWidget(self.label, 2, 1, 1, 2)
        scroll = ScrollingColumn(self)
        scroll.column.addLayout(grid)
        scroll.column.addWidget(self.truncation)
        sections = QVBoxLayout()
        sections.setSpacing(0)
        for section in (self.second_seed, self.pad, self.second_class, self.truncation_details, self.noise):
            sections.addWidget(section)
        scroll.column.addLayout(sections)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scroll)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)  # the height is for the directions

    def _connect(self) -> None:
        self.seed.editingFinished.connect(self._on_seed_edited)
        self.leave_point.clicked.connect(self._on_leave_point_clicked)
        self.truncation.edited.connect(self._on_truncation_edited)
        self.label.activated.connect(self._on_label_activated)
        self._document.changed.connect(lambda _old, new: self._show(new))
        self._document.model_changed.connect(self._show_model)

    def _show_model(self, description: CheckpointDescription | None) -> None:
        fill_classes(self.label, description, _SEED_CHOOSES)
        has_classes = description is not None and description.spec.num_classes > 0
        for widget in (self.label, self._label_title):
            widget.setVisible(has_classes)
        self.setEnabled(description is not None)
        self._show(self._document.state)

    def _show(self, state: Project) -> None:
        look = state.look
        self.seed.show_seed(look.seed)
        for widget in (self._point_name, self.leave_point):
            widget.setVisible(look.point is not None or look.between is not None)
        if look.between is not None:
            self._point_name.setText(f"Between {len(look.between.parts)} pictures")
        elif look.point is not None:
            self._point_name.setText(f"Begins with a {look.point.space.replace('_plus', '+')} of its own")
        self.truncation.set_value(look.truncation)
        self.label.setCurrentIndex(max(0, self.label.findData(look.label)))

    def _on_seed_edited(self) -> None:
        seed = self.seed.seed
        if seed is None:
            self._show(self._document.state)
        elif seed != self._document.state.look.seed:
            self._document.apply("Seed", edits.set_seed(self._document.state, seed))

    def _on_leave_point_clicked(self) -> None:
        self._document.apply("Back to the Seed", latent_edits.set_point(self._document.state, None))

    def _on_truncation_edited(self, value: float, gesture: int) -> None:
        state = edits.set_truncation(self._document.state, value)
        self._document.apply("Truncation", state, merge_key=f"truncation {gesture}")

    def _on_label_activated(self, index: int) -> None:
        self._document.apply("Class", edits.set_label(self._document.state, self.label.itemData(index)))

    def _roll_seed(self) -> None:
        self._document.apply("New Picture", edits.set_seed(self._document.state, new_seed()))
