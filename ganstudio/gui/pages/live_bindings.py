"""The controls that are bound: what each moves, in which range and by which curve."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtWidgets import QCheckBox, QGridLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ganstudio.animation.control.binding import Binding, words_for
from ganstudio.animation.control.scale import MOST
from ganstudio.animation.expression import what_is_wrong
from ganstudio.errors import GanStudioError
from ganstudio.gui.services.live_control import LiveControl
from ganstudio.gui.widgets.formula_field import FormulaField
from ganstudio.gui.widgets.range_fields import RangeFields
from ganstudio.gui.widgets.scrolling_column import ScrollingColumn

_EMPTY = "Nothing is bound yet. Choose Learn in a slider's menu or on the page of addresses, and move a control."


class BindingRow(QWidget):
    """One binding.

    Args:
        binding: It.
        title: What it moves, as people call it.
        live: Changes it.
    """

    def __init__(self, binding: Binding, title: str, live: LiveControl, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._binding, self._live = binding, live
        name = f"{words_for(binding.control)}, {title}"
        heading = QLabel(f"{title}  \N{LEFTWARDS ARROW}  {words_for(binding.control)}", self)
        heading.setProperty("role", "heading")
        self.come = RangeFields(f"What comes, {name}", MOST, self)
        self.to = RangeFields(f"Values, {name}", MOST, self)
        self.curve = FormulaField(f"Curve, {name}", what_is_wrong, self)
        self.endless = QCheckBox("Endless", self)
        self.endless.setToolTip("The knob turns on without an end and tells its steps (1 up, 127 down)")
        self.endless.setVisible(binding.is_midi and " control " in binding.control)
        self.forget = QPushButton("Forget", self)
        self.forget.setProperty("role", "flat")
        self.forget.setAutoDefault(False)
        self.forget.setAccessibleName(f"Forget {name}")
        self.trouble = QLabel(self, wordWrap=True)
        self.trouble.setProperty("role", "danger")
        self.trouble.hide()
        self._lay_out(heading)
        self.show_binding(binding)
        self.come.edited.connect(lambda first, last: self._scale(come=(first, last)))
        self.to.edited.connect(lambda first, last: self._scale(to=(first, last)))
        self.curve.edited.connect(lambda text: self._scale(curve=text))
        self.endless.clicked.connect(lambda is_on: self._try(lambda: replace(self._binding, is_endless=is_on)))
        self.forget.clicked.connect(lambda _checked=False: live.unbind(self._binding))

    @property
    def binding(self) -> Binding:
        """What it shows."""
        return self._binding

    def show_binding(self, binding: Binding) -> None:
        """Show it as it is now."""
        self._binding = binding
        self.come.show_ends(binding.scale.come)
        self.to.show_ends(binding.scale.to)
        self.curve.show_text(binding.scale.curve)
        self.endless.setChecked(binding.is_endless)
        for widget in (self.come, self.curve):
            widget.setEnabled(not binding.is_endless)

    def _lay_out(self, heading: QLabel) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 8)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(4, 1)
        grid.addWidget(heading, 0, 0, 1, 5)
        grid.addWidget(self.endless, 0, 5)
        grid.addWidget(self.forget, 0, 6)
        for column, (text, field) in enumerate((("from", self.come), ("becomes", self.to))):
            label = QLabel(text, self)
            label.setProperty("role", "muted")
            grid.addWidget(label, 1, 2 * column)
            grid.addWidget(field, 1, 2 * column + 1)
        grid.addWidget(self.curve, 1, 4, 1, 3)
        grid.addWidget(self.trouble, 2, 0, 1, 7)

    def _scale(self, **values: object) -> None:
        scale = self._binding.scale
        self._try(lambda: replace(self._binding, scale=replace(scale, **values)))  # type: ignore[arg-type] # of Scale

    def _try(self, make: Callable[[], Binding]) -> None:
        try:
            self._live.bind(make())
        except GanStudioError as error:
            self.trouble.setText(error.message)
            self.trouble.show()
        else:
            self.trouble.hide()


class LiveBindingsPage(QWidget):
    """A row for each.

    Args:
        live: Has them.
    """

    def __init__(self, live: LiveControl, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._live = live
        self.rows: dict[tuple[str, str], BindingRow] = {}
        self.empty = QLabel(_EMPTY, self, wordWrap=True)
        self.empty.setProperty("role", "muted")
        self._scroll = ScrollingColumn(self, fills=True)
        self._scroll.column.setContentsMargins(0, 0, 8, 0)
        self._scroll.column.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 12, 0, 0)
        column.addWidget(self.empty)
        column.addWidget(self._scroll, 1)
        live.changed.connect(self.show_state)
        self.show_state()

    def show_state(self) -> None:
        """List what is bound."""
        bindings = {binding.key: binding for binding in self._live.setup.bindings}
        for key in [key for key in self.rows if key not in bindings]:
            row = self.rows.pop(key)
            row.hide()
            row.deleteLater()
        for key, binding in bindings.items():
            if key in self.rows:
                self.rows[key].show_binding(binding)
            else:
                row = BindingRow(binding, self._live.title_of(binding.target), self._live, self)
                self.rows[key] = row
                self._scroll.column.insertWidget(self._scroll.column.count() - 1, row)
        self.empty.setVisible(not bindings)
