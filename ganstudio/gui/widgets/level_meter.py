"""A bar for a value that moves."""

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QWidget


class LevelMeter(QWidget):
    """A value from 0 to 1 as a bar; what is beyond is full."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.value = 0.0
        self.setFixedHeight(6)
        self.setMinimumWidth(24)
        self.setAccessibleName(name)

    def sizeHint(self) -> QSize:  # noqa: D102, N802 - Qt's name
        return QSize(80, 6)

    def show_value(self, value: float) -> None:
        """Show a value."""
        value = min(max(value, 0.0), 1.0)
        if value != self.value:
            self.value = value
            self.setAccessibleDescription(f"{value:.0%}")
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, D102, N802 - Qt's name
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.palette().color(QPalette.ColorRole.Mid))
        bar = QRectF(0, 0, self.width() * self.value, self.height())
        painter.fillRect(bar, self.palette().color(QPalette.ColorRole.Accent))
        painter.end()
