"""The place in the panel of directions from which directions are searched."""

from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ganstudio.gui.services.direction_finding import DirectionFinding

_NONE_YET = (
    "This model carries no directions yet. They can be found: the axes along which its pictures vary most, what your "
    "own marks have in common, what tells classes or scores apart. Files of directions can be dropped here."
)


class FindingPlace(QWidget):
    """A button that opens the place where directions are searched, and words where there are none yet.

    Args:
        finding: Searches.
    """

    def __init__(self, finding: DirectionFinding, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = QLabel(self, wordWrap=True)
        self._words.setProperty("role", "muted")
        self.button = QPushButton("Find Directions…", self)
        self.button.setToolTip("By the main axes, the weights, labels, your own marks, style channels or words")
        self.button.clicked.connect(finding.show_place)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 4)
        column.addWidget(self._words)
        self._row = QHBoxLayout()
        self._row.setSpacing(4)
        self._row.addWidget(self.button, 1)
        column.addLayout(self._row)

    def put_beside(self, widget: QWidget) -> None:
        """Place something beside the button."""
        self._row.addWidget(widget)

    def show_need(self, has_model: bool, has_directions: bool) -> None:
        """Offer a search; say what directions are where the model has none."""
        self._words.setText(_NONE_YET if has_model else "Sliders appear here when a model is open.")
        self._words.setVisible(not has_directions)
        self.button.setVisible(has_model)
