"""A column of a list that shows what directions do, as strips of pictures."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ganstudio.gui.services.direction_finding import DirectionFinding
from ganstudio.gui.widgets.picture_strip import paint_strip

STRIP_PX = 40
STRIP_WIDTH = 5 * (STRIP_PX + 2) + 16
NAME_ROLE = Qt.ItemDataRole.UserRole
"""Under which the first column of a row keeps the name of its direction."""


class StripColumn(QStyledItemDelegate):
    """Paints the strip of a row's direction.

    Args:
        finding: Has the pictures.
        parent: The list.
    """

    def __init__(self, finding: DirectionFinding, parent: QWidget) -> None:
        super().__init__(parent)
        self._finding = finding

    def paint(  # noqa: D102
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().paint(painter, option, index)
        name = index.sibling(index.row(), 0).data(NAME_ROLE)
        place = QRectF(option.rect.left() + 4, option.rect.top() + 3, option.rect.width() - 8, STRIP_PX)
        paint_strip(painter, self._finding.strips.get(name, ()), place)

    def sizeHint(  # noqa: D102, N802 - Qt's name
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        hint = super().sizeHint(option, index)
        return QSize(hint.width(), STRIP_PX + 6)
