"""Models: the library with its search field, and the facts of the one that is open."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QAction, QDesktopServices, QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QPushButton,
    QSplitter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ganstudio.gui import icons, theme
from ganstudio.gui.document import Document
from ganstudio.gui.panels.model_facts import ModelFacts
from ganstudio.gui.services.model_library import ModelEntry, ModelLibrary
from ganstudio.gui.settings import SettingsStore
from ganstudio.gui.widgets.entry_delegate import HEADING_ROLE, NOTE_ROLE, EntryDelegate

_ICON = 40
_INDEX_ROLE = int(Qt.ItemDataRole.UserRole) + 3


class ModelsPanel(QWidget):
    """Lists what can be opened; a click opens it.

    Args:
        document: Opens it.
        settings: Remembers recent files.
        library: Knows what there is.

    Signals:
        save_wanted(path): Somebody wants this model as another kind of file.
        catalogue_wanted(): Somebody wants to see the public models.
        folder_wanted(): Somebody wants a folder to be watched.
        doubted(): The network of the open file was guessed wrong.
    """

    save_wanted = Signal(object)
    catalogue_wanted = Signal()
    folder_wanted = Signal()
    doubted = Signal()

    def __init__(
        self, *, document: Document, settings: SettingsStore, library: ModelLibrary, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self._document, self._settings, self._library = document, settings, library
        self._shown: tuple[ModelEntry, ...] = ()
        self.open_button = QPushButton("Open Checkpoint…", self)
        self.search = QLineEdit(self, placeholderText="Search models", clearButtonEnabled=True)
        self.search.setAccessibleName("Search models")
        self.search.setToolTip("By name, family, size or folder: stylegan2 256 faces")
        self.list = self._make_list()
        self._nothing = QLabel("No model matches.", self, wordWrap=True)
        self._nothing.setProperty("role", "muted")
        self._nothing.hide()
        self.facts = ModelFacts(self)
        self._lay_out()
        self._connect()
        self.facts.show_model(document.description, document.layers)
        self.refresh()

    def _make_list(self) -> QListWidget:
        made = QListWidget(self)
        made.setAccessibleName("Models")
        made.setProperty("role", "models")
        made.setIconSize(QSize(_ICON, _ICON))
        made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        made.setItemDelegate(EntryDelegate(_ICON, made))
        made.setMouseTracking(True)
        made.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        return made

    def _lay_out(self) -> None:
        more = QToolButton(self)
        more.setIcon(icons.icon("plus"))
        more.setToolTip("More models: watch a folder, download public ones")
        more.setAccessibleName("More models")
        more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        more.setMenu(self._make_more_menu())
        self._more = more
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addWidget(self.open_button, 1)
        row.addWidget(more)
        above = QWidget(self)
        column = QVBoxLayout(above)
        column.setContentsMargins(0, 0, 0, 4)
        column.setSpacing(8)
        column.addLayout(row)
        for widget in (self.search, self._nothing):
            column.addWidget(widget)
        column.addWidget(self.list, 1)
        heading = QLabel("Open model", self)
        heading.setProperty("role", "subheading")
        below = QWidget(self)
        facts_column = QVBoxLayout(below)
        facts_column.setContentsMargins(0, 8, 0, 0)
        facts_column.setSpacing(8)
        facts_column.addWidget(heading)
        facts_column.addWidget(self.facts, 1)
        splitter = QSplitter(Qt.Orientation.Vertical, self)
        splitter.setChildrenCollapsible(False)
        splitter.setHandleWidth(1)
        splitter.addWidget(above)
        splitter.addWidget(below)
        splitter.setSizes([320, 260])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 8, 8)
        layout.addWidget(splitter)

    def _make_more_menu(self) -> QMenu:
        menu = QMenu(self)
        menu.addAction("Watch a Folder of Models…", self.folder_wanted.emit)
        menu.addAction("Public Models…", self.catalogue_wanted.emit)
        return menu

    def _connect(self) -> None:
        self.search.textChanged.connect(self.refresh)
        self.list.itemClicked.connect(self._on_item_chosen)
        self.list.itemActivated.connect(self._on_item_chosen)
        self.list.customContextMenuRequested.connect(self._on_list_menu_requested)
        self._document.model_changed.connect(self._on_document_model_changed)
        self._document.layers_known.connect(self._show_facts)
        self._library.changed.connect(self.refresh)
        self.facts.doubted.connect(self.doubted)

    def refresh(self, *_what: object) -> None:
        """List again what there is."""
        words, survey = self.search.text(), self._library.survey
        self._shown = tuple(entry for entry in survey.entries if entry.matches(words))
        place = self.list.verticalScrollBar().value()
        self.list.clear()
        section = ""
        for index, entry in enumerate(self._shown):
            if entry.section != section:
                section = entry.section
                self._add_heading(section, entry.folder)
            self.list.addItem(self._make_item(index, entry))
        if not words:
            self._add_empty_folders()
        self._nothing.setVisible(bool(words) and not self._shown)
        self._mark_open()
        self.list.verticalScrollBar().setValue(place)

    def _add_empty_folders(self) -> None:
        """Folders that are watched and have nothing to list, so that they can be taken off again."""
        listed = {str(entry.folder) for entry in self._shown if entry.folder is not None}
        for folder, note in self._library.survey.notes:
            if folder not in listed:
                self._add_heading(f"{Path(folder).name}: {note}", Path(folder))

    def _add_heading(self, text: str, folder: Path | None) -> None:
        item = QListWidgetItem(text)
        item.setData(HEADING_ROLE, True)
        item.setData(Qt.ItemDataRole.UserRole, "" if folder is None else str(folder))
        item.setData(_INDEX_ROLE, -1)
        item.setToolTip("" if folder is None else f"Watched folder: {folder}")
        item.setFlags(Qt.ItemFlag.ItemIsEnabled)
        self.list.addItem(item)

    def _make_item(self, index: int, entry: ModelEntry) -> QListWidgetItem:
        item = QListWidgetItem(entry.title)
        item.setData(NOTE_ROLE, entry.note)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{entry.title}, {entry.note}")
        item.setData(Qt.ItemDataRole.UserRole, str(entry.path))
        item.setData(_INDEX_ROLE, index)
        reason = f"\n{entry.card.error}" if entry.card is not None and entry.card.error else ""
        where = "" if entry.is_there else "\nNot there any more: the menu can locate it or take it off the list."
        item.setToolTip(f"{entry.title}\n{entry.path}{reason}{where}")
        item.setIcon(QIcon(str(entry.thumbnail)) if entry.thumbnail is not None else _blank_icon())
        if not entry.is_there:
            item.setForeground(self.palette().placeholderText())
        return item

    def changeEvent(self, event: QEvent) -> None:  # noqa: D102, N802 - Qt's name
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self.isVisible():
            self._more.setIcon(icons.icon("plus"))
            self.refresh()  # its symbols are drawn in the colours of the theme

    def _mark_open(self) -> None:
        for row in range(self.list.count()):
            item = self.list.item(row)
            if item.data(_INDEX_ROLE) >= 0 and item.data(Qt.ItemDataRole.UserRole) == self._document.state.checkpoint:
                self.list.setCurrentRow(row)
                return
        self.list.setCurrentRow(-1)

    def _show_facts(self, *_what: object) -> None:
        self.facts.show_model(self._document.description, self._document.layers)

    def _on_document_model_changed(self, _description: object) -> None:
        self._show_facts()
        self._mark_open()

    # What can be done with an entry

    def _entry_of(self, item: QListWidgetItem | None) -> ModelEntry | None:
        index = item.data(_INDEX_ROLE) if item is not None else -1
        return self._shown[index] if 0 <= index < len(self._shown) else None

    def _on_item_chosen(self, item: QListWidgetItem) -> None:
        entry = self._entry_of(item)
        if entry is not None and entry.is_there:
            self._open(entry.path)
        elif entry is not None:
            self.locate(entry)

    def _open(self, path: Path) -> None:
        if str(path) != self._document.state.checkpoint:
            self._document.open_requested.emit(path)
        QTimer.singleShot(0, self, self._mark_open)  # the open one stays marked until the other one is there

    def locate(self, entry: ModelEntry) -> None:
        """Ask where a missing file is now."""
        name, _kind = QFileDialog.getOpenFileName(
            self, f"Where Is {entry.path.name}?", str(_nearest_folder(entry.path)), "All files (*)"
        )
        if name:
            found = Path(name).resolve()
            self._settings.replace_recent(entry.path, found)
            self._document.open_requested.emit(found)

    def menu_for(self, item: QListWidgetItem | None) -> QMenu:
        """The menu of an entry or of a heading."""
        menu = QMenu(self)
        entry = self._entry_of(item)
        if entry is not None:
            for text, run, is_enabled in self._entry_actions(entry):
                menu.addAction(_action(menu, text, run, is_enabled))
        elif item is not None and item.data(Qt.ItemDataRole.UserRole):
            folder = Path(item.data(Qt.ItemDataRole.UserRole))
            menu.addAction(_action(menu, "Show in File Manager", partial(_reveal, folder)))
            menu.addAction(_action(menu, "Stop Watching", partial(self._library.unwatch, folder)))
        else:
            menu.addAction("Watch a Folder of Models…", self.folder_wanted.emit)
            menu.addAction("Public Models…", self.catalogue_wanted.emit)
        return menu

    def _entry_actions(self, entry: ModelEntry) -> list[tuple[str, Callable[[], object], bool]]:
        path = entry.path
        actions: list[tuple[str, Callable[[], object], bool]] = [
            ("Open", partial(self._open, path), entry.is_there),
            ("Show in File Manager", partial(_reveal, path.parent), path.parent.is_dir()),
            ("Copy Path", partial(QGuiApplication.clipboard().setText, str(path)), True),
        ]
        if entry.is_there and not (entry.card is not None and entry.card.error):
            actions.append(("Save Model As…", partial(self.save_wanted.emit, path), True))
        if not entry.is_there:
            actions.append(("Locate…", partial(self.locate, entry), True))
        if entry.is_recent:
            actions.append(("Remove from List", partial(self._settings.forget_recent, path), True))
        if entry.folder is not None:
            actions.append(("Stop Watching This Folder", partial(self._library.unwatch, entry.folder), True))
        return actions

    def _on_list_menu_requested(self, place: QPoint) -> None:
        menu = self.menu_for(self.list.itemAt(place))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.list.viewport().mapToGlobal(place))


def _action(menu: QMenu, text: str, run: Callable[[], object], is_enabled: bool = True) -> QAction:
    action = QAction(text, menu)
    action.setEnabled(is_enabled)
    action.triggered.connect(lambda _checked=False: run())
    return action


def _reveal(folder: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


def _nearest_folder(path: Path) -> Path:
    """The first folder above a path that is still there."""
    return next((folder for folder in path.parents if folder.is_dir()), Path.home())


def _blank_icon() -> QIcon:
    """What stands for a model that was never drawn: a small symbol in the middle of an empty square."""
    blank = QPixmap(_ICON * 2, _ICON * 2)
    blank.fill(Qt.GlobalColor.transparent)
    painter = QPainter(blank)
    painter.drawPixmap(_ICON // 2, _ICON // 2, icons.draw("model", theme.current().muted, _ICON))
    painter.end()
    return QIcon(blank)
