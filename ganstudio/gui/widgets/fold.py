"""A heading that folds away what stands below it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget


class Fold(QWidget):
    """A section with a heading.

    Args:
        title: The heading.
        hint: What is in it, for the tooltip.
        body: What is folded; belongs to the section from now on.
        is_open: How it stands at first.

    Signals:
        toggled(is_open): The person opened or closed it.
    """

    toggled = Signal(bool)

    def __init__(
        self, title: str, hint: str, body: QWidget, is_open: bool = True, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._title = title
        self.body = body
        self.button = QToolButton(self)
        self.button.setProperty("role", "section")
        self.button.setCheckable(True)
        self.button.setToolTip(hint)
        self.button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.head = QHBoxLayout()
        self.head.setContentsMargins(0, 0, 0, 0)
        self.head.addWidget(self.button)
        self.head.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(self.head)
        layout.addWidget(body, 1)
        self.button.setText(title)
        self.button.setChecked(is_open)
        self._show(is_open)
        self.button.toggled.connect(self._show)
        self.button.toggled.connect(self.toggled)

    @property
    def is_open(self) -> bool:
        """Whether the body is shown."""
        return self.button.isChecked()

    def set_open(self, is_open: bool) -> None:
        """Open or close it."""
        self.button.setChecked(is_open)

    def set_count(self, count: int, of: int | None = None) -> None:
        """Say how many things are in it, and of how many."""
        text = f"{count}" if of is None or of == count else f"{count} of {of}"
        self.button.setText(f"{self._title} ({text})")

    def _show(self, is_open: bool) -> None:
        self.body.setVisible(is_open)
        self.button.setArrowType(Qt.ArrowType.DownArrow if is_open else Qt.ArrowType.RightArrow)
