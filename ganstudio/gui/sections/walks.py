"""Random walks, seamless loops and tours, laid out as keys, or walked without an end."""

import secrets

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QLabel,
    QPushButton,
    QSpinBox,
    QWidget,
)

from ganstudio.animation.timeline import Timeline
from ganstudio.animation.ways import WalkPlan, lay_keys, lay_tour, loop_looks, walk_frame, walk_looks
from ganstudio.errors import GanStudioError
from ganstudio.gui.document import Document
from ganstudio.gui.sections.picture_choice import PictureChoice
from ganstudio.gui.sections.rows import field_grid, name_label
from ganstudio.gui.services.playback import Playback
from ganstudio.gui.services.rendering_service import RenderingService
from ganstudio.gui.widgets.fold import Fold
from ganstudio.gui.widgets.latent_slider import LatentSlider
from ganstudio.gui.widgets.wheel_guard import guard_wheel
from ganstudio.project import timeline_edits
from ganstudio.project.state import Project
from ganstudio.rendering.looks.look import Look

KINDS = (
    ("walk", "Random walk"),
    ("circle", "Loop: a circle"),
    ("noise", "Loop: closed noise"),
    ("tour", "Tour of favourites"),
)
_HINTS = {
    "walk": "From picture to picture, each by chance.",
    "circle": "Once round the picture and back to where it began, without a seam.",
    "noise": "About the picture and back to where it began, without a seam.",
    "tour": "From favourite to favourite, with their sliders.",
}


