"""The style channels that were ranked last: what each does, and which of them become sliders."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ganstudio.gui.pages.strip_column import NAME_ROLE, STRIP_WIDTH, StripColumn
from ganstudio.gui.services.direction_finding import DirectionFinding

_NAME, _STRIP, _FACTS = range(3)
_EMPTY = "Ranked channels are listed here, the most telling first; tick those that shall become sliders."


class ChannelCandidates(QWidget):
    """A ranked list with a tick for each.

    Args:
        finding: Has ranked them, and takes those that are ticked.
    """

    def __init__(self, *, finding: DirectionFinding, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._finding = finding
        self.list = QTreeWidget(self)
        self.list.setAccessibleName("Ranked style channels")
        self.list.setHeaderLabels(["Channel", "From low to high", "How telling it is"])
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setItemDelegateForColumn(_STRIP, StripColumn(finding, self.list))
        self.list.header().resizeSection(_NAME, 190)
        self.list.header().resizeSection(_STRIP, STRIP_WIDTH)
        self.list.header().setSectionResizeMode(_FACTS, QHeaderView.ResizeMode.Stretch)
        self.words = QLabel(self)
        self.words.setProperty("role", "muted")
        self.take_button = QPushButton("Make Sliders", self)
        self.take_button.setAutoDefault(False)
        self.take_button.clicked.connect(self.take_ticked)
        row = QHBoxLayout()
        row.addWidget(self.words, 1)
        row.addWidget(self.take_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.list, 1)
        column.addLayout(row)
        self.list.itemChanged.connect(self._show_button)
        self.list.itemSelectionChanged.connect(
            lambda: finding.draw_strips([item.data(_NAME, NAME_ROLE) for item in self.list.selectedItems()])
        )
        finding.candidates_found.connect(self._show)
        finding.strip_ready.connect(lambda _name: self.list.viewport().update())
        self._show()

    def take_ticked(self) -> None:
        """Make sliders of the ticked ones."""
        self._finding.take_candidates(self._ticked())
        for item in self._items():
            item.setCheckState(_NAME, Qt.CheckState.Unchecked)

    def _items(self) -> list[QTreeWidgetItem]:
        found = (self.list.topLevelItem(row) for row in range(self.list.topLevelItemCount()))
        return [item for item in found if item is not None]

    def _ticked(self) -> list[str]:
        return [
            item.data(_NAME, NAME_ROLE) for item in self._items() if item.checkState(_NAME) == Qt.CheckState.Checked
        ]

    def _show(self) -> None:
        before = self.list.blockSignals(True)
        self.list.clear()
        for name, one in self._finding.candidates.items():
            item = QTreeWidgetItem([one.direction.info.title, "", "; ".join(one.facts)])
            item.setData(_NAME, NAME_ROLE, name)
            item.setCheckState(_NAME, Qt.CheckState.Unchecked)
            self.list.addTopLevelItem(item)
        self.list.blockSignals(before)
        self.words.setText("" if self._finding.candidates else _EMPTY)
        self._show_button()

    def _show_button(self, *_what: object) -> None:
        count = len(self._ticked())
        self.take_button.setText(f"Make {count} Sliders" if count > 1 else "Make Slider")
        self.take_button.setEnabled(count > 0)
