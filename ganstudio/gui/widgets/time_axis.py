"""Which frames a timeline shows, and where: shared by its ruler and its rows."""

import math

from PySide6.QtCore import QObject, Signal

LEAST_SCALE, MOST_SCALE = 0.001, 64.0  # pixels a frame
_MARGIN = 12.0  # left of the first frame and right of the last, so that keys on them are seen whole
_STEPS = (1, 2, 5)
_LEAST_GAP = 56.0  # between two labels
_NEARER_KEEP = 0.1  # of the width: how far from the edge the play head is kept while it plays


class TimeAxis(QObject):
    """The stretch of time that is seen.

    Signals:
        changed(): Frames are somewhere else now.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.length = 120
        self.fps = 30.0
        self.in_seconds = False
        self._width = 600.0
        self._scale = 5.0
        self._start = 0.0
        self._fits = True

    @property
    def scale(self) -> float:
        """Pixels a frame."""
        return self._scale

    @property
    def width(self) -> float:
        """Pixels that are seen."""
        return self._width

    def x_of(self, frame: float) -> float:
        """Where a frame is."""
        return _MARGIN + (frame - self._start) * self._scale

    def frame_at(self, x: float) -> float:
        """The frame, or in between, at a place."""
        return self._start + (x - _MARGIN) / self._scale

    def seen(self) -> tuple[float, float]:
        """The first and the last frame that is seen."""
        return self.frame_at(0), self.frame_at(self._width)

    def set_width(self, width: float) -> None:
        """Use so many pixels."""
        if width != self._width and width > 0:
            self._width = width
            if self._fits:
                self.fit()
            else:
                self.changed.emit()

    def set_time(self, length: int, fps: float) -> None:
        """Show an animation of so many frames, at so many a second."""
        if (length, fps) != (self.length, self.fps):
            self.length, self.fps = length, fps
            if self._fits:
                self.fit()
            self.changed.emit()

    def set_in_seconds(self, in_seconds: bool) -> None:
        """Count in seconds, or in frames."""
        if in_seconds != self.in_seconds:
            self.in_seconds = in_seconds
            self.changed.emit()

    def fit(self) -> None:
        """Show the whole animation."""
        self._fits = True
        self._start = 0.0
        self._scale = self._limited(max(self._width - 2 * _MARGIN, 1.0) / max(self.length - 1, 1))
        self.changed.emit()

    def zoom(self, factor: float, x: float) -> None:
        """Magnify; what is at `x` stays there."""
        frame = self.frame_at(x)
        self._fits = False
        self._scale = self._limited(self._scale * factor)
        self._start = frame - (x - _MARGIN) / self._scale
        self._keep_in_sight()

    def pan(self, pixels: float) -> None:
        """Move what is seen to the right by so many pixels."""
        self._fits = False
        self._start -= pixels / self._scale
        self._keep_in_sight()

    def follow(self, frame: float) -> None:
        """See to it that a frame is seen."""
        x, edge = self.x_of(frame), self._width * _NEARER_KEEP
        if not 0 <= x <= self._width:
            self._start = frame - (edge - _MARGIN) / self._scale
            self._keep_in_sight()

    def ticks(self) -> list[tuple[float, str]]:
        """Frames with a label: their places and what stands there."""
        unit = self.fps if self.in_seconds else 1.0
        step = self._step(unit)
        first, last = self.seen()
        places = range(max(0, math.floor(first / step)), math.floor(min(last, self.length - 1) / step) + 1)
        return [(place * step, self.say(place * step)) for place in places]

    def say(self, frame: float) -> str:
        """A frame in the unit that is counted in."""
        if not self.in_seconds:
            return f"{frame:.0f}"
        seconds = frame / self.fps
        minutes, rest = divmod(seconds, 60)
        text = f"{rest:.2f}".rstrip("0").rstrip(".")
        return f"{minutes:.0f}:{rest:04.1f}" if minutes else f"{text} s"

    def _step(self, unit: float) -> float:
        """Frames from label to label."""
        power = 1.0 if not self.in_seconds else 0.1
        while True:
            for step in _STEPS:
                if step * power * unit * self._scale >= _LEAST_GAP:
                    return step * power * unit
            power *= 10

    def _limited(self, scale: float) -> float:
        whole = max(self._width - 2 * _MARGIN, 1.0) / max(self.length - 1, 1)
        return min(max(scale, LEAST_SCALE, whole / 4), MOST_SCALE)

    def _keep_in_sight(self) -> None:
        seen = self._width / self._scale
        self._start = min(max(self._start, -seen / 2), self.length - seen / 4)
        self.changed.emit()
