"""Edits: the steps that the picture on the canvas takes, in their order."""

from functools import partial
from itertools import count

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtWidgets import QLabel, QMenu, QPushButton, QScrollArea, QVBoxLayout, QWidget

from ganstudio.gui.document import Document
from ganstudio.gui.panels.direction_acts import DirectionActs
from ganstudio.gui.panels.direction_menu import LAYERED_SPACES, LayersOfEdit
from ganstudio.gui.widgets.edit_row import EDIT_ROW_HEIGHT, EditFacts, EditRow
from ganstudio.gui.widgets.fold import Fold
from ganstudio.gui.widgets.layer_range import LayerPopup, say_layers
from ganstudio.gui.widgets.row_column import RowColumn
from ganstudio.project.direction_edits import Key
from ganstudio.project.slider_list import list_sliders
from ganstudio.project.state import Project
from ganstudio.rendering.looks.edit import STRENGTH_RANGE, Edit, heard

_LARGEST = 16_777_215  # Qt's own limit of heights: none


class EditStack(QWidget):
    """A section at the foot of the panel of directions.

    Args:
        document: Holds the edits.
        acts: Change them.
    """

    def __init__(self, document: Document, acts: DirectionActs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document, self._acts = document, acts
        self._serial = count()
        self._facts: dict[Key, EditFacts] = {}
        self.rows = RowColumn(self._make_row, EDIT_ROW_HEIGHT, lambda _key: True, self)
        self.rows.moved.connect(self._acts.reorder)
        self._empty = QLabel("Move a slider, and the step it makes stands here.", self)
        self._empty.setProperty("role", "muted")
        self._empty.setWordWrap(True)
        content = QWidget(self)
        content.setProperty("role", "panel")
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        for widget in (self._empty, self.rows):
            column.addWidget(widget)
        column.addStretch(1)
        self._scroll = QScrollArea(self)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(content)
        self._scroll.viewport().installEventFilter(self)
        self._scroll.verticalScrollBar().valueChanged.connect(self._show_part)
        self.rows.dragged_to.connect(lambda y: self._scroll.ensureVisible(0, y, 0, EDIT_ROW_HEIGHT))
        hint = (
            "The steps that this picture takes along directions, one after the other; drag a name to put it elsewhere"
        )
        self.fold = Fold("Edits", parent=self)
        self.fold.heading.setToolTip(hint)
        self.fold.body.setContentsMargins(0, 2, 0, 0)
        self.fold.body.addWidget(self._scroll)
        self.reset_button = QPushButton("Reset All", self)
        self.reset_button.setProperty("role", "flat")
        self.reset_button.setToolTip("Take all steps away but those whose sliders are locked")
        self.reset_button.clicked.connect(acts.reset_all)
        self.fold.head.addWidget(self.reset_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 2, 12, 4)
        layout.addWidget(self.fold)
        self.fold.toggled.connect(self._on_fold_toggled)
        self._on_fold_toggled(is_open=False)
        document.changed.connect(self._on_document_changed)
        document.model_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show the edits of the picture on the canvas."""
        state = self._document.state
        self._facts = self._gather(state)
        self.rows.set_keys(list(self._facts))
        for key, facts in self._facts.items():
            row = self.rows.rows.get(key)
            if isinstance(row, EditRow):
                row.show_facts(facts)
        self.fold.set_count(len(self._facts))
        self._empty.setVisible(not self._facts)
        self.reset_button.setEnabled(bool(self._facts))
        self._show_part()

    def menu_of(self, key: Key, place: QPoint) -> QMenu:
        """What can be done with an edit."""
        edit = next(edit for edit in self._document.state.look.edits if edit.key == key)
        menu, acts, keys = QMenu(self), self._acts, list(self._facts)
        index = keys.index(key)
        if self._num_ws > 1 and self._space_of(key[0]) in LAYERED_SPACES:
            menu.addAction("Limit to Layers…", partial(self._ask_layers, edit, place))
            menu.addAction("Duplicate with Other Layers…", partial(self._duplicate, edit, place))
        label = acts.label()
        if label is not None and edit.label is None:
            menu.addAction("Only for This Class", partial(acts.change, key, "Class of", label=label))
        elif edit.label is not None:
            menu.addAction("For All Classes", partial(acts.change, key, "Class of", label=None))
        menu.addSeparator()
        for text, step, is_there in (("Move Up", -1, index > 0), ("Move Down", 1, index < len(keys) - 1)):
            menu.addAction(text, partial(acts.reorder, key, index + step)).setEnabled(is_there)
        menu.addAction("Remove", partial(acts.drop, key))
        return menu

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: ARG002, D102, N802 - Qt's name
        if event.type() == QEvent.Type.Resize:
            self._show_part()
        return False

    def _gather(self, state: Project) -> dict[Key, EditFacts]:
        audible = frozenset(edit.key for edit in heard(state.look.edits))
        names = {edit.direction for edit in state.look.edits}
        titles = {name: self._acts.title_of(name) for name in names}
        locked = {name for name, settings in state.sliders if settings.is_locked}
        return {
            edit.key: EditFacts(
                titles[edit.direction], self._say_details(edit), edit.strength, edit.is_muted, edit.is_solo,
                edit.key in audible, edit.direction in locked,
            )
            for edit in state.look.edits
        }  # fmt: skip

    def _say_details(self, edit: Edit) -> str:
        parts = [] if edit.layers is None else [say_layers(edit.layers)]
        if edit.label is not None:
            description = self._document.description
            names = description.class_names if description is not None else ()
            parts.append(f"class {names[edit.label] if edit.label < len(names) else edit.label}")
        return " · ".join(parts)

    def _make_row(self, key: Key) -> EditRow:
        row = EditRow(self._facts[key], STRENGTH_RANGE, self)
        serial, acts = next(self._serial), self._acts
        row.strength_edited.connect(
            lambda value, gesture: acts.set_edit_strength(key, value, f"edit {serial} {gesture}")
        )
        row.mute_wanted.connect(lambda is_muted: acts.change(key, "Mute", is_muted=is_muted))
        row.solo_wanted.connect(lambda is_solo: acts.change(key, "Solo", is_solo=is_solo))
        row.removal_wanted.connect(lambda: acts.drop(key))
        row.menu_wanted.connect(lambda place: self.menu_of(key, place).popup(place))
        return row

    def _ask_layers(self, edit: Edit, place: QPoint) -> None:
        following = LayersOfEdit(edit, self._acts, self._document.new_gesture("layers of an edit"))
        popup = LayerPopup(f"Layers of {self._acts.title_of(edit.direction)}", self._num_ws, edit.layers, self.window())
        popup.chosen.connect(partial(LayersOfEdit.set, following))
        popup.open_at(place)

    def _duplicate(self, edit: Edit, place: QPoint) -> None:
        copy = self._acts.duplicate(edit, self._num_ws)
        if copy is not None:
            self._ask_layers(copy, place)

    @property
    def _num_ws(self) -> int:
        description = self._document.description
        return description.spec.num_ws if description is not None else 0

    def _space_of(self, name: str) -> str:
        entries = list_sliders(self._document.state, self._document.description)
        return next((entry.space for entry in entries if entry.name == name), "")

    def _show_part(self) -> None:
        if self.fold.is_open:
            top = self._scroll.verticalScrollBar().value()
            self.rows.show_part(top, top + self._scroll.viewport().height())

    def _on_fold_toggled(self, is_open: bool) -> None:
        self.setMaximumHeight(_LARGEST if is_open else self.fold.heading.sizeHint().height() + 14)
        self.setMinimumHeight(120 if is_open else 0)
        self._show_part()

    def _on_document_changed(self, old: Project, new: Project) -> None:
        names = ("sliders", "directions")
        if old.look.edits != new.look.edits or any(getattr(old, name) != getattr(new, name) for name in names):
            self.refresh()
