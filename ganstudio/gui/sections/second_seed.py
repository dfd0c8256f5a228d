"""The way to a second seed."""

from PySide6.QtWidgets import QWidget

from ganstudio.gui.document import Document
from ganstudio.gui.sections.rows import DiceButton, field_grid, name_label, new_seed
from ganstudio.gui.widgets.fold import Fold
from ganstudio.gui.widgets.latent_slider import LatentSlider
from ganstudio.gui.widgets.seed_field import SeedField
from ganstudio.project import edits
from ganstudio.project.state import Project
from ganstudio.rendering.looks.checking import SEED_RANGE


class SecondSeedSection(Fold):
    """A second seed, and how far towards it."""

    def __init__(self, document: Document, parent: QWidget) -> None:
        super().__init__("Blend with a second seed", parent=parent)
        self._document = document
        self.seed = SeedField("Second seed", SEED_RANGE[1], self)
        self.seed.setPlaceholderText("none")
        self.blend = LatentSlider("Blend", (0.0, 1.0), 0.0, parent=self)
        self.blend.setToolTip("From the first seed (0) to the second (1) along the great circle between them")
        grid = field_grid()
        grid.addWidget(name_label("Second seed", self.seed, self), 0, 0)
        grid.addWidget(self.seed, 0, 1)
        grid.addWidget(DiceButton("New second seed", self._roll, self), 0, 2)
        self.body.addLayout(grid)
        self.body.addWidget(self.blend)
        self.seed.editingFinished.connect(self._on_seed_edited)
        self.blend.edited.connect(self._on_blend_edited)
        document.changed.connect(lambda _old, new: self._show_state(new))
        self._show_state(document.state)

    def _show_state(self, state: Project) -> None:
        look = state.look
        self.seed.show_seed(look.blend_seed)
        self.blend.set_value(look.blend)
        self.blend.setEnabled(look.blend_seed is not None)
        if look.blend_seed is not None and look.blend > 0:
            self.set_open(True)  # what changes the picture is seen

    def _on_seed_edited(self) -> None:
        state, seed = self._document.state, self.seed.seed
        if self.seed.text().strip() and seed is None:
            self._show_state(state)
        elif seed != state.look.blend_seed:
            self._document.apply("Second Seed", edits.set_blend(state, seed, state.look.blend))

    def _on_blend_edited(self, value: float, gesture: int) -> None:
        state = self._document.state
        new = edits.set_blend(state, state.look.blend_seed, value)
        self._document.apply("Blend", new, merge_key=f"blend {gesture}")

    def _roll(self) -> None:
        state = self._document.state
        self._document.apply("Second Seed", edits.set_blend(state, new_seed(), state.look.blend or 0.5))
