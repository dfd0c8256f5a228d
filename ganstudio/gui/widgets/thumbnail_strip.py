"""One row of thumbnails: named in place, filtered, with a menu; the captions stand on the pictures."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QImage, QKeyEvent, QMouseEvent, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import (
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

NAME_ROLE = int(Qt.ItemDataRole.UserRole) + 1
MODEL_ROLE = int(Qt.ItemDataRole.UserRole) + 2
_CAPTION_HEIGHT = 16
_OWN_KEYS = (Qt.Key.Key_F2, Qt.Key.Key_Delete, Qt.Key.Key_Backspace)


@dataclass(frozen=True)
class StripItem:
    """What is shown of one picture.

    Attributes:
        name: What it is called, or "".
        model: What made it, where that needs saying, or "".
        words: All that is known of it, for the tooltip and screen readers.
    """

    name: str = ""
    model: str = ""
    words: str = ""


_WRITING, _WRITING_GROUND = QColor(255, 255, 255), QColor(0, 0, 0, 150)


class ThumbnailStrip(QListWidget):
    """Thumbnails side by side.

    Args:
        name: For screen readers.
        side: Height and width of a thumbnail in pixels.

    Signals:
        renamed(row, name): A picture was given a name in place.
        removed(row): A picture is to be taken away.
        menu_wanted(row, place): The menu of a picture is wanted there, on the screen.
    """

    renamed = Signal(int, str)
    removed = Signal(int)
    menu_wanted = Signal(int, QPoint)

    def __init__(self, name: str, side: int, parent: QWidget) -> None:
        super().__init__(parent)
        self._cell = QSize(side + 8, side + 8)
        self.setAccessibleName(name)
        self.setProperty("role", "filmstrip")
        self.setViewMode(QListWidget.ViewMode.IconMode)
        self.setFlow(QListWidget.Flow.LeftToRight)
        self.setWrapping(False)
        self.setMovement(QListWidget.Movement.Static)
        self.setIconSize(QSize(side, side))
        self.setGridSize(self._cell)
        self.setEditTriggers(QListWidget.EditTrigger.NoEditTriggers)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setHorizontalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setMinimumHeight(side + 16)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._on_menu_requested)
        delegate = _CaptionDelegate(self)
        delegate.named.connect(self.renamed)
        self.setItemDelegate(delegate)

    def set_count(self, count: int) -> None:
        """Have so many pictures."""
        while self.count() > count:
            self.takeItem(self.count() - 1)
        while self.count() < count:
            item = QListWidgetItem()
            item.setSizeHint(self._cell)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
            self.addItem(item)

    def show_words(self, row: int, shown: StripItem) -> None:
        """Show what is known of a picture."""
        item = self.item(row)
        item.setData(NAME_ROLE, shown.name)
        item.setData(MODEL_ROLE, shown.model)
        item.setToolTip(shown.words)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, shown.words.replace("\n", ", "))

    def show_image(self, row: int, image: QImage | None) -> None:
        """Show a picture, or none."""
        self.item(row).setIcon(QIcon() if image is None else self._untinted(image))

    def show_only(self, rows: Sequence[bool]) -> None:
        """Show those that are True, hide the others."""
        for row, is_shown in enumerate(rows):
            self.setRowHidden(row, not is_shown)

    def begin_naming(self, row: int) -> None:
        """Let the person type the name of a picture on it."""
        item = self.item(row)
        if item is not None:
            self.scrollToItem(item)
            self.editItem(item)

    def event(self, event: QEvent) -> bool:
        """Keep the keys that name and remove from the shortcuts of the window."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() in _OWN_KEYS:
            event.accept()
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: D102, N802 - Qt's name
        if event.button() == Qt.MouseButton.LeftButton:  # the menu is about another picture, which is not gone to
            super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: D102, N802 - Qt's name
        row = self.currentRow()
        if row >= 0 and event.key() == Qt.Key.Key_F2:
            self.begin_naming(row)
        elif row >= 0 and event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removed.emit(row)
        else:
            super().keyPressEvent(event)

    def _on_menu_requested(self, place: QPoint) -> None:
        item = self.itemAt(place)
        if item is not None:
            self.menu_wanted.emit(self.row(item), self.viewport().mapToGlobal(place))

    def _untinted(self, image: QImage) -> QIcon:
        """An icon that looks the same when it is selected: a frame marks it, its colours stay true."""
        ratio = self.devicePixelRatioF()
        height = round(self.iconSize().height() * ratio)
        pixmap = QPixmap.fromImage(image.scaledToHeight(height, Qt.TransformationMode.SmoothTransformation))
        pixmap.setDevicePixelRatio(ratio)
        icon = QIcon()
        for mode in (QIcon.Mode.Normal, QIcon.Mode.Selected):
            icon.addPixmap(pixmap, mode)
        return icon


class _CaptionDelegate(QStyledItemDelegate):
    """Writes the name over the lower edge of a picture, and the model over its upper one."""

    named = Signal(int, str)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint one picture."""
        room = option.rect.adjusted(4, 4, -4, -4)
        icon = index.data(Qt.ItemDataRole.DecorationRole)
        if not isinstance(icon, QIcon) or icon.isNull():
            painter.fillRect(room, option.palette.color(QPalette.ColorRole.Midlight))  # a place for what is to come
        super().paint(painter, option, index)
        if name := index.data(NAME_ROLE):
            self._write(painter, QRect(room.left(), room.bottom() + 1 - _CAPTION_HEIGHT, room.width(), _CAPTION_HEIGHT),
                        str(name))  # fmt: skip
        if model := index.data(MODEL_ROLE):
            self._write(painter, QRect(room.left(), room.top(), room.width(), _CAPTION_HEIGHT), str(model))

    def createEditor(self, parent: QWidget, *_where: object) -> QWidget:  # noqa: N802 - Qt's name
        """Make the field for a name."""
        field = QLineEdit(parent)
        field.setAccessibleName("Name of the picture")
        field.setMaxLength(120)
        return field

    def setEditorData(self, editor: QWidget, index: QModelIndex | QPersistentModelIndex) -> None:  # noqa: N802
        if isinstance(editor, QLineEdit):
            editor.setText(str(index.data(NAME_ROLE) or ""))
            editor.selectAll()

    def setModelData(self, editor: QWidget, _model: object, index: QModelIndex | QPersistentModelIndex) -> None:  # noqa: N802
        if isinstance(editor, QLineEdit) and editor.text() != str(index.data(NAME_ROLE) or ""):
            self.named.emit(index.row(), editor.text())

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, *_where: object) -> None:  # noqa: N802
        height = editor.sizeHint().height()
        editor.setGeometry(option.rect.left(), option.rect.bottom() + 1 - height, option.rect.width(), height)

    def _write(self, painter: QPainter, room: QRect, text: str) -> None:
        painter.save()
        font = painter.font()
        font.setPixelSize(11)
        painter.setFont(font)
        painter.fillRect(room, _WRITING_GROUND)  # over a picture, so that neither follows the theme
        painter.setPen(_WRITING)
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room.width() - 6)
        painter.drawText(room.adjusted(3, 0, -3, 0), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
        painter.restore()
