"""Where truncation leads to, and which layers it is for."""

from PySide6.QtWidgets import QSpinBox, QWidget

from ganstudio.checkpoints.base import CheckpointDescription
from ganstudio.gui.document import Document
from ganstudio.gui.sections.rows import field_grid, name_label, yielding_box
from ganstudio.gui.widgets.fold import Fold
from ganstudio.project import latent_edits
from ganstudio.project.state import Project

_CENTRES = (0, 2, 4, 8, 16, 32, 64)


class TruncationSection(Fold):
    """The centre and the cutoff; hidden for a model without a w, whose latents have neither."""

    def __init__(self, document: Document, parent: QWidget) -> None:
        super().__init__("Truncation in detail", parent=parent)
        self._document = document
        self.centres = yielding_box("Truncate towards", self)
        self.centres.setToolTip(
            "The mean of all makes pictures alike; the nearest of several centres keeps their kind (multi-modal)"
        )
        for count in _CENTRES:
            self.centres.addItem(f"The nearest of {count} centres" if count else "The mean of all", count)
        self.cutoff = QSpinBox(self)
        self.cutoff.setAccessibleName("Layers that are truncated")
        self.cutoff.setToolTip("Only the first so many layers; the fine ones then keep their own detail")
        self.cutoff.setSpecialValueText("All layers")
        grid = field_grid()
        grid.addWidget(name_label("Towards", self.centres, self), 0, 0)
        grid.addWidget(self.centres, 0, 1)
        grid.addWidget(name_label("Layers", self.cutoff, self), 1, 0)
        grid.addWidget(self.cutoff, 1, 1)
        self.body.addLayout(grid)
        self.centres.activated.connect(self._on_centres_activated)
        self.cutoff.valueChanged.connect(self._on_cutoff_changed)
        document.changed.connect(lambda _old, new: self._show_state(new))
        document.model_changed.connect(self._show_model)
        self._show_model(document.description)

    def _show_model(self, description: CheckpointDescription | None) -> None:
        layers = description.spec.num_ws if description else 0
        self.setVisible(layers > 0)
        self.cutoff.blockSignals(True)
        self.cutoff.setRange(0, max(0, layers - 1))
        self.cutoff.blockSignals(False)
        self._show_state(self._document.state)

    def _show_state(self, state: Project) -> None:
        look = state.look
        if self.centres.findData(look.truncation_centres) < 0:  # a number that a file or the command line gave
            self.centres.addItem(f"The nearest of {look.truncation_centres} centres", look.truncation_centres)
        self.centres.setCurrentIndex(self.centres.findData(look.truncation_centres))
        self.cutoff.blockSignals(True)
        self.cutoff.setValue(look.truncation_cutoff or 0)
        self.cutoff.blockSignals(False)

    def _on_centres_activated(self, index: int) -> None:
        state = latent_edits.set_truncation_centres(self._document.state, self.centres.itemData(index))
        self._document.apply("Truncation Centre", state)

    def _on_cutoff_changed(self, layers: int) -> None:
        state = latent_edits.set_truncation_cutoff(self._document.state, layers or None)
        self._document.apply("Truncated Layers", state, merge_key="truncation cutoff")
