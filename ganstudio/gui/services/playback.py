"""Plays an animation by the clock: the frame that is due is shown, those that come too late are dropped."""

import math
import statistics
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from ganstudio.animation.parameters import Frame
from ganstudio.gui.document import Document
from ganstudio.gui.services.frame_cache import FrameCache
from ganstudio.gui.services.play_head import PlayHead
from ganstudio.gui.services.rendering_service import RenderingService
from ganstudio.project.state import Project
from ganstudio.rendering.looks.look import Look
from ganstudio.rendering.request import Rendered

_AHEAD = 8  # frames that are drawn before they are due
_MEASURED_S = 2.0
_TELL_S = 0.5
_SMOOTHING = 0.2  # of the time that a picture takes


@dataclass(frozen=True)
class Figures:
    """How well it plays.

    Attributes:
        wanted_fps: Frames a second as they should be.
        fps: As they were shown in the last two seconds.
        dropped: Frames since it began that were never shown.
        shown: Frames since it began that were.
        interval_ms: From frame to frame, in the middle (50 %) ...
        late_ms: ... and what 95 % of them keep below.
    """

    wanted_fps: float
    fps: float
    dropped: int
    shown: int
    interval_ms: float
    late_ms: float


FrameSource = Callable[[int], Frame]


class Playback(QObject):
    """Plays the timeline, or any frames.

    Args:
        document: Holds the timeline.
        rendering: Draws what is not drawn yet.
        cache: Knows what is.
        head: Goes along.

    Signals:
        changed(): It began or ended.
        shown(rendered, frame): This picture is to be on the canvas now.
        measured(figures): How well it plays, twice a second and at the end.
    """

    changed = Signal()
    shown = Signal(object, object)
    measured = Signal(object)

    def __init__(
        self,
        document: Document,
        rendering: RenderingService,
        cache: FrameCache,
        head: PlayHead,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._document, self._rendering, self._cache, self._head = document, rendering, cache, head
        self.range: tuple[int, int] | None = None
        self._source: FrameSource | None = None
        self._fps = 30.0
        self._offset = 0
        self._started = 0.0
        self._last_shown = -1
        self._asked_last = -1
        self._has_part = False
        self._draw_ms = 10.0
        self._times: deque[float] = deque()
        self._count = 0
        self._told_at = 0.0
        self._is_running = False
        self._timer = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_timer_timeout)
        rendering.frames_ready.connect(self._on_frames_ready)
        rendering.frames_ended.connect(self._on_frames_ended)
        document.changed.connect(self._on_document_changed)

    @property
    def is_playing(self) -> bool:
        """Whether frames run."""
        return self._is_running

    @property
    def is_endless(self) -> bool:
        """Whether something else than the timeline plays."""
        return self._is_running and self._source is not None

    def toggle(self) -> None:
        """Play, or stop."""
        if self._is_running:
            self.stop()
        else:
            self.play()

    def play(self) -> None:
        """Play the timeline from the play head, from the beginning where it stands at the end."""
        timeline = self._document.state.timeline
        if timeline.is_still or self._document.state.checkpoint is None or self._is_running:
            return
        first, last = self.stretch
        position = self._head.position
        is_inside = first <= position < last or (timeline.is_loop and position == last)
        self._offset = position - first if is_inside else 0
        self._begin(None, float(timeline.fps))

    def play_endlessly(self, source: FrameSource, fps: float = 30.0) -> None:
        """Play frames that come from elsewhere, the first being number 0, until it is stopped."""
        self.stop()
        if self._document.state.checkpoint is not None:
            self._offset = 0
            self._begin(source, fps)

    def stop(self) -> None:
        """Stop where it is."""
        if not self._is_running:
            return
        self._is_running = False
        self._timer.stop()
        self._source = None
        self._cache.pause(False)
        self._rendering.set_playing(False)
        self.measured.emit(self.figures())
        self.changed.emit()

    @property
    def stretch(self) -> tuple[int, int]:
        """The first and the last frame that are played."""
        last = self._document.state.timeline.length - 1
        if self.range is None or self.range[0] >= last:
            return 0, last
        return self.range[0], min(self.range[1], last)

    def set_range(self, stretch: tuple[int, int] | None) -> None:
        """Play only these frames, the first and the last; None for all."""
        was_playing = self._is_running and self._source is None
        if was_playing:
            self.stop()
        self.range = stretch
        self.changed.emit()
        if was_playing:
            self.play()

    def figures(self) -> Figures:
        """How well it has played in the last two seconds."""
        times = list(self._times)
        gaps = sorted((after - before) * 1000 for before, after in pairwise(times))
        span = times[-1] - times[0] if len(times) > 1 else 0.0
        fps = (len(times) - 1) / span if span > 0 else 0.0
        middle = statistics.median(gaps) if gaps else 0.0
        late = gaps[min(len(gaps) - 1, math.ceil(0.95 * len(gaps)) - 1)] if gaps else 0.0
        dropped = max(0, self._last_shown + 1 - self._count)
        return Figures(self._fps, fps, dropped, self._count, middle, late)

    def _begin(self, source: FrameSource | None, fps: float) -> None:
        self._source, self._fps = source, fps
        self._is_running = True
        self._last_shown, self._asked_last, self._count = -1, -1, 0
        self._has_part = False
        self._times.clear()
        self._cache.pause(True)
        self._rendering.set_playing(True)
        self._started = self._told_at = time.perf_counter()
        self.changed.emit()
        self._on_timer_timeout()

    def _due(self) -> int:
        """The number of the frame that should be seen now, counted from the beginning."""
        return int((time.perf_counter() - self._started) * self._fps)

    def _on_timer_timeout(self) -> None:
        if not self._is_running:
            return
        due = self._due()
        if self._source is None and not self._document.state.timeline.is_loop and due > self._last_number():
            self._show_latest(self._last_number())
            self.stop()
            return
        self._show_latest(due)
        self._ask_ahead(due)
        left = (due + 1) / self._fps - (time.perf_counter() - self._started)
        self._timer.start(max(0, math.ceil(left * 1000)))

    def _last_number(self) -> int:
        first, last = self.stretch
        return last - first - self._offset

    def _position(self, number: int) -> int:
        first, last = self.stretch
        return first + (self._offset + number) % (last - first + 1)

    def _frame(self, number: int) -> Frame:
        return self._source(number) if self._source is not None else self._cache.frame(self._position(number))

    def _show_latest(self, due: int) -> None:
        """Show the newest frame that is due and drawn, unless it is seen already."""
        for number in range(due, max(self._last_shown, due - _AHEAD), -1):
            frame = self._frame(number)
            found = self._cache.find(frame.look)
            if found is not None:
                self._show(number, frame, found)
                return
        if self._source is None:
            self._head.go_to(self._position(due))  # time goes on where pictures do not

    def _show(self, number: int, frame: Frame, rendered: Rendered) -> None:
        now = time.perf_counter()
        self._last_shown = number
        self._count += 1
        self._times.append(now)
        while self._times and now - self._times[0] > _MEASURED_S:
            self._times.popleft()
        if self._source is None:
            self._head.go_to(self._position(number))
        self.shown.emit(rendered, frame)
        if now - self._told_at >= _TELL_S:
            self._told_at = now
            self.measured.emit(self.figures())

    def _ask_ahead(self, due: int) -> None:
        """Have those frames drawn that will be due when they are ready."""
        is_late = self._has_part and due > self._asked_last
        if self._rendering.awaits_frames and not is_late:
            return
        late = math.ceil(self._draw_ms * self._fps / 1000)
        at_once = max(1, int(1000 / self._fps / max(self._draw_ms, 0.1)))
        wanted: dict[Look, int] = {}
        for number in range(due + max(late - 1, 0), due + late + _AHEAD):
            if self._source is None and not self._document.state.timeline.is_loop and number > self._last_number():
                break
            look = self._frame(number).look
            if self._cache.find(look) is None:
                wanted.setdefault(look, number)
                if len(wanted) >= min(at_once, _AHEAD):
                    break
        if wanted:
            self._asked_last = max(wanted.values())
            self._has_part = False
            self._rendering.play_frames(self._cache.request_of(wanted))

    def _on_frames_ready(self, rendered: Rendered) -> None:
        if not self._is_running:
            return
        if not self._has_part:
            each = rendered.elapsed_ms / max(1, len(rendered.places))
            self._draw_ms += _SMOOTHING * (each - self._draw_ms)
        self._has_part = True
        due = self._due()
        if due > self._last_shown:
            self._show_latest(due)

    def _on_frames_ended(self) -> None:
        if self._is_running:
            self._ask_ahead(self._due())

    def _on_document_changed(self, old: Project, new: Project) -> None:
        if not self._is_running:
            return
        if new.checkpoint != old.checkpoint or (self._source is None and new.timeline.is_still):
            self.stop()
        elif new.timeline.fps != old.timeline.fps and self._source is None:
            self._begin_again()

    def _begin_again(self) -> None:
        """Go on from here at another rate."""
        self.stop()
        self.play()
