"""What an empty view says: what will be here, and how to begin."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget


class EmptyState(QWidget):
    """A heading, a sentence and buttons in the middle of a view.

    Args:
        title: What is not there yet.
        text: What will be there and how to begin.
        buttons: Texts and what they call; the first is the one to press.
    """

    def __init__(self, title: str, text: str, buttons: tuple[tuple[str, Callable[[], object]], ...] = ()) -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 24)
        layout.setSpacing(8)
        layout.addStretch(1)
        for words, role in ((title, "title"), (text, "muted")):
            label = QLabel(words, self, wordWrap=True)
            label.setProperty("role", role)
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            layout.addWidget(label)
        row = QHBoxLayout()
        row.addStretch(1)
        for place, (words, run) in enumerate(buttons):
            button = QPushButton(words, self)
            button.setProperty("role", "" if place else "primary")
            button.clicked.connect(lambda _checked=False, run=run: run())
            row.addWidget(button)
        row.addStretch(1)
        layout.addSpacing(8)
        layout.addLayout(row)
        layout.addStretch(1)
