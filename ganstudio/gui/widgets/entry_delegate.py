"""Rows of a list with a thumbnail, a name and a muted line below it; the chosen one carries a bar in the accent."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QIcon, QPainter, QPalette
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

NOTE_ROLE = int(Qt.ItemDataRole.UserRole) + 1
HEADING_ROLE = int(Qt.ItemDataRole.UserRole) + 2
_HEADING_HEIGHT = 26
_PADDING = 8
_BAR = 3


class EntryDelegate(QStyledItemDelegate):
    """Paints `DisplayRole` as the name, `NOTE_ROLE` below it and `DecorationRole` before them.

    A row with `HEADING_ROLE` is a low line of small letters instead, the name of the rows that follow.

    Args:
        icon_side: Height and width of the thumbnail in pixels.
        parent: The list.
    """

    def __init__(self, icon_side: int, parent: QWidget) -> None:
        super().__init__(parent)
        self._side = icon_side

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:  # noqa: ARG002, D102, N802 - Qt's name
        return QSize(0, _HEADING_HEIGHT if index.data(HEADING_ROLE) else self._side + 2 * _PADDING)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint one row."""
        if index.data(HEADING_ROLE):
            self._paint_heading(painter, option, str(index.data() or ""))
            return
        state = option.state
        rect, palette = option.rect, option.palette
        painter.save()
        self._paint_ground(painter, QRectF(rect), palette, state)
        side = QRect(rect.left() + _PADDING, rect.top() + (rect.height() - self._side) // 2, self._side, self._side)
        icon = index.data(Qt.ItemDataRole.DecorationRole)
        if isinstance(icon, QIcon):
            icon.paint(painter, side)
        text = QRect(rect)
        text.setLeft(side.right() + 1 + _PADDING)
        text.setRight(rect.right() - _PADDING)
        self._paint_lines(painter, text, index, (palette, bool(state & QStyle.StateFlag.State_Enabled)))
        painter.restore()

    def _paint_heading(self, painter: QPainter, option: QStyleOptionViewItem, text: str) -> None:
        painter.save()
        font = painter.font()
        font.setPixelSize(11)
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(option.palette.color(QPalette.ColorRole.PlaceholderText))
        room = option.rect.adjusted(2, 0, -_PADDING, -2)
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom, shown)
        painter.restore()

    def _paint_ground(self, painter: QPainter, rect: QRectF, palette: QPalette, state: QStyle.StateFlag) -> None:
        is_chosen = bool(state & QStyle.StateFlag.State_Selected)
        is_pointed_at = bool(state & QStyle.StateFlag.State_MouseOver) and bool(state & QStyle.StateFlag.State_Enabled)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if is_chosen or is_pointed_at:
            painter.setBrush(palette.color(QPalette.ColorRole.Midlight))
            painter.drawRoundedRect(rect, 4, 4)
        if is_chosen:
            painter.setBrush(palette.color(QPalette.ColorRole.Accent))
            painter.drawRoundedRect(QRectF(rect.left(), rect.top() + 8, _BAR, rect.height() - 16), 1.5, 1.5)

    def _paint_lines(
        self, painter: QPainter, room: QRect, index: QModelIndex | QPersistentModelIndex, look: tuple[QPalette, bool]
    ) -> None:
        palette, is_enabled = look
        group = QPalette.ColorGroup.Normal if is_enabled else QPalette.ColorGroup.Disabled
        metrics = painter.fontMetrics()
        top = room.center().y() - metrics.height()
        lines = ((index.data(), QPalette.ColorRole.Text), (index.data(NOTE_ROLE), QPalette.ColorRole.PlaceholderText))
        for row, (text, role) in enumerate(lines):
            painter.setPen(palette.color(group, role))
            line = QRect(room.left(), top + row * (metrics.height() + 1), room.width(), metrics.height())
            elide = Qt.TextElideMode.ElideRight if row else Qt.TextElideMode.ElideMiddle
            shown = metrics.elidedText(str(text or ""), elide, line.width())
            painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
