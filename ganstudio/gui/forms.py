"""Forms made of frozen dataclasses: a row for each field that says how it wants to be shown.

A field's metadata: `title`, `help`, `low`, `high`, `unit`, `choices`, `advanced`. A field without a title has no row.
"""

from collections.abc import Callable
from dataclasses import Field, fields, replace
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QLabel, QLineEdit, QWidget

from ganstudio.errors import GanStudioError
from ganstudio.gui.widgets.wheel_guard import guard_wheel
from ganstudio.training.config import NETWORK_TITLES


class DataclassForm(QWidget):
    """Edits one value of a frozen dataclass, field by field.

    Args:
        value: What is shown at first.
        skip: Names of fields that have no row here.

    Signals:
        edited(name): The person changed a field to something valid; `value` holds it.
    """

    edited = Signal(str)

    def __init__(self, value: Any, skip: tuple[str, ...] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.value = value
        self._setters: dict[str, Callable[[Any], None]] = {}
        layout = QFormLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setHorizontalSpacing(16)
        layout.setVerticalSpacing(8)
        layout.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        layout.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        layout.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)  # in a narrow panel no value is cut off
        for item in fields(value):
            if item.metadata.get("title") and item.name not in skip:
                self._add_row(layout, item)
        self._error = QLabel(self, wordWrap=True)
        self._error.setProperty("role", "danger")
        self._error.hide()
        layout.addRow(self._error)

    def show_value(self, value: Any) -> None:
        """Show another value without telling anybody."""
        self.value = value
        for name, set_shown in self._setters.items():
            set_shown(getattr(value, name))
        self._error.hide()

    def _add_row(self, layout: QFormLayout, item: "Field[Any]") -> None:
        editor = self._make_editor(item)
        unit = f" ({item.metadata['unit']})" if item.metadata.get("unit") else ""
        label = QLabel(item.metadata["title"] + unit, self)
        label.setProperty("role", "muted")
        label.setBuddy(editor)
        for widget in (editor, label):
            widget.setToolTip(_explain(item))
        editor.setAccessibleName(item.metadata["title"])
        editor.setObjectName(item.name)
        layout.addRow(label, editor)

    def _make_editor(self, item: "Field[Any]") -> QWidget:
        if item.metadata.get("choices"):
            return self._make_choice(item)
        if isinstance(getattr(self.value, item.name), bool):
            return self._make_check(item)
        if isinstance(getattr(self.value, item.name), str):
            return self._make_text(item)
        return self._make_number(item)

    def _make_choice(self, item: "Field[Any]") -> QComboBox:
        box = QComboBox(self)
        guard_wheel(box)
        for choice in item.metadata["choices"]:
            box.addItem(say_choice(choice), choice)
        box.setCurrentIndex(box.findData(getattr(self.value, item.name)))
        self._setters[item.name] = lambda value: _quietly(box, lambda: box.setCurrentIndex(box.findData(value)))
        box.activated.connect(lambda index: self._change(item.name, box.itemData(index)))
        return box

    def _make_check(self, item: "Field[Any]") -> QCheckBox:
        box = QCheckBox(self)
        box.setChecked(getattr(self.value, item.name))
        self._setters[item.name] = lambda value: _quietly(box, lambda: box.setChecked(value))
        box.toggled.connect(lambda checked: self._change(item.name, checked))
        return box

    def _make_text(self, item: "Field[Any]") -> QLineEdit:
        edit = QLineEdit(getattr(self.value, item.name), self)
        self._setters[item.name] = edit.setText
        edit.textEdited.connect(lambda text: self._change(item.name, text))
        return edit

    def _make_number(self, item: "Field[Any]") -> QLineEdit:
        edit = QLineEdit(_format(getattr(self.value, item.name)), self)
        edit.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._setters[item.name] = lambda value: edit.setText(_format(value))
        kind = type(getattr(self.value, item.name))
        edit.editingFinished.connect(lambda: self._change_text(item, edit.text(), kind))
        return edit

    def _change_text(self, item: "Field[Any]", text: str, kind: type) -> None:
        if text == _format(getattr(self.value, item.name)):
            return
        try:
            number = kind(text.strip().replace(",", "."))
        except ValueError:
            self._refuse(f"{item.metadata['title']}: {text!r} is no number of this kind")
            return
        self._change(item.name, number)

    def _change(self, name: str, new: Any) -> None:
        try:
            self.value = replace(self.value, **{name: new})
        except GanStudioError as error:
            self._refuse(f"{error.reason}; {error.remedy}")
            return
        self._error.hide()
        self.edited.emit(name)

    def _refuse(self, text: str) -> None:
        self._error.setText(text)
        self._error.show()


_SPELLED = {
    **NETWORK_TITLES,
    "non_saturating": "Non-saturating", "rmsprop": "RMSprop", "cpu": "CPU", "cuda": "GPU", "bfloat16": "bfloat16",
    "float32": "float32", "tensorfloat32": "tensorfloat32", "auto": "Automatic", "svm": "SVM",
}  # fmt: skip


def say_choice(choice: str) -> str:
    """A choice as people write it: "least_squares" is "Least squares"."""
    words = choice.replace("_", " ")
    return _SPELLED.get(choice) or (words[:1].upper() + words[1:] if len(words) > 1 else words)


def _explain(item: "Field[Any]") -> str:
    low, high = item.metadata.get("low"), item.metadata.get("high")
    limits = f" ({low:g} to {high:g})" if low is not None and high is not None else ""
    return f"{item.metadata.get('help', '')}{limits}"


def _format(value: float) -> str:
    return str(value) if isinstance(value, int) else f"{value:g}"


def _quietly(widget: QWidget, change: Callable[[], object]) -> None:
    before = widget.blockSignals(True)
    change()
    widget.blockSignals(before)
