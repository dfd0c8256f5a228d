"""A column that scrolls where there is no room for it, and may take no more height than its contents need."""

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

_LEAST_HEIGHT = 96


class ScrollingColumn(QScrollArea):
    """Contents one under the other.

    Args:
        fills: Whether it takes all the height there is, rather than what its contents need.

    Attributes:
        column: Where the contents go.

    Signals:
        grown(): The contents need more height than before.
    """

    grown = Signal()

    def __init__(self, parent: QWidget | None = None, *, fills: bool = False) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._content = QWidget(self)
        self.column = QVBoxLayout(self._content)
        self.column.setContentsMargins(12, 8, 12, 12)
        self.column.setSpacing(8)
        self.setWidget(self._content)
        self._known_height = 0
        self._content.installEventFilter(self)
        upwards = QSizePolicy.Policy.Preferred if fills else QSizePolicy.Policy.Maximum
        self.setSizePolicy(QSizePolicy.Policy.Preferred, upwards)

    def sizeHint(self) -> QSize:  # noqa: D102, N802 - Qt's name
        return self._content.sizeHint()

    def minimumSizeHint(self) -> QSize:  # noqa: D102, N802 - Qt's name
        hint = self._content.minimumSizeHint()
        return QSize(hint.width(), min(_LEAST_HEIGHT, hint.height()))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: D102, N802 - Qt's name
        if watched is self._content and event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()  # what is folded away takes no room
            height = self._content.sizeHint().height()
            is_larger, self._known_height = height > self._known_height > 0, height
            if is_larger and self.isVisible():
                QTimer.singleShot(0, self, self.grown.emit)  # when the layout knows of it
        return super().eventFilter(watched, event)
