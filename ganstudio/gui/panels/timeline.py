"""Timeline: what moves, when and how; keys, easings, named frames, and the play head."""

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QColor, QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QInputDialog,
    QLineEdit,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from ganstudio.animation.frames import value_at
from ganstudio.animation.parameters import parameter_of
from ganstudio.animation.timeline import LATENT_WAYS, Timeline, Track
from ganstudio.gui import theme
from ganstudio.gui.actions import Actions
from ganstudio.gui.document import Document
from ganstudio.gui.panels.timeline_keys import TimelineKeys
from ganstudio.gui.panels.timeline_menus import TimelineMenus
from ganstudio.gui.panels.timeline_tools import TimelineTools
from ganstudio.gui.services.frame_cache import FrameCache
from ganstudio.gui.services.play_head import PlayHead
from ganstudio.gui.services.playback import Figures, Playback
from ganstudio.gui.widgets.empty_state import EmptyState
from ganstudio.gui.widgets.key_painting import Place, Row, RowKey
from ganstudio.gui.widgets.key_rows import KeyRows
from ganstudio.gui.widgets.time_axis import TimeAxis
from ganstudio.gui.widgets.time_ruler import TimeRuler
from ganstudio.gui.widgets.track_head import HeadFacts, TrackHead
from ganstudio.project import timeline_edits
from ganstudio.project.state import Project
from ganstudio.project.track_list import choice_of, key_values, tracks_of

_HEADS_WIDTH = 288
_HEADS_EVERY_MS = 100  # numbers that change faster cannot be read
WAYS = (("arc", "Arc"), ("straight", "Straight"), ("w", "In w"), ("spline", "Spline"))


