"""The row over the timeline: play, keys, the frame, how long and how fast, and what is not keyed yet."""

from collections.abc import Sequence
from fractions import Fraction
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QMenu, QSizePolicy, QSpinBox, QToolButton, QWidget

from ganstudio.animation.timeline import FPS_RANGE, MOST_FRAMES
from ganstudio.gui.actions import Actions
from ganstudio.gui.document import Document
from ganstudio.gui.services.play_head import PlayHead
from ganstudio.gui.services.playback import Figures, Playback
from ganstudio.gui.widgets.time_axis import TimeAxis
from ganstudio.gui.widgets.wheel_guard import guard_wheel
from ganstudio.project import timeline_edits
from ganstudio.project.state import Project
from ganstudio.project.track_list import TrackChoice, list_choices

RATES = (("24", Fraction(24)), ("25", Fraction(25)), ("29.97", Fraction(30000, 1001)), ("30", Fraction(30)),
         ("50", Fraction(50)), ("59.94", Fraction(60000, 1001)), ("60", Fraction(60)))  # fmt: skip
_SHOWN_DIRECTIONS = 24  # in one menu; more go into submenus


class TimelineTools(QWidget):
    """Fields and buttons.

    Args:
        document: Holds the timeline.
        head: Where it is looked at.
        playback: Plays it.
        axis: What is seen of it.

    Signals:
        track_wanted(name): A parameter is to have a track.
    """

    track_wanted = Signal(str)

    def __init__(self, document: Document, head: PlayHead, playback: Playback, axis: TimeAxis, parent: QWidget) -> None:
        super().__init__(parent)
        self._document, self._head, self._playback, self._axis = document, head, playback, axis
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(2)
        self.position = self._spin("Frame", (0, 119), "The frame that the play head stands on")
        self.length = self._spin("Frames", (1, MOST_FRAMES), "How many frames the animation has")
        self.rate = self._make_rate()
        self.loop = self._toggle("Loop", "The end leads back to the beginning: keys go on round it")
        self.seconds = self._toggle("Seconds", "Count in seconds rather than in frames")
        self.fit = QToolButton(self)
        self.fit.setText("Fit")
        self.fit.setToolTip("Show the whole animation")
        self.lasts = QLabel(self)
        self.lasts.setProperty("role", "muted")
        self.figures = QLabel(self)
        self.figures.setProperty("role", "muted")
        self.figures.setToolTip("Frames a second that were shown, frames dropped, and the time from frame to frame")
        self.figures.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.figures.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.notice = QLabel(self)
        self.notice.setProperty("role", "warning")
        self.notice.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.add_track = QToolButton(self)
        self.add_track.setText("Add Track")
        self.add_track.setObjectName("add_track")
        self.add_track.setProperty("role", "menu")
        self.add_track.setToolTip("Let something else move: it is keyed at the play head")
        self.add_track.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.add_track.setMenu(QMenu(self.add_track))
        self._lay_out()
        self._connect()
        self._show(document.state)

    def use_actions(self, actions: Actions) -> None:
        """Have the actions of the timeline as buttons."""
        for name in ("previous", "play", "next", "key", "key_all", "auto_key"):
            button = QToolButton(self)
            button.setDefaultAction(actions[f"animate.{name}"])
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            self._buttons.addWidget(button)

    def show_figures(self, figures: Figures) -> None:
        """Say how well it plays."""
        dropped = f"{figures.dropped:,} dropped" if figures.dropped else "none dropped"
        parts = [f"{figures.fps:.1f} of {figures.wanted_fps:g} fps", dropped]
        if figures.interval_ms:
            parts.append(f"{figures.interval_ms:.0f} ms, 95 % below {figures.late_ms:.0f}")
        self.figures.setText("  ·  ".join(parts))

    def show_unkeyed(self, titles: Sequence[str]) -> None:
        """Say what was changed here and is not kept."""
        text = f"Not keyed: {', '.join(titles)}" if titles else ""
        if text != self.notice.toolTip().partition("\n")[0]:
            self.notice.setText(text)
            self.notice.setToolTip(f"{text}\nK or the diamond of its track keeps it." if text else "")

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 4, 8, 4)
        row.setSpacing(6)
        row.addLayout(self._buttons)
        row.addSpacing(6)
        for text, field in (("Frame", self.position), ("of", self.length), ("at", self.rate)):
            label = QLabel(text, self)
            label.setProperty("role", "muted")
            label.setBuddy(field)
            row.addWidget(label)
            row.addWidget(field)
        row.addWidget(self.lasts)
        for button in (self.loop, self.seconds, self.fit):
            row.addWidget(button)
        row.addWidget(self.figures, 1)

    def _connect(self) -> None:
        self._document.changed.connect(self._on_document_changed)
        self._head.moved.connect(self._show_position)
        self._playback.changed.connect(self._on_playback_changed)
        self.position.valueChanged.connect(self._on_position_changed)
        self.length.editingFinished.connect(self._on_length_edited)
        self.rate.activated.connect(self._on_rate_activated)
        self.loop.clicked.connect(self._on_loop_clicked)
        self.seconds.clicked.connect(self._axis.set_in_seconds)
        self.fit.clicked.connect(self._axis.fit)
        menu = self.add_track.menu()
        if menu is not None:
            menu.aboutToShow.connect(self._fill_menu)

    def _show(self, state: Project) -> None:
        timeline = state.timeline
        for field, value in ((self.length, timeline.length), (self.position, self._head.position)):
            field.blockSignals(True)
            if field is self.position:
                field.setRange(0, timeline.length - 1)
            field.setValue(value)
            field.blockSignals(False)
        self.lasts.setText(f"{timeline.seconds:.1f} s")
        self.loop.setChecked(timeline.is_loop)
        place = self.rate.findData(timeline.fps)
        if place < 0:
            self.rate.addItem(f"{float(timeline.fps):g} fps", timeline.fps)
            place = self.rate.count() - 1
        self.rate.setCurrentIndex(place)

    def _show_position(self, position: int) -> None:
        self.position.blockSignals(True)
        self.position.setValue(position)
        self.position.blockSignals(False)

    def _fill_menu(self) -> None:
        """Offer everything that has no track yet."""
        menu = self.add_track.menu()
        if menu is None:
            return
        menu.clear()
        state = self._document.state
        known = {track.parameter for track in state.timeline.tracks}
        left = [one for one in list_choices(state, self._document.description) if one.name not in known]
        for choice in (one for one in left if not one.is_direction):
            self._offer(menu, choice)
        directions = [one for one in left if one.is_direction]
        if directions:
            menu.addSeparator()
        for start in range(0, len(directions), _SHOWN_DIRECTIONS):
            some = directions[start : start + _SHOWN_DIRECTIONS]
            is_long = len(directions) > _SHOWN_DIRECTIONS
            place = menu.addMenu(f"{some[0].title[:24]} – {some[-1].title[:24]}") if is_long else menu
            for choice in some:
                self._offer(place, choice)
        if not left:
            menu.addAction("Everything has a track").setEnabled(False)

    def _offer(self, menu: QMenu, choice: TrackChoice) -> None:
        action = menu.addAction(choice.title.replace("&", "&&"))
        action.setData(choice.name)
        action.triggered.connect(partial(self.track_wanted.emit, choice.name))

    def _on_document_changed(self, old: Project, new: Project) -> None:
        if old.timeline is not new.timeline:
            self._show(new)

    def _on_playback_changed(self) -> None:
        if self._playback.is_playing:
            self.figures.setText("")

    def _on_position_changed(self, position: int) -> None:
        self._playback.stop()
        self._head.go_to(position)

    def _on_length_edited(self) -> None:
        state = self._document.state
        if self.length.value() != state.timeline.length:
            self._document.apply("Length", timeline_edits.set_length(state, self.length.value()))

    def _on_rate_activated(self, index: int) -> None:
        rate = self.rate.itemData(index)
        self._document.apply("Rate", timeline_edits.set_fps(self._document.state, rate))

    def _on_loop_clicked(self, is_loop: bool) -> None:
        self._document.apply("Loop", timeline_edits.set_loop(self._document.state, is_loop))

    def _spin(self, name: str, limits: tuple[int, int], hint: str) -> QSpinBox:
        field = QSpinBox(self)
        field.setRange(*limits)
        field.setAccessibleName(name)
        field.setToolTip(hint)
        field.setKeyboardTracking(False)
        field.setFixedWidth(76)
        field.setAlignment(Qt.AlignmentFlag.AlignRight)
        guard_wheel(field)
        return field

    def _make_rate(self) -> QComboBox:
        rate = QComboBox(self)
        rate.setAccessibleName("Frames a second")
        rate.setToolTip(f"Frames a second, {FPS_RANGE[0]} to {FPS_RANGE[1]}")
        for text, value in RATES:
            rate.addItem(f"{text} fps", value)
        guard_wheel(rate)
        return rate

    def _toggle(self, text: str, hint: str) -> QToolButton:
        button = QToolButton(self)
        button.setText(text)
        button.setToolTip(hint)
        button.setCheckable(True)
        return button
