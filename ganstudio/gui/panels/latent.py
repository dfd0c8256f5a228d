"""Latent: which seed, how typical, which class, and the way to a second seed."""

import secrets
from dataclasses import replace

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QIcon, QKeyEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QLabel,
    QLineEdit,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ganstudio.checkpoints.base import CheckpointDescription
from ganstudio.gui import icons
from ganstudio.gui.document import Document
from ganstudio.gui.widgets.latent_slider import LatentSlider
from ganstudio.project import edits
from ganstudio.project.state import Project
from ganstudio.rendering.looks.checking import SEED_RANGE

_NAME_WIDTH = 84
_NEW_SEEDS = 1_000_000
_SEED_CHOOSES = "Chosen by the seed"


class SeedField(QLineEdit):
    """A seed to type, step with the arrow keys, or leave empty where it may be."""

    def __init__(self, accessible_name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(accessible_name)
        self.setMaxLength(10)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: D102, N802 - Qt's name
        steps = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}
        step = steps.get(Qt.Key(event.key()))
        if step is None or self.seed is None:
            super().keyPressEvent(event)
        elif SEED_RANGE[0] <= self.seed + step <= SEED_RANGE[1]:
            self.setText(str(self.seed + step))
            self.editingFinished.emit()

    @property
    def seed(self) -> int | None:
        """What was typed, or None when it is no seed."""
        text = self.text().strip()
        if not text.isascii() or not text.isdigit() or int(text) > SEED_RANGE[1]:
            return None
        return int(text)


class LatentPanel(QWidget):
    """Edits everything of a look but its directions.

    Args:
        document: Holds the look.
    """

    def __init__(self, *, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self._document = document
        self.seed = SeedField("Seed", self)
        self.truncation = LatentSlider("Truncation", (0.0, 1.5), 1.0, parent=self)
        self.truncation.setToolTip("Towards 0 more typical and alike, above 1 more extreme; 1 as drawn")
        self.label = QComboBox(self)
        self.label.setAccessibleName("Class")
        self._label_title = _muted("Class", self, self.label)
        self.noise = QCheckBox("Noise", self)
        self.noise.setToolTip("Detail that the network draws from the noise in its file, such as strands of hair")
        self.blend_seed = SeedField("Second seed", self)
        self.blend_seed.setPlaceholderText("none")
        self.blend = LatentSlider("Blend", (0.0, 1.0), 0.0, parent=self)
        self.blend.setToolTip("From the first seed (0) to the second (1) along the great circle between them")
        self._lay_out()
        self._connect()
        self._show_model(document.description)
        self._show(document.state)

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        grid.addWidget(_muted("Seed", self, self.seed), 0, 0)
        grid.addWidget(self.seed, 0, 1)
        grid.addWidget(self._make_dice("New seed  (R)", self._roll_seed), 0, 2)
        grid.addWidget(self._label_title, 1, 0)
        grid.addWidget(self.label, 1, 1, 1, 2)
        second = QGridLayout()
        second.setHorizontalSpacing(8)
        second.setColumnStretch(1, 1)
        second.addWidget(_muted("Second seed", self, self.blend_seed), 0, 0)
        second.addWidget(self.blend_seed, 0, 1)
        second.addWidget(self._make_dice("New second seed", self._roll_blend_seed), 0, 2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 12)
        layout.setSpacing(8)
        layout.addLayout(grid)
        layout.addWidget(self.truncation)
        layout.addWidget(self.noise)
        layout.addLayout(second)
        layout.addWidget(self.blend)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)  # the height is for the directions

    def changeEvent(self, event: QEvent) -> None:  # noqa: D102, N802 - Qt's name
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            for button in self.findChildren(QToolButton):
                button.setIcon(_dice_icon())

    def _make_dice(self, tip: str, slot: object) -> QToolButton:
        button = QToolButton(self)
        button.setIcon(_dice_icon())
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.clicked.connect(slot)
        return button

    def _connect(self) -> None:
        self.seed.editingFinished.connect(self._on_seed_edited)
        self.blend_seed.editingFinished.connect(self._on_blend_seed_edited)
        self.truncation.edited.connect(self._on_truncation_edited)
        self.blend.edited.connect(self._on_blend_edited)
        self.label.activated.connect(self._on_label_activated)
        self.noise.clicked.connect(self._on_noise_clicked)
        self._document.changed.connect(lambda _old, new: self._show(new))
        self._document.model_changed.connect(self._show_model)

    def _show_model(self, description: CheckpointDescription | None) -> None:
        classes = description.spec.num_classes if description else 0
        names = description.class_names if description else ()
        self.label.clear()
        self.label.addItem(_SEED_CHOOSES, None)
        for index in range(classes):
            self.label.addItem(names[index] if index < len(names) else f"Class {index}", index)
        for widget in (self.label, self._label_title):
            widget.setVisible(classes > 0)
        self.noise.setVisible(description is not None and description.spec.has_noise)
        self.setEnabled(description is not None)
        self._show(self._document.state)

    def _show(self, state: Project) -> None:
        look = state.look
        if not self.seed.hasFocus() or self.seed.seed != look.seed:
            self.seed.setText(str(look.seed))
        self.blend_seed.setText("" if look.blend_seed is None else str(look.blend_seed))
        self.truncation.set_value(look.truncation)
        self.noise.setChecked(look.noise.is_on)
        self.blend.set_value(look.blend)
        self.blend.setEnabled(look.blend_seed is not None)
        self.label.setCurrentIndex(max(0, self.label.findData(look.label)))

    def _on_seed_edited(self) -> None:
        seed = self.seed.seed
        if seed is None:
            self._show(self._document.state)
        elif seed != self._document.state.look.seed:
            self._document.apply("Seed", edits.set_seed(self._document.state, seed))

    def _on_blend_seed_edited(self) -> None:
        state, seed = self._document.state, self.blend_seed.seed
        if self.blend_seed.text().strip() and seed is None:
            self._show(state)
        elif seed != state.look.blend_seed:
            self._document.apply("Second Seed", edits.set_blend(state, seed, state.look.blend))

    def _on_truncation_edited(self, value: float, gesture: int) -> None:
        state = edits.set_truncation(self._document.state, value)
        self._document.apply("Truncation", state, merge_key=f"truncation {gesture}")

    def _on_blend_edited(self, value: float, gesture: int) -> None:
        look = self._document.state.look
        state = edits.set_blend(self._document.state, look.blend_seed, value)
        self._document.apply("Blend", state, merge_key=f"blend {gesture}")

    def _on_label_activated(self, index: int) -> None:
        self._document.apply("Class", edits.set_label(self._document.state, self.label.itemData(index)))

    def _on_noise_clicked(self, checked: bool) -> None:
        state = self._document.state
        self._document.apply("Noise", edits.set_noise(state, replace(state.look.noise, is_on=checked)))

    def _roll_seed(self) -> None:
        self._document.apply("New Picture", edits.set_seed(self._document.state, secrets.randbelow(_NEW_SEEDS)))

    def _roll_blend_seed(self) -> None:
        state = self._document.state
        blend = state.look.blend or 0.5
        self._document.apply("Second Seed", edits.set_blend(state, secrets.randbelow(_NEW_SEEDS), blend))


def _dice_icon() -> QIcon:
    return icons.icon("dice")


def _muted(text: str, parent: QWidget, buddy: QWidget) -> QLabel:
    label = QLabel(text, parent)
    label.setBuddy(buddy)
    label.setFixedWidth(_NAME_WIDTH)
    return label
