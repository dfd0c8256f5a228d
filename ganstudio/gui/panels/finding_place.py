"""The place at the top of the panel of directions from which directions are searched and measured."""

from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ganstudio.gui.services.direction_finding import DirectionFinding


class FindingPlace(QWidget):
    """A button that leads to the ways of finding directions; says what there is to find where there are none yet.

    Args:
        finding: Searches.
    """

    def __init__(self, finding: DirectionFinding, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._has_model = False
        self._words = QLabel(self, wordWrap=True)
        self._words.setProperty("role", "muted")
        self._button = QPushButton("Find Directions…", self)
        self._button.setToolTip("New sliders: of axes, of layers, of scores, of your marks  (Ctrl+F)")
        self._button.clicked.connect(finding.show_place)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._button)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 4)
        column.addWidget(self._words)
        column.addLayout(row)

    @property
    def button(self) -> QPushButton | None:
        """What leads to the searches, where a model is open."""
        return self._button if self._has_model else None

    def show_need(self, has_model: bool, has_directions: bool) -> None:
        """Offer searches to a model, with more words to one that has no directions yet."""
        self._has_model = has_model
        self._words.setText(
            "This model carries no directions yet. They can be found: the axes along which its pictures vary most, "
            "what your own picks have in common, what tells classes or scores apart. Files of them can be dropped here."
            if has_model
            else "Sliders appear here when a model is open."
        )
        self._words.setVisible(not has_model or not has_directions)
        self._button.setProperty("role", None if has_directions else "primary")
        self._button.style().polish(self._button)
        self._button.setVisible(has_model)
