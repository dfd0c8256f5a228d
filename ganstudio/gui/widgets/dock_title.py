"""The head of a dock: its name as a heading, and what its panel puts beside it."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QDockWidget, QHBoxLayout, QLabel, QWidget

_HEIGHT = 28


class DockTitle(QWidget):
    """A flat head, 28 px high, that can be dragged like Qt's own."""

    def __init__(self, dock: QDockWidget) -> None:
        super().__init__(dock)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("role", "dock-title")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 0, 8, 0)
        self._label = QLabel(dock.windowTitle(), self)
        self._label.setProperty("role", "heading")
        layout.addWidget(self._label, 1)
        dock.windowTitleChanged.connect(self._label.setText)

    def sizeHint(self) -> QSize:  # noqa: D102, N802 - Qt's name
        return QSize(super().sizeHint().width(), _HEIGHT)  # docks place by this, not by a fixed height

    def minimumSizeHint(self) -> QSize:  # noqa: D102, N802 - Qt's name
        return QSize(40, _HEIGHT)
