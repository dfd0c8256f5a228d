"""A column of equally high rows that are made when they are about to be seen, and that can be put in another order."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen, QResizeEvent
from PySide6.QtWidgets import QApplication, QWidget

_MOST_UNSEEN = 100  # rows that stay although they are far away
_FIRST_ROWS = 12  # made at once, seen or not: most lists are no longer


@dataclass
class _Drag:
    key: Hashable
    start: QPoint
    place: int | None = None


class RowColumn(QWidget):
    """Rows by key, one below the other.

    Only rows in or near the part that `show_part` was told of exist as widgets: a list of hundreds costs no more than
    one of a dozen.

    Args:
        make: Makes the row of a key; a row may have a `grip`, the widget that it is dragged by.
        row_height: In pixels.
        is_movable: Whether the row of a key may be put elsewhere.

    Signals:
        moved(key, place): The person puts a row at this place among all others, 0 the first.
        dragged_to(y): A row is held over this height of the column.
    """

    moved = Signal(object, int)
    dragged_to = Signal(int)

    def __init__(
        self,
        make: Callable[[Any], QWidget],
        row_height: int,
        is_movable: Callable[[Any], bool] = lambda _key: False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._make, self._row_height, self._is_movable = make, row_height, is_movable
        self._keys: tuple[Hashable, ...] = ()
        self._rows: dict[Hashable, QWidget] = {}
        self._part = (0, 0)
        self._drag: _Drag | None = None

    @property
    def keys(self) -> tuple[Hashable, ...]:
        """All rows in their order, also those that are not made."""
        return self._keys

    @property
    def rows(self) -> dict[Hashable, QWidget]:
        """Those that are made."""
        return self._rows

    def set_keys(self, keys: Sequence[Hashable]) -> None:
        """Show these rows; those that were there stay what they are."""
        if tuple(keys) == self._keys:
            return
        self._keys = tuple(keys)
        kept = set(keys)
        for key in [key for key in self._rows if key not in kept]:
            self._remove(key)
        self.setFixedHeight(self._row_height * len(keys))
        self._place_rows()
        self.show_part(*self._part)

    def row(self, key: Hashable) -> QWidget:
        """The row of a key, made where it is not; raises KeyError where there is none."""
        if key not in self._rows:
            if key not in self._keys:
                raise KeyError(key)
            self._add(key)
        return self._rows[key]

    def top_of(self, key: Hashable) -> int:
        """Where a row begins, in pixels from the top."""
        return self._keys.index(key) * self._row_height

    @property
    def in_sight(self) -> tuple[Hashable, ...]:
        """The rows in the part that `show_part` was told of."""
        first, last = self._part[0] // self._row_height, -(-self._part[1] // self._row_height)
        return self._keys[max(0, first) : max(0, last)]

    def show_part(self, top: int, bottom: int) -> None:
        """Be ready to be seen between these heights, in pixels from the top of the column."""
        self._part = (top, bottom)
        margin = bottom - top  # a page in each direction, so that the next key press finds its row
        first, last = (top - margin) // self._row_height, (bottom + margin) // self._row_height
        if bottom > top:
            wanted = self._keys[max(0, first) : max(_FIRST_ROWS, last + 1)]
            for key in wanted:
                if key not in self._rows:
                    self._add(key)
            if len(self._rows) > len(wanted) + _MOST_UNSEEN:
                self._let_go(set(wanted))

    def _let_go(self, wanted: set[Hashable]) -> None:
        """Do without rows that are far away, so that a long list that was scrolled through is none the slower."""
        focus = self._key_with_focus()
        for key in [key for key in self._rows if key not in wanted and key != focus]:
            self._remove(key)

    def _remove(self, key: Hashable) -> None:
        gone = self._rows.pop(key)
        gone.hide()
        gone.deleteLater()

    def _add(self, key: Hashable) -> None:
        row = self._rows[key] = self._make(key)
        row.setParent(self)
        if (grip := getattr(row, "grip", None)) is not None and self._is_movable(key):
            grip.installEventFilter(self)
        self._place(key)
        self._keep_tab_order(key)
        row.show()

    def _keep_tab_order(self, key: Hashable) -> None:
        index = self._keys.index(key)
        before = next((self._rows[k] for k in reversed(self._keys[:index]) if k in self._rows), None)
        if before is not None:
            QWidget.setTabOrder(before, self._rows[key])
        after = next((self._rows[k] for k in self._keys[index + 1 :] if k in self._rows), None)
        if after is not None:
            QWidget.setTabOrder(self._rows[key], after)

    def _place_rows(self) -> None:
        for key in self._rows:
            self._place(key)

    def _place(self, key: Hashable) -> None:
        self._rows[key].setGeometry(QRect(0, self.top_of(key), self.width(), self._row_height))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: ARG002, D102, N802 - Qt's name
        self._place_rows()

    # Another order

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: D102, N802 - Qt's name
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        step = steps.get(Qt.Key(event.key()))
        key = self._key_with_focus()
        if step is None or key is None or not event.modifiers() & Qt.KeyboardModifier.AltModifier:
            super().keyPressEvent(event)
        elif self._is_movable(key):
            place = self._keys.index(key) + step
            if 0 <= place < len(self._keys):
                self.moved.emit(key, place)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: D102, N802 - Qt's name
        if not isinstance(event, QMouseEvent) or not isinstance(watched, QWidget):
            return False
        if event.type() == QEvent.Type.MouseButtonPress and event.button() == Qt.MouseButton.LeftButton:
            key = next((key for key, row in self._rows.items() if row.isAncestorOf(watched)), None)
            self._drag = None if key is None else _Drag(key, self._place_of(event))
        elif event.type() == QEvent.Type.MouseMove and self._drag is not None:
            return self._follow(self._drag, self._place_of(event))
        elif event.type() == QEvent.Type.MouseButtonRelease and self._drag is not None:
            return self._end_drag()
        return False

    def _place_of(self, event: QMouseEvent) -> QPoint:
        return self.mapFromGlobal(event.globalPosition().toPoint())

    def _follow(self, drag: _Drag, at: QPoint) -> bool:
        if drag.place is None and (at - drag.start).manhattanLength() < QApplication.startDragDistance():
            return False
        gap = min(max(round(at.y() / self._row_height), 0), len(self._keys))
        drag.place = gap
        self.dragged_to.emit(at.y())
        self.update()
        return True

    def _end_drag(self) -> bool:
        drag, self._drag = self._drag, None
        self.update()
        if drag is None or drag.place is None:
            return False  # a click, which means something to the row
        index = self._keys.index(drag.key) if drag.key in self._keys else drag.place
        place = drag.place - (drag.place > index)
        if place != index:
            self.moved.emit(drag.key, place)
        return True

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, D102, N802 - Qt's name
        if self._drag is None or self._drag.place is None:
            return
        painter = QPainter(self)
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Accent), 2))
        y = min(max(1, self._drag.place * self._row_height), self.height() - 1)
        painter.drawLine(0, y, self.width(), y)
        painter.end()

    def _key_with_focus(self) -> Hashable | None:
        focus = QApplication.focusWidget()
        return None if focus is None else next((k for k, row in self._rows.items() if row.isAncestorOf(focus)), None)
