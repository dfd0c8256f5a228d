"""A sound as it is heard in time: its waveform, beats and onsets, the play head, and where the animation ends."""

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPalette, QPen, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ganstudio.gui.widgets.time_axis import TimeAxis

_HEIGHT = 72
_BEAT_HEIGHT, _ONSET_HEIGHT = 12, 6
_CLOSEST = 4.0  # pixels between two marks, nearer ones are not drawn
_ZOOM = 1.25

Wave = npt.NDArray[np.float32]


class Waveform(QWidget):
    """Draws of a sound what the axis shows; the wheel zooms, with Shift it moves, a press goes to a moment.

    Args:
        axis: Which frames are seen, and where.

    Signals:
        sought(frame): The person points at a moment.
    """

    sought = Signal(int)

    def __init__(self, axis: TimeAxis, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.axis = axis
        self._wave: Wave = np.zeros((0, 2), np.float32)
        self._seconds = 0.0
        self._beats, self._onsets = np.zeros(0), np.zeros(0)
        self._position, self._end = 0.0, 0.0
        self.setMinimumHeight(40)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setAccessibleName("Waveform of the sound")
        axis.changed.connect(self.update)

    def sizeHint(self) -> QSize:  # noqa: D102, N802 - Qt's name
        return QSize(400, _HEIGHT)

    def show_sound(self, wave: Wave, seconds: float, beats: tuple[float, ...], onsets: tuple[float, ...]) -> None:
        """Show a sound.

        Args:
            wave: Lowest and highest sample of equal pieces `(columns, 2)`; none for no sound.
            seconds: How long they are together.
            beats: Seconds at which beats are.
            onsets: Seconds at which something begins to sound.
        """
        self._wave, self._seconds = wave, seconds
        self._beats, self._onsets = np.asarray(beats, np.float64), np.asarray(onsets, np.float64)
        self.setAccessibleDescription(f"{seconds:.1f} seconds, {len(beats)} beats, {len(onsets)} onsets")
        self.update()

    def show_position(self, frame: float) -> None:
        """Show where the play head is."""
        self._position = frame
        self.update()

    def show_end(self, frame: float) -> None:
        """Show where the animation ends; what is heard beyond is dimmed."""
        self._end = frame
        self.update()

    def columns(self) -> Wave:
        """Lowest and highest sample under each pixel across, NaN where nothing sounds `(width, 2)`."""
        width = max(1, self.width())
        found = np.full((width, 2), np.nan, np.float32)
        count = len(self._wave)
        if not count or self._seconds <= 0:
            return found
        a_second = count / self._seconds
        first, last = (self.axis.frame_at(x) / self.axis.fps * a_second for x in (0, width))
        edges = np.linspace(first, last, width + 1)
        starts = np.floor(edges[:-1]).astype(np.int64)
        ends = np.maximum(np.ceil(edges[1:]).astype(np.int64), starts + 1)
        sounds = (ends > 0) & (starts < count)
        if not sounds.any():
            return found
        starts, ends = starts[sounds].clip(0, count - 1), ends[sounds].clip(1, count)
        found[sounds, 0] = _reduced(np.minimum, self._wave[:, 0], starts, ends)
        found[sounds, 1] = _reduced(np.maximum, self._wave[:, 1], starts, ends)
        return found

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, D102, N802 - Qt's name
        painter = QPainter(self)
        palette = self.palette()
        painter.fillRect(self.rect(), palette.color(QPalette.ColorRole.Base))
        self._paint_wave(painter)
        accent, text = palette.color(QPalette.ColorRole.Accent), palette.color(QPalette.ColorRole.WindowText)
        painter.setPen(QPen(palette.color(QPalette.ColorRole.PlaceholderText), 1))
        self._paint_marks(painter, self._onsets, self.height() - _ONSET_HEIGHT, self.height())
        painter.setPen(QPen(accent, 1))
        self._paint_marks(painter, self._beats, 0, _BEAT_HEIGHT)
        end = self.axis.x_of(self._end)
        if self._end > 0 and end < self.width():
            beyond = palette.color(QPalette.ColorRole.Window)
            beyond.setAlpha(190)
            painter.fillRect(QRectF(end, 0, self.width() - end, self.height()), beyond)
        painter.setPen(QPen(text, 1))
        x = round(self.axis.x_of(self._position)) + 0.5
        painter.drawLine(QPointF(x, 0), QPointF(x, self.height()))
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: D102, N802 - Qt's name
        super().resizeEvent(event)
        self.axis.set_width(float(self.width()))

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: D102, N802 - Qt's name
        if event.button() == Qt.MouseButton.LeftButton:
            self._seek(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: D102, N802 - Qt's name
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._seek(event)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: D102, N802 - Qt's name
        turned = event.angleDelta()
        steps = (turned.y() or turned.x()) / 120
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.axis.pan(-steps * self.width() / 8)
        else:
            self.axis.zoom(_ZOOM**steps, event.position().x())
        event.accept()

    def _seek(self, event: QMouseEvent) -> None:
        self.sought.emit(max(0, round(self.axis.frame_at(event.position().x()))))

    def _paint_wave(self, painter: QPainter) -> None:
        columns = self.columns()
        middle, half = self.height() / 2, self.height() / 2 - 2
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Mid), 1))
        painter.drawLine(QPointF(0, middle), QPointF(self.width(), middle))
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.PlaceholderText), 1))
        for x in np.flatnonzero(~np.isnan(columns[:, 0])):
            low, high = columns[x]
            painter.drawLine(QPointF(x + 0.5, middle - high * half), QPointF(x + 0.5, middle - low * half))

    def _paint_marks(self, painter: QPainter, seconds: npt.NDArray[np.float64], top: float, bottom: float) -> None:
        """Draw marks as far apart as they can be told."""
        first, last = (frame / self.axis.fps for frame in self.axis.seen())
        seen = seconds[(seconds >= first) & (seconds <= last)]
        drawn = -_CLOSEST
        for second in seen[:: max(1, len(seen) // max(1, self.width()))]:
            x = self.axis.x_of(float(second) * self.axis.fps)
            if x - drawn >= _CLOSEST:
                painter.drawLine(QPointF(x, top), QPointF(x, bottom))
                drawn = x


def _reduced(reduce: np.ufunc, samples: Wave, starts: npt.NDArray[np.int64], ends: npt.NDArray[np.int64]) -> Wave:
    """The lowest or highest of pieces that may overlap by a sample."""
    pairs = np.stack([starts, np.minimum(ends, len(samples) - 1)], 1).ravel()
    reduced: Wave = reduce.reduceat(samples, pairs)[::2]
    return reduced