class WalksSection(Fold):
    """Lays keys by chance.

    Args:
        document: Holds the timeline.
        rendering: Draws the picture to begin with.
        playback: Walks without an end.
    """

    def __init__(self, document: Document, rendering: RenderingService, playback: Playback, parent: QWidget) -> None:
        super().__init__("Walks and Loops", is_open=True, parent=parent)
        self._document, self._rendering, self._playback = document, rendering, playback
        self._seed = 0
        self.kind = QComboBox(self)
        self.kind.setAccessibleName("Kind of walk")
        for name, title in KINDS:
            self.kind.addItem(title, name)
        self.hint = QLabel(self, wordWrap=True)
        self.hint.setProperty("role", "muted")
        self.around = PictureChoice("", document, rendering, self, "the one shown")
        self.around.button.setAccessibleName("Choose the picture to walk round")
        self.count = QSpinBox(self)
        self.count.setRange(2, 200)
        self.count.setValue(8)
        self.seconds = QDoubleSpinBox(self)
        self.seconds.setRange(0.1, 60.0)
        self.seconds.setDecimals(1)
        self.seconds.setValue(1.5)
        self.seconds.setSuffix(" s")
        self.smoothness = LatentSlider("Smoothness", (0.0, 1.0), 0.4, parent=self)
        self.smoothness.setToolTip("Towards 1, each picture takes over more of the one before it")
        self.radius = LatentSlider("Radius", (0.05, 1.0), 0.6, parent=self)
        self.radius.setToolTip("How far from the picture it begins with; 1 goes anywhere")
        self.is_loop = QCheckBox("Back to the first", self)
        self.lay = QPushButton("Put on Timeline", self)
        self.lay.setToolTip("Keys in the place of those that the picture has; another press, another walk")
        self.endless = QPushButton("Walk Endlessly", self)
        self.endless.setCheckable(True)
        self.endless.setToolTip("Without keys, until it is stopped (Space)")
        self._lay_out()
        self._connect()
        self._refresh()

    def _lay_out(self) -> None:
        grid = field_grid()
        for row, (title, field) in enumerate(
            (("Kind", self.kind), ("Pictures", self.count), ("Each takes", self.seconds))
        ):
            guard_wheel(field)
            if isinstance(field, QAbstractSpinBox):
                field.setAlignment(Qt.AlignmentFlag.AlignRight)
            field.setAccessibleName(title)
            grid.addWidget(name_label(title, field, self), row, 0)
            grid.addWidget(field, row, 1)
        self.body.addLayout(grid)
        for widget in (self.hint, self.around, self.smoothness, self.radius, self.is_loop, self.lay, self.endless):
            self.body.addWidget(widget)

    def _connect(self) -> None:
        self.kind.activated.connect(self._refresh)
        self.smoothness.edited.connect(lambda value, _gesture: self.smoothness.set_value(value))
        self.radius.edited.connect(lambda value, _gesture: self.radius.set_value(value))
        self.lay.clicked.connect(self._on_lay_clicked)
        self.endless.clicked.connect(self._on_endless_clicked)
        self._playback.changed.connect(self._on_playback_changed)
        self._document.changed.connect(self._on_document_changed)
        self._document.model_changed.connect(lambda _description: self._refresh())

    def _refresh(self) -> None:
        kind = self.kind.currentData()
        is_tour = kind == "tour"
        favourites = self._favourites()
        self.hint.setText(
            _HINTS[kind] if not is_tour or len(favourites) > 1 else "Keep at least two favourites first (S)."
        )
        for widget in (self.around, self.radius):
            widget.setVisible(not is_tour)
        self.smoothness.setVisible(kind in ("walk", "noise"))
        self.is_loop.setVisible(is_tour)
        self.endless.setVisible(kind == "walk")
        self.count.setEnabled(not is_tour)
        has_model = self._document.description is not None
        self.lay.setEnabled(has_model and (not is_tour or len(favourites) > 1))
        self.endless.setEnabled(has_model)

    def _favourites(self) -> list[Look]:
        state = self._document.state
        return [entry.look for entry in state.favourites if entry.is_same(entry.look, state.checkpoint)]

    def _start(self) -> Look:
        """The picture to walk round: the chosen one, else that on the canvas."""
        return self.around.look or self._rendering.moment or self._document.state.look

    def _plan(self, fps: float) -> WalkPlan:
        frames = max(1, round(self.seconds.value() * fps))
        return WalkPlan(self._seed, frames, self.smoothness.value, self.radius.value)

    def _on_lay_clicked(self) -> None:
        self._seed = secrets.randbelow(1 << 30)
        state = self._document.state
        try:
            timeline = self._laid(state.timeline)
        except GanStudioError as error:
            self._document.failed.emit(error)
            return
        self._document.apply(self.kind.currentText(), timeline_edits.set_timeline(state, timeline))

    def _laid(self, timeline: Timeline) -> Timeline:
        kind, plan, start = self.kind.currentData(), self._plan(float(timeline.fps)), self._start()
        if kind == "tour":
            looks = self._favourites()
            return lay_tour(timeline, looks, plan.frames, is_loop=self.is_loop.isChecked(), way="spline")
        if kind == "walk":
            looks = list(walk_looks(start, plan, self.count.value()))
            return lay_keys(timeline, looks, plan.frames, is_loop=False, way="spline")
        looks = list(loop_looks(start, plan, self.count.value(), "circle" if kind == "circle" else "noise"))
        return lay_keys(timeline, looks, plan.frames, is_loop=True, way="spline")

    def _on_endless_clicked(self, is_wanted: bool) -> None:
        if not is_wanted:
            self._playback.stop()
            return
        self._seed = secrets.randbelow(1 << 30)
        fps = float(self._document.state.timeline.fps)
        plan, start = self._plan(fps), self._start()
        base = self._document.state.look
        self._playback.play_endlessly(lambda number: walk_frame(start, plan, number, base), fps)

    def _on_playback_changed(self) -> None:
        self.endless.setChecked(self._playback.is_endless)
        self.endless.setText("Stop Walking" if self._playback.is_endless else "Walk Endlessly")

    def _on_document_changed(self, old: Project, new: Project) -> None:
        if old.favourites is not new.favourites or old.checkpoint != new.checkpoint:
            self._refresh()
