"""The sliders of all directions, in groups that fold; only those near what is seen are made."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import count
from typing import cast

from PySide6.QtCore import QEvent, QPoint, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ganstudio.gui.panels.direction_acts import DirectionActs
from ganstudio.gui.panels.direction_words import TITLES, explain, marks_of
from ganstudio.gui.widgets.direction_slider import ROW_HEIGHT, STRIP_HEIGHT, DirectionSlider
from ganstudio.gui.widgets.fold import Fold
from ganstudio.gui.widgets.number_adder import NumberAdder
from ganstudio.gui.widgets.row_column import RowColumn
from ganstudio.project.slider_list import GROUPS, Group, SliderEntry
from ganstudio.rendering.looks.edit import STRENGTH_RANGE, Edit, heard
from ganstudio.rendering.looks.look import Look


class DirectionGroups(QWidget):
    """What is inside the panel's scroll area.

    Args:
        acts: What the sliders do.
        numbers: Where a single number of the latent is chosen; stands in its group.

    Signals:
        menu_wanted(name, place): The menu of a slider is asked for, at a place of the screen.
        pointed(name, is_over): The pointer comes over a slider, or goes.
        strip_wanted(name): What a slider does is to be seen.
        part_wanted(): What is seen may have changed.
        dragged_to(y): A row is held over this height.
    """

    menu_wanted = Signal(str, QPoint)
    pointed = Signal(str, bool)
    strip_wanted = Signal(str)
    part_wanted = Signal()
    dragged_to = Signal(int)

    def __init__(self, acts: DirectionActs, numbers: NumberAdder, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self._acts = acts
        self._entries: dict[str, SliderEntry] = {}
        self._look = Look()
        self._class_names: tuple[str, ...] = ()
        self._has_model = False
        self._filter = ""
        self._serial = count()
        self.sliders = Sliders(self)
        self.columns: dict[Group, RowColumn] = {}
        self.folds: dict[Group, Fold] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(4)
        for group in GROUPS:
            column.addWidget(self._make_group(group, numbers if group == "numbers" else None))
        column.addStretch(1)

    def _make_group(self, group: Group, head: QWidget | None) -> Fold:
        height = ROW_HEIGHT + (STRIP_HEIGHT + 8 if group == "axes" else 0)
        rows = RowColumn(self._make_row, height, self._is_movable, self)
        rows.moved.connect(partial(self._on_row_moved, group))
        rows.dragged_to.connect(lambda y: self.dragged_to.emit(rows.mapTo(self, QPoint(0, y)).y()))
        title, hint = TITLES[group]
        fold = Fold(title, is_open=group in {"named", "own"}, parent=self)
        fold.heading.setToolTip(hint)
        fold.body.setContentsMargins(0, 2, 0, 0)
        if head is not None:
            fold.body.addWidget(head)
        fold.body.addWidget(rows)
        fold.toggled.connect(self.part_wanted)
        self.columns[group], self.folds[group] = rows, fold
        return fold

    @property
    def entries(self) -> Mapping[str, SliderEntry]:
        """All sliders by the names of their directions."""
        return self._entries

    def show_entries(self, entries: Sequence[SliderEntry], class_names: tuple[str, ...] | None) -> None:
        """Have these sliders; `class_names` are None while no model is open."""
        old, self._entries = self._entries, {entry.name: entry for entry in entries}
        groups = {entry.group for entry in entries}
        if groups & {"named", "own", "axes"} and not {entry.group for entry in old.values()} & {"named", "own", "axes"}:
            self.folds["axes"].set_open(not groups & {"named", "own"})  # alone they are what there is to begin with
        self._class_names, self._has_model = class_names or (), class_names is not None
        self._show_rows()
        for name, slider in self.made():
            if old.get(name) != self._entries[name]:
                self._dress(slider, self._entries[name])

    def show_look(self, look: Look) -> None:
        """Show the strengths of a look."""
        if look.edits == self._look.edits:
            return
        old, self._look = _by_direction(self._look), look
        new = _by_direction(look)
        heard_edits = frozenset(heard(look.edits))
        for name, slider in self.made():
            edit = new.get(name)
            value = 0.0 if edit is None else edit.strength
            if slider.value != value:
                slider.set_value(value)
            slider.set_dimmed(edit is not None and edit not in heard_edits)
            if _is_marked(old.get(name)) != _is_marked(edit):
                self._mark(slider, self._entries[name], edit)

    def filter(self, text: str) -> None:
        """Show only sliders whose names hold these letters; "" shows all."""
        if text != self._filter:
            self._filter = text
            self._show_rows()

    def redraw_marks(self) -> None:
        """Draw all marks again, in the colours of another theme."""
        edits = _by_direction(self._look)
        for name, slider in self.made():
            self._mark(slider, self._entries[name], edits.get(name))

    def show_part(self, top: int, bottom: int) -> None:
        """Make the rows between these heights."""
        for rows in self.columns.values():
            if rows.isVisibleTo(self):
                offset = rows.mapTo(self, QPoint()).y()
                rows.show_part(top - offset, bottom - offset)

    def reveal(self, name: str) -> DirectionSlider:
        """Open the group of a slider and return it."""
        self.folds[self._entries[name].group].set_open(True)
        return self.sliders[name]

    def axes_in_sight(self) -> tuple[str, ...]:
        """The axes without a name that can be seen now."""
        rows = self.columns["axes"]
        return tuple(str(key) for key in rows.in_sight) if rows.isVisible() else ()

    def made(self) -> list[tuple[str, DirectionSlider]]:
        """All sliders that are there as widgets."""
        return [
            (str(name), row)
            for rows in self.columns.values()
            for name, row in rows.rows.items()
            if isinstance(row, DirectionSlider)
        ]

    def event(self, event: QEvent) -> bool:
        """Notice that groups have moved."""
        handled = super().event(event)
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize):
            self.part_wanted.emit()
        return handled

    def _show_rows(self) -> None:
        words = self._filter.lower().split()
        for group, rows in self.columns.items():
            names = [entry.name for entry in self._entries.values() if entry.group == group]
            shown = [name for name in names if all(word in self._entries[name].title.lower() for word in words)]
            rows.set_keys(shown)
            self.folds[group].set_count(len(shown), len(names))
            self.folds[group].setVisible(bool(shown) or (group == "numbers" and self._has_model and not words))
            if words and shown:
                self.folds[group].set_open(True)
        self.part_wanted.emit()

    def _is_movable(self, name: str) -> bool:
        return self._entries[name].is_own

    def _make_row(self, name: str) -> DirectionSlider:
        entry = self._entries[name]
        slider = DirectionSlider(entry.title, (entry.low, entry.high), self)
        slider.typed_limits = STRENGTH_RANGE
        slider.edited.connect(partial(self._on_slider_edited, name, next(self._serial)))
        slider.renamed.connect(partial(self._acts.rename, name))
        slider.menu_wanted.connect(partial(self.menu_wanted.emit, name))
        slider.pointed.connect(partial(self.pointed.emit, name))
        slider.strip_wanted.connect(partial(self.strip_wanted.emit, name))
        if entry.group == "axes":
            slider.add_strip()
        self._dress(slider, entry)
        return slider

    def _dress(self, slider: DirectionSlider, entry: SliderEntry) -> None:
        edit = _by_direction(self._look).get(entry.name)
        slider.set_title(entry.title)
        slider.set_limits(entry.low, entry.high)
        slider.set_value(0.0 if edit is None else edit.strength)
        slider.set_locked(entry.settings.is_locked)
        slider.setToolTip(explain(entry))
        self._mark(slider, entry, edit)

    def _mark(self, slider: DirectionSlider, entry: SliderEntry, edit: Edit | None) -> None:
        label = edit.label if edit is not None else None
        known = label is not None and label < len(self._class_names)
        slider.set_marks(marks_of(entry, edit, self._class_names[label or 0] if known else str(label)))

    def _on_slider_edited(self, name: str, serial: int, value: float, gesture: int) -> None:
        if not self._acts.set_strength(name, value, f"strength {name} {serial} {gesture}"):
            edit = self._look.edit_of(name)
            self.sliders[name].set_value(0.0 if edit is None else edit.strength)

    def _on_row_moved(self, group: Group, name: str, place: int) -> None:
        self._acts.move(name, place, [str(key) for key in self.columns[group].keys])


class Sliders(Mapping[str, DirectionSlider]):
    """All sliders that are listed, by the names of their directions; one that is asked for is made."""

    def __init__(self, groups: DirectionGroups) -> None:
        self._groups = groups

    def __getitem__(self, name: str) -> DirectionSlider:
        return cast("DirectionSlider", self._groups.columns[self._groups.entries[name].group].row(name))

    def __iter__(self) -> Iterator[str]:
        return (str(key) for rows in self._groups.columns.values() for key in rows.keys)

    def __len__(self) -> int:
        return sum(len(rows.keys) for rows in self._groups.columns.values())


def _by_direction(look: Look) -> dict[str, Edit]:
    """The edit that each direction's slider stands for; see `Look.edit_of`, which this is for all at once."""
    found: dict[str, Edit] = {}
    for edit in look.edits:
        if edit.direction not in found or edit.key[1:] == (None, None):
            found[edit.direction] = edit
    return found


def _is_marked(edit: Edit | None) -> tuple[object, ...]:
    return () if edit is None else (edit.layers, edit.label, edit.is_muted, edit.is_solo)
