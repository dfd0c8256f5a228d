"""Directions: a named slider for each latent direction that the open model carries."""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QScrollArea, QToolButton, QVBoxLayout, QWidget

from ganstudio.checkpoints.base import CheckpointDescription, DirectionInfo
from ganstudio.gui.document import Document
from ganstudio.gui.services.direction_finding import DirectionFinding
from ganstudio.gui.widgets.latent_slider import LatentSlider
from ganstudio.project import direction_edits
from ganstudio.project.state import Project


class DirectionsPanel(QWidget):
    """Sliders made of the open model's description: named ones first, unnamed axes folded below.

    Args:
        document: Holds the strengths.
        finding: Finds axes for a model that has none.
    """

    def __init__(self, *, document: Document, finding: DirectionFinding, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._finding = finding
        self.find_button: QPushButton | None = None
        self.setProperty("role", "panel")
        self._document = document
        self.sliders: dict[str, LatentSlider] = {}
        self._content = QWidget(self)
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll = scroll
        self.reset_button = QPushButton("Reset All", self)
        self.reset_button.setProperty("role", "flat")
        self.reset_button.clicked.connect(self._on_reset_clicked)
        foot = QHBoxLayout()
        foot.setContentsMargins(12, 4, 12, 8)
        foot.addStretch(1)
        foot.addWidget(self.reset_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(scroll, 1)
        layout.addLayout(foot)
        document.model_changed.connect(self._on_document_model_changed)
        document.changed.connect(self._on_document_changed)
        self._build(document.description)

    def _build(self, description: CheckpointDescription | None) -> None:
        self.sliders, self.find_button = {}, None
        content = QWidget(self)
        content.setProperty("role", "panel")
        column = QVBoxLayout(content)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(4)
        directions = description.directions if description else ()
        named = [direction for direction in directions if direction.origin != "pca"]
        axes = [direction for direction in directions if direction.origin == "pca"]
        for direction in named:
            column.addWidget(self._make_slider(direction))
        if axes:
            self._add_axes(column, axes, is_open=not named)
        if not directions:
            self._add_empty(column, has_model=description is not None)
        column.addStretch(1)
        self._scroll.setWidget(content)
        self._show(self._document.state)

    def _make_slider(self, direction: DirectionInfo) -> LatentSlider:
        slider = LatentSlider(direction.title, (direction.low, direction.high), parent=self)
        slider.setToolTip(_explain(direction))
        slider.edited.connect(partial(self._on_slider_edited, direction.name))
        self.sliders[direction.name] = slider
        return slider

    def _add_axes(self, column: QVBoxLayout, axes: list[DirectionInfo], is_open: bool) -> None:
        toggle = QToolButton(self)
        toggle.setProperty("role", "section")
        toggle.setText(f"Unnamed axes ({len(axes)})")
        toggle.setCheckable(True)
        toggle.setChecked(is_open)
        toggle.setToolTip("The directions in which this generator's pictures vary most (PCA of its first features)")
        toggle.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        toggle.setArrowType(Qt.ArrowType.DownArrow if is_open else Qt.ArrowType.RightArrow)
        place = QWidget(self)
        inner = QVBoxLayout(place)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(4)
        for direction in axes:
            inner.addWidget(self._make_slider(direction))
        place.setVisible(is_open)

        def on_toggled(shown: bool) -> None:
            place.setVisible(shown)
            toggle.setArrowType(Qt.ArrowType.DownArrow if shown else Qt.ArrowType.RightArrow)

        toggle.toggled.connect(on_toggled)
        column.addWidget(toggle)
        column.addWidget(place)

    def _add_empty(self, column: QVBoxLayout, has_model: bool) -> None:
        text = (
            "This model carries no directions yet. They can be found: the axes along which its pictures vary most, "
            "what your own picks have in common, what tells classes or scores apart."
        )
        label = QLabel(text if has_model else "Sliders appear here when a model is open.", self, wordWrap=True)
        label.setProperty("role", "muted")
        column.addWidget(label)
        if has_model:
            self.find_button = QPushButton("Find Directions", self)
            self.find_button.setProperty("role", "primary")
            self.find_button.clicked.connect(self._finding.show_place)
            column.addSpacing(4)
            column.addWidget(self.find_button, 0, Qt.AlignmentFlag.AlignLeft)

    def _show(self, state: Project) -> None:
        for name, slider in self.sliders.items():
            value = state.look.strength_of(name)
            if slider.value != value:
                slider.set_value(value)
        self.reset_button.setVisible(bool(self.sliders))
        self.reset_button.setEnabled(bool(state.look.edits))

    def _on_slider_edited(self, name: str, value: float, gesture: int) -> None:
        title = next(d.title for d in self._directions() if d.name == name)
        state = direction_edits.set_strength(self._document.state, name, value)
        self._document.apply(title, state, merge_key=f"strength {name} {id(self.sliders[name])} {gesture}")

    def _directions(self) -> tuple[DirectionInfo, ...]:
        description = self._document.description
        return description.directions if description else ()

    def _on_reset_clicked(self) -> None:
        self._document.apply("Reset Sliders", direction_edits.reset_strengths(self._document.state))

    def _on_document_model_changed(self, description: CheckpointDescription | None) -> None:
        self._build(description)

    def _on_document_changed(self, old: Project, new: Project) -> None:
        if old.look.edits != new.look.edits:
            self._show(new)


def _explain(direction: DirectionInfo) -> str:
    lines = ["In standard deviations of the latent along this direction."]
    if direction.quality is not None and direction.origin == "factor":
        lines.append(f"A straight line explains {direction.quality:.0%} of this factor on pictures held out.")
    if direction.entanglement is not None:
        lines.append(f"Other factors change {direction.entanglement:.0%} as much as this one, on average.")
    return "\n".join(lines)
