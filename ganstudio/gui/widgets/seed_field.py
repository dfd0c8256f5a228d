"""A field for a seed that takes only seeds; the arrow keys go to the next one and the one before."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget


class SeedField(QLineEdit):
    """A number from 0 to a largest one, or nothing.

    Args:
        accessible_name: What it is for screen readers.
        highest: The largest seed.
    """

    def __init__(self, accessible_name: str, highest: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._highest = highest
        self.setAccessibleName(accessible_name)
        self.setMaxLength(10)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: D102, N802 - Qt's name
        step = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(event.key()))
        if step is None or self.seed is None:
            super().keyPressEvent(event)
        elif 0 <= self.seed + step <= self._highest:
            self.setText(str(self.seed + step))
            self.editingFinished.emit()

    @property
    def seed(self) -> int | None:
        """What was typed, or None when it is no seed."""
        text = self.text().strip()
        if not text.isascii() or not text.isdigit() or int(text) > self._highest:
            return None
        return int(text)

    def show_seed(self, seed: int | None) -> None:
        """Show a seed, unless that is what is being typed."""
        if not self.hasFocus() or self.seed != seed:
            self.setText("" if seed is None else str(seed))
