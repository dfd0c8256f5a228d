"""Where the cells of a grid are: rows of squares, as large as they fit."""

import math
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, QSize

_FULL_ROWS_FROM = 0.85
_SMALL = 40  # cells below this many pixels stand closer together
_SMALL_GAP = 2


@dataclass(frozen=True)
class GridLayout:
    """Cells of one size, centred.

    Attributes:
        count: How many cells there are.
        columns: How many in a row.
        side: Width and height of a cell, in pixels.
        gap: Pixels between cells.
        left: Of the first cell.
        top: Likewise.
    """

    count: int
    columns: int
    side: int
    gap: int
    left: int
    top: int

    def cell(self, index: int) -> QRect:
        """The square of a cell."""
        row, column = divmod(index, self.columns)
        step = self.side + self.gap
        return QRect(self.left + column * step, self.top + row * step, self.side, self.side)

    def index_at(self, point: QPoint) -> int | None:
        """The cell at a point; None in a gap and outside."""
        step = self.side + self.gap
        column, x = divmod(point.x() - self.left, step)
        row, y = divmod(point.y() - self.top, step)
        index = row * self.columns + column
        is_inside = x < self.side and y < self.side and 0 <= column < self.columns and 0 <= index < self.count
        return index if is_inside else None

    def indices_in(self, area: QRect) -> list[int]:
        """The cells that an area touches, ascending."""
        step = self.side + self.gap
        first_row, first_column = (
            _first(area.top() - self.top, step, self.side),
            _first(area.left() - self.left, step, self.side),
        )
        last_row, last_column = (area.bottom() - self.top) // step, (area.right() - self.left) // step
        rows = range(first_row, last_row + 1)
        columns = range(first_column, min(last_column, self.columns - 1) + 1)
        found = (row * self.columns + column for row in rows for column in columns)
        return [index for index in found if index < self.count]


def _first(offset: int, step: int, side: int) -> int:
    """The first row (or column) that does not end before an offset from the first one's start."""
    index, rest = divmod(offset, step)
    return max(0, index + (rest >= side))


def lay_out(count: int, room: QSize, gap: int, columns: int = 0) -> GridLayout:
    """Choose the columns that make the cells largest; full rows, where they cost little.

    Args:
        count: How many cells.
        room: What they must fit into.
        gap: Pixels between cells, fewer where the cells come out small.
        columns: How many cells in a row, instead of a choice; 0 for a choice.
    """
    wanted = columns
    columns, side = _choose(max(1, count), room, gap, wanted)
    if side < _SMALL and gap > _SMALL_GAP:
        gap = _SMALL_GAP
        columns, side = _choose(max(1, count), room, gap, wanted)
    rows, step = math.ceil(count / columns), side + gap
    left = (room.width() - columns * step + gap) // 2
    top = max(0, (room.height() - rows * step + gap) // 2)
    return GridLayout(count, columns, side, gap, left, top)


def _choose(count: int, room: QSize, gap: int, columns: int) -> tuple[int, int]:
    """Columns and side."""
    if columns:
        return columns, max(1, _side(count, columns, room, gap))
    sides = {columns: _side(count, columns, room, gap) for columns in range(1, count + 1)}
    best = max(sides, key=lambda columns: sides[columns])
    full = max((columns for columns in sides if count % columns == 0), key=lambda columns: sides[columns])
    columns = full if sides[full] >= _FULL_ROWS_FROM * sides[best] else best
    return columns, max(1, sides[columns])


def _side(count: int, columns: int, room: QSize, gap: int) -> int:
    rows = math.ceil(count / columns)
    wide = (room.width() - (columns - 1) * gap) // columns
    high = (room.height() - (rows - 1) * gap) // rows
    return min(wide, high)
