"""A small control for the ends of a slider."""

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QDoubleSpinBox, QFrame, QGridLayout, QLabel, QPushButton, QWidget

from ganstudio.gui.widgets.layer_range import open_popup


class RangePopup(QFrame):
    """Two numbers to type, and the way back to the first ones.

    Args:
        title: Whose range it is.
        ends: Low and high end now.
        limits: Lowest and highest value that an end may have.

    Signals:
        chosen(low, high): The person set other ends.
        reset_wanted(): Back to what they were at first.
    """

    chosen = Signal(float, float)
    reset_wanted = Signal()

    def __init__(self, title: str, ends: tuple[float, float], limits: tuple[float, float], parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("popup")
        heading = QLabel(title, self)
        heading.setProperty("role", "heading")
        unit = QLabel("In standard deviations of the latent along this direction.", self)
        unit.setProperty("role", "muted")
        self.low, self.high = QDoubleSpinBox(self), QDoubleSpinBox(self)
        for field, value, name in ((self.low, ends[0], "Low end"), (self.high, ends[1], "High end")):
            field.setRange(*limits)
            field.setDecimals(2)
            field.setSingleStep(0.5)
            field.setValue(value)
            field.setAccessibleName(name)
        self.set_button, self.reset_button = QPushButton("Set", self), QPushButton("Reset", self)
        self.set_button.setProperty("role", "primary")
        grid = QGridLayout(self)
        grid.setContentsMargins(12, 12, 12, 12)
        grid.setSpacing(8)
        grid.addWidget(heading, 0, 0, 1, 4)
        grid.addWidget(unit, 1, 0, 1, 4)
        for column, widget in enumerate((QLabel("From", self), self.low, QLabel("to", self), self.high)):
            grid.addWidget(widget, 2, column)
        grid.addWidget(self.reset_button, 3, 0, 1, 2)
        grid.addWidget(self.set_button, 3, 2, 1, 2)
        for field in (self.low, self.high):
            field.valueChanged.connect(self._on_value_changed)
            field.lineEdit().returnPressed.connect(self.set_button.click)
        self.set_button.clicked.connect(self._on_set_clicked)
        self.reset_button.clicked.connect(self._on_reset_clicked)

    def open_at(self, place: QPoint) -> None:
        """Open with the upper left corner here, but inside the screen."""
        open_popup(self, place)
        self.low.setFocus()
        self.low.selectAll()

    def _on_value_changed(self) -> None:
        self.set_button.setEnabled(self.low.value() < self.high.value())

    def _on_set_clicked(self) -> None:
        self.chosen.emit(self.low.value(), self.high.value())
        self.close()

    def _on_reset_clicked(self) -> None:
        self.reset_wanted.emit()
        self.close()
