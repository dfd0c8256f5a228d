"""The palette: type a few letters of anything that can be done, press Enter."""

from PySide6.QtCore import QEvent, QModelIndex, QObject, QRect, QSize, Qt
from PySide6.QtGui import QAction, QIcon, QKeyEvent, QPainter, QPalette
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from ganstudio.gui.actions import ACTIONS, MENUS, Actions, ActionSpec
from ganstudio.gui.widgets.fuzzy import rank

_WIDTH, _ROWS, _ROW_HEIGHT = 560, 10, 32
_KEYS_ROLE = Qt.ItemDataRole.UserRole + 1
_GROUP_ROLE = Qt.ItemDataRole.UserRole + 2


class CommandPalette(QFrame):
    """Lists all actions, filters them by what is typed, runs the chosen one after it has closed.

    It floats inside the window instead of being one of its own: no window system can misplace it or steal its keys.
    """

    def __init__(self, actions: Actions, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("palette")
        self.setAccessibleName("Search actions")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._actions = actions
        self._window = parent
        self.field = QLineEdit(self, placeholderText="What do you want to do?")
        self.field.setAccessibleName("Search actions")
        self.field.textChanged.connect(self._on_field_changed)
        self.field.installEventFilter(self)
        self.list = QListWidget(self)
        self.list.setUniformItemSizes(True)
        self.list.setItemDelegate(_RowDelegate(self.list))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.itemClicked.connect(self._run)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(8)
        layout.addWidget(self.field)
        layout.addWidget(self.list)
        self.setFixedWidth(_WIDTH)
        self._on_field_changed("")

    def open(self) -> None:
        """Show in the upper middle of the window."""
        self.move((self._window.width() - self.width()) // 2, self._window.height() // 8)
        self.show()
        self.raise_()
        self.field.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: D102, N802 - Qt's name
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._on_key_pressed(Qt.Key(event.key()))
        if event.type() == QEvent.Type.FocusOut:
            self.close()
        return super().eventFilter(watched, event)

    def _on_key_pressed(self, key: Qt.Key) -> bool:
        rows = self.list.count()
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: _ROWS, Qt.Key.Key_PageUp: -_ROWS}
        if key in steps and rows:
            wanted = self.list.currentRow() + steps[key]
            self.list.setCurrentRow(wanted % rows if abs(steps[key]) == 1 else min(max(wanted, 0), rows - 1))
            return True
        if key == Qt.Key.Key_Escape:
            self.close()
            return True
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if item := self.list.currentItem():
                self._run(item)
            return True
        return False

    def _on_field_changed(self, typed: str) -> None:
        specs = {spec.id: spec for spec in ACTIONS if spec.id != "help.palette"}
        there = ((key, spec) for key, spec in specs.items() if not spec.is_named or self._actions[key].isVisible())
        found = rank(typed, ((key, f"{self._text(spec)} {_searched(spec)}") for key, spec in there))
        runnable = [key for key in found if self._actions[key].isEnabled()]
        self.list.clear()
        for key in (*runnable, *(key for key in found if key not in runnable)):
            self.list.addItem(self._item(specs[key]))
        self.list.setCurrentRow(0)
        self.list.setFixedHeight(max(1, min(_ROWS, self.list.count())) * _ROW_HEIGHT)
        self.adjustSize()

    def _item(self, spec: ActionSpec) -> QListWidgetItem:
        action = self._actions[spec.id]
        item = QListWidgetItem(action.icon(), self._text(spec))
        item.setData(Qt.ItemDataRole.UserRole, spec.id)
        item.setData(_KEYS_ROLE, spec.shortcut)
        item.setData(_GROUP_ROLE, group_of(spec.id))
        if not action.isEnabled():
            item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsEnabled)
        return item

    def _text(self, spec: ActionSpec) -> str:
        return self._actions[spec.id].text() if spec.is_named else spec.text

    def _run(self, item: QListWidgetItem) -> None:
        action: QAction = self._actions[item.data(Qt.ItemDataRole.UserRole)]
        if action.isEnabled():
            self.close()
            action.trigger()


def group_of(action_id: str) -> str:
    """The menu that an action is in, for telling like names apart."""
    return next((title.replace("&", "") for title, ids in MENUS.items() if action_id in ids), "")


def _searched(spec: ActionSpec) -> str:
    return f"{group_of(spec.id)} {spec.words}"


class _RowDelegate(QStyledItemDelegate):
    """Draws icon, name, menu and keys in columns."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:  # type: ignore[override]  # noqa: ARG002, N802
        return QSize(100, _ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:  # type: ignore[override]
        self.initStyleOption(option, index)
        icon, text = QIcon(option.icon), option.text
        option.icon, option.text = QIcon(), ""
        widget = option.widget
        widget.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, widget)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        enabled = bool(option.state & QStyle.StateFlag.State_Enabled)
        area: QRect = option.rect.adjusted(8, 0, -12, 0)
        mode = QIcon.Mode.Disabled if not enabled else QIcon.Mode.Selected if chosen else QIcon.Mode.Normal
        icon.paint(painter, QRect(area.left(), area.center().y() - 9, 20, 20), mode=mode)
        group = QPalette.ColorGroup.Active if enabled else QPalette.ColorGroup.Disabled
        role = QPalette.ColorRole.HighlightedText if chosen else QPalette.ColorRole.Text
        painter.setPen(option.palette.color(group, role))
        center = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(area.adjusted(32, 0, 0, 0), center | Qt.AlignmentFlag.AlignLeft, text)
        if enabled and not chosen:
            painter.setPen(option.palette.color(QPalette.ColorRole.PlaceholderText))
        painter.drawText(area, center | Qt.AlignmentFlag.AlignRight, str(index.data(_KEYS_ROLE)))
        painter.drawText(
            area.adjusted(0, 0, -112, 0), center | Qt.AlignmentFlag.AlignRight, str(index.data(_GROUP_ROLE))
        )
