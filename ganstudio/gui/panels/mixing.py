"""Mixing: which layers of a picture come from a second one."""

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent, QPixmap, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ganstudio.checkpoints.base import CheckpointDescription
from ganstudio.gui.document import Document
from ganstudio.gui.sections.rows import DiceButton, field_grid, name_label, new_seed
from ganstudio.gui.services.rendering_service import RenderingService
from ganstudio.gui.widgets.layer_bars import LayerBars
from ganstudio.gui.widgets.pixels import fitting_pixmap
from ganstudio.gui.widgets.scrolling_column import ScrollingColumn
from ganstudio.gui.widgets.seed_field import SeedField
from ganstudio.project import latent_edits
from ganstudio.project.state import Project
from ganstudio.rendering.looks.checking import SEED_RANGE
from ganstudio.rendering.looks.look import Look

_WATCHER = "mixing"
_PICTURE_PX = 72
_NO_LAYERS = (
    "This model takes one latent for all its layers, so that no layer can come from another picture. The Latent panel "
    "blends it with a second seed. StyleGAN models can be mixed layer by layer."
)
_NO_MODEL = "Layers of a second picture can be mixed in here when a model is open."
_PARTS = {"Coarse": (0.0, 1 / 3), "Middle": (1 / 3, 2 / 3), "Fine": (2 / 3, 1.0)}
_HINT = "Paint over the bars: left the coarse layers (pose, shape), right the fine ones (colours, texture)."


