"""The slim strip over the picture: buttons of the window's actions, menus behind two of them."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QFontMetrics
from PySide6.QtWidgets import QMenu, QSizePolicy, QToolBar, QToolButton, QWidget

_ICON = QSize(18, 18)
_HEIGHT = 33


class CanvasStrip(QToolBar):
    """A row of buttons; what finds no room is behind an arrow at its end."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("canvas_strip")
        self.setIconSize(_ICON)
        self.setFixedHeight(_HEIGHT)
        self.setAccessibleName("Canvas")
        if layout := self.layout():
            layout.setContentsMargins(0, 0, 0, 0)

    def add_button(self, action: QAction) -> QToolButton:
        """Add a button that is the action: its icon, its tooltip, on or off, enabled or not."""
        button = QToolButton(self)
        button.setDefaultAction(action)
        button.setIconSize(_ICON)
        button.setAccessibleName(action.text())
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.addWidget(button)
        return button

    def add_menu(self, name: str, hint: str, actions: Sequence[QAction | None], widest: str) -> QToolButton:
        """Add a button with a menu; None among the actions is a line.

        Args:
            name: For screen readers.
            hint: Under the pointer.
            actions: What is in the menu.
            widest: The longest text that the button will have, so that nothing beside it ever moves.
        """
        button = QToolButton(self)
        button.setText(widest)
        button.setToolTip(hint)
        button.setAccessibleName(name)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setProperty("role", "menu")
        button.setFixedWidth(QFontMetrics(button.font()).horizontalAdvance(widest) + 24)
        menu = QMenu(button)
        for action in actions:
            if action is None:
                menu.addSeparator()
            else:
                menu.addAction(action)
        button.setMenu(menu)
        self.addWidget(button)
        return button

    def add_space(self) -> None:
        """Push what comes next to the right."""
        space = QWidget(self)
        space.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.addWidget(space)
