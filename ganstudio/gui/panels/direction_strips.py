"""What sliders do, as strips of pictures: beside the one under the pointer, and below axes that have no name yet."""

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from ganstudio.gui.document import Document
from ganstudio.gui.panels.direction_groups import DirectionGroups
from ganstudio.gui.services.rendering_service import RenderingService
from ganstudio.gui.widgets.strip_popup import StripPopup
from ganstudio.project.slider_list import SliderEntry
from ganstudio.project.state import Project
from ganstudio.project.strips import strip_looks, strip_strengths
from ganstudio.rendering.looks.look import Look

HOVER_MS = 400
_REST_MS = 200  # after the last change: what a drag passes by is not worth the time


class DirectionStrips(QObject):
    """Asks for strips and shows them.

    Args:
        document: Says what is on the canvas.
        rendering: Draws, when the canvas leaves time.
        groups: Has the sliders.
    """

    def __init__(
        self, document: Document, rendering: RenderingService, groups: DirectionGroups, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._document, self._rendering, self._groups = document, rendering, groups
        self.popup = StripPopup(parent)
        self.popup.hide()
        self._pointed = self._shown = ""
        self._looks: dict[str, tuple[Look, ...]] = {}
        self._hover = QTimer(self, singleShot=True, interval=HOVER_MS)
        self._hover.timeout.connect(lambda: self.show_strip(self._pointed))
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self._ask)
        groups.pointed.connect(self._on_slider_pointed)
        groups.strip_wanted.connect(self.toggle)
        groups.part_wanted.connect(self._rest.start)
        document.changed.connect(self._on_document_changed)
        rendering.strip_ready.connect(self._on_strip_ready)

    @property
    def shown(self) -> str:
        """The direction whose strip is open beside its slider, or ""."""
        return self._shown

    def show_strip(self, name: str) -> None:
        """Open the strip of a slider."""
        entry = self._groups.entries.get(name)
        if entry is None or not strip_looks(self._document.state, entry):
            return
        self._shown = name
        slider = self._groups.sliders[name]
        self.popup.show_beside(slider, entry.title, strip_strengths(entry))
        self._ask()

    def hide_strip(self) -> None:
        """Close it."""
        self._hover.stop()
        if self._shown:
            self._shown = ""
            self.popup.hide()
            self._rest.start()

    def toggle(self, name: str) -> None:
        """Open the strip of a slider, or close it."""
        if self._shown == name:
            self.hide_strip()
        else:
            self.show_strip(name)

    def _ask(self) -> None:
        """Ask for what can be seen, that beside the slider first, and show what is there already."""
        entries = self._groups.entries
        names = [self._shown, *self._groups.axes_in_sight()]
        wanted: dict[str, SliderEntry] = {name: entries[name] for name in names if name in entries}
        self._looks = {name: strip_looks(self._document.state, entry) for name, entry in wanted.items()}
        self._rendering.watch_strips(tuple(look for looks in self._looks.values() for look in looks))
        self._show_pictures()

    def _show_pictures(self) -> None:
        made = dict(self._groups.made())
        for name, looks in self._looks.items():
            images = [self._rendering.strip_picture(look) for look in looks]
            if name == self._shown:
                self.popup.show_images(images)
            if name in made and any(image is not None for image in images):
                made[name].show_strip([image for image in images if image is not None])

    def _on_slider_pointed(self, name: str, is_over: bool) -> None:
        self._pointed = name if is_over else ""
        self.hide_strip()
        if is_over:
            self._hover.start()

    def _on_document_changed(self, old: Project, new: Project) -> None:
        if old.look != new.look or old.checkpoint != new.checkpoint:
            self.hide_strip()
            self._looks = {}
            self._rendering.watch_strips(())
        self._rest.start()

    def _on_strip_ready(self, looks: tuple[Look, ...]) -> None:
        drawn = frozenset(looks)
        if any(not drawn.isdisjoint(some) for some in self._looks.values()):
            self._show_pictures()
