"""Small buttons of one letter or sign, in the rows of lists."""

from PySide6.QtWidgets import QToolButton, QWidget

_SIDE = 22


def letter_button(text: str, hint: str, parent: QWidget, *, is_checkable: bool = False) -> QToolButton:
    """Make one; `hint` says what it does."""
    button = QToolButton(parent)
    button.setText(text)
    button.setToolTip(hint)
    button.setCheckable(is_checkable)
    button.setFixedSize(_SIDE, _SIDE)
    button.setProperty("role", "letter")
    return button
