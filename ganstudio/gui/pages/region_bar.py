"""The bar under the canvas's strip while a region is painted: brush or eraser, its width, what is done with it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QLabel, QPushButton, QSlider, QWidget

from ganstudio.gui.widgets.region_painter import BRUSH_SHARES, RegionPainter

_SLIDER_STEPS = 100


class RegionBar(QFrame):
    """Sets a painter, and asks for the channels that change its region and nothing else.

    Args:
        painter: Paints the region.

    Signals:
        channels_wanted(): The region is painted; which channels change it?
        closed(): The person has done with the region.
    """

    channels_wanted = Signal()
    closed = Signal()

    def __init__(self, painter: RegionPainter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._painter = painter
        self.setProperty("role", "card")
        self.brush_button, self.erase_button = QPushButton("Brush", self), QPushButton("Erase", self)
        kinds = QButtonGroup(self)
        for button in (self.brush_button, self.erase_button):
            button.setCheckable(True)
            kinds.addButton(button)
        self.brush_button.setChecked(True)
        kinds.buttonToggled.connect(self._on_kind_toggled)
        self.width_slider = QSlider(Qt.Orientation.Horizontal, self)
        self.width_slider.setRange(1, _SLIDER_STEPS)
        self.width_slider.setMaximumWidth(120)
        self.width_slider.setAccessibleName("Width of the brush")
        self.width_slider.setToolTip("Width of the brush  ([ and ])")
        self.width_slider.setValue(round(painter.brush / BRUSH_SHARES[1] * _SLIDER_STEPS))
        self.width_slider.valueChanged.connect(self._on_width_changed)
        self.words = QLabel(self)
        self.words.setProperty("role", "muted")
        self.clear_button, self.find_button = QPushButton("Clear", self), QPushButton("Find Channels", self)
        self.done_button = QPushButton("Done", self)
        self.clear_button.setProperty("role", "flat")
        self.done_button.setProperty("role", "flat")
        self.find_button.setProperty("role", "primary")
        self.find_button.setToolTip("Which style channels change this region and nothing else")
        self.clear_button.clicked.connect(painter.clear)
        self.find_button.clicked.connect(self.channels_wanted)
        self.done_button.clicked.connect(self.closed)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 6, 8, 6)
        row.setSpacing(8)
        for widget in (self.brush_button, self.erase_button, self.width_slider, self.clear_button):
            row.addWidget(widget)
        row.addWidget(self.words, 1)
        row.addWidget(self.done_button)
        row.addWidget(self.find_button)
        painter.changed.connect(self._show)
        painter.left.connect(self.closed)
        self._show()

    def _show(self) -> None:
        share = self._painter.share
        self.words.setText(f"{share:.0%} of the picture" if share else "Paint over a part of the picture")
        self.find_button.setEnabled(0 < share < 1)
        self.clear_button.setEnabled(share > 0)

    def _on_kind_toggled(self) -> None:
        self._painter.is_erasing = self.erase_button.isChecked()
        self._painter.update()

    def _on_width_changed(self, value: int) -> None:
        self._painter.set_brush(value / _SLIDER_STEPS * BRUSH_SHARES[1])
