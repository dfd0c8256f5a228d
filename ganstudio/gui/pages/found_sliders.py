"""The list of what searches found: what each direction does, its name, how well it holds, what it may be called."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ganstudio.gui.document import Document
from ganstudio.gui.pages.strip_column import NAME_ROLE, STRIP_WIDTH, StripColumn
from ganstudio.gui.services.direction_events import FoundSlider, SlidersFound
from ganstudio.gui.services.direction_finding import DirectionFinding
from ganstudio.project import direction_edits

NAME, STRIP, FACTS, SUGGESTED = range(4)
_COLUMNS = ("Slider", "From low to high", "How well it holds", "May be called")
_EMPTY = "What is found becomes sliders of the project, in one step that can be undone, and is listed here."
_SURE = 0.5  # correlation from which on all suggestions are taken at once


class FoundSliders(QWidget):
    """The results of searches; each is a slider already, and can be renamed or removed here.

    Args:
        document: Holds the directions.
        finding: Finds them.
    """

    def __init__(self, *, document: Document, finding: DirectionFinding, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document, self._finding = document, finding
        self._notes = ""
        self.list = self._make_list()
        self.notes = QLabel(self, wordWrap=True)
        self.notes.setProperty("role", "muted")
        self.names_button = QPushButton("Use Suggested Names", self)
        self.names_button.clicked.connect(self.take_names)
        self.remove_button = QPushButton("Remove", self)
        self.remove_button.clicked.connect(self.remove_chosen)
        self.measure_button = QPushButton("Measure Sliders…", self)
        self.measure_button.setToolTip("How far a unit of each moves the picture, and what else it changes")
        self.measure_button.clicked.connect(finding.show_measuring)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.notes, 1)
        for button in (self.measure_button, self.names_button, self.remove_button):
            button.setProperty("role", "flat")
            button.setAutoDefault(False)
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.list, 1)
        column.addLayout(buttons)
        self.list.itemChanged.connect(self._on_item_changed)
        self.list.itemSelectionChanged.connect(self._on_selection_changed)
        finding.sliders_found.connect(self._on_sliders_found)
        finding.strip_ready.connect(self._on_strip_ready)
        finding.names_suggested.connect(self._show)
        document.changed.connect(self._show)
        document.model_changed.connect(self._show)
        self._show()

    def take_names(self) -> None:
        """Rename all unnamed sliders as suggested, where that is fairly sure, in one step."""
        state = self._document.state
        for name, title in self._to_be_named().items():
            state = direction_edits.rename_slider(state, name, title)
        self._document.apply("Use Suggested Names", state)

    def remove_chosen(self) -> None:
        """Take the chosen directions out of the project."""
        state = self._document.state
        for item in self.list.selectedItems():
            state = direction_edits.remove_direction(state, item.data(NAME, NAME_ROLE))
        self._document.apply("Remove Directions", state)

    def _shown(self) -> dict[str, FoundSlider]:
        """What was found here and is one of the project's directions still."""
        description, found = self._document.description, self._finding.found
        own = self._document.state.directions
        return {
            one.name: found[one.name]
            for one in own
            if one.name in found and description is not None and one.info.shape(description.spec) == one.shape
        }

    def _to_be_named(self) -> dict[str, str]:
        """Fairly sure names of those that nobody has named."""
        state, suggestions = self._document.state, self._finding.suggestions
        return {
            name: suggestions[name].title
            for name in self._shown()
            if name in suggestions and abs(suggestions[name].correlation) >= _SURE and not state.slider_of(name).title
        }

    def _make_list(self) -> QTreeWidget:
        made = QTreeWidget(self)
        made.setAccessibleName("Directions that were found")
        made.setHeaderLabels(list(_COLUMNS))
        made.setRootIsDecorated(False)
        made.setUniformRowHeights(True)
        made.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        made.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        made.itemDoubleClicked.connect(lambda item, _column: made.editItem(item, NAME))
        made.setItemDelegateForColumn(STRIP, StripColumn(self._finding, made))
        header = made.header()
        header.setStretchLastSection(False)
        for column, width in ((NAME, 150), (STRIP, STRIP_WIDTH), (SUGGESTED, 170)):
            header.resizeSection(column, width)
        header.setSectionResizeMode(FACTS, QHeaderView.ResizeMode.Stretch)
        return made

    def _show(self, *_what: object) -> None:
        shown = self._shown()
        known = [self.list.topLevelItem(row) for row in range(self.list.topLevelItemCount())]
        if [item.data(NAME, NAME_ROLE) for item in known if item is not None] != list(shown):
            self.list.clear()
            for name, found in shown.items():
                self.list.addTopLevelItem(self._make_item(name, found))
            self.list.scrollToBottom()
        before = self.list.blockSignals(True)
        for row in range(self.list.topLevelItemCount()):
            item = self.list.topLevelItem(row)
            if item is not None:
                name = item.data(NAME, NAME_ROLE)
                item.setText(NAME, self._title_of(name))
                item.setText(SUGGESTED, str(self._finding.suggestions.get(name, "")))
        self.list.blockSignals(before)
        self._show_buttons()

    def _make_item(self, name: str, found: FoundSlider) -> QTreeWidgetItem:
        facts = "; ".join(found.facts)
        item = QTreeWidgetItem([self._title_of(name), "", facts, ""])
        item.setData(NAME, NAME_ROLE, name)
        item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
        item.setToolTip(NAME, "Double-click renames it")
        item.setToolTip(FACTS, facts)
        item.setToolTip(SUGGESTED, "What goes along with it most in random pictures, and how closely")
        return item

    def _title_of(self, name: str) -> str:
        own, settings = self._document.state.direction_of(name), self._document.state.slider_of(name)
        return settings.title or ("" if own is None else own.info.title)

    def _show_buttons(self) -> None:
        self.notes.setText(self._notes or ("" if self.list.topLevelItemCount() else _EMPTY))
        self.names_button.setEnabled(bool(self._to_be_named()))
        self.remove_button.setEnabled(bool(self.list.selectedItems()))

    def _on_item_changed(self, item: QTreeWidgetItem, column: int) -> None:
        name, text = item.data(NAME, NAME_ROLE), item.text(NAME).strip()
        if column == NAME and text and text != self._title_of(name):
            self._document.apply("Rename Slider", direction_edits.rename_slider(self._document.state, name, text[:100]))
        elif column == NAME:
            self._show()

    def _on_sliders_found(self, _wanted: object, found: SlidersFound) -> None:
        self._notes = "  ·  ".join(found.notes)
        self._show()

    def _on_selection_changed(self) -> None:
        self._show_buttons()
        self._finding.draw_strips([item.data(NAME, NAME_ROLE) for item in self.list.selectedItems()])

    def _on_strip_ready(self, _name: str) -> None:
        self.list.viewport().update()
