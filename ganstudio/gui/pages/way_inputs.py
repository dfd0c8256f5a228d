"""What a person sets for one way of finding directions: its own settings, what it takes, what it shall leave alone."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ganstudio.checkpoints.base import CheckpointDescription
from ganstudio.gui.forms import DataclassForm
from ganstudio.gui.services.direction_ways import FILE_KINDS, Wanted, Way, with_config
from ganstudio.gui.widgets.wheel_guard import guard_wheel
from ganstudio.project.slider_list import SliderEntry, list_sliders
from ganstudio.project.state import Project

_OF_LAYERS = ("first_layer", "last_layer", "colours")  # settings that mean nothing without a w


class FileRow(QWidget):
    """A path that is typed or chosen.

    Args:
        kinds: What the file dialog shows, "" for a folder.
        hint: What the empty field says.

    Signals:
        edited(): The path is another one.
    """

    edited = Signal()

    def __init__(self, kinds: str, hint: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kinds = kinds
        self.field = QLineEdit(self, placeholderText=hint, clearButtonEnabled=True)
        self.field.textChanged.connect(self.edited)
        self.button = QPushButton("Choose…", self)
        self.button.setAutoDefault(False)
        self.button.clicked.connect(self._on_button_clicked)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.field, 1)
        row.addWidget(self.button)

    @property
    def text(self) -> str:
        """The path, "" where none is named."""
        return self.field.text().strip()

    def _on_button_clicked(self) -> None:
        if self._kinds:
            path, _kind = QFileDialog.getOpenFileName(self, "Choose", self.text, self._kinds)
        else:
            path = QFileDialog.getExistingDirectory(self, "Choose", self.text)
        if path:
            self.field.setText(path)


class WayInputs(QWidget):
    """The inputs of one way; made anew for another one.

    Args:
        way: The way.
        project: As it is now.
        description: Of the open model, or None.
        place: Labelled pictures that are known already, "" for none.

    Signals:
        edited(): What was chosen is another thing.
        painting_wanted(): A region is to be painted on the picture.
    """

    edited = Signal()
    painting_wanted = Signal()

    def __init__(
        self,
        way: Way,
        project: Project,
        description: CheckpointDescription | None,
        place: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.way = way
        has_layers = description is not None and description.spec.num_ws > 0
        skipped = () if has_layers else _OF_LAYERS
        self.form = DataclassForm(way.config_type(), ("layer", *skipped) if way.name == "layer" else skipped, self)
        self.rows: dict[str, FileRow] = {}
        self.layer_box: QComboBox | None = None
        self.paint_button: QPushButton | None = None
        self.kept: QListWidget | None = None
        self._kept_widgets: tuple[QWidget, ...] = ()
        self.suggests: QCheckBox | None = None
        self.form.edited.connect(lambda _name: self.edited.emit())
        column = QVBoxLayout()
        column.setSpacing(12)
        self._add_files(column, place)
        column.addWidget(self.form)
        if way.is_numbered:
            self._add_suggesting(column)
        column.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(24)
        row.addLayout(column, 3)
        if way.name == "channels":
            self.paint_button = QPushButton("Paint a Region…", self)
            self.paint_button.setAutoDefault(False)
            self.paint_button.clicked.connect(self.painting_wanted)
            column.insertWidget(0, self.paint_button, 0, Qt.AlignmentFlag.AlignLeft)
        if way.name not in {"factors", "channels"}:
            self._add_kept(row)
            self.show_known(list_sliders(project, description))

    def apply_to(self, wanted: Wanted) -> Wanted:
        """The search with what was chosen here."""
        layer = {} if self.layer_box is None else {"layer": self.layer_box.currentText().strip()}
        files = {name: Path(row.text) for name, row in self.rows.items() if row.text and name != "place"}
        more: dict[str, Any] = {
            "place": self.rows["place"].text if "place" in self.rows else "",
            "files": tuple(sorted(files.items())),
            "kept": self._kept_names(),
            "suggests": self.suggests is None or self.suggests.isChecked(),
        }
        return with_config(wanted, self.form.value, layer, more)

    def missing(self) -> str:
        """What has not been chosen yet, in a sentence; "" where nothing is missing."""
        for name, row in self.rows.items():
            if name != "latents" and not row.text:
                return f"Choose the {row.field.accessibleName().lower()}."
        if self.way.name == "text" and not self.form.value.text.strip():
            return "Say what the slider shall lead to."
        return ""

    def show_layers(self, names: list[str]) -> None:
        """Offer the layers of the open model."""
        if self.layer_box is not None and self.layer_box.count() == 0:
            self.layer_box.addItems(names)
            self.layer_box.setCurrentIndex(len(names) // 2)
            self.edited.emit()

    def _add_files(self, column: QVBoxLayout, place: str) -> None:
        fields = QFormLayout()
        fields.setHorizontalSpacing(16)
        for name, title, kinds, hint in FILE_KINDS.get(self.way.name, ()):
            row = FileRow(kinds, hint, self)
            row.field.setAccessibleName(title)
            row.edited.connect(self.edited)
            if name == "place":
                row.field.setText(place)
            self.rows[name] = row
            fields.addRow(title, row)
        if self.way.name == "layer":
            self.layer_box = QComboBox(self, editable=False)
            self.layer_box.setAccessibleName("Layer")
            guard_wheel(self.layer_box)
            fields.addRow("Layer", self.layer_box)
        column.addLayout(fields)

    def _add_suggesting(self, column: QVBoxLayout) -> None:
        self.suggests = QCheckBox("Suggest names", self)
        self.suggests.setChecked(True)
        self.suggests.setToolTip(
            "Compares them with classes, known factors and named directions; for a model of known pictures a network "
            "learns once to read them, which takes a minute or two"
        )
        column.addWidget(self.suggests)

    def show_known(self, entries: Iterable[SliderEntry]) -> None:
        """List the directions that there are to be left alone; those that are ticked stay so."""
        if self.kept is None:
            return
        ticked = self._kept_names()
        self.kept.clear()
        for entry in entries:
            if entry.info is None or entry.info.fold or entry.info.space not in {"z", "w"}:
                continue
            item = QListWidgetItem(entry.title)
            item.setData(Qt.ItemDataRole.UserRole, entry.name)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if entry.name in ticked else Qt.CheckState.Unchecked)
            self.kept.addItem(item)
        for widget in self._kept_widgets:
            widget.setVisible(self.kept.count() > 0)

    def _add_kept(self, row: QHBoxLayout) -> None:
        label = QLabel("Leave alone", self)
        label.setProperty("role", "muted")
        label.setToolTip("What the new directions share with these is taken out of them, as InterFaceGAN does")
        self.kept = QListWidget(self)
        self.kept.setAccessibleName("Directions to leave alone")
        label.setBuddy(self.kept)
        self._kept_widgets = (label, self.kept)
        column = QVBoxLayout()
        column.setSpacing(4)
        column.addWidget(label)
        column.addWidget(self.kept, 1)
        row.addLayout(column, 2)

    def _kept_names(self) -> tuple[str, ...]:
        if self.kept is None:
            return ()
        items = [self.kept.item(row) for row in range(self.kept.count())]
        chosen = [item for item in items if item.checkState() == Qt.CheckState.Checked]
        return tuple(str(item.data(Qt.ItemDataRole.UserRole)) for item in chosen)
