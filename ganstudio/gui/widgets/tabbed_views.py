"""Several views of one thing in the middle of a workspace, one at a time, with tabs over them."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QTabBar, QVBoxLayout, QWidget


class TabbedViews(QWidget):
    """Shows one of several views.

    Args:
        views: Each with what its tab says.
    """

    def __init__(self, views: Sequence[tuple[str, QWidget]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self.tabs = QTabBar(self)
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        self.tabs.setUsesScrollButtons(False)
        self.tabs.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._stack = QStackedWidget(self)
        self._views = [view for _title, view in views]
        for title, view in views:
            self.tabs.addTab(title)
            self._stack.addWidget(view)
        self.tabs.currentChanged.connect(self._stack.setCurrentIndex)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        bar = QVBoxLayout()
        bar.setContentsMargins(16, 8, 16, 0)
        bar.addWidget(self.tabs)
        layout.addLayout(bar)
        layout.addWidget(self._stack, 1)

    @property
    def current(self) -> QWidget:
        """The view in front."""
        return self._views[self.tabs.currentIndex()]

    def show_view(self, view: QWidget) -> None:
        """Bring a view to the front."""
        self.tabs.setCurrentIndex(self._views.index(view))
