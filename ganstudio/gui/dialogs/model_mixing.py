"""Two models of one network made one: shares layer by layer, with a live picture beside those of the two."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ganstudio.checkpoints.mixing.shares import MixShares
from ganstudio.errors import GanStudioError
from ganstudio.gui.document import Document
from ganstudio.gui.services.model_library import ModelLibrary
from ganstudio.gui.services.model_mixing import ModelMixing
from ganstudio.gui.widgets.layer_bars import LayerBars
from ganstudio.gui.widgets.pixels import fitting_pixmap, to_image
from ganstudio.rendering.mix_preview import MixAsk, MixPicture, Side

_PICTURE_PX = 208
_ASKED_PX = 256
_LONGEST = 44
_HINT = "Paint over the bars: how much of the second model the latent (left) and the layers, coarse to fine, take."
_CHOOSE = "Choose the second model: one that was trained on from the first, or both from a third."
_WAITING = "Reading the models…"
_SIDES: dict[Side, str] = {"first": "First", "mixed": "Mix", "second": "Second"}


class ModelMixingDialog(QDialog):
    """Stays beside the window and never in its way; follows the picture on the canvas.

    Args:
        mixing: Previews and writes.
        document: Says which picture to show.
        library: Models to choose from.
        parent: The window.
    """

    def __init__(
        self, mixing: ModelMixing, document: Document, library: ModelLibrary, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Mix Models")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._mixing, self._document, self._library = mixing, document, library
        self._sizes: tuple[int, ...] = ()
        self._asked: MixAsk | None = None
        self._shown: dict[Side, object] = {}  # and of which look the two models' own pictures are
        self.first = self._make_choice("First model")
        self.second = self._make_choice("Second model")
        self.swap = self._make_button("Swap", "The second becomes the first", self._on_swap_clicked)
        self.pictures = {side: self._make_picture(title) for side, title in _SIDES.items()}
        self.bars = LayerBars("Shares of the second model", parent=self)
        self.hint = QLabel(self, wordWrap=True)
        self.hint.setProperty("role", "muted")
        self.hint.setMinimumHeight(36)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.presets = {
            name: self._make_button(name, tip, lambda name=name: self._choose_preset(name)) for name, tip in _PRESETS
        }
        self.save = self._make_button("Save Mix…", "Write the model in between and open it", self._on_save_clicked)
        self.save.setProperty("role", "primary")
        self._lay_out()
        self.bars.edited.connect(self._on_bars_edited)
        self.bars.pointed.connect(self._show_hint)
        mixing.drawn.connect(self._on_mixing_drawn)
        mixing.refused.connect(self._on_mixing_refused)
        document.changed.connect(self._on_document_changed)
        self._fill()
        for choice in (self.first, self.second):
            choice.currentIndexChanged.connect(self._on_choice_changed)
        self._on_choice_changed()

    @property
    def shares(self) -> MixShares:
        """What the bars say."""
        values = self.bars.values
        return MixShares(values[0], tuple(zip(self._sizes, values[1:], strict=True)))

    def choose(self, choice: QComboBox, path: Path) -> None:
        """Choose a model; one that is not listed is added."""
        place = choice.findData(str(path))
        if place < 0:
            choice.addItem(_shortened(path.stem), str(path))
            place = choice.count() - 1
            choice.setItemData(place, str(path), Qt.ItemDataRole.ToolTipRole)
        choice.setCurrentIndex(place)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: D102, N802 - Qt's name
        self._mixing.end_preview()
        super().closeEvent(event)

    def reject(self) -> None:
        """Escape closes it as the button does."""
        self.close()

    # Building

    def _make_choice(self, name: str) -> QComboBox:
        made = QComboBox(self)
        made.setAccessibleName(name)
        made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        made.setMinimumContentsLength(24)
        return made

    def _make_button(self, text: str, tip: str, run: object) -> QPushButton:
        button = QPushButton(text, self)
        button.setToolTip(tip)
        button.setAutoDefault(False)
        button.clicked.connect(lambda _checked=False: run())  # type: ignore[operator] # it is called
        return button

    def _make_picture(self, title: str) -> QLabel:
        label = QLabel(self)
        label.setFixedSize(_PICTURE_PX, _PICTURE_PX)
        label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        label.setAccessibleName(f"Picture of the {title.lower()} model")
        return label

    def _lay_out(self) -> None:
        choices = QGridLayout()
        choices.setHorizontalSpacing(8)
        choices.setVerticalSpacing(8)
        choices.setColumnStretch(1, 1)
        for row, (name, choice) in enumerate((("First", self.first), ("Second", self.second))):
            label = QLabel(name, self)
            label.setBuddy(choice)
            choices.addWidget(label, row, 0)
            choices.addWidget(choice, row, 1)
            browse = self._make_button("Choose…", f"Another file as the {name.lower()} model",
                                       lambda choice=choice: self._browse(choice))  # fmt: skip
            choices.addWidget(browse, row, 2)
        choices.addWidget(self.swap, 0, 3, 2, 1)
        pictures = QGridLayout()
        pictures.setHorizontalSpacing(12)
        pictures.setVerticalSpacing(4)
        for column, (side, title) in enumerate(_SIDES.items()):
            caption = QLabel(title, self)
            caption.setProperty("role", "muted")
            pictures.addWidget(self.pictures[side], 0, column)
            pictures.addWidget(caption, 1, column, Qt.AlignmentFlag.AlignHCenter)
        presets, buttons = QHBoxLayout(), QHBoxLayout()
        for button in self.presets.values():
            presets.addWidget(button)
        buttons.addStretch(1)
        buttons.addWidget(self._make_button("Close", "The window stays as it is", self.close))
        buttons.addWidget(self.save)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(12)
        layout.addLayout(choices)
        layout.addLayout(pictures)
        layout.addWidget(self.bars)
        layout.addLayout(presets)
        layout.addWidget(self.hint)
        layout.addLayout(buttons)
        layout.setSizeConstraint(QVBoxLayout.SizeConstraint.SetFixedSize)

    def _fill(self) -> None:
        """List the library's models; the open one comes first."""
        for choice in (self.first, self.second):
            for entry in self._library.survey.entries:
                if entry.is_there:
                    choice.addItem(_shortened(entry.title), str(entry.path))
                    choice.setItemData(choice.count() - 1, str(entry.path), Qt.ItemDataRole.ToolTipRole)
        self.second.insertItem(0, "Choose a model", "")
        self.second.setCurrentIndex(0)
        if self._document.state.checkpoint:
            self.choose(self.first, Path(self._document.state.checkpoint))

    # What happens

    def _on_choice_changed(self) -> None:
        self._sizes = ()
        self.bars.set_values(())
        for picture in self.pictures.values():
            picture.clear()
        self._enable()
        has_both = bool(self.first.currentData() and self.second.currentData())
        self.hint.setText(_WAITING if has_both else _CHOOSE)
        self._asked, self._shown = None, {}
        if has_both:
            self._ask(None)

    def _on_swap_clicked(self) -> None:
        first, second = (choice.currentData() for choice in (self.first, self.second))
        if first and second:
            for choice in (self.first, self.second):
                choice.blockSignals(True)
            self.choose(self.first, Path(second))
            self.choose(self.second, Path(first))
            for choice in (self.first, self.second):
                choice.blockSignals(False)
            self._on_choice_changed()

    def _browse(self, choice: QComboBox) -> None:
        name, _kind = QFileDialog.getOpenFileName(self, "Choose a Model", str(Path(choice.currentData() or "").parent))
        if name:
            self.choose(choice, Path(name))

    def _ask(self, shares: MixShares | None) -> None:
        state = self._document.state
        first, second = (Path(choice.currentData()) for choice in (self.first, self.second))
        own = state.directions_of((state.look,))
        ends: tuple[Side, ...] = ("first", "second")
        sides: tuple[Side, ...] = ("mixed", *(side for side in ends if self._shown.get(side) != state.look))
        self._asked = MixAsk(first, second, shares, state.look, own, sides=sides, size_px=_ASKED_PX)
        self._mixing.ask(self._asked)

    def _on_mixing_drawn(self, ask: MixAsk, picture: MixPicture) -> None:
        if not self._is_current(ask):
            return
        image = to_image(picture.rendered.pixels[0])
        self.pictures[picture.side].setPixmap(fitting_pixmap(image, _PICTURE_PX, self.devicePixelRatioF()))
        if not picture.rendered.is_coarse:
            self._shown[picture.side] = ask.look
        if self._sizes != picture.sizes:
            self._sizes = picture.sizes
            self.bars.set_values((0.5,) * (1 + len(picture.sizes)))
            self._enable()
            self._show_hint(-1)

    def _on_mixing_refused(self, ask: MixAsk, error: BaseException) -> None:
        if self._is_current(ask):
            self.hint.setText(error.message if isinstance(error, GanStudioError) else str(error))
            self._sizes = ()
            self._enable()

    def _on_document_changed(self, old: object, new: object) -> None:
        if self._sizes and getattr(old, "look", None) != getattr(new, "look", None):
            self._ask(self.shares)

    def _on_bars_edited(self, _values: tuple[float, ...], _gesture: int) -> None:
        self._ask(self.shares)

    def _choose_preset(self, name: str) -> None:
        middle = self._sizes[len(self._sizes) // 2]
        made = {
            "Half of Each": MixShares.everywhere(self._sizes, 0.5),
            "Fine from Second": MixShares.swapped(self._sizes, middle),
            "Coarse from Second": _turned(MixShares.swapped(self._sizes, middle)),
            "Smooth Change": MixShares.swapped(self._sizes, self._sizes[-1], len(self._sizes) - 1),
        }[name]
        self.bars.set_values((made.latent, *(share for _, share in made.sizes)))
        self._ask(made)
        self._show_hint(-1)

    def _on_save_clicked(self) -> None:
        if self._asked is None or not self._sizes:
            return
        first, second = self._asked.first, self._asked.second
        start = first.with_name(f"{first.stem[:60]} mixed with {second.stem[:60]}.safetensors")
        name, _kind = QFileDialog.getSaveFileName(self, "Save Mix As", str(start), "GANStudio (*.safetensors)")
        if name:
            target = Path(name) if Path(name).suffix else Path(f"{name}.safetensors")
            self._mixing.save(self._asked, self.shares, target)

    def _is_current(self, ask: MixAsk) -> bool:
        now = self._asked
        return now is not None and (ask.first, ask.second) == (now.first, now.second)

    def _enable(self) -> None:
        for widget in (self.bars, self.save, *self.presets.values()):
            widget.setEnabled(bool(self._sizes))

    def _show_hint(self, part: int) -> None:
        if not self._sizes:
            return
        names = ["Latent", *(f"Layers of {size} px" for size in self._sizes)]
        inside = 0 <= part < len(names)
        self.hint.setText(f"{names[part]}: {self.bars.values[part]:.0%} of the second" if inside else _HINT)


_PRESETS = (
    ("Half of Each", "All weights half-way between the two"),
    ("Fine from Second", "The first one's shapes with the second one's colours and textures"),
    ("Coarse from Second", "The second one's shapes with the first one's colours and textures"),
    ("Smooth Change", "From the first to the second in equal steps, coarse to fine"),
)


def _turned(shares: MixShares) -> MixShares:
    """What takes of the first what these take of the second."""
    return MixShares(1 - shares.latent, tuple((size, 1 - share) for size, share in shares.sizes))


def _shortened(title: str) -> str:
    return title if len(title) <= _LONGEST else f"{title[: _LONGEST - 1]}…"
