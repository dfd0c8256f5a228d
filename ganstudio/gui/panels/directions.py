"""Directions: a named slider for each latent direction that the open model carries."""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QScrollArea, QToolButton, QVBoxLayout, QWidget

from ganstudio.checkpoints.base import CheckpointDescription, DirectionInfo
from ganstudio.gui.direction_finding import FindingProgress, find_directions
from ganstudio.gui.document import Document
from ganstudio.gui.jobs import Job, JobList
from ganstudio.gui.widgets.latent_slider import LatentSlider
from ganstudio.project import edits
from ganstudio.project.state import Project


class DirectionsPanel(QWidget):
    """Sliders made of the open model's description: named ones first, unnamed axes folded below.

    Args:
        document: Holds the strengths.
        jobs: Runs the search for directions.
    """

    def __init__(self, *, document: Document, jobs: JobList, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self._document = document
        self._jobs = jobs
        self._search: Job | None = None
        self.find_button: QPushButton | None = None
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
        text = "This model carries no directions yet. They can be found and are then kept in its file."
        label = QLabel(text if has_model else "Sliders appear here when a model is open.", self, wordWrap=True)
        label.setProperty("role", "muted")
        column.addWidget(label)
        if has_model:
            self.find_button = QPushButton("Find Directions", self)
            self.find_button.setToolTip("Looks for the axes along which this model's pictures vary; takes a while")
            self.find_button.clicked.connect(self._on_find_clicked)
            self.find_button.setProperty("role", "primary")
            column.addWidget(self.find_button, 0, Qt.AlignmentFlag.AlignLeft)

    def _show(self, state: Project) -> None:
        strengths = dict(state.look.strengths)
        for name, slider in self.sliders.items():
            value = strengths.get(name, 0.0)
            if slider.value != value:
                slider.set_value(value)
        self.reset_button.setVisible(bool(self.sliders))
        self.reset_button.setEnabled(bool(state.look.strengths))

    def _on_slider_edited(self, name: str, value: float, gesture: int) -> None:
        title = next(d.title for d in self._directions() if d.name == name)
        state = edits.set_strength(self._document.state, name, value)
        self._document.apply(title, state, merge_key=f"strength {name} {id(self.sliders[name])} {gesture}")

    def _directions(self) -> tuple[DirectionInfo, ...]:
        description = self._document.description
        return description.directions if description else ()

    def _on_find_clicked(self) -> None:
        description = self._document.description
        if description is None or (self._search is not None and self._search.is_active):
            return
        path, data = description.path, str(description.facts.get("data", ""))
        job = Job(lambda: find_directions(path, data), f"Finding directions of {path.stem}")
        self._search = job
        job.progressed.connect(self._on_search_progressed)
        job.finished.connect(self._document.refresh_model)
        job.failed.connect(self._document.failed)
        job.state_changed.connect(lambda _state: self._show_search())
        self._jobs.start(job)

    def _on_search_progressed(self, events: list[FindingProgress]) -> None:
        if self._search is not None:
            self._jobs.tell(self._search, events[-1].doing, events[-1].fraction)

    def _show_search(self) -> None:
        is_active = self._search is not None and self._search.is_active
        if self.find_button is not None:
            self.find_button.setEnabled(not is_active)
            self.find_button.setText("Finding…" if is_active else "Find Directions")

    def _on_reset_clicked(self) -> None:
        self._document.apply("Reset Sliders", edits.reset_strengths(self._document.state))

    def _on_document_model_changed(self, description: CheckpointDescription | None) -> None:
        self._build(description)

    def _on_document_changed(self, old: Project, new: Project) -> None:
        if old.look.strengths != new.look.strengths:
            self._show(new)


def _explain(direction: DirectionInfo) -> str:
    lines = ["In standard deviations of the latent along this direction."]
    if direction.quality is not None and direction.origin == "factor":
        lines.append(f"A straight line explains {direction.quality:.0%} of this factor on pictures held out.")
    return "\n".join(lines)
