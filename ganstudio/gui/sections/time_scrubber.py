"""The sample sheet of a run at any moment of it."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSlider, QVBoxLayout, QWidget

from ganstudio.gui.services.training_session import TrainingSession
from ganstudio.gui.widgets.picture_grid import GridItem, PictureGrid


class TimeScrubber(QWidget):
    """The sample sheet at any moment of the run; follows the newest until the person goes back.

    Args:
        session: Whose sheets are shown.
    """

    def __init__(self, session: TrainingSession, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._shown = ""
        self._sheet = PictureGrid(parent=self)
        self._sheet.setAccessibleName("Sample sheet")
        self.slider = QSlider(Qt.Orientation.Horizontal, self)
        self.slider.setAccessibleName("Moment of the run")
        self.slider.setToolTip("Go back and forth over the whole run; the latents are always the same")
        self.slider.valueChanged.connect(self._on_slider_value_changed)
        self._moment = QLabel(self)
        self._moment.setProperty("role", "value")
        self._moment.setMinimumWidth(96)
        self._moment.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.open_button = QPushButton("Open in Explore", self)
        self.open_button.setToolTip("Open the snapshot nearest to this moment")
        self.open_button.clicked.connect(self._on_open_clicked)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.slider, 1)
        row.addWidget(self._moment)
        self.best_button = QPushButton("Open the Best", self)
        self.best_button.setToolTip("Open the snapshot that measured best, or the last one where nothing was measured")
        self.best_button.clicked.connect(self._on_best_clicked)
        below = QHBoxLayout()
        below.addWidget(self.open_button)
        below.addWidget(self.best_button)
        below.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self._sheet, 1)
        layout.addLayout(row)
        layout.addLayout(below)

    @property
    def kimg(self) -> float | None:
        """The moment shown."""
        samples = self._session.history.samples
        return samples[min(self.slider.value(), len(samples) - 1)][0] if samples else None

    def refresh(self) -> None:
        """Take in new sheets."""
        samples = self._session.history.samples
        follows = self.slider.value() >= self.slider.maximum()
        self.slider.blockSignals(True)
        self.slider.setRange(0, max(0, len(samples) - 1))
        if follows:
            self.slider.setValue(self.slider.maximum())
        self.slider.blockSignals(False)
        self.slider.setEnabled(len(samples) > 1)
        for button in (self.open_button, self.best_button):
            button.setEnabled(bool(self._session.history.snapshots))
        self._show_moment()

    def _on_slider_value_changed(self, _value: int) -> None:
        self._show_moment()

    def _show_moment(self) -> None:
        samples = self._session.history.samples
        if not samples:
            self._shown = ""
            self._moment.setText("")
            self._sheet.show_empty("The sample sheet appears here as soon as training begins.")
            return
        kimg, path = samples[min(self.slider.value(), len(samples) - 1)]
        self._moment.setText(self._session.say_moment(kimg))
        key = f"{path} {kimg}"
        if key != self._shown:
            self._shown = key
            image = QImage(str(path))
            text = "This sheet is not there any more." if image.isNull() else ""
            self._sheet.show_items([GridItem(image, self._session.say_moment(kimg))] if not text else [])
            if text:
                self._sheet.show_empty(text)

    def _on_open_clicked(self) -> None:
        found = self._session.history.nearest_snapshot(self.kimg or 0.0)
        if found is not None:
            self._session.snapshot_chosen.emit(found[1])

    def _on_best_clicked(self) -> None:
        best = self._session.best_snapshot()
        if best is not None:
            self.best_button.setToolTip(f"{self._session.say_moment(best.moment)}: {best.reason}")
            self._session.snapshot_chosen.emit(best.path)
