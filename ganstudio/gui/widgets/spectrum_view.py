"""Which frequencies a feature map holds: as a picture and as a curve."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from ganstudio.gui.widgets.curves import Curve, CurvePlot
from ganstudio.gui.widgets.picture_grid import GridItem, PictureGrid

Points = tuple[Sequence[float], Sequence[float]]

# Blue and orange of a palette that colour-blind eyes tell apart (Okabe & Ito 2008), darker on light ground.
_CURVES = (
    Curve("mean", "Mean", ("#56b4e9", "#0072b2")),
    Curve("map", "This map", ("#e69f00", "#b35900"), "dash"),
)
_PICTURE_HEIGHT = 112
_BOTTOM = "cycles per pixel"
_TIP = (
    "Power at each frequency, averaged over all directions, in decibels of white noise of the same variance.\n"
    "0.5 cycles per pixel is the finest pattern that a map can hold: a checkerboard. A peak there or at 0.25 is what\n"
    "upsampling leaves behind."
)


class SpectrumView(QWidget):
    """The picture that is drawn, beside the spectrum of what a layer makes of it; a curve below."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pictures = PictureGrid(gap=8, parent=self)
        self.pictures.set_smooth(True)
        self.pictures.setFixedHeight(_PICTURE_HEIGHT)
        self.pictures.setAccessibleName("Picture and two-dimensional spectrum")
        self.plot = CurvePlot("Power, dB", _CURVES, (0.0, "white noise"), bottom=_BOTTOM, parent=self)
        self.plot.setToolTip(_TIP)
        self._words = QLabel("A vector has no spectrum.", self, wordWrap=True)
        self._words.setProperty("role", "muted")
        self._words.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._look: QImage | None = None
        self._spectrum: QImage | None = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.pictures)
        layout.addWidget(self.plot, 1)
        layout.addWidget(self._words, 1)
        self._words.hide()

    def show_look(self, image: QImage | None) -> None:
        """Show the picture that is drawn."""
        self._look = image
        self._show_pictures()

    def show_spectrum(self, curves: Mapping[str, Points], picture: QImage | None) -> None:
        """Show curves in dB over cycles per pixel, "mean" and "map", and the spectrum of one of them as a picture."""
        self._spectrum = picture
        self.plot.set_data({name: (list(x), list(y)) for name, (x, y) in curves.items()})
        self.plot.setVisible(picture is not None)
        self._words.setVisible(picture is None)
        self._show_pictures()

    def _show_pictures(self) -> None:
        items = [] if self._look is None else [GridItem(self._look, "The picture that is drawn")]
        if self._spectrum is not None:
            note = "frequency 0 is in the middle, half a cycle per pixel at the edges"
            items.append(GridItem(self._spectrum, "Spectrum", note))
        self.pictures.show_items(items)
