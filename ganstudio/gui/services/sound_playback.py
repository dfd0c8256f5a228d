"""Lets the sound of the timeline be heard while it plays, where something here can play sound."""

from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, QUrl, Signal

from ganstudio.gui.document import Document
from ganstudio.gui.services.play_head import PlayHead
from ganstudio.gui.services.playback import Playback

SILENT = "Not heard while it plays: that needs PySide6-Addons (pip install 'ganstudio[sound]'). All else works."


class Player(Protocol):
    """Something that plays a file."""

    def play(self, path: Path, seconds: float) -> None:
        """Play a file from a moment on."""

    def stop(self) -> None:
        """Be silent."""


def make_player(parent: QObject) -> Player | None:
    """The player that is there; None where QtMultimedia is not installed."""
    return _QtPlayer(parent) if find_spec("PySide6.QtMultimedia") is not None else None


class _QtPlayer:
    def __init__(self, parent: QObject) -> None:
        from PySide6.QtMultimedia import QAudioOutput, QMediaPlayer  # late, and only where it is installed

        self._player = QMediaPlayer(parent)
        self._player.setAudioOutput(QAudioOutput(parent))
        self._path: Path | None = None

    def play(self, path: Path, seconds: float) -> None:
        if path != self._path:
            self._path = path
            self._player.setSource(QUrl.fromLocalFile(str(path)))
        self._player.setPosition(round(seconds * 1000))
        self._player.play()

    def stop(self) -> None:
        self._player.stop()


class SoundPlayback(QObject):
    """Follows the playback of the timeline.

    Args:
        document: Names the file.
        playback: Says when it plays.
        head: Says where; going back is going round a loop.
        player: Plays; None looks for one when it is first needed.

    Signals:
        muted_changed(): `is_muted` is otherwise.
    """

    muted_changed = Signal()

    def __init__(
        self,
        document: Document,
        playback: Playback,
        head: PlayHead,
        parent: QObject | None = None,
        player: Player | None = None,
    ) -> None:
        super().__init__(parent)
        self._document, self._playback, self._head = document, playback, head
        self._player = player
        self._is_heard = False
        self._last = 0
        self.is_muted = False
        playback.changed.connect(self._on_playback_changed)
        head.moved.connect(self._on_head_moved)

    @property
    def can_be_heard(self) -> bool:
        """Whether something here plays sound."""
        return self._player is not None or find_spec("PySide6.QtMultimedia") is not None

    def set_muted(self, is_muted: bool) -> None:
        """Be silent, or not."""
        self.is_muted = is_muted
        self._on_playback_changed()
        self.muted_changed.emit()

    def begin_shutdown(self) -> None:
        """Be silent, because the window closes."""
        self._stop()

    def is_shut_down(self) -> bool:
        """Whether it is silent."""
        return not self._is_heard

    def _on_playback_changed(self) -> None:
        plays = self._playback.is_playing and not self._playback.is_endless
        if plays and not self.is_muted:
            self._play_from(self._head.position)
        else:
            self._stop()

    def _on_head_moved(self, position: int) -> None:
        if self._is_heard and position < self._last:
            self._play_from(position)
        self._last = position

    def _play_from(self, position: int) -> None:
        timeline = self._document.state.timeline
        path = Path(timeline.sound)
        if not timeline.sound or not path.is_file():
            self._stop()
            return
        if self._player is None:
            self._player = make_player(self)
        if self._player is not None:
            self._is_heard, self._last = True, position
            self._player.play(path, float(position / timeline.fps))

    def _stop(self) -> None:
        if self._is_heard and self._player is not None:
            self._player.stop()
        self._is_heard = False
