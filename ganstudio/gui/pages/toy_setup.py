"""What game is played on points: which real points, which loss, which cures, which seed."""

from dataclasses import replace

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from ganstudio.gui.widgets.seed_field import SeedField
from ganstudio.gui.widgets.wheel_guard import guard_wheel
from ganstudio.training.config import TrainingConfig
from ganstudio.training.parts.catalogue import PARTS
from ganstudio.training.toys.distributions import LEAST_DRAWN, MIXTURES, Mixture, own
from ganstudio.training.toys.recipes import CURES, LOSSES, RECIPES, configure, with_cures

_FRAME = 1.0  # half the side of the plane that is drawn in
_FIRST = "non_saturating"  # seen first: the game that goes wrong
_HIGHEST_SEED = 2**31 - 1
_OWN_MIX = "Own mix"
_ROUNDS = 4000  # a minute or so at full speed


class ToySetup(QWidget):
    """The choices at the left of the plane.

    Signals:
        changed(): A game of other choices, or the same from its start, is wanted.
        cleared(): The drawn points are to go.
    """

    changed = Signal()
    cleared = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.frame = _FRAME
        self.recipe = _FIRST
        self._points: list[tuple[float, float]] = []
        self.points_choice = self._make_choice("Real points")
        for name, make in MIXTURES.items():
            self.points_choice.addItem(make().title, name)
        self.points_choice.addItem("Your own points", "own")
        self.clear = QPushButton("Clear", self)
        self.clear.setToolTip("Take all drawn points away")
        self.recipe_choice = self._make_choice("Recipe")
        for name, recipe in RECIPES.items():
            self.recipe_choice.addItem(recipe.title, name)
        self.recipe_choice.addItem(_OWN_MIX, "")
        self.about = QLabel(self, wordWrap=True)
        self.about.setProperty("role", "muted")
        self.loss_choice = self._make_choice("Loss")
        for name, title in LOSSES.items():
            self.loss_choice.addItem(title, name)
        self.cures = {name: self._make_cure(name) for name in CURES}
        self.seed = SeedField("Seed of the game", _HIGHEST_SEED, self)
        self.seed.setText("0")
        self.restart = QPushButton("Restart", self)
        self.restart.setToolTip("Begin this game again, with nothing learned; the same seed gives the same game")
        self._lay_out()
        self._show_recipe()
        self._connect()

    @property
    def distribution(self) -> str:
        """The name of the mixture that is chosen, "own" for drawn points."""
        return str(self.points_choice.currentData())

    def mixture(self) -> Mixture | None:
        """Where real points come from; None while too few are drawn."""
        if self.distribution != "own":
            return MIXTURES[self.distribution]()
        if len(set(self._points)) < LEAST_DRAWN:
            return None
        return own(np.array(self._points), _FRAME)

    def config(self) -> TrainingConfig:
        """How it is played."""
        chosen = [name for name, box in self.cures.items() if box.isChecked()]
        base = configure(self.recipe, _ROUNDS, self.seed.seed or 0)
        return with_cures(replace(base, loss=str(self.loss_choice.currentData())), chosen)

    def set_points(self, points: list[tuple[float, float]]) -> None:
        """Take what a person drew."""
        self._points = list(points)
        self.clear.setEnabled(bool(points))
        self.changed.emit()

    def choose_recipe(self, name: str) -> None:
        """Choose a recipe and begin anew."""
        self.recipe = name
        self._show_recipe()
        self.changed.emit()

    def _make_choice(self, name: str) -> QComboBox:
        choice = QComboBox(self)
        choice.setAccessibleName(name)
        choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        choice.setMinimumContentsLength(12)
        guard_wheel(choice)
        return choice

    def _make_cure(self, name: str) -> QCheckBox:
        box = QCheckBox(PARTS[name].title, self)
        box.setToolTip(PARTS[name].description)
        box.setAccessibleDescription(PARTS[name].description)
        return box

    def _lay_out(self) -> None:
        content = QWidget(self)
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(8)
        drawn = QHBoxLayout()
        drawn.addWidget(self.points_choice, 1)
        drawn.addWidget(self.clear)
        self._add_headed(column, "Real points", drawn)
        self._add_headed(column, "Recipe", self.recipe_choice)
        column.addWidget(self.about)
        self._add_headed(column, "Loss", self.loss_choice)
        self._add_headed(column, "Cures", *self.cures.values())
        column.addStretch(1)
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(content)
        label = QLabel("Seed", self)
        label.setProperty("role", "muted")
        label.setBuddy(self.seed)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(label)
        row.addWidget(self.seed, 1)
        row.addWidget(self.restart)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(scroll, 1)
        layout.addLayout(row)

    def _add_headed(self, column: QVBoxLayout, title: str, *rows: QWidget | QHBoxLayout) -> None:
        heading = QLabel(title, self)
        heading.setProperty("role", "heading")
        column.addWidget(heading)
        for row in rows:
            if isinstance(row, QHBoxLayout):
                column.addLayout(row)
            else:
                column.addWidget(row)
        if len(rows) == 1 and isinstance(rows[0], QWidget):
            heading.setBuddy(rows[0])

    def _connect(self) -> None:
        self.points_choice.activated.connect(self._on_points_choice_activated)
        self.clear.clicked.connect(self._on_clear_clicked)
        self.recipe_choice.activated.connect(self._on_recipe_choice_activated)
        self.loss_choice.activated.connect(self._on_mixed)
        for box in self.cures.values():
            box.clicked.connect(self._on_mixed)
        self.seed.editingFinished.connect(self._on_seed_editing_finished)
        self.restart.clicked.connect(self.changed)

    def _show_recipe(self) -> None:
        recipe = RECIPES[self.recipe]
        self.recipe_choice.setCurrentIndex(self.recipe_choice.findData(self.recipe))
        self.about.setText(recipe.explanation)
        self.loss_choice.setCurrentIndex(self.loss_choice.findData(configure(self.recipe).loss))
        for name, box in self.cures.items():
            box.setChecked(name in recipe.cures)
        self.clear.setVisible(self.distribution == "own")
        self.clear.setEnabled(bool(self._points))

    def _on_points_choice_activated(self, _index: int) -> None:
        self.clear.setVisible(self.distribution == "own")
        self.changed.emit()

    def _on_clear_clicked(self) -> None:
        self.cleared.emit()
        self.set_points([])

    def _on_recipe_choice_activated(self, _index: int) -> None:
        if name := str(self.recipe_choice.currentData()):
            self.choose_recipe(name)
        else:
            self._on_mixed()

    def _on_mixed(self) -> None:
        """Loss or cures were chosen by hand; optimiser and rates stay those of the recipe it began with."""
        self.recipe_choice.setCurrentIndex(self.recipe_choice.findData(""))
        self.about.setText(f"Began as “{RECIPES[self.recipe].title}”; loss and cures are your own.")
        self.changed.emit()

    def _on_seed_editing_finished(self) -> None:
        if self.seed.seed is None:
            self.seed.setText("0")
        elif self.seed.isModified():
            self.seed.setModified(False)
            self.changed.emit()
