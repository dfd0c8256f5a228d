"""The three plots of a training run."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from ganstudio.gui.widgets.curves import Curve, CurvePlot

Series = dict[str, tuple[list[float], list[float]]]

# Blue, orange and green of a palette that colour-blind eyes tell apart (Okabe & Ito 2008), darker on light ground.
_BLUE, _ORANGE, _GREEN = ("#56b4e9", "#0072b2"), ("#e69f00", "#b35900"), ("#35c79a", "#00795a")

GAME = (Curve("d_real", "D(real)", _BLUE), Curve("d_fake", "D(fake)", _ORANGE, "dash"))
LOSSES = (Curve("loss_generator", "Generator", _ORANGE, "dash"), Curve("loss_discriminator", "Discriminator", _BLUE))
SCORES = (Curve("diversity", "Variety", _GREEN), Curve("copying", "Newness", _ORANGE, "dash"))
DISTANCE = (Curve("kid", "Distance", _BLUE),)
FID = (Curve("fid", "FID", _BLUE),)


class RunCurves(QWidget):
    """Plots of one run, one under the other."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.game = CurvePlot("What D believes", GAME, (0.5, "coin flip"), percent=True, parent=self)
        self.game.setToolTip("How real the discriminator finds real and generated pictures; at 50 % it can only guess.")
        self.losses = CurvePlot("Losses", LOSSES, parent=self)
        self.distance = CurvePlot("Distance (KID × 1000)", DISTANCE, parent=self)
        self.distance.setToolTip(
            "Kernel distance of random-convolution features between 500 generated and the held-out pictures; lower is "
            "better. Comparable within this run only."
        )
        self.scores = CurvePlot("Real = 1", SCORES, (1.0, ""), parent=self)
        self.scores.setToolTip(
            "1: as among real pictures.\n"
            "Variety: distance between generated pictures over that between real ones; towards 0 is mode collapse.\n"
            "Newness: distance of generated pictures to training pictures over that of unseen ones; 0 is copying."
        )
        self.fid = CurvePlot("FID", FID, parent=self)
        self.fid.setToolTip("As the program measured it that trained this run; lower is better.")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for plot in (self.game, self.losses, self.fid, self.distance, self.scores):
            layout.addWidget(plot, 1)
        self._caption = QLabel(self)
        self._caption.setProperty("role", "muted")
        self._caption.setAlignment(Qt.AlignmentFlag.AlignRight)
        layout.addWidget(self._caption)
        self.show_unit("kimg")

    def show_unit(self, unit: str) -> None:
        """Say what the moments count."""
        self._caption.setText("Thousands of pictures shown (kimg)" if unit == "kimg" else unit.capitalize())

    def show_series(self, scalars: Series, scores: Series) -> None:
        """Show the curves of a run."""
        self.game.set_data(scalars)
        self.losses.set_data(scalars)
        self.distance.set_data({name: (x, [1000 * value for value in y]) for name, (x, y) in scores.items()})
        self.scores.set_data(scores)
        self.fid.set_data(scores)
        has_game = any(scalars.get(curve.name, ([], []))[0] for curve in GAME)
        self.game.setVisible(has_game or not any(x for x, _y in scalars.values()))
        has_fid = bool(scores.get("fid", ([], []))[0])
        self.fid.setVisible(has_fid)
        for plot, names in ((self.distance, ("kid",)), (self.scores, ("diversity", "copying"))):
            plot.setVisible(not has_fid or any(scores.get(name, ([], []))[0] for name in names))
