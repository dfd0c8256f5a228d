"""Chooses one number of a latent: the space and the place in it."""

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QSpinBox, QWidget

from ganstudio.gui.widgets.wheel_guard import guard_wheel


class NumberAdder(QWidget):
    """A choice of spaces, a number, and a button.

    Signals:
        wanted(space, index): The person wants a slider of this number.
    """

    wanted = Signal(str, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.space = QComboBox(self)
        self.space.setAccessibleName("Space of the number")
        self.number = QSpinBox(self)
        self.number.setAccessibleName("Place of the number")
        self.button = QPushButton("Add Slider", self)
        self._sizes: dict[str, int] = {}
        for field in (self.space, self.number):
            guard_wheel(field)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 4)
        row.addWidget(self.space)
        row.addWidget(self.number, 1)
        row.addWidget(self.button)
        self.space.currentTextChanged.connect(self._on_space_changed)
        self.number.lineEdit().returnPressed.connect(self.button.click)
        self.button.clicked.connect(self._on_button_clicked)

    def set_sizes(self, sizes: Mapping[str, int]) -> None:
        """Offer these spaces, with as many numbers each."""
        if dict(sizes) == self._sizes:
            return
        self._sizes = dict(sizes)
        self.space.clear()
        self.space.addItems(list(sizes))
        self.space.setVisible(len(sizes) > 1)

    def _on_space_changed(self, space: str) -> None:
        size = self._sizes.get(space, 1)
        self.number.setRange(0, size - 1)
        self.number.setToolTip(f"0 to {size - 1}")

    def _on_button_clicked(self) -> None:
        if self.space.currentText():
            self.wanted.emit(self.space.currentText(), self.number.value())
            self.number.setFocus()
            self.number.selectAll()
