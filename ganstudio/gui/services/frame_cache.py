"""The frames of the timeline that are drawn already, and drawing those that are missing while nothing else is to do.

A picture is kept by what it depends on: the model's file, the whole look, and the directions that it names. So nothing
has to be thrown away when the timeline changes, a frame that is as it was before is found again, and none that is
otherwise ever is.
"""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Signal

from ganstudio.animation.frames import frame_at
from ganstudio.animation.parameters import Frame
from ganstudio.gui.document import Document
from ganstudio.gui.services.play_head import PlayHead
from ganstudio.gui.services.rendering_service import RenderingService
from ganstudio.project.state import Project
from ganstudio.rendering.looks.look import Look
from ganstudio.rendering.looks.own_direction import OwnDirection
from ganstudio.rendering.request import Rendered, RenderRequest

_KEPT_BYTES = 256 << 20
_MOST_FILLED = 5000  # frames; of a longer animation those after the play head
_RESOLVED_AT_ONCE = 12
_RESOLVE_MS, _SETTLE_MS, _TELL_MS = 8, 120, 100
_LEAST_PX = 64

Wanted = tuple[str, Look, tuple[OwnDirection, ...]]


class FrameCache(QObject):
    """Pictures of frames.

    Args:
        document: Holds the timeline.
        rendering: Draws them.
        head: Where to begin.

    Signals:
        changed(): Other frames are drawn than before.
    """

    changed = Signal()

    def __init__(
        self, document: Document, rendering: RenderingService, head: PlayHead, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._document, self._rendering, self._head = document, rendering, head
        self._kept: OrderedDict[Wanted, Rendered] = OrderedDict()
        self._bytes = 0
        self._frames: dict[int, Frame] = {}
        self._is_paused = False
        self._resolving = QTimer(self, singleShot=True)
        self._resolving.timeout.connect(self._resolve)
        self._telling = QTimer(self, singleShot=True, interval=_TELL_MS)
        self._telling.timeout.connect(self.changed)
        document.changed.connect(self._on_document_changed)
        head.changed.connect(self._on_head_changed)
        head.sound_changed.connect(self._start_anew)
        rendering.frames_ready.connect(self.keep)
        rendering.picture_ready.connect(self.keep)
        rendering.forgot.connect(self._forget)

    def frame(self, position: int) -> Frame:
        """The frame of the timeline at a position."""
        if position not in self._frames:
            state = self._document.state
            self._frames[position] = frame_at(state.timeline, state.look, position, self._head.sound)
        return self._frames[position]

    def find(self, look: Look) -> Rendered | None:
        """The picture of a look with the open model, as it would be drawn now; None where it has not been."""
        wanted = self._wanted(look)
        found = self._kept.get(wanted)
        if found is not None:
            self._kept.move_to_end(wanted)
        return found

    def request_of(self, looks: Iterable[Look], size_px: int | None = None) -> RenderRequest:
        """What asks for these, at the size that they are kept in."""
        chosen, state = tuple(looks), self._document.state
        size = self.size_px if size_px is None else size_px
        return RenderRequest(state.checkpoint or "", chosen, 1, size, state.directions_of(chosen))

    @property
    def size_px(self) -> int:
        """Height and width of what is kept: as large as all frames find room; 0 for their own."""
        description = self._document.description
        if description is None:
            return 0
        size = full = description.spec.resolution
        count = min(self._document.state.timeline.length, _MOST_FILLED)
        while size > _LEAST_PX and 4 * size * size * count > _KEPT_BYTES:
            size //= 2
        return 0 if size == full else size

    def stretches(self) -> list[tuple[int, int]]:
        """Which frames of the timeline are drawn: the first and the last of each stretch."""
        found: list[tuple[int, int]] = []
        for position in sorted(self._frames):
            if self._wanted(self._frames[position].look) not in self._kept:
                continue
            if found and found[-1][1] == position - 1:
                found[-1] = (found[-1][0], position)
            else:
                found.append((position, position))
        return found

    def pause(self, is_paused: bool) -> None:
        """Fill nothing while an animation plays."""
        self._is_paused = is_paused
        if is_paused:
            self._resolving.stop()
        else:
            self._begin()

    def keep(self, rendered: Rendered) -> None:
        """Take pictures in, as far as they are whole, or the finest there are."""
        if not self._head.is_active:
            return
        for place, pixels in zip(rendered.places, rendered.pixels, strict=True):
            look = rendered.request.looks[place]
            named = tuple(one for one in rendered.request.directions if one.name in look.directions)
            wanted: Wanted = (rendered.request.checkpoint_path, look, named)
            known = self._kept.get(wanted)
            if known is not None and known.pixels.shape[1] >= pixels.shape[0]:
                continue
            if rendered.is_coarse and not self._is_paused:
                continue  # a finer one follows at once
            request = replace(rendered.request, looks=(look,), directions=wanted[2])
            self._put(wanted, replace(rendered, request=request, pixels=pixels[None], places=(0,)))
        if not self._telling.isActive():
            self._telling.start()

    def _put(self, wanted: Wanted, rendered: Rendered) -> None:
        old = self._kept.pop(wanted, None)
        self._bytes += _bytes_of(rendered) - (0 if old is None else _bytes_of(old))
        self._kept[wanted] = rendered
        while self._bytes > _KEPT_BYTES and len(self._kept) > 1:
            _key, gone = self._kept.popitem(last=False)
            self._bytes -= _bytes_of(gone)

    def _wanted(self, look: Look) -> Wanted:
        state = self._document.state
        return (state.checkpoint or "", look, state.directions_of((look,)))

    def _on_document_changed(self, old: Project, new: Project) -> None:
        names = ("timeline", "look", "checkpoint", "directions")
        if any(getattr(old, name) is not getattr(new, name) for name in names):
            self._start_anew()

    def _start_anew(self) -> None:
        """Learn what the frames are, for something that they depend on has changed."""
        self._frames.clear()
        self._begin(_SETTLE_MS)
        if not self._telling.isActive():
            self._telling.start()

    def _on_head_changed(self) -> None:
        if self._head.is_active and not self._resolving.isActive() and not self._is_paused and not self._frames:
            self._begin()
        elif not self._head.is_active:
            self._resolving.stop()
            self._rendering.fill_frames(None)

    def _begin(self, delay_ms: int = _RESOLVE_MS) -> None:
        moves = not self._document.state.timeline.is_still
        if self._head.is_active and moves and not self._is_paused:
            self._resolving.start(delay_ms)

    def _resolve(self) -> None:
        """Learn of some more frames what they are; then let those be drawn that are missing."""
        todo = [position for position in self._order() if position not in self._frames][:_RESOLVED_AT_ONCE]
        for position in todo:
            self.frame(position)
        if todo:
            self._resolving.start(_RESOLVE_MS)
        else:
            self._rendering.fill_frames(self._fill)
            self._telling.start()

    def _order(self) -> list[int]:
        length = self._document.state.timeline.length
        start = min(self._head.position, length - 1)
        return [(start + step) % length for step in range(min(length, _MOST_FILLED))]

    def _fill(self, count: int) -> RenderRequest | None:
        if not self._head.is_active or self._is_paused:
            return None
        size = self.size_px or 1 << 20
        looks: dict[Look, None] = {}
        for position in self._order():
            frame = self._frames.get(position)
            if frame is None:
                continue
            kept = self._kept.get(self._wanted(frame.look))
            if kept is None or (kept.is_coarse and kept.pixels.shape[1] < size):
                looks[frame.look] = None
                if len(looks) >= count:
                    break
        return self.request_of(looks) if looks else None

    def _forget(self, path: str) -> None:
        for wanted in [wanted for wanted in self._kept if wanted[0] == path]:
            self._bytes -= _bytes_of(self._kept.pop(wanted))
        self.changed.emit()
        self._begin(_SETTLE_MS)


def _bytes_of(rendered: Rendered) -> int:
    """What a picture takes: colours are kept in the screen's form, four bytes a pixel."""
    height, width, channels = rendered.pixels.shape[1:]
    return int(height * width * (4 if channels == 3 else channels))
