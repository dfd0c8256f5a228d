"""From one picture to another: a slider, eight steps in between, and keys for the timeline."""

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QGridLayout, QHBoxLayout, QLabel, QPushButton, QWidget

from ganstudio.animation.parameters import Frame
from ganstudio.animation.timeline import Key
from ganstudio.animation.ways import look_between, look_by_layers
from ganstudio.errors import GanStudioError
from ganstudio.gui.document import Document
from ganstudio.gui.sections.picture_choice import PictureChoice
from ganstudio.gui.services.play_head import PlayHead
from ganstudio.gui.services.rendering_service import RenderingService
from ganstudio.gui.widgets.fold import Fold
from ganstudio.gui.widgets.latent_slider import LatentSlider
from ganstudio.gui.widgets.picture_buttons import PictureButtons
from ganstudio.project import edits, timeline_edits
from ganstudio.project.adjusting import adjust
from ganstudio.project.state import Project
from ganstudio.project.track_list import changed_parameters, key_values
from ganstudio.rendering.looks.between import WAYS, Way
from ganstudio.rendering.looks.look import Look
from ganstudio.rendering.looks.mixing import Mix

STEPS = 8
_SIDE = 50
WAY_TITLES: tuple[tuple[Way | str, str], ...] = (
    ("arc", "Arc"),
    ("straight", "Straight"),
    ("w", "In w"),
    ("layers", "Layer by layer"),
)


