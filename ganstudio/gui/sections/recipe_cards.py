"""The recipes to choose from: those for every day in sight, the others folded by their groups."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from ganstudio.gui.widgets.fold import Fold
from ganstudio.training.presets.base import GROUPS, PictureFacts, Preset
from ganstudio.training.presets.catalogue import PRESETS

_IN_SIGHT = ("recommended", "everyday")


class PresetCard(QPushButton):
    """One recipe to choose: a title and what it does."""

    def __init__(self, preset: Preset, parent: QWidget) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.setProperty("role", "card")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(preset.title)
        self.setAccessibleDescription(preset.description)
        title = QLabel(preset.title, self)
        title.setProperty("role", "heading")
        text = QLabel(preset.description, self, wordWrap=True)
        text.setProperty("role", "muted")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 8)
        layout.setSpacing(4)
        self._why = QLabel(self, wordWrap=True)
        self._why.hide()
        for label in (title, text, self._why):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            layout.addWidget(label)

    def explain(self, reason: str) -> None:
        """Say why it is what it is for the chosen pictures."""
        self._why.setText(reason)
        self._why.setVisible(bool(reason))
        self.updateGeometry()

    def sizeHint(self) -> QSize:  # noqa: D102, N802 - Qt's name
        layout = self.layout()
        return QSize(160, layout.totalHeightForWidth(self.width())) if layout else super().sizeHint()

    def minimumSizeHint(self) -> QSize:  # noqa: D102, N802 - Qt's name
        return self.sizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: D102, N802 - Qt's name
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()  # the lines break elsewhere now


class RecipeCards(QWidget):
    """One card for each recipe.

    Attributes:
        cards: By the recipes' names.

    Signals:
        chosen(name): The person wants this one.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cards: dict[str, PresetCard] = {}
        self._buttons = QButtonGroup(self)
        self._folds: dict[str, Fold] = {}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for group, title in GROUPS.items():
            place = layout
            if group not in _IN_SIGHT:
                fold = Fold(title, parent=self)
                layout.addWidget(fold)
                self._folds[group] = fold
                place = fold.body
            for name in (name for name in PRESETS if PRESETS[name].group == group):
                place.addWidget(self._make_card(name))

    def show_chosen(self, name: str) -> None:
        """Mark a recipe, and unfold its group."""
        self.cards[name].setChecked(True)
        fold = self._folds.get(PRESETS[name].group)
        if fold is not None:
            fold.heading.setChecked(True)

    def explain(self, facts: PictureFacts) -> None:
        """Let recipes that go by the pictures say why."""
        for name, card in self.cards.items():
            card.explain(PRESETS[name].explanation(facts))

    def _make_card(self, name: str) -> PresetCard:
        card = PresetCard(PRESETS[name], self)
        card.clicked.connect(lambda: self.chosen.emit(name))
        self._buttons.addButton(card)
        self.cards[name] = card
        return card
