"""Two numbers from one end to the other; the first may be the larger."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDoubleSpinBox, QHBoxLayout, QLabel, QWidget

from ganstudio.gui.widgets.wheel_guard import guard_wheel

_WIDTH = 92


class RangeFields(QWidget):
    """Fields for two ends.

    Args:
        name: What they are the ends of, for screen readers.
        most: Largest number, and with a minus the smallest.

    Signals:
        edited(first, last): The person has given other ends.
    """

    edited = Signal(float, float)

    def __init__(self, name: str, most: float, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.first, self.last = self._make_field(f"{name}: from", most), self._make_field(f"{name}: to", most)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self.first)
        row.addWidget(QLabel("to", self))
        row.addWidget(self.last)

    @property
    def ends(self) -> tuple[float, float]:
        """What stands in them."""
        return self.first.value(), self.last.value()

    def show_ends(self, ends: tuple[float, float]) -> None:
        """Show two ends without telling anybody."""
        for field, value in zip((self.first, self.last), ends, strict=True):
            if field.value() != value and not field.hasFocus():
                field.blockSignals(True)
                field.setValue(value)
                field.blockSignals(False)

    def _make_field(self, name: str, most: float) -> QDoubleSpinBox:
        field = QDoubleSpinBox(self)
        field.setRange(-most, most)
        field.setDecimals(3)
        field.setSingleStep(0.1)
        field.setFixedWidth(_WIDTH)
        field.setAccessibleName(name)
        field.setKeyboardTracking(False)
        guard_wheel(field)
        field.valueChanged.connect(lambda _value: self.edited.emit(*self.ends))
        return field