class TimelinePanel(QWidget):
    """The bottom of the Animate workspace.

    Args:
        document: Holds the timeline.
        head: Where it is looked at.
        playback: Plays it.
        cache: Knows what is drawn.
    """

    def __init__(
        self,
        *,
        document: Document,
        head: PlayHead,
        playback: Playback,
        cache: FrameCache,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self._document, self._head, self._playback, self._cache = document, head, playback, cache
        self.axis = TimeAxis(self)
        self.ruler = TimeRuler(self.axis, self)
        self.rows = KeyRows(self.axis, self)
        self.keys = TimelineKeys(document, head, self.rows)
        self.tools = TimelineTools(document, head, playback, self.axis, self)
        self.menus = TimelineMenus(document, head, playback, self)
        self.heads: dict[str, TrackHead] = {}
        self._head_place = QWidget(self)
        self._head_column = QVBoxLayout(self._head_place)
        self._heads_timer = QTimer(self, singleShot=True, interval=_HEADS_EVERY_MS)
        self._heads_timer.timeout.connect(self._show_heads)
        self._shown: Timeline | None = None
        self._lay_out()
        self._connect()
        self._dress()
        self._show(document.state)

    def use_actions(self, actions: Actions) -> None:
        """Show actions as buttons; they exist only when the panels do."""
        self.tools.use_actions(actions)

    def key_all(self) -> None:
        """Key everything that has a track at the play head."""
        tracks = self._document.state.timeline.tracks
        self._head.key("Key Everything", tuple(track.parameter for track in tracks))

    def ask_marker(self, frame: int | None = None) -> None:
        """Ask for a name of a frame, the play head's by default."""
        place = self._head.position if frame is None else frame
        known = {marker.frame: marker.name for marker in self._document.state.timeline.markers}
        dialog = QInputDialog(self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle("Name a Frame")
        dialog.setLabelText(f"Name of frame {place} (nothing takes it away)")
        dialog.setTextValue(known.get(place, ""))
        dialog.textValueSelected.connect(partial(self._name_frame, place))
        dialog.open()

    # Keys of the window

    def showEvent(self, event: QShowEvent) -> None:  # noqa: D102, N802 - Qt's name
        super().showEvent(event)
        self.window().installEventFilter(self)  # they work wherever the focus is, but for fields that take letters

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: D102, N802 - Qt's name
        super().hideEvent(event)
        self.window().removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: D102, N802 - Qt's name
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and watched is self.window():
            is_plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
            if is_plain and self._take_key(Qt.Key(event.key()), event.isAutoRepeat()):
                return True
        return super().eventFilter(watched, event)

    def changeEvent(self, event: QEvent) -> None:  # noqa: D102, N802 - Qt's name
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "ruler"):
            self._dress()

    def _take_key(self, key: Qt.Key, is_repeated: bool) -> bool:
        is_typing = isinstance(QApplication.focusWidget(), QLineEdit | QAbstractSpinBox | QComboBox)
        if key == Qt.Key.Key_Space or (key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not is_typing):
            if not is_repeated:
                self._playback.toggle()
        elif key == Qt.Key.Key_M and not is_typing:
            self.ask_marker()
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right) and not is_typing:
            self._head.go_to(self._head.position + (1 if key == Qt.Key.Key_Right else -1))
        else:
            return False
        return True

    # Building

    def _lay_out(self) -> None:
        self._head_column.setContentsMargins(0, 0, 0, 0)
        self._head_column.setSpacing(0)
        self._head_column.addStretch(1)
        self._head_place.setFixedWidth(_HEADS_WIDTH)
        content = QWidget(self)
        row = QHBoxLayout(content)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._head_place)
        row.addWidget(self.rows, 1)
        self.scrolled = QScrollArea(self)
        self.scrolled.setWidgetResizable(True)
        self.scrolled.setFrameShape(QScrollArea.Shape.NoFrame)
        self.scrolled.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.scrolled.setWidget(content)
        self.scrolled.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.empty = EmptyState(
            "Nothing moves yet",
            "Press K to key this picture, go on to another frame, take another picture or move a slider, and press K "
            "again.",
        )
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self.scrolled)
        self._stack.addWidget(self.empty)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(0)
        grid.addWidget(self.tools, 0, 0, 1, 2)
        self.tools.add_track.setParent(self)
        corner = QHBoxLayout()
        corner.setContentsMargins(12, 0, 8, 0)
        corner.addWidget(self.tools.add_track)
        corner.addWidget(self.tools.notice, 1)
        grid.addLayout(corner, 1, 0)
        grid.addWidget(self.ruler, 1, 1)
        grid.addWidget(self._stack, 2, 0, 1, 2)
        grid.setColumnMinimumWidth(0, _HEADS_WIDTH)
        grid.setColumnStretch(1, 1)
        grid.setRowStretch(2, 1)

    def _connect(self) -> None:
        document, head, rows = self._document, self._head, self.rows
        document.changed.connect(self._on_document_changed)
        document.model_changed.connect(lambda _description: self._show(document.state))
        head.moved.connect(self._on_head_moved)
        head.changed.connect(self._plan_heads)
        self._playback.measured.connect(self._on_playback_measured)
        self._playback.changed.connect(self._on_playback_changed)
        self._cache.changed.connect(lambda: self.ruler.set_drawn(self._cache.stretches()))
        self.ruler.scrubbed.connect(self._on_ruler_scrubbed)
        self.ruler.naming_wanted.connect(self.ask_marker)
        self.ruler.menu_wanted.connect(self._on_ruler_menu_wanted)
        rows.key_wanted.connect(self._on_key_wanted)
        rows.stepped.connect(lambda frames: head.go_to(head.position + frames))
        rows.menu_wanted.connect(self._on_rows_menu_wanted)
        self.menus.wanted.connect(self.keys.do)
        self.menus.easing_chosen.connect(self.keys.set_easing)
        self.menus.stretch_chosen.connect(self.keys.stretch)
        self.menus.way_chosen.connect(self._on_way_chosen)
        self.menus.marker_wanted.connect(self.ask_marker)
        self.tools.track_wanted.connect(self._on_track_wanted)

    def _dress(self) -> None:
        self.ruler.good = QColor(theme.current().positive)
        self.ruler.update()

    # Showing

    def _show(self, state: Project) -> None:
        timeline = state.timeline
        self.axis.set_time(timeline.length, float(timeline.fps))
        markers = [(marker.frame, marker.name) for marker in timeline.markers]
        self.ruler.set_markers(markers)
        self.rows.set_markers([frame for frame, _ in markers])
        has_tracks = bool(timeline.tracks)
        self._stack.setCurrentWidget(self.scrolled if has_tracks else self.empty)
        self.setEnabled(state.checkpoint is not None or has_tracks)
        self.rows.show_rows([self._row_of(timeline, track) for track in tracks_of(state)])
        self._make_heads(state)
        self._shown = timeline
        self._plan_heads()

    def _row_of(self, timeline: Timeline, track: Track) -> Row:
        choice = choice_of(track.parameter, self._document.state, self._document.description)
        keys = tuple(RowKey(key.frame, key.easing.kind == "hold") for key in track.keys)
        if choice.limits is None or len(track.keys) < 2:
            return Row(track.parameter, choice.title, keys, track.is_muted)
        values = [key.value for key in track.keys]
        low, high = min(values), max(values)
        span = (high - low) or 1.0
        plain = replace(timeline, tracks=(track,), markers=(), pace=())

        def height(frame: float) -> float:
            return float(min(max((value_at(plain, track, frame) - low) / span, -0.2), 1.2))

        look = (track.keys, timeline.is_loop, timeline.length)
        return Row(track.parameter, choice.title, keys, track.is_muted, height, look)

    def _make_heads(self, state: Project) -> None:
        """Have one head for each track, in their order."""
        wanted = [track.parameter for track in tracks_of(state)]
        if list(self.heads) == wanted:
            return
        for name in [name for name in self.heads if name not in wanted]:
            gone = self.heads.pop(name)
            self._head_column.removeWidget(gone)
            gone.deleteLater()
        known, self.heads = self.heads, {}
        for place, name in enumerate(wanted):
            self.heads[name] = known.get(name) or self._make_head(name)
            self._head_column.insertWidget(place, self.heads[name])

    def _make_head(self, name: str) -> TrackHead:
        made = TrackHead(self._facts_of(name), WAYS, self._head_place)
        made.value_edited.connect(partial(self._on_value_edited, name))
        made.way_chosen.connect(self._on_way_chosen)
        made.mute_wanted.connect(partial(self._on_mute_wanted, name))
        made.removal_wanted.connect(partial(self._on_removal_wanted, name))
        made.key_wanted.connect(lambda: self._head.key("Key", (name,)))
        made.menu_wanted.connect(lambda place: self.menus.open_for_keys(self._places_of(name), name, place))
        return made

    def _places_of(self, name: str) -> frozenset[Place]:
        track = self._document.state.timeline.track_of(name)
        return frozenset() if track is None else frozenset((name, key.frame) for key in track.keys)

    def _facts_of(self, name: str) -> HeadFacts:
        state = self._document.state
        track = state.timeline.track_of(name) or Track(name)
        parameter = parameter_of(name)
        title = choice_of(name, state, self._document.description).title
        value = parameter.read(self._head.frame) if parameter.limits is not None else 0.0
        return HeadFacts(name, title, parameter.limits, parameter.steps, track.is_muted, float(value), track.way)

    def _plan_heads(self) -> None:
        if not self._playback.is_playing:
            self._show_heads()
        elif not self._heads_timer.isActive():
            self._heads_timer.start()

    def _show_heads(self) -> None:
        known = {track.parameter for track in self._document.state.timeline.tracks}
        for name, made in self.heads.items():
            if name in known:
                made.show_facts(self._facts_of(name))
        self.tools.show_unkeyed(
            [choice_of(name, self._document.state, self._document.description).title for name in self._head.unkeyed]
        )

    # What happens

    def _on_document_changed(self, old: Project, new: Project) -> None:
        names = ("timeline", "checkpoint", "directions", "sliders")
        if any(getattr(old, name) is not getattr(new, name) for name in names):
            self._show(new)

    def _on_head_moved(self, position: int) -> None:
        self.ruler.set_position(position)
        self.rows.set_position(position)
        if self._playback.is_playing:
            self.axis.follow(position)

    def _on_playback_changed(self) -> None:
        self.ruler.set_stretch(self._playback.stretch if self._playback.range is not None else None)
        self._plan_heads()

    def _on_playback_measured(self, figures: Figures) -> None:
        self.tools.show_figures(figures)

    def _on_ruler_scrubbed(self, frame: int) -> None:
        self._playback.stop()
        self._head.go_to(frame)

    def _on_ruler_menu_wanted(self, frame: int, place: QPoint) -> None:
        self.menus.open_for_frame(frame, place)

    def _on_key_wanted(self, name: str, frame: int) -> None:
        """Key what the track has at a frame anyway, to be changed there."""
        state = self._document.state
        shown = self._head.frame if frame == self._head.position else self._cache.frame(frame)
        self.keys.apply("Key", lambda: key_values(state, shown, (name,), frame))
        self._head.go_to(frame)
        self.rows.select([(name, frame)])

    def _on_rows_menu_wanted(self, name: str, place: QPoint) -> None:
        if self.rows.selection:
            self.menus.open_for_keys(self.rows.selection, name, place)
        else:
            self.menus.open_for_frame(self._head.position, place, can_paste=self.keys.can_paste)

    def _on_way_chosen(self, way: str) -> None:
        chosen = next(one for one in LATENT_WAYS if one == way)
        self.keys.apply(f"Way: {dict(WAYS)[way]}", lambda: timeline_edits.set_way(self._document.state, chosen))

    def _on_track_wanted(self, name: str) -> None:
        self._head.key("Add Track", (name,))

    def _on_value_edited(self, name: str, value: float, gesture: int) -> None:
        self._playback.stop()
        self._head.key_value(name, value, f"value of {name} {gesture}")

    def _on_mute_wanted(self, name: str, is_muted: bool) -> None:
        self.keys.apply("Mute Track", lambda: timeline_edits.mute_track(self._document.state, name, is_muted))

    def _on_removal_wanted(self, name: str) -> None:
        self.keys.apply("Remove Track", lambda: timeline_edits.remove_track(self._document.state, name))

    def _name_frame(self, frame: int, name: str) -> None:
        self.keys.apply("Name a Frame", lambda: timeline_edits.set_marker(self._document.state, frame, name))
