"""What stands over a plot: its title, and the legend beside it, or below it where that is too narrow."""

from collections.abc import Sequence

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

_GAP = 8


class PlotHeading(QWidget):
    """A title and the labels of a legend.

    Args:
        title: What is plotted.
        labels: Of the legend, in their order.
        tip: What the title tells where the pointer rests on it.
    """

    def __init__(self, title: str, labels: Sequence[QLabel], tip: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = QLabel(title, self)
        self._title.setProperty("role", "heading")
        self._title.setToolTip(tip)  # over the plot it would lie on the curves
        self._labels = tuple(labels)
        self._rows = [QHBoxLayout(), QHBoxLayout()]
        self._rows[0].addWidget(self._title)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        for row in self._rows:
            row.setSpacing(_GAP)
            row.addStretch(1)
            layout.addLayout(row)
        for label in self._labels:
            label.setMinimumWidth(1)  # else the legend beside the title would hold the plot open, see minimumSizeHint
            self._rows[0].addWidget(label)
        self._is_below = False
        self._widest = 0

    @property
    def is_below(self) -> bool:
        """Whether the legend has a line of its own."""
        return self._is_below

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Room for the legend on a line of its own, as wide as it ever was: plots do not shrink with a digit."""
        hint = super().minimumSizeHint()
        return QSize(max(hint.width(), self._widest), hint.height())

    def place_legend(self) -> None:
        """Put the legend where it has room: after its words have changed."""
        shown = [label for label in self._labels if not label.isHidden()]
        legend = sum(_GAP + label.sizeHint().width() for label in shown)
        if legend - _GAP > self._widest:
            self._widest = legend - _GAP
            self.updateGeometry()
        wanted = self._title.sizeHint().width() + legend
        spare = 4 * _GAP if self._is_below else 0  # digits come and go: not to and fro with each
        is_below = self.width() < wanted + spare
        if is_below == self._is_below:
            return
        self._is_below = is_below
        for label in self._labels:
            self._rows[not is_below].removeWidget(label)
            self._rows[is_below].addWidget(label)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802, D102 - Qt's name
        super().resizeEvent(event)
        self.place_legend()
