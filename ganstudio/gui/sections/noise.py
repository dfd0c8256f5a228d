"""Which noise a synthesis adds, and how much."""

from dataclasses import replace

from PySide6.QtWidgets import QCheckBox, QWidget

from ganstudio.checkpoints.base import CheckpointDescription
from ganstudio.gui.document import Document
from ganstudio.gui.sections.rows import DiceButton, field_grid, name_label, new_seed
from ganstudio.gui.widgets.fold import Fold
from ganstudio.gui.widgets.latent_slider import LatentSlider
from ganstudio.gui.widgets.layer_bars import LayerBars
from ganstudio.gui.widgets.seed_field import SeedField
from ganstudio.networks.noise import MOST_STRENGTH, Noise
from ganstudio.project import edits
from ganstudio.project.state import Project
from ganstudio.rendering.looks.checking import SEED_RANGE

_MOST_OF_A_LAYER = 2.0


class NoiseSection(Fold):
    """On or off, a seed, a strength; hidden where a model adds none."""

    def __init__(self, document: Document, parent: QWidget) -> None:
        super().__init__("Noise", parent=parent)
        self._document = document
        self._count = 0
        self.is_on = QCheckBox("Add noise", self)
        self.is_on.setToolTip("Detail that the network draws from noise, such as strands of hair")
        self.seed = SeedField("Noise seed", SEED_RANGE[1], self)
        self.seed.setPlaceholderText("as in the file")
        self.seed.setToolTip("Other noise for the same picture; empty for the noise that the file carries")
        self.strength = LatentSlider("Noise strength", (0.0, MOST_STRENGTH), 1.0, parent=self)
        self.strength.setToolTip("Times what the network learned")
        self.layers = LayerBars("Noise of each layer", _MOST_OF_A_LAYER, parent=self)
        self.layers.setToolTip("The noise of each layer: half a bar as it learned it, a full one twice as much")
        grid = field_grid()
        grid.addWidget(name_label("Noise seed", self.seed, self), 0, 0)
        grid.addWidget(self.seed, 0, 1)
        grid.addWidget(DiceButton("New noise", self._roll, self), 0, 2)
        self.body.addWidget(self.is_on)
        self.body.addLayout(grid)
        self.body.addWidget(self.strength)
        self.body.addWidget(self.layers)
        self.is_on.clicked.connect(self._on_is_on_clicked)
        self.seed.editingFinished.connect(self._on_seed_edited)
        self.strength.edited.connect(self._on_strength_edited)
        self.layers.edited.connect(self._on_layers_edited)
        document.changed.connect(lambda _old, new: self._show_state(new))
        document.model_changed.connect(self._show_model)
        self._show_model(document.description)

    def _show_model(self, description: CheckpointDescription | None) -> None:
        self.setVisible(description is not None and description.spec.has_noise)
        self._count = description.spec.noise_layers if description else 0
        self._show_state(self._document.state)

    def _show_state(self, state: Project) -> None:
        noise = state.look.noise
        self.is_on.setChecked(noise.is_on)
        self.seed.show_seed(noise.seed)
        self.strength.set_value(noise.strength)
        times = dict(noise.layers)
        self.layers.set_values(tuple(times.get(layer, 1.0) for layer in range(self._count)))
        for widget in (self.seed, self.strength, self.layers):
            widget.setEnabled(noise.is_on)
        if noise != Noise():
            self.set_open(True)

    def _on_is_on_clicked(self, checked: bool) -> None:
        self._change("Noise", is_on=checked)

    def _on_seed_edited(self) -> None:
        if self.seed.text().strip() and self.seed.seed is None:
            self._show_state(self._document.state)
        else:
            self._change("Noise Seed", seed=self.seed.seed)

    def _on_strength_edited(self, value: float, gesture: int) -> None:
        state = self._document.state
        new = edits.set_noise(state, replace(state.look.noise, strength=value))
        self._document.apply("Noise Strength", new, merge_key=f"noise strength {gesture}")

    def _on_layers_edited(self, values: tuple[float, ...], gesture: int) -> None:
        state = self._document.state
        layers = tuple((layer, times) for layer, times in enumerate(values) if times != 1.0)
        new = edits.set_noise(state, replace(state.look.noise, layers=layers))
        self._document.apply("Noise of Layers", new, merge_key=f"noise layers {gesture}")

    def _roll(self) -> None:
        self._change("New Noise", seed=new_seed(), is_on=True)

    def _change(self, text: str, **values: object) -> None:
        state = self._document.state
        noise = replace(state.look.noise, **values)  # type: ignore[arg-type] # names and types as of Noise
        self._document.apply(text, edits.set_noise(state, noise))