class MixingPanel(QWidget):
    """A second picture, and a bar for each layer that says how much of it that layer takes.

    Args:
        document: Holds the mix.
        rendering: Draws the second picture.
    """

    def __init__(self, *, document: Document, rendering: RenderingService, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self._document = document
        self._rendering = rendering
        self._layers = 0
        self.picture = QLabel(self)
        self.picture.setFixedSize(_PICTURE_PX, _PICTURE_PX)
        self.picture.setAccessibleName("Second picture")
        self.seed = SeedField("Second picture's seed", SEED_RANGE[1], self)
        self.seed.setPlaceholderText("none")
        self.take = _button("Take This Picture", "The picture on the canvas becomes the second one", self)
        self.swap = _button("Swap", "The second picture comes first, and what is on the canvas second", self)
        self.clear = _button("Clear", "Mix with nothing", self)
        self.bars = LayerBars("Layers from the second picture", parent=self)
        self.hint = QLabel(_HINT, self, wordWrap=True)
        self.hint.setProperty("role", "muted")
        self.parts = {name: _button(name, f"The {name.lower()} layers, all or none", self) for name in _PARTS}
        self._words = QLabel(self, wordWrap=True)
        self._words.setProperty("role", "muted")
        self._controls = QWidget(self)
        self._lay_out()
        self._connect()
        self._show_model(document.description)

    def _lay_out(self) -> None:
        grid = field_grid()
        grid.addWidget(name_label("Second seed", self.seed, self), 0, 0)
        grid.addWidget(self.seed, 0, 1)
        grid.addWidget(DiceButton("Another second picture", self._roll, self), 0, 2)
        beside = QVBoxLayout()
        beside.setSpacing(4)
        for button in (self.take, self.swap, self.clear):
            beside.addWidget(button)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.picture, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(beside, 1)
        parts = QHBoxLayout()
        parts.setSpacing(8)
        for button in self.parts.values():
            parts.addWidget(button)
        inner = QVBoxLayout(self._controls)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(8)
        inner.addLayout(grid)
        inner.addLayout(row)
        inner.addWidget(self.bars)
        inner.addLayout(parts)
        inner.addWidget(self.hint)
        scroll = ScrollingColumn(self, fills=True)
        scroll.column.addWidget(self._words)
        scroll.column.addWidget(self._controls)
        scroll.column.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scroll)

    def _connect(self) -> None:
        self.seed.editingFinished.connect(self._on_seed_edited)
        self.take.clicked.connect(self._on_take_clicked)
        self.swap.clicked.connect(self._on_swap_clicked)
        self.clear.clicked.connect(self._on_clear_clicked)
        self.bars.edited.connect(self._on_bars_edited)
        self.bars.pointed.connect(self._show_hint)
        for name, button in self.parts.items():
            button.clicked.connect(lambda _checked=False, name=name: self._toggle_part(name))
        self._document.changed.connect(self._on_document_changed)
        self._document.model_changed.connect(self._show_model)
        self._rendering.thumbnail_ready.connect(self._on_thumbnail_ready)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: D102, N802 - Qt's name
        super().showEvent(event)
        self._ask()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: D102, N802 - Qt's name
        super().hideEvent(event)
        self._ask()

    def _show_model(self, description: CheckpointDescription | None) -> None:
        self._layers = description.spec.num_ws if description else 0
        self._controls.setVisible(self._layers > 0)
        self._words.setVisible(self._layers == 0)
        self._words.setText(_NO_MODEL if description is None else _NO_LAYERS)
        self._show(self._document.state)

    def _show(self, state: Project) -> None:
        mix = state.look.mix
        self.seed.show_seed(None if mix is None else mix.look.seed)
        strengths = () if mix is None else mix.strengths
        self.bars.set_values((*strengths, *[0.0] * self._layers)[: self._layers])
        for widget in (self.swap, self.clear, self.bars, *self.parts.values()):
            widget.setEnabled(mix is not None)
        self._ask()

    def _show_hint(self, layer: int) -> None:
        values = self.bars.values
        inside = 0 <= layer < len(values)
        self.hint.setText(f"Layer {layer + 1} of {len(values)}: {values[layer]:.0%}" if inside else _HINT)

    def _ask(self) -> None:
        """Have the second picture drawn, while it is to be seen."""
        mix = self._document.state.look.mix
        wanted = (mix.look,) if mix is not None and self.isVisible() and self._layers else ()
        self._rendering.watch(_WATCHER, wanted)
        image = self._rendering.thumbnail(wanted[0]) if wanted else None
        if image is not None:
            self.picture.setPixmap(fitting_pixmap(image, _PICTURE_PX, self.devicePixelRatioF()))
        elif not wanted:
            self.picture.setPixmap(QPixmap())

    def _on_thumbnail_ready(self, look: Look) -> None:
        mix = self._document.state.look.mix
        if mix is not None and look == mix.look:
            self._ask()

    def _on_document_changed(self, old: Project, new: Project) -> None:
        if old.look.mix != new.look.mix or old.checkpoint != new.checkpoint:
            self._show(new)

    def _on_seed_edited(self) -> None:
        mix = self._document.state.look.mix
        seed = self.seed.seed
        if seed is None:
            if mix is not None and not self.seed.text().strip():
                self._on_clear_clicked()
            else:
                self._show(self._document.state)
        elif mix is None or seed != mix.look.seed:
            self._begin_with(replace(self._document.state.look.from_seed, seed=seed, edits=(), mix=None))

    def _begin_with(self, second: Look) -> None:
        """Mix with a picture, in the layers of the one before it; the first one begins with the coarse layers."""
        state = self._document.state
        strengths = state.look.mix.strengths if state.look.mix is not None else self._part("Coarse", 1.0)
        self._document.apply("Second Picture", latent_edits.set_mix(state, second, strengths))

    def _on_take_clicked(self) -> None:
        self._begin_with(self._document.state.look)

    def _on_swap_clicked(self) -> None:
        state = self._document.state
        if state.look.mix is not None:
            self._document.apply("Swap Pictures", latent_edits.swap_mix(state))

    def _on_clear_clicked(self) -> None:
        self._document.apply("Clear Mix", latent_edits.set_mix(self._document.state, None))

    def _on_bars_edited(self, strengths: tuple[float, ...], gesture: int) -> None:
        state = self._document.state
        if state.look.mix is not None:
            new = latent_edits.set_mix(state, state.look.mix.look, strengths)
            self._document.apply("Mix Layers", new, merge_key=f"mix {gesture}")

    def _toggle_part(self, name: str) -> None:
        """Give all layers of a part to the second picture; or none, where all of them are its own already."""
        values = self.bars.values
        whole = self._part(name, 1.0, values)
        strengths = self._part(name, 0.0, values) if whole == values else whole
        self._on_bars_edited(strengths, self.bars.begin_gesture())

    def _part(self, name: str, strength: float, values: tuple[float, ...] = ()) -> tuple[float, ...]:
        low, high = (round(share * self._layers) for share in _PARTS[name])
        known = (*values, *[0.0] * self._layers)[: self._layers]
        return tuple(strength if low <= layer < high else value for layer, value in enumerate(known))

    def _roll(self) -> None:
        self._begin_with(Look(new_seed(), self._document.state.look.truncation, self._document.state.look.label))


def _button(text: str, tip: str, parent: QWidget) -> QPushButton:
    button = QPushButton(text, parent)
    button.setToolTip(tip)
    return button
