"""The choice of an input that comes and goes, such as a port or a microphone: whether it is listened to, and which."""

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget


class InputChoice(QWidget):
    """A switch, a list of inputs, what is missing to have any, and what is wrong.

    Args:
        listens_to: What the switch says.
        accessible_name: What the list is, for screen readers.
        absent: What is missing to listen at all, "" for nothing.
    """

    def __init__(self, listens_to: str, accessible_name: str, absent: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.absent = QLabel(absent, self, wordWrap=True)
        self.absent.setProperty("role", "warning")
        self.absent.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.absent.setVisible(bool(absent))
        self.hears = QCheckBox(listens_to, self)
        self.input = QComboBox(self)
        self.input.setAccessibleName(accessible_name)
        self.again = QPushButton("Look Again", self)
        self.again.setAutoDefault(False)
        self.trouble = QLabel(self, wordWrap=True)
        self.trouble.setProperty("role", "danger")
        name = QLabel("Input", self)
        name.setBuddy(self.input)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(name)
        row.addWidget(self.input, 1)
        row.addWidget(self.again)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.absent)
        column.addWidget(self.hears)
        column.addLayout(row)
        column.addWidget(self.trouble)

    def offer(self, names: Iterable[str], wanted: str, first: str) -> None:
        """Offer inputs; the one that is wanted stays on the list when it is not there.

        Args:
            names: What the system has.
            wanted: Which was chosen, "" for the first choice.
            first: The words for leaving the choice to the program.
        """
        there = list(names)
        self.input.clear()
        self.input.addItem(first, "")
        for name in dict.fromkeys((*there, *([wanted] if wanted else []))):
            self.input.addItem(name if name in there else f"{name} (not there)", name)
        self.input.setCurrentIndex(max(0, self.input.findData(wanted)))

    def show_trouble(self, words: str) -> None:
        """Say what is wrong, or nothing."""
        self.trouble.setText(words)
        self.trouble.setVisible(bool(words))
