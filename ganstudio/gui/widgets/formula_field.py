"""A field for a small formula, read as it is typed; what is wrong with it stands below."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget


class FormulaField(QWidget):
    """One line, and a second one while something is wrong.

    Args:
        name: What it is for, for screen readers.
        check: Says what is wrong with a text; "" where nothing is.

    Signals:
        edited(text): The person has typed a formula that is one.
    """

    edited = Signal(str)

    def __init__(self, name: str, check: Callable[[str], str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._check = check
        self.line = QLineEdit(self)
        self.line.setAccessibleName(name)
        self.line.setPlaceholderText("x")
        self.line.setToolTip("A formula of x, which goes from 0 to 1: x ** 2, 1 - x, smooth(x), clamp(2 * x, 0, 1)")
        self.error = QLabel(self, wordWrap=True)
        self.error.setProperty("role", "danger")
        self.error.setTextFormat(Qt.TextFormat.PlainText)
        self.error.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.line)
        layout.addWidget(self.error)
        self.line.textEdited.connect(self._on_text_edited)

    @property
    def text(self) -> str:
        """What stands in it; an empty field means x itself."""
        return self.line.text().strip() or "x"

    def show_text(self, text: str) -> None:
        """Show a formula without telling anybody; one that is being typed stays."""
        if text != self.text and not (self.line.hasFocus() and self.error.isVisibleTo(self)):
            self.line.setText(text)
            self._show_error("")

    def _on_text_edited(self) -> None:
        wrong = self._check(self.text)
        self._show_error(wrong)
        if not wrong:
            self.edited.emit(self.text)

    def _show_error(self, text: str) -> None:
        self.error.setText(text)
        self.error.setVisible(bool(text))
        self.line.setAccessibleDescription(text)
