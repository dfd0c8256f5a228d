"""A part of a panel that folds away under its heading."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget


class Fold(QWidget):
    """A heading with an arrow, and what is under it.

    Args:
        title: The heading.
        is_open: Whether it begins unfolded.

    Attributes:
        body: Where the contents go.
        head: The row of the heading; more goes to its end.

    Signals:
        toggled(is_open): It was folded or unfolded.
    """

    toggled = Signal(bool)

    def __init__(self, title: str, is_open: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = title
        self.heading = QToolButton(self)
        self.heading.setProperty("role", "section")
        self.heading.setText(title)
        self.heading.setAccessibleName(title)
        self.heading.setCheckable(True)
        self.heading.setChecked(is_open)
        self.heading.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._place = QWidget(self)
        self.body = QVBoxLayout(self._place)
        self.body.setContentsMargins(0, 4, 0, 8)
        self.body.setSpacing(8)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self.head = QHBoxLayout()
        self.head.addWidget(self.heading)
        self.head.addStretch(1)
        layout.addLayout(self.head)
        layout.addWidget(self._place, 1)
        self._show(is_open)
        self.heading.toggled.connect(self._show)
        self.heading.toggled.connect(self.toggled)

    @property
    def is_open(self) -> bool:
        """Whether its contents are seen."""
        return self.heading.isChecked()

    def set_open(self, is_open: bool) -> None:
        """Fold or unfold it."""
        self.heading.setChecked(is_open)

    def set_title(self, title: str) -> None:
        """Give it another heading."""
        self._title = title
        self.heading.setText(title)
        self.heading.setAccessibleName(title)

    def set_count(self, count: int, of: int | None = None) -> None:
        """Say beside the heading how many things are in it, and of how many."""
        text = f"{count}" if of is None or of == count else f"{count} of {of}"
        self.heading.setText(f"{self._title} ({text})")
        self.heading.setAccessibleName(f"{self._title}, {text}")

    def _show(self, is_open: bool) -> None:
        self._place.setVisible(is_open)
        self.heading.setArrowType(Qt.ArrowType.DownArrow if is_open else Qt.ArrowType.RightArrow)
