"""Rows that several sections have: a name before a field, and a button that throws dice."""

import secrets
from collections.abc import Callable

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QToolButton, QWidget

from ganstudio.gui import icons

NAME_WIDTH = 84
_NEW_SEEDS = 1_000_000


def new_seed() -> int:
    """A seed by chance, short enough to remember."""
    return secrets.randbelow(_NEW_SEEDS)


class DiceButton(QToolButton):
    """Throws dice; keeps its icon's colour when the theme changes."""

    def __init__(self, tip: str, thrown: Callable[[], object], parent: QWidget) -> None:
        super().__init__(parent)
        self.setIcon(icons.icon("dice"))
        self.setToolTip(tip)
        self.setAccessibleName(tip)
        self.clicked.connect(lambda _checked=False: thrown())

    def changeEvent(self, event: QEvent) -> None:  # noqa: D102, N802 - Qt's name
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.setIcon(icons.icon("dice"))


def name_label(text: str, buddy: QWidget, parent: QWidget) -> QLabel:
    """The name of a field, as wide as the others."""
    label = QLabel(text, parent)
    label.setBuddy(buddy)
    label.setFixedWidth(NAME_WIDTH)
    return label


def yielding_box(name: str, parent: QWidget) -> QComboBox:
    """A box of choices that takes the width there is, however long its entries are."""
    box = QComboBox(parent)
    box.setAccessibleName(name)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(8)
    return box


def field_grid() -> QGridLayout:
    """A grid for rows of a name, a field and perhaps a button."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(8)
    grid.setVerticalSpacing(8)
    grid.setColumnStretch(1, 1)
    return grid
