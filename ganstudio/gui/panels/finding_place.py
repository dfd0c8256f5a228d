"""The place in the panel of directions from which directions are searched."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from ganstudio.gui.services.direction_finding import DirectionFinding


class FindingPlace(QWidget):
    """Says that there are no directions yet, with a button that finds some.

    Args:
        finding: Searches.
    """

    def __init__(self, finding: DirectionFinding, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._finding = finding
        self._has_model = False
        self._words = QLabel(self, wordWrap=True)
        self._words.setProperty("role", "muted")
        self._button = QPushButton("Find Directions", self)
        self._button.setProperty("role", "primary")
        self._button.clicked.connect(finding.start)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 4)
        column.addWidget(self._words)
        column.addWidget(self._button, 0, Qt.AlignmentFlag.AlignLeft)
        finding.changed.connect(self._on_finding_changed)
        self._on_finding_changed()

    @property
    def button(self) -> QPushButton | None:
        """What starts a search, where one is offered."""
        return self._button if self._has_model and not self.isHidden() else None

    def show_need(self, has_model: bool, has_directions: bool) -> None:
        """Offer a search to a model that has no directions yet."""
        self._has_model = has_model
        self._words.setText(
            "This model carries no directions yet. They can be found, and are kept in a copy of the model: the axes "
            "along which its pictures vary most, and named ones where it was trained on the avatars. Files of "
            "directions can be dropped here."
            if has_model
            else "Sliders appear here when a model is open."
        )
        self._button.setVisible(has_model)
        self.setVisible(not has_directions)

    def _on_finding_changed(self) -> None:
        self._button.setEnabled(not self._finding.is_running)
        self._button.setText("Finding…" if self._finding.is_running else "Find Directions")
