"""What the sliders do, measured: how far a unit moves the picture, and what else each changes; a table to look at."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from ganstudio.gui.document import Document
from ganstudio.gui.pages.way_inputs import FileRow
from ganstudio.gui.services.measuring_works import SlidersMeasured, suggested_pictures
from ganstudio.gui.services.slider_measuring import SliderMeasuring
from ganstudio.gui.widgets.heat_table import HeatColumn, HeatTable
from ganstudio.gui.widgets.wheel_guard import guard_wheel
from ganstudio.project.slider_list import list_sliders
from ganstudio.training.direction_finding.known_pictures import trained_on

_HELP = (
    "Moves random pictures along every slider and says what changes: where something is known of the pictures, in each "
    "class or factor; otherwise in which part of the picture. Sliders that change other things say so from then on."
)


class SliderEffectsDialog(QDialog):
    """Measures, and shows what was measured last; beside the window.

    Args:
        document: Says which model and sliders there are.
        measuring: Measures.
        parent: The window.
    """

    def __init__(self, document: Document, measuring: SliderMeasuring, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Measure Sliders")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(980, 600)
        self._document, self._measuring = document, measuring
        self._shown: SlidersMeasured | None = None
        self.place = FileRow("", "None: measure where the picture changes", self)
        self.pictures = QSpinBox(self)
        self.pictures.setRange(2, 500)
        self.pictures.setAccessibleName("Pictures")
        self.pictures.setToolTip("How many random pictures each slider is moved on")
        self.pictures.setMaximumWidth(120)
        guard_wheel(self.pictures)
        self.table = HeatTable(self)
        self.table.setAccessibleName("What each slider changes")
        self.words, self.basis = QLabel(_HELP, self, wordWrap=True), QLabel(self, wordWrap=True)
        self.doing = QLabel(self)
        for label in (self.words, self.basis, self.doing):
            label.setProperty("role", "muted")
        self.bar = QProgressBar(self, textVisible=False)
        self.bar.setRange(0, 1000)
        self.measure_button, self.cancel_button = QPushButton("Measure", self), QPushButton("Cancel", self)
        self.measure_button.setProperty("role", "primary")
        self.export_button = QPushButton("Export CSV…", self)
        self.export_button.setProperty("role", "flat")
        for button, run in (
            (self.measure_button, self.start),
            (self.cancel_button, measuring.cancel),
            (self.export_button, self.ask_and_save),
        ):
            button.setAutoDefault(False)
            button.clicked.connect(run)
        self._lay_out()
        measuring.changed.connect(self._show)
        document.model_changed.connect(self._on_model_changed)
        document.changed.connect(self._show)
        self._on_model_changed()

    def start(self) -> None:
        """Measure."""
        self._measuring.start(self.place.text, self.pictures.value())

    def ask_and_save(self) -> None:
        """Ask for a file and write the table."""
        name, _kind = QFileDialog.getSaveFileName(self, "Export", "sliders.csv", "Tables (*.csv)")
        if name:
            path = Path(name)
            self._measuring.save(path if path.suffix else path.with_suffix(".csv"))

    def _lay_out(self) -> None:
        fields = QFormLayout()
        fields.setHorizontalSpacing(16)
        fields.addRow("Known pictures", self.place)
        fields.addRow("Pictures", self.pictures)
        run = QHBoxLayout()
        run.setSpacing(12)
        run.addWidget(self.export_button)
        run.addWidget(self.doing, 2, Qt.AlignmentFlag.AlignRight)
        run.addWidget(self.bar, 1)
        run.addWidget(self.cancel_button)
        run.addWidget(self.measure_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addWidget(self.words)
        column.addLayout(fields)
        column.addWidget(self.table, 1)
        column.addWidget(self.basis)
        column.addLayout(run)

    def _on_model_changed(self, *_what: object) -> None:
        description = self._document.description
        if description is not None:
            self.place.field.setText(trained_on(description))
            self.pictures.setValue(suggested_pictures(description))
        self._show()

    def _show(self, *_what: object) -> None:
        progress, found = self._measuring.progress, self._measuring.found
        for widget in (self.bar, self.cancel_button):
            widget.setVisible(progress is not None)
        self.measure_button.setVisible(progress is None)
        has_sliders = bool(list_sliders(self._document.state, self._document.description))
        self.measure_button.setEnabled(has_sliders)
        self.doing.setText(progress[0] if progress else "" if has_sliders else "There are no sliders yet")
        self.bar.setValue(round(1000 * progress[1]) if progress else 0)
        if found is not None and found.checkpoint != self._document.state.checkpoint:
            found = None  # of another model
        self.export_button.setEnabled(found is not None)
        if found is not self._shown:
            self._shown = found
            self._fill(found)

    def _fill(self, found: SlidersMeasured | None) -> None:
        if found is None:
            self.table.show_table((), ())
            self.basis.setText("")
            return
        say = "{:+.2f}".format if found.are_attributes else _percent
        scale = float(abs(found.matrix).max()) if found.matrix.size else 0.0
        entangled = tuple(
            None if name not in found.effects else found.effects[name].entanglement for name in found.names
        )
        hint = "Mean change of a pixel as the slider goes from 0 to 1, of the whole range of colours"
        columns = [HeatColumn("Picture", tuple(found.units.tolist()), float(found.units.max()), _percent, hint)]
        if found.are_attributes:
            hint = "Mean change of all other attributes, picture by picture, over that of the wanted one"
            columns.append(HeatColumn("Others", entangled, 1.0, "{:.0%}".format, hint))
        for number, title in enumerate(found.columns):
            columns.append(HeatColumn(title, tuple(found.matrix[:, number].tolist()), scale, say))
        self.table.show_table(found.titles, columns)
        self.basis.setText(found.basis)


def _percent(share: float) -> str:
    return f"{share:.1%}"
