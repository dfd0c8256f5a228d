"""The menus of the timeline: of the selected keys, and of a frame."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import QInputDialog, QMenu, QWidget

from ganstudio.animation.easing import Easing
from ganstudio.animation.timeline import LATENT_WAYS
from ganstudio.gui.document import Document
from ganstudio.gui.services.play_head import PlayHead
from ganstudio.gui.services.playback import Playback
from ganstudio.gui.widgets.easing_curve import EasingPopup, Handles
from ganstudio.gui.widgets.key_painting import Place

EASINGS = (
    ("linear", "Linear"),
    ("cubic", "Cubic: slow, quick, slow"),
    ("spring", "Spring: overshoots and settles"),
    ("hold", "Hold until the next key"),
)
WAY_TITLES = {
    "arc": "Arc: along the sphere that latents lie on",
    "straight": "Straight, in z",
    "w": "In w: after the mapping network",
    "spline": "Spline: a smooth curve through all keys, in w",
}


class TimelineMenus(QObject):
    """Opens menus and tells what was chosen.

    Signals:
        wanted(what): "delete", "copy", "cut", "paste" or "duplicate", of the selected keys.
        easing_chosen(places, easing, merge_key): These keys are to go on in this way; "" for a step of its own.
        stretch_chosen(places, factor): These keys are to be so much further apart.
        way_chosen(way): The latent is to go this way.
        marker_wanted(frame): A frame is to be named.
    """

    wanted = Signal(str)
    easing_chosen = Signal(object, object, str)
    stretch_chosen = Signal(object, float)
    way_chosen = Signal(str)
    marker_wanted = Signal(int)

    def __init__(self, document: Document, head: PlayHead, playback: Playback, widget: QWidget) -> None:
        super().__init__(widget)
        self._document, self._head, self._playback, self._widget = document, head, playback, widget
        self.menu: QMenu | None = None

    def open_for_keys(self, places: frozenset[Place], name: str, at: QPoint) -> None:
        """Open the menu of some keys."""
        menu = self._make()
        easing = menu.addMenu("Easing")
        used = self._easings_of(places)
        for kind, title in EASINGS:
            choose = partial(self.easing_chosen.emit, places, Easing(kind), "")
            self._add(easing, title, choose, is_on=used == {kind})
        self._add(easing, "Own curve…", partial(self._edit_curve, places, at), is_on=used == {"curve"})
        if any(place[0] == "latent" for place in places) or name == "latent":
            self._add_ways(menu)
        menu.addSeparator()
        for what in ("cut", "copy", "paste", "duplicate", "delete"):
            self._add(menu, what.title(), partial(self.wanted.emit, what))
        if len({frame for _, frame in places}) > 1:
            stretch = menu.addMenu("Stretch")
            for title, factor in (("To Half", 0.5), ("To Double", 2.0)):
                self._add(stretch, title, partial(self.stretch_chosen.emit, places, factor))
            self._add(stretch, "By Percent…", partial(self._ask_stretch, places))
        menu.popup(at)

    def open_for_frame(self, frame: int, at: QPoint, can_paste: bool = False) -> None:
        """Open the menu of a frame."""
        menu = self._make()
        named = any(marker.frame == frame for marker in self._document.state.timeline.markers)
        title = f"Rename Frame {frame}…" if named else f"Name Frame {frame}…  (M)"
        self._add(menu, title, partial(self.marker_wanted.emit, frame))
        menu.addSeparator()
        first, last = self._playback.stretch
        self._add(menu, "Play from Here", partial(self._play_between, frame, max(last, frame + 1)))
        self._add(menu, "Play until Here", partial(self._play_between, min(first, max(frame - 1, 0)), frame))
        if self._playback.range is not None:
            self._add(menu, "Play All", self._play_all)
        if can_paste:
            menu.addSeparator()
            self._add(menu, "Paste", partial(self.wanted.emit, "paste"))
        menu.popup(at)

    def _add_ways(self, menu: QMenu) -> None:
        ways = menu.addMenu("Way from Key to Key")
        track = self._document.state.timeline.track_of("latent")
        for way in LATENT_WAYS:
            is_on = track is not None and track.way == way
            self._add(ways, WAY_TITLES[way], partial(self.way_chosen.emit, way), is_on=is_on)

    def _easings_of(self, places: frozenset[Place]) -> set[str]:
        return {
            key.easing.kind
            for track in self._document.state.timeline.tracks
            for key in track.keys
            if (track.parameter, key.frame) in places
        }

    def _edit_curve(self, places: frozenset[Place], at: QPoint) -> None:
        gesture = self._document.new_gesture("curve")
        known = next(
            (
                key.easing.handles
                for track in self._document.state.timeline.tracks
                for key in track.keys
                if (track.parameter, key.frame) in places and key.easing.kind == "curve"
            ),
            Easing().handles,
        )

        def tell(handles: Handles) -> None:
            self.easing_chosen.emit(places, Easing("curve", handles), gesture)

        tell(known)
        EasingPopup(known, tell, self._widget).open_at(at)

    def _ask_stretch(self, places: frozenset[Place]) -> None:
        dialog = QInputDialog(self._widget)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle("Stretch Keys")
        dialog.setLabelText("Percent of the time between them, from the first key on")
        dialog.setInputMode(QInputDialog.InputMode.IntInput)
        dialog.setIntRange(1, 10_000)
        dialog.setIntValue(100)
        dialog.intValueSelected.connect(lambda percent: self.stretch_chosen.emit(places, percent / 100))
        dialog.open()

    def _play_between(self, first: int, last: int) -> None:
        self._playback.set_range((first, last))

    def _play_all(self) -> None:
        self._playback.set_range(None)

    def _make(self) -> QMenu:
        self.menu = QMenu(self._widget)
        self.menu.aboutToHide.connect(self.menu.deleteLater)
        return self.menu

    def _add(self, menu: QMenu, title: str, run: Callable[[], object], is_on: bool | None = None) -> None:
        action = menu.addAction(title)
        if is_on is not None:
            action.setCheckable(True)
            action.setChecked(is_on)
        action.triggered.connect(lambda _checked=False: run())