class AToBSection(Fold):
    """Two pictures and what is between them.

    Args:
        document: Takes the picture in between.
        rendering: Draws the steps.
        head: Where keys go.
    """

    def __init__(self, document: Document, rendering: RenderingService, head: PlayHead, parent: QWidget) -> None:
        super().__init__("A to B", is_open=True, parent=parent)
        self._document, self._rendering, self._head = document, rendering, head
        self._made: tuple[Look, int] | None = None  # the picture of the history that the slider moves
        self._before: Project = document.state
        self._gesture, self._is_ours = -1, False
        self.first = PictureChoice("A", document, rendering, self)
        self.second = PictureChoice("B", document, rendering, self)
        self.way = QComboBox(self)
        self.way.setAccessibleName("Way from A to B")
        for name, title in WAY_TITLES:
            self.way.addItem(title, name)
        self.slider = LatentSlider("From A to B", (0.0, 1.0), 0.0, parent=self)
        self.strip = PictureButtons(STEPS, 4, _SIDE, self)
        self.seconds = QDoubleSpinBox(self)
        self.seconds.setRange(0.1, 600.0)
        self.seconds.setDecimals(1)
        self.seconds.setValue(2.0)
        self.seconds.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.seconds.setSuffix(" s")
        self.seconds.setAccessibleName("Seconds from A to B")
        self.put = QPushButton("Put on Timeline", self)
        self.put.setToolTip("Key A at the play head, and B so much later")
        self._looks: tuple[Look, ...] = ()
        self._lay_out()
        self._connect()
        self._refresh()

    @property
    def looks(self) -> tuple[Look, ...]:
        """The steps in between, as they are shown."""
        return self._looks

    def _lay_out(self) -> None:
        way = QHBoxLayout()
        label = QLabel("Way", self)
        label.setBuddy(self.way)
        way.addWidget(label)
        way.addWidget(self.way, 1)
        keys = QGridLayout()
        keys.addWidget(self.seconds, 0, 0)
        keys.addWidget(self.put, 0, 1)
        keys.setColumnStretch(1, 1)
        for widget in (self.first, self.second):
            self.body.addWidget(widget)
        self.body.addLayout(way)
        self.body.addWidget(self.slider)
        self.body.addWidget(self.strip)
        self.body.addLayout(keys)

    def _connect(self) -> None:
        for choice in (self.first, self.second):
            choice.changed.connect(self._refresh)
        self.first.pressed.connect(lambda: self._go_to(self.first.look))
        self.second.pressed.connect(lambda: self._go_to(self.second.look))
        self.way.activated.connect(self._refresh)
        self.slider.edited.connect(self._on_slider_edited)
        self.strip.pressed.connect(lambda place: self._go_to(self._looks[place] if self._looks else None))
        self.put.clicked.connect(self._on_put_clicked)
        self._rendering.thumbnail_ready.connect(self._on_thumbnail_ready)
        self._document.changed.connect(self._on_document_changed)
        self._document.model_changed.connect(lambda _description: self._refresh())

    def _refresh(self) -> None:
        layers = self._layers()
        model = self.way.model()
        item = model.item(len(WAY_TITLES) - 1) if hasattr(model, "item") else None
        if item is not None:
            item.setEnabled(layers > 0)
        if self.way.currentData() == "layers" and not layers:
            self.way.setCurrentIndex(0)
        is_whole = self.first.look is not None and self.second.look is not None
        for widget in (self.slider, self.put, self.way, self.seconds):
            widget.setEnabled(is_whole)
        shares = [(step + 1) / (STEPS + 1) for step in range(STEPS)]
        found = [self._between(share) for share in shares] if is_whole else []
        self._looks = tuple(look for look in found if look is not None)
        self._rendering.watch("a to b", self._looks)
        self.strip.setVisible(len(self._looks) == STEPS)
        if len(self._looks) == STEPS:
            self.strip.show_names([f"{share:.0%} of the way: go there" for share in shares])
            for place, look in enumerate(self._looks):
                self.strip.show_image(place, self._rendering.thumbnail(look))

    def _between(self, share: float) -> Look | None:
        first, second, way = self.first.look, self.second.look, self.way.currentData()
        if first is None or second is None:
            return None
        try:
            if way == "layers":
                return look_by_layers(first, second, share, self._layers())
            return look_between(first, second, share, next(one for one in WAYS if one == way))
        except GanStudioError as error:
            self._document.failed.emit(error)
            return None

    def _layers(self) -> int:
        description = self._document.description
        return 0 if description is None else description.spec.num_ws

    def _on_slider_edited(self, value: float, gesture: int) -> None:
        look = self._between(value)
        if look is None:
            return
        if gesture != self._gesture:
            self._gesture, self._before = gesture, self._document.state
            self._is_ours = (self._before.look, self._before.history_index) == self._made
        state = self._before
        new = adjust(state, look) if self._is_ours else edits.set_look(state, look)
        if new is not state:
            self._made = (look, new.history_index)
        self._document.apply("From A to B", new, merge_key=f"a to b {gesture}")

    def _go_to(self, look: Look | None) -> None:
        if look is not None:
            self._document.apply("Go to Picture", edits.set_look(self._document.state, look))

    def _on_put_clicked(self) -> None:
        first, second = self.first.look, self.second.look
        if first is None or second is None:
            return
        try:
            state = self._with_keys(first, second)
        except GanStudioError as error:
            self._document.failed.emit(error)
            return
        self._document.apply("Put on Timeline", state)

    def _with_keys(self, first: Look, second: Look) -> Project:
        """Keys for all in which the two differ, and a timeline that is long enough."""
        state, start = self._document.state, self._head.position
        end = start + max(1, round(self.seconds.value() * float(state.timeline.fps)))
        if end >= state.timeline.length:
            state = timeline_edits.set_length(state, end + 1)
        way = self.way.currentData()
        if way == "layers":
            mix = Mix(replace(second, mix=None), (1.0,) * self._layers())
            state = edits.set_look(state, replace(first, mix=mix))
            state = timeline_edits.set_key(state, "latent", Key(start, first.latent))
            state = timeline_edits.set_key(state, "mix", Key(start, 0.0))
            return timeline_edits.set_key(state, "mix", Key(end, 1.0))
        names = tuple(dict.fromkeys(("latent", *changed_parameters(first, second))))
        names = tuple(name for name in names if name not in ("label_blend", "mix", "noise_seed"))
        for look, frame in ((first, start), (second, end)):
            state = key_values(state, Frame(look), names, frame)
        return timeline_edits.set_way(state, way)

    def _on_thumbnail_ready(self, look: Look) -> None:
        if look in self._looks and self.strip.isVisible():
            self.strip.show_image(self._looks.index(look), self._rendering.thumbnail(look))

    def _on_document_changed(self, old: Project, new: Project) -> None:
        if new.checkpoint != old.checkpoint:
            self._made = None
            self._refresh()
