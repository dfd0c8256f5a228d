"""One value for each layer, as a row of bars that are painted over: left the coarse layers, right the fine ones."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ganstudio.gui.widgets.gestures import Gestures

_HEIGHT = 64
_GAP = 2.0
_INSET = 2.0
_STEP = 0.05
_MAGNET = 0.06  # of the whole height, at both ends


class LayerBars(QWidget):
    """Bars that follow the pointer: its height is the value of the layer it is over.

    Args:
        name: What the values are, for screen readers.
        highest: The value of a full bar; 0 is an empty one.

    Signals:
        edited(values, gesture): The person has changed some; steps of one gesture share its number.
        pointed(layer): The pointer is over another layer; -1 for none.
    """

    edited = Signal(object, int)
    pointed = Signal(int)

    def __init__(self, name: str, highest: float = 1.0, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._highest = highest
        self._values: tuple[float, ...] = ()
        self._gestures = Gestures()
        self._last: tuple[int, float] | None = None
        self._chosen = 0
        self._pointed = -1
        self.setAccessibleName(name)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(_HEIGHT)

    @property
    def values(self) -> tuple[float, ...]:
        """What is shown."""
        return self._values

    def set_values(self, values: tuple[float, ...]) -> None:
        """Show one value for each layer, without telling anybody."""
        if values != self._values:
            self._values = values
            self._chosen = min(self._chosen, max(0, len(values) - 1))
            self._describe()
            self.update()

    def begin_gesture(self) -> int:
        """Name a new gesture."""
        return self._gestures.begin()

    def sizeHint(self) -> QSize:  # noqa: D102, N802 - Qt's name
        return QSize(200, _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, D102, N802 - Qt's name
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette = self.palette()
        accent = palette.color(QPalette.ColorRole.Accent if self.isEnabled() else QPalette.ColorRole.PlaceholderText)
        ground = QColor(palette.color(QPalette.ColorRole.PlaceholderText))
        ground.setAlphaF(0.15)
        painter.setPen(Qt.PenStyle.NoPen)
        for layer, value in enumerate(self._values):
            place = self._place_of(layer)
            painter.setBrush(ground)
            painter.drawRoundedRect(place, 2, 2)
            height = place.height() * min(value / self._highest, 1.0)
            if height > 0:
                painter.setBrush(accent)
                painter.drawRoundedRect(place.adjusted(0, place.height() - height, 0, 0), 2, 2)
        if self.hasFocus() and self._values:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(palette.color(QPalette.ColorRole.WindowText), 1))
            painter.drawRoundedRect(self._place_of(self._chosen).adjusted(-1, 0.5, 1, -0.5), 2, 2)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: D102, N802 - Qt's name
        if event.button() == Qt.MouseButton.LeftButton and self._values:
            self.begin_gesture()
            self._last = None
            self._paint_to(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: D102, N802 - Qt's name
        if event.buttons() & Qt.MouseButton.LeftButton and self._values:
            self._paint_to(event.position())
        self._point_at(self._layer_at(event.position().x()) if self._values else -1)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: ARG002, D102, N802 - Qt's name
        self._last = None

    def leaveEvent(self, event: object) -> None:  # noqa: ARG002, D102, N802 - Qt's name
        self._point_at(-1)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: D102, N802 - Qt's name
        super().focusInEvent(event)
        self._describe()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: D102, N802 - Qt's name
        key = Qt.Key(event.key())
        sideways = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        steps = {Qt.Key.Key_Up: _STEP, Qt.Key.Key_Down: -_STEP}
        ends = {Qt.Key.Key_Home: 0.0, Qt.Key.Key_Delete: 0.0, Qt.Key.Key_End: 1.0, Qt.Key.Key_Space: None}
        if not self._values:
            super().keyPressEvent(event)
        elif key in sideways:
            self._chosen = min(max(self._chosen + sideways[key], 0), len(self._values) - 1)
            self._describe()
            self._point_at(self._chosen)
            self.update()
        elif key in steps:
            self._set_by_key(self._values[self._chosen] + steps[key] * self._highest)
        elif key in ends:
            share = ends[key]
            is_full = self._values[self._chosen] >= self._highest
            self._set_by_key(self._highest * ((0.0 if is_full else 1.0) if share is None else share))
        else:
            super().keyPressEvent(event)

    def _set_by_key(self, value: float) -> None:
        self._gestures.step()
        self._set({self._chosen: min(max(value, 0.0), self._highest)})

    def _paint_to(self, position: QPointF) -> None:
        """Set the layer under the pointer, and those that a quick stroke has jumped over."""
        layer, share = self._layer_at(position.x()), 1 - (position.y() - _INSET) / (_HEIGHT - 2 * _INSET)
        share = 0.0 if share < _MAGNET else min(share if share < 1 - _MAGNET else 1.0, 1.0)
        start_layer, start_share = self._last or (layer, share)
        self._last = (layer, share)
        self._chosen = layer
        span = abs(layer - start_layer)
        stroke: dict[int, float] = {}
        for step in range(span + 1):
            part = 1.0 if span == 0 else step / span
            place = start_layer + (step if layer >= start_layer else -step)
            stroke[place] = self._highest * (start_share + part * (share - start_share))
        self._set(stroke)

    def _set(self, changes: dict[int, float]) -> None:
        values = tuple(round(changes.get(layer, value), 3) for layer, value in enumerate(self._values))
        if values != self._values:
            self.set_values(values)
            self.edited.emit(values, self._gestures.number)

    def _point_at(self, layer: int) -> None:
        if layer != self._pointed:
            self._pointed = layer
            self.pointed.emit(layer)

    def _describe(self) -> None:
        if self._values:
            words = f"layer {self._chosen + 1} of {len(self._values)}: {self._values[self._chosen]:.2f}"
            self.setAccessibleDescription(words)

    def _layer_at(self, x: float) -> int:
        width = (self.width() - 2 * _INSET) / max(1, len(self._values))
        return min(max(int((x - _INSET) / width), 0), len(self._values) - 1)

    def _place_of(self, layer: int) -> QRectF:
        width = (self.width() - 2 * _INSET) / max(1, len(self._values))
        gap = _GAP if width > 3 * _GAP else 0.5
        return QRectF(_INSET + layer * width + gap / 2, _INSET, width - gap, _HEIGHT - 2 * _INSET)
