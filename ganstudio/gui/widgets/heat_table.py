"""A table of numbers as a heat map: rows and columns have names, cells a colour and their number; sorted by any column.

Colours go from blue over nothing to orange, which eyes of all kinds tell apart; the number stands in each cell as well.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSortFilterProxyModel, Qt
from PySide6.QtGui import QColor, QPainter, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

_COLUMN_PX, _HEAD_PX, _ROW_PX = 96, 40, 26
_LOW, _HIGH = QColor(48, 122, 196), QColor(224, 132, 32)
_LIGHT = 0.5  # lightness of a ground from which on black is read better
_STRONGEST = 0.85  # share of the colour in the cell that is furthest from 0
_SORT = Qt.ItemDataRole.UserRole
_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)
class HeatColumn:
    """One column.

    Attributes:
        title: Its name.
        values: A number for each row, None where there is none.
        scale: The number that has the strongest colour; 0 for a column without colours.
        say: Writes a number.
        hint: What it means.
    """

    title: str
    values: tuple[float | None, ...]
    scale: float = 0.0
    say: Callable[[float], str] = "{:.2f}".format
    hint: str = ""


class HeatTable(QTableView):
    """Shows columns of numbers; a click on a head sorts by it, the largest first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cells = _Cells(self)
        self._sorted = QSortFilterProxyModel(self)
        self._sorted.setSourceModel(self._cells)
        self._sorted.setSortRole(_SORT)
        self.setModel(self._sorted)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setCornerButtonEnabled(False)
        self.setItemDelegate(_Painter(self))
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        header = self.horizontalHeader()
        wrapped = Qt.AlignmentFlag(int(Qt.TextFlag.TextWordWrap))
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter | wrapped)
        header.setFixedHeight(_HEAD_PX)
        header.setDefaultSectionSize(_COLUMN_PX)
        header.setSectionsClickable(True)
        header.setSortIndicatorShown(True)
        header.sortIndicatorChanged.connect(self._on_sort_changed)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(_ROW_PX)

    def show_table(self, rows: Sequence[str], columns: Sequence[HeatColumn]) -> None:
        """Show another table, in the order that it comes in.

        Args:
            rows: Their names.
            columns: With a number for each row.
        """
        self._cells.replace(tuple(rows), tuple(columns), self.palette())
        self._sorted.sort(-1)
        before = self.horizontalHeader().blockSignals(True)
        self.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.DescendingOrder)
        self.horizontalHeader().blockSignals(before)

    def texts(self) -> list[list[str]]:
        """What is seen, row by row: the row's name and its cells."""
        model, down = self._sorted, Qt.Orientation.Vertical
        columns = range(model.columnCount())
        return [
            [str(model.headerData(row, down)), *(str(model.index(row, column).data()) for column in columns)]
            for row in range(model.rowCount())
        ]

    def _on_sort_changed(self, column: int, order: Qt.SortOrder) -> None:
        self._sorted.sort(column, order)


class _Painter(QStyledItemDelegate):
    """Paints a cell's colour and on it its number, in black or white, whichever is read better."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        colour = index.data(Qt.ItemDataRole.BackgroundRole)
        if not isinstance(colour, QColor):
            super().paint(painter, option, index)
            return
        painter.save()
        place = option.rect.adjusted(1, 1, -1, -1)
        painter.fillRect(place, colour)
        painter.setPen(QColor("#000000" if colour.lightnessF() > _LIGHT else "#ffffff"))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(place.adjusted(0, 0, -7, 0), right, str(index.data()))
        painter.restore()


class _Cells(QAbstractTableModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._rows: tuple[str, ...] = ()
        self._columns: tuple[HeatColumn, ...] = ()
        self._palette = QPalette()

    def replace(self, rows: tuple[str, ...], columns: tuple[HeatColumn, ...], palette: QPalette) -> None:
        self.beginResetModel()
        self._rows, self._columns, self._palette = rows, columns, palette
        self.endResetModel()

    def rowCount(self, parent: _Index | None = None) -> int:  # noqa: N802 - Qt's name
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index | None = None) -> int:  # noqa: N802 - Qt's name
        return 0 if parent is not None and parent.isValid() else len(self._columns)

    def headerData(  # noqa: N802 - Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        is_column = orientation == Qt.Orientation.Horizontal
        if role == Qt.ItemDataRole.DisplayRole:
            return self._columns[section].title if is_column else self._rows[section]
        if role == Qt.ItemDataRole.ToolTipRole:
            return (self._columns[section].hint or self._columns[section].title) if is_column else self._rows[section]
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        column = self._columns[index.column()]
        value = column.values[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return "" if value is None else column.say(value)
        if role == _SORT:
            return float("-inf") if value is None else value
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if role == Qt.ItemDataRole.ToolTipRole and value is not None:
            return f"{self._rows[index.row()]}, {column.title}: {column.say(value)}"
        if role == Qt.ItemDataRole.BackgroundRole and value is not None and column.scale > 0:
            return self._colour(value / column.scale)
        return None

    def _colour(self, share: float) -> QColor:
        """The ground with so much of the colour, -1 to 1."""
        ground, tint = self._palette.color(QPalette.ColorRole.Base), _HIGH if share > 0 else _LOW
        amount = min(1.0, abs(share)) * _STRONGEST
        parts = zip(ground.getRgb()[:3], tint.getRgb()[:3], strict=True)  # type: ignore[index]
        return QColor(*(round(low + (high - low) * amount) for low, high in parts))
