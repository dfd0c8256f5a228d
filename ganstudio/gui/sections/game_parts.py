"""What is added to the plain game: a row for each part, with its settings under it where it is on."""

from collections.abc import Collection, Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from ganstudio.gui.forms import DataclassForm
from ganstudio.training.config import TrainingConfig
from ganstudio.training.parts.base import Part, make_settings
from ganstudio.training.parts.catalogue import PARTS


class PartRow(QWidget):
    """One part: whether it plays, and its settings.

    Signals:
        switched(name, is_on): The person wants it, or not.
        edited(name, setting, value): The person changed a setting.
    """

    switched = Signal(str, bool)
    edited = Signal(str, str, object)

    def __init__(self, name: str, part: type[Part[Any]], parent: QWidget) -> None:
        super().__init__(parent)
        self._name = name
        self._form: DataclassForm | None = None
        self.check = QCheckBox(part.title, self)
        self.check.setToolTip(part.description)
        self.check.setAccessibleDescription(part.description)
        self.check.clicked.connect(lambda is_on: self.switched.emit(name, is_on))
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(4)
        self._layout.addWidget(self.check)

    @property
    def form(self) -> DataclassForm | None:
        """The settings; None before the part was first on."""
        return self._form

    def show_settings(self, values: Mapping[str, Any] | None) -> None:
        """Show the settings of the part, or that it is off."""
        self.check.setChecked(values is not None)
        if values is not None:
            settings = make_settings(self._name, values)
            if self._form is None:
                self._make_form(settings)
            else:
                self._form.show_value(settings)
        if self._form is not None:
            self._form.setVisible(values is not None)

    def _make_form(self, settings: Any) -> None:
        form = DataclassForm(settings, (), self)
        form.setContentsMargins(24, 0, 0, 8)
        form.edited.connect(lambda setting: self.edited.emit(self._name, setting, getattr(form.value, setting)))
        form.setVisible(bool(settings.__dataclass_fields__))
        self._form = form
        self._layout.addWidget(form, 0, Qt.AlignmentFlag.AlignTop)


class GameParts(QWidget):
    """All parts, those of the recipe first.

    Signals:
        changed(name, value): The person wants a setting, by its name as for `config.with_settings`.
    """

    changed = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: dict[str, PartRow] = {}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        for name in PARTS:
            row = PartRow(name, PARTS[name], self)
            row.switched.connect(self.changed.emit)
            row.edited.connect(lambda part, setting, value: self.changed.emit(f"{part}.{setting}", value))
            self._rows[name] = row
            layout.addWidget(row)

    def row(self, name: str) -> PartRow:
        """The row of a part."""
        return self._rows[name]

    def fix(self, names: Collection[str], reason: str) -> None:
        """Let these parts be seen only, and say why."""
        for name in names:
            self._rows[name].setEnabled(False)
            self._rows[name].check.setToolTip(f"{PARTS[name].description}\n{reason}")

    def show_config(self, config: TrainingConfig) -> None:
        """Show which parts a recipe has, and their settings."""
        for name, row in self._rows.items():
            row.show_settings(config.parts.get(name))
