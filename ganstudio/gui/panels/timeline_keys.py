"""What is done with the selected keys of the timeline: dragged, copied, pasted, stretched, eased, taken away."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from PySide6.QtCore import QObject

from ganstudio.animation.easing import Easing
from ganstudio.animation.timeline import Key
from ganstudio.errors import GanStudioError
from ganstudio.gui.document import Document
from ganstudio.gui.services.play_head import PlayHead
from ganstudio.gui.widgets.key_painting import Place
from ganstudio.gui.widgets.key_rows import KeyRows
from ganstudio.project import timeline_edits
from ganstudio.project.state import Project


class TimelineKeys(QObject):
    """Edits the keys that are selected in the rows.

    Args:
        document: Holds them.
        head: Where copies go.
        rows: Where they are selected and dragged.
    """

    def __init__(self, document: Document, head: PlayHead, rows: KeyRows) -> None:
        super().__init__(rows)
        self._document, self._head, self._rows = document, head, rows
        self._clipboard: tuple[tuple[str, Key], ...] = ()
        self._before_drag: Project = document.state
        self._drag_key = ""
        rows.begun.connect(self._on_drag_begun)
        rows.moved.connect(self._on_keys_moved)
        rows.stretched.connect(self._on_keys_stretched)
        rows.wanted.connect(self.do)

    @property
    def can_paste(self) -> bool:
        """Whether keys were copied."""
        return bool(self._clipboard)

    def do(self, what: str) -> None:
        """Delete, copy, cut, paste or duplicate."""
        {
            "delete": self._delete,
            "copy": self._copy,
            "cut": self._cut,
            "paste": self._paste,
            "duplicate": self._duplicate,
        }[what]()

    def set_easing(self, places: Iterable[Place], easing: Easing, merge_key: str) -> None:
        """Let values go on from keys in this way."""
        chosen = frozenset(places)
        self.apply("Easing", lambda: timeline_edits.set_easing(self._document.state, chosen, easing), merge_key or None)

    def stretch(self, places: frozenset[Place], factor: float) -> None:
        """Put keys so many times as far apart."""
        start = min((frame for _, frame in places), default=0)
        if self.apply("Stretch Keys", lambda: timeline_edits.stretch_keys(self._document.state, places, factor)):
            self._rows.select((name, start + round((frame - start) * factor)) for name, frame in places)

    def apply(self, text: str, make: Callable[[], Project], merge_key: str | None = None) -> bool:
        """Apply an edit; one that cannot be is told, and returns False."""
        try:
            self._document.apply(text, make(), merge_key=merge_key)
        except GanStudioError as error:
            self._document.failed.emit(error)
            return False
        return True

    def _on_drag_begun(self) -> None:
        self._before_drag = self._document.state
        self._drag_key = self._document.new_gesture("keys")

    def _on_keys_moved(self, places: frozenset[Place], frames: int) -> None:
        self.apply("Move Keys", lambda: timeline_edits.shift_keys(self._dragged(), places, frames), self._drag_key)

    def _on_keys_stretched(self, places: frozenset[Place], factor: float) -> None:
        self.apply("Stretch Keys", lambda: timeline_edits.stretch_keys(self._dragged(), places, factor), self._drag_key)

    def _dragged(self) -> Project:
        """The project as it is now, with the tracks as they were when the drag began."""
        timeline = replace(self._document.state.timeline, tracks=self._before_drag.timeline.tracks)
        return timeline_edits.set_timeline(self._document.state, timeline)

    def _delete(self) -> None:
        places = self._rows.selection
        if places:
            self.apply("Delete Keys", lambda: timeline_edits.remove_keys(self._document.state, places))

    def _copy(self) -> None:
        self._clipboard = self._selected() or self._clipboard

    def _cut(self) -> None:
        self._copy()
        self._delete()

    def _paste(self) -> None:
        if self._clipboard:
            self._put("Paste Keys", self._clipboard, self._head.position)

    def _duplicate(self) -> None:
        """Put copies right after the selected keys, or at the play head where that stands beyond them."""
        keys = self._selected()
        if keys:
            frames = sorted({key.frame for _, key in keys})
            step = max(1, (frames[-1] - frames[0]) // max(1, len(frames) - 1))
            position = self._head.position
            self._put("Duplicate Keys", keys, position if position > frames[-1] else frames[-1] + step)

    def _put(self, text: str, keys: tuple[tuple[str, Key], ...], frame: int) -> None:
        start = min(key.frame for _, key in keys)
        if self.apply(text, lambda: timeline_edits.paste_keys(self._document.state, keys, frame)):
            self._rows.select((name, key.frame - start + frame) for name, key in keys)

    def _selected(self) -> tuple[tuple[str, Key], ...]:
        return tuple(
            (track.parameter, key)
            for track in self._document.state.timeline.tracks
            for key in track.keys
            if (track.parameter, key.frame) in self._rows.selection
        )
