"""One curve of two runs."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from ganstudio.gui.widgets.curves import Curve, CurvePlot

Line = tuple[list[float], list[float]]
_CURVES = (Curve("first", "A", ("#56b4e9", "#0072b2")), Curve("second", "B", ("#e69f00", "#b35900"), "dash"))


class PairPlot(QWidget):
    """A solid line for A, a dashed one for B; the pointer tells the values of its moment."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plot = CurvePlot("", _CURVES, parent=self)
        self.plot.pointed.connect(self.plot.set_cursor)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.plot)

    def show_pair(self, first: Line, second: Line) -> None:
        """Show these x and y of A and of B."""
        self.plot.set_data({"first": first, "second": second})
