"""Chooses one number of a latent: the space and the place in it."""

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QSpinBox, QWidget

from ganstudio.gui.widgets.wheel_guard import guard_wheel


class NumberAdder(QWidget):
    """A choice of spaces, a number, and a button.

    Signals:
        wanted(space, layer, index): The person wants a slider of this number; layer -1 where a space has none.
    """

    wanted = Signal(str, int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.space = QComboBox(self)
        self.space.setAccessibleName("Space of the number")
        self.layer, self.number = QSpinBox(self), QSpinBox(self)
        self.layer.setAccessibleName("Layer of the number")
        self.layer.setPrefix("layer ")
        self.number.setAccessibleName("Place of the number")
        self.button = QPushButton("Add", self)
        self.button.setToolTip("A slider of this number of the latent")
        self._sizes: dict[str, tuple[int, ...]] = {}
        for field in (self.space, self.layer, self.number):
            guard_wheel(field)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 4)
        row.addWidget(self.space)
        row.addWidget(self.layer, 1)
        row.addWidget(self.number, 1)
        row.addWidget(self.button)
        self.space.currentTextChanged.connect(self._on_space_changed)
        self.layer.valueChanged.connect(self._on_layer_changed)
        self.number.lineEdit().returnPressed.connect(self.button.click)
        self.button.clicked.connect(self._on_button_clicked)

    def set_sizes(self, sizes: Mapping[str, tuple[int, ...]]) -> None:
        """Offer these spaces, with as many numbers in each of their layers; one layer stands for none."""
        if dict(sizes) == self._sizes:
            return
        self._sizes = dict(sizes)
        self.space.clear()
        self.space.addItems(list(sizes))
        self.space.setVisible(len(sizes) > 1)

    def _on_space_changed(self, space: str) -> None:
        sizes = self._sizes.get(space, (1,))
        self.layer.setRange(0, len(sizes) - 1)
        self.layer.setVisible(len(sizes) > 1)
        self._on_layer_changed(self.layer.value())

    def _on_layer_changed(self, layer: int) -> None:
        size = self._sizes.get(self.space.currentText(), (1,))[layer]
        self.number.setRange(0, size - 1)
        self.number.setToolTip(f"0 to {size - 1}")

    def _on_button_clicked(self) -> None:
        if self.space.currentText():
            layer = self.layer.value() if self.layer.maximum() > 0 else -1
            self.wanted.emit(self.space.currentText(), layer, self.number.value())
            self.number.setFocus()
            self.number.selectAll()
