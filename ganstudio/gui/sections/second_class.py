"""The way to a second class."""

from PySide6.QtWidgets import QComboBox, QWidget

from ganstudio.checkpoints.base import CheckpointDescription
from ganstudio.gui.document import Document
from ganstudio.gui.sections.rows import field_grid, name_label, yielding_box
from ganstudio.gui.widgets.fold import Fold
from ganstudio.gui.widgets.latent_slider import LatentSlider
from ganstudio.project import latent_edits
from ganstudio.project.state import Project


def fill_classes(box: QComboBox, description: CheckpointDescription | None, nothing: str) -> None:
    """Offer the classes of a model, after the words for none of them."""
    classes = description.spec.num_classes if description else 0
    names = description.class_names if description else ()
    box.clear()
    box.addItem(nothing, None)
    for index in range(classes):
        box.addItem(names[index] if index < len(names) else f"Class {index}", index)


class SecondClassSection(Fold):
    """A second class, and how far towards it; hidden where there are no classes."""

    def __init__(self, document: Document, parent: QWidget) -> None:
        super().__init__("Blend with a second class", parent=parent)
        self._document = document
        self.label = yielding_box("Second class", self)
        self.blend = LatentSlider("Class blend", (0.0, 1.0), 0.0, parent=self)
        self.blend.setToolTip("From the first class (0) to the second (1): the network is told something in between")
        grid = field_grid()
        grid.addWidget(name_label("Second class", self.label, self), 0, 0)
        grid.addWidget(self.label, 0, 1)
        self.body.addLayout(grid)
        self.body.addWidget(self.blend)
        self.label.activated.connect(self._on_label_activated)
        self.blend.edited.connect(self._on_blend_edited)
        document.changed.connect(lambda _old, new: self._show_state(new))
        document.model_changed.connect(self._show_model)
        self._show_model(document.description)

    def _show_model(self, description: CheckpointDescription | None) -> None:
        fill_classes(self.label, description, "None")
        self.setVisible(description is not None and description.spec.num_classes > 1)
        self._show_state(self._document.state)

    def _show_state(self, state: Project) -> None:
        look = state.look
        self.label.setCurrentIndex(max(0, self.label.findData(look.second_label)))
        self.blend.set_value(look.label_blend)
        self.blend.setEnabled(look.second_label is not None)
        if look.label_blend > 0:
            self.set_open(True)

    def _on_label_activated(self, index: int) -> None:
        state, label = self._document.state, self.label.itemData(index)
        blend = state.look.label_blend or 0.5
        self._document.apply("Second Class", latent_edits.set_second_label(state, label, blend))

    def _on_blend_edited(self, value: float, gesture: int) -> None:
        state = self._document.state
        new = latent_edits.set_second_label(state, state.look.second_label, value)
        self._document.apply("Class Blend", new, merge_key=f"class blend {gesture}")
