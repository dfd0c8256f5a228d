"""Curves of a game on points: what D believes, the losses, and what is found of the real points."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from ganstudio.gui.widgets.curves import Curve, CurvePlot

_BLUE, _ORANGE = ("#8fd0ff", "#0b4a8f"), ("#ffb454", "#a84300")
_BELIEFS = (Curve("d_real", "real", _BLUE), Curve("d_fake", "generated", _ORANGE, "dash"))
_LOSSES = (Curve("loss_discriminator", "D", _BLUE), Curve("loss_generator", "G", _ORANGE, "dash"))
_FOUND = (Curve("modes", "modes", _BLUE), Curve("high_quality", "close", _ORANGE, "dash"))


class ToyCurves(QWidget):
    """Three plots, one under the other, over the steps of both players."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.beliefs = CurvePlot("D says real", _BELIEFS, (0.5, "guessing"), percent=True, parent=self)
        self.beliefs.setToolTip("How real the discriminator finds both kinds of points; at 50 % it can only guess.")
        self.losses = CurvePlot("Losses", _LOSSES, parent=self)
        self.losses.setToolTip("What each player makes small. In a game, a loss that stays high is no failure.")
        self.found = CurvePlot("Found", _FOUND, percent=True, parent=self)
        self.found.setToolTip("Modes with a good point, and points close to a mode, of the averaged generator.")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for plot in (self.beliefs, self.losses, self.found):
            layout.addWidget(plot, 1)

    def show_series(self, data: dict[str, tuple[list[float], list[float]]]) -> None:
        """Show curves by name: x is the number of steps."""
        for plot in (self.beliefs, self.losses, self.found):
            plot.set_data(data)
