"""The menu of a slider, and the small controls that it opens."""

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QPoint
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from ganstudio.gui.document import Document
from ganstudio.gui.panels.direction_acts import DirectionActs
from ganstudio.gui.panels.direction_files import DirectionFiles
from ganstudio.gui.panels.direction_groups import DirectionGroups
from ganstudio.gui.widgets.layer_range import LayerPopup
from ganstudio.gui.widgets.range_popup import RangePopup
from ganstudio.project.slider_list import SliderEntry
from ganstudio.rendering.looks.edit import STRENGTH_RANGE, Edit

LAYERED_SPACES = frozenset({"z", "w", "w_plus", "style"})


class SliderMenu(QMenu):
    """What can be done with one slider.

    Args:
        entry: The slider.
        document: Says what it is now.
        acts: Does it.
        files: Writes it somewhere.
        groups: Has the slider.
    """

    def __init__(
        self,
        entry: SliderEntry,
        document: Document,
        acts: DirectionActs,
        files: DirectionFiles,
        groups: DirectionGroups,
    ) -> None:
        super().__init__(groups)
        self._entry, self._document, self._acts, self._groups = entry, document, acts, groups
        self._place = QPoint()
        self.setToolTipsVisible(True)
        edit = document.state.look.edit_of(entry.name)
        self._add_setting()
        self._add_layers(edit)
        self.addSeparator()
        self._add_step(edit)
        self.addSeparator()
        self._add_list()
        self.addSeparator()
        self._add("Show What It Does", lambda: groups.strip_wanted.emit(entry.name), keys="F1")
        self._add("Copy as Text", lambda: files.copy(entry.name))
        self._add("Export…", lambda: files.ask_export([entry.name]))

    def open_at(self, place: QPoint) -> None:
        """Open at a place of the screen."""
        self._place = place
        self.popup(place)

    def _add(self, text: str, run: Callable[[], object], is_enabled: bool = True, keys: str = "") -> QAction:
        action = self.addAction(f"{text}\t{keys}" if keys else text)
        action.setEnabled(is_enabled)
        action.triggered.connect(lambda _checked=False: run())
        return action

    def _toggle(self, text: str, is_on: bool, run: Callable[[], object], is_enabled: bool = True) -> None:
        action = self._add(text, run, is_enabled)
        action.setCheckable(True)
        action.setChecked(is_on)

    def _add_setting(self) -> None:
        entry, acts = self._entry, self._acts
        self._add("Rename", self._rename, keys="F2")
        if entry.settings.title and entry.info is not None:
            self._add("Its Own Name", lambda: acts.rename(entry.name, ""))
        self._add("Set Range…", self._ask_range)
        is_locked = entry.settings.is_locked
        self._add("Unlock" if is_locked else "Lock", lambda: acts.lock(entry.name, not is_locked))

    def _add_layers(self, edit: Edit | None) -> None:
        description = self._document.description
        num_ws = description.spec.num_ws if description is not None else 0
        if num_ws > 1 and self._entry.space in LAYERED_SPACES:
            self._add("Limit to Layers…", self._ask_layers)
            if edit is not None:
                self._add("Duplicate with Other Layers…", partial(self._duplicate, edit))
        label = self._acts.label()
        if label is not None:
            is_on = edit is not None and edit.label is not None
            target = None if is_on else label
            text = "Class" if is_on else "Only for This Class"
            self._toggle("Only for This Class", is_on, lambda: self._change(edit, text, label=target), edit is not None)

    def _add_step(self, edit: Edit | None) -> None:
        is_muted, is_solo = edit is not None and edit.is_muted, edit is not None and edit.is_solo
        is_there = edit is not None
        self._toggle("Solo", is_solo, lambda: self._change(edit, "Solo", is_solo=not is_solo), is_there)
        self._toggle("Mute", is_muted, lambda: self._change(edit, "Mute", is_muted=not is_muted), is_there)
        can_reset = edit is not None and not self._entry.settings.is_locked
        self._add("Reset", self._reset, can_reset)

    def _add_list(self) -> None:
        entry = self._entry
        if entry.is_own:
            names = [str(key) for key in self._groups.columns[entry.group].keys]
            place = names.index(entry.name)
            self._add("Move Up", lambda: self._acts.move(entry.name, place - 1, names), place > 0, "Alt+Up")
            last = len(names) - 1
            self._add("Move Down", lambda: self._acts.move(entry.name, place + 1, names), place < last, "Alt+Down")
        action = self._add("Remove", lambda: self._acts.remove(entry.name), entry.is_removable)
        if not entry.is_removable:
            action.setToolTip("The model carries it")

    def _change(self, edit: Edit | None, text: str, **values: Any) -> None:
        if edit is not None:
            self._acts.change(edit.key, text, **values)

    def _reset(self) -> None:
        self._groups.sliders[self._entry.name].reset()

    def _rename(self) -> None:
        self._groups.reveal(self._entry.name).begin_renaming()

    def _ask_range(self) -> None:
        entry = self._entry
        popup = RangePopup(f"Range of {entry.title}", (entry.low, entry.high), STRENGTH_RANGE, self._owner)
        popup.chosen.connect(partial(self._acts.set_range, entry.name))
        popup.reset_wanted.connect(lambda: self._acts.set_range(entry.name, None, None))
        popup.open_at(self._place)

    def _ask_layers(self) -> None:
        name, acts = self._entry.name, self._acts
        edit = self._document.state.look.edit_of(name)
        layers = self._entry.settings.layers if edit is None else edit.layers
        key = self._document.new_gesture(f"layers {name}")
        popup = self._open_layers(f"Layers of {self._entry.title}", layers)
        popup.chosen.connect(lambda chosen: acts.set_layers(name, chosen, key))

    def _duplicate(self, edit: Edit) -> None:
        copy = self._acts.duplicate(edit, self._num_ws)
        if copy is None:
            return
        following = LayersOfEdit(copy, self._acts, self._document.new_gesture("layers of a copy"))
        popup = self._open_layers(f"Layers of the copy of {self._entry.title}", copy.layers)
        popup.chosen.connect(partial(LayersOfEdit.set, following))

    @property
    def _num_ws(self) -> int:
        description = self._document.description
        return description.spec.num_ws if description is not None else 0

    @property
    def _owner(self) -> QWidget:
        return self._groups.window()

    def _open_layers(self, title: str, layers: tuple[int, int] | None) -> LayerPopup:
        popup = LayerPopup(title, self._num_ws, layers, self._owner)
        popup.open_at(self._place)
        return popup


class LayersOfEdit:
    """Follows a step while its layers, by which it is known, change.

    Args:
        edit: The step.
        acts: Change it.
        merge_key: Makes one step of undo of all changes.
    """

    def __init__(self, edit: Edit, acts: DirectionActs, merge_key: str) -> None:
        self._key, self._acts, self._merge_key = edit.key, acts, merge_key

    def set(self, layers: tuple[int, int] | None) -> None:
        """Give the step other layers."""
        if layers != self._key[1] and self._acts.change(self._key, "Layers of", self._merge_key, layers=layers):
            self._key = (self._key[0], layers, self._key[2])
