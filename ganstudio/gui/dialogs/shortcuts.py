"""The list of all keys: those of the actions, and those of the pointer on canvas and sliders."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ganstudio.gui.actions import ACTIONS
from ganstudio.gui.dialogs.command_palette import group_of

_GESTURES = {
    "On the canvas": (
        ("Wheel", "Zoom at the pointer"),
        ("Space + drag", "Move the picture"),
        ("Hold B", "Before: without sliders"),
    ),
    "On the timeline": (
        ("Space", "Play or stop"),
        ("M", "Name the frame"),
        ("Left, Right", "Go to a frame, or move keys"),
        ("Ctrl + Left, Right", "Go to a key"),
        ("Shift + drag", "Move keys without snapping"),
        ("Alt + drag", "Stretch keys"),
        ("Ctrl + wheel", "Magnify time"),
    ),
    "On a slider": (
        ("Shift + drag", "Finer steps"),
        ("Double-click", "Type a number"),
        ("Click the name", "Back to zero"),
    ),
}


class ShortcutsDialog(QDialog):
    """Every key at a glance, in three columns."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keyboard Shortcuts")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 24)
        layout.setSpacing(40)
        groups = [*_action_groups().items(), *_GESTURES.items()]
        for column in _balanced(groups, columns=3):
            box = QVBoxLayout()
            box.setSpacing(16)
            for title, rows in column:
                box.addLayout(self._group(title, rows))
            box.addStretch(1)
            layout.addLayout(box)

    def _group(self, title: str, rows: tuple[tuple[str, str], ...]) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(0, 1)
        heading = QLabel(title, self)
        heading.setProperty("role", "heading")
        grid.addWidget(heading, 0, 0, 1, 2)
        for row, (keys, text) in enumerate(rows, start=1):
            key = QLabel(keys, self)
            key.setProperty("role", "key")
            grid.addWidget(QLabel(text, self), row, 0)
            grid.addWidget(key, row, 1, Qt.AlignmentFlag.AlignRight)
        return grid


Group = tuple[str, tuple[tuple[str, str], ...]]


def _action_groups() -> dict[str, tuple[tuple[str, str], ...]]:
    groups: dict[str, list[tuple[str, str]]] = {}
    for spec in ACTIONS:
        if spec.shortcut:
            keys = QKeySequence(spec.shortcut).toString(QKeySequence.SequenceFormat.NativeText)
            groups.setdefault(group_of(spec.id), []).append((keys, spec.text.rstrip("…")))
    return {title: tuple(rows) for title, rows in groups.items()}


def _balanced(groups: list[Group], columns: int) -> list[list[Group]]:
    """Share groups out so that the columns are about equally long, largest group first."""
    shares: list[list[Group]] = [[] for _ in range(columns)]
    for group in sorted(groups, key=lambda item: -len(item[1])):
        min(shares, key=lambda share: sum(len(rows) + 2 for _title, rows in share)).append(group)
    return shares
