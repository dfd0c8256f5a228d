"""Sound: an audio file along the timeline, what was measured of it, and what it moves."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from ganstudio.animation.sound.clip import can_read
from ganstudio.animation.sound.drive import Drive, amount
from ganstudio.animation.sound.features import SOURCES
from ganstudio.errors import GanStudioError
from ganstudio.gui.document import Document
from ganstudio.gui.pages.drive_rows import DriveRows
from ganstudio.gui.services.play_head import PlayHead
from ganstudio.gui.services.sound_measuring import MeasuredSound, SoundMeasuring
from ganstudio.gui.services.sound_playback import SILENT, SoundPlayback
from ganstudio.gui.widgets.elided_label import ElidedLabel
from ganstudio.gui.widgets.time_axis import TimeAxis
from ganstudio.gui.widgets.waveform import Waveform
from ganstudio.project import timeline_edits
from ganstudio.project.state import Project
from ganstudio.project.track_list import TrackChoice, list_choices

_KINDS = "Sound (*.wav *.mp3 *.flac *.ogg *.opus *.m4a *.aac *.aiff *.mp4 *.mov *.mkv *.webm);;All files (*)"
_ABSENT = "Sound is switched off: it needs PyAV, which is not installed (pip install 'ganstudio[animate]')."
_NOTHING = "No sound yet. Choose an audio file or a film, or drop one here."
_NO_DRIVES = "Nothing is moved by the sound yet."
_METERS_MS = 40


class SoundPanel(QWidget):
    """Left the sound, right what it moves.

    Args:
        document: Holds both.
        measuring: Measures the sound.
        head: Where the timeline is looked at.
        listening: Lets it be heard.
    """

    def __init__(
        self,
        *,
        document: Document,
        measuring: SoundMeasuring,
        head: PlayHead,
        listening: SoundPlayback,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self.setAcceptDrops(True)
        self._document, self._measuring, self._head, self._listening = document, measuring, head, listening
        self._drawn: MeasuredSound | None = None
        self.name, self.facts = ElidedLabel(self), QLabel(self, wordWrap=True)
        self.problem, self.silent = QLabel(self, wordWrap=True), QLabel(SILENT, self, wordWrap=True)
        for label, role in ((self.name, "heading"), (self.facts, "muted"), (self.problem, "danger"),
                            (self.silent, "muted")):  # fmt: skip
            label.setProperty("role", role)
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.choose = self._make_button("Choose…", "An audio file, or a film with sound", self.ask_file)
        self.take_away = self._make_button("Remove", "The animation without a sound", lambda: self.set_file(None))
        self.fit = self._make_button("Fit Animation", "Make the animation as long as the sound", self._fit_length)
        self.mute = self._make_button("Mute", "Not heard while it plays; it moves what it moves", self._on_mute_clicked)
        self.mute.setCheckable(True)
        self.bar = QProgressBar(self, textVisible=False)
        self.bar.setRange(0, 1000)
        self.axis = TimeAxis(self)
        self.axis.set_in_seconds(True)
        self.wave = Waveform(self.axis, self)
        self.drives = DriveRows(SOURCES, _NO_DRIVES, self)
        self._meters = QTimer(self, singleShot=True, interval=_METERS_MS)
        self._meters.timeout.connect(self._show_meters)
        self._lay_out()
        self._connect()
        self.show_state()

    def ask_file(self) -> None:
        """Ask for an audio file."""
        known = self._document.state.timeline.sound
        path, _kind = QFileDialog.getOpenFileName(self, "Sound", known, _KINDS)
        if path:
            self.set_file(Path(path))

    def set_file(self, path: Path | None) -> None:
        """Take an audio file, or none; chosen again it is looked at again."""
        text = "" if path is None else str(path)
        if text and text == self._document.state.timeline.sound:
            self._measuring.look_again()
        self._apply("Sound", lambda state: timeline_edits.set_sound(state, text))

    def show_state(self) -> None:
        """Show the sound, how far its measuring is, and what it moves."""
        timeline, measuring = self._document.state.timeline, self._measuring
        sound = measuring.sound
        self.name.setText(Path(timeline.sound).name if timeline.sound else "")
        self.name.setToolTip(timeline.sound)
        self.facts.setText(self._say_facts(sound))
        self.problem.setText(measuring.problem if can_read() else _ABSENT)
        self.problem.setVisible(bool(measuring.problem) or not can_read())
        self.choose.setText("Choose Again…" if measuring.problem else "Choose…")
        for widget in (self.take_away, self.mute):
            widget.setVisible(bool(timeline.sound))
        self.mute.setVisible(bool(timeline.sound) and self._listening.can_be_heard)
        self.silent.setVisible(bool(timeline.sound) and not self._listening.can_be_heard)
        self.mute.setChecked(self._listening.is_muted)
        self.fit.setVisible(sound is not None)
        self.bar.setVisible(measuring.progress is not None)
        self.bar.setValue(round(1000 * (measuring.progress or 0.0)))
        self._show_wave(sound)
        self._show_drives()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: D102, N802 - Qt's name
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: D102, N802 - Qt's name
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self.set_file(paths[0])

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.name, 1)
        for button in (self.mute, self.fit, self.take_away, self.choose):
            head.addWidget(button)
        left = QVBoxLayout()
        left.setSpacing(6)
        left.addLayout(head)
        for widget in (self.facts, self.problem, self.bar):
            left.addWidget(widget)
        left.addWidget(self.wave, 1)
        left.addWidget(self.silent)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 12, 8)
        row.setSpacing(16)
        row.addLayout(left, 1)
        row.addWidget(self.drives, 1)
        self.drives.setMinimumWidth(500)

    def _connect(self) -> None:
        self._measuring.changed.connect(self.show_state)
        self._document.changed.connect(self._on_document_changed)
        self._document.model_changed.connect(self._show_drives)
        self._listening.muted_changed.connect(self.show_state)
        self._head.moved.connect(self._on_head_moved)
        self.wave.sought.connect(self._head.go_to)
        self.drives.edited.connect(self._on_drives_edited)

    def _make_button(self, text: str, tip: str, run: Callable[[], object]) -> QPushButton:
        button = QPushButton(text, self)
        button.setToolTip(tip)
        button.clicked.connect(lambda _checked=False: run())
        return button

    def _say_facts(self, sound: MeasuredSound | None) -> str:
        timeline = self._document.state.timeline
        if not timeline.sound:
            return _NOTHING
        if sound is None:
            return "" if self._measuring.progress is None else "Reading and measuring…"
        tempo, beats, onsets = sound.features.tempo, len(sound.features.beats), len(sound.features.onsets)
        beat = f"{tempo:.0f} beats a minute" if tempo else "no beat found"
        parts = [_say_time(sound.seconds), beat, f"{beats:,} beats, {onsets:,} onsets"]
        difference = sound.seconds - timeline.seconds
        if abs(difference) < float(1 / timeline.fps):
            parts.append("as long as the animation")
        elif difference > 0:
            parts.append(f"the animation ends {_say_time(difference)} before it")
        else:
            parts.append(f"it ends {_say_time(-difference)} before the animation, and moves nothing from there on")
        return ", ".join(parts)

    def _show_wave(self, sound: MeasuredSound | None) -> None:
        timeline = self._document.state.timeline
        frames = round(sound.seconds * timeline.fps) if sound is not None else 0
        is_other, self._drawn = sound is not self._drawn, sound
        self.axis.set_time(max(timeline.length, frames), float(timeline.fps))
        self.wave.setVisible(bool(timeline.sound))
        self.wave.show_end(timeline.length)
        self.wave.show_position(self._head.position)
        if is_other and sound is not None:
            self.wave.show_sound(sound.wave, sound.seconds, sound.features.beats, sound.features.onsets)
            self.axis.fit()
        elif is_other:
            self.wave.show_sound(np.zeros((0, 2), np.float32), 0.0, (), ())

    def _show_drives(self, *_what: object) -> None:
        state = self._document.state
        choices = list_choices(state, self._document.description)
        numbers: tuple[TrackChoice, ...] = tuple(choice for choice in choices if choice.limits is not None)
        self.drives.show_drives(state.timeline.drives, numbers)
        self.drives.setVisible(bool(state.timeline.sound or state.timeline.drives))
        self._plan_meters()

    def _plan_meters(self) -> None:
        if not self._meters.isActive() and self.isVisible():
            self._meters.start()

    def _show_meters(self) -> None:
        sound, timeline = self._measuring.sound, self._document.state.timeline
        for row in self.drives.rows:
            now = None
            if sound is not None and not row.drive.is_muted:
                now = amount(row.drive, sound.features, self._head.position, float(timeline.fps))
            row.show_amount(now)

    def _fit_length(self) -> None:
        sound = self._measuring.sound
        if sound is not None:
            frames = max(1, round(sound.seconds * self._document.state.timeline.fps))
            self._apply("Length", lambda state: timeline_edits.set_length(state, frames))

    def _apply(self, text: str, edit: Callable[[Project], Project], merge_key: str | None = None) -> None:
        try:
            state = edit(self._document.state)
        except GanStudioError as error:
            self.drives.show_trouble(error)
            return
        self._document.apply(text, state, merge_key=merge_key)

    def _on_drives_edited(self, drives: tuple[Drive, ...], text: str, key: str) -> None:
        self._apply(text, lambda state: timeline_edits.set_drives(state, drives), key or None)

    def _on_mute_clicked(self) -> None:
        self._listening.set_muted(not self._listening.is_muted)

    def _on_head_moved(self, position: int) -> None:
        if self.isVisible():
            self.wave.show_position(position)
            self._plan_meters()

    def _on_document_changed(self, old: Project, new: Project) -> None:
        fields = ("timeline", "directions", "sliders")
        if any(getattr(old, name) is not getattr(new, name) for name in fields):
            self.show_state()
        elif (old.look.mix is None) != (new.look.mix is None):
            self._show_drives()


def _say_time(seconds: float) -> str:
    minutes, rest = divmod(seconds, 60)
    return f"{minutes:.0f}:{rest:04.1f}" if minutes else f"{rest:.1f} s"
