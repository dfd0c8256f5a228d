"""Rows of keys under a ruler: selected, dragged with snapping, stretched, caught with a frame."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPalette,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from ganstudio.gui.widgets.key_painting import (
    KEY_RADIUS,
    ROW_HEIGHT,
    Place,
    Row,
    curve_path,
    key_height,
    paint_band,
    paint_key,
    paint_row,
)
from ganstudio.gui.widgets.time_axis import TimeAxis
from ganstudio.gui.widgets.time_ruler import turn

_MAGNET_PX = 7.0
_DRAG_FROM_PX = 3
_KEYS = {
    (Qt.Key.Key_Delete, False): "delete",
    (Qt.Key.Key_Backspace, False): "delete",
    (Qt.Key.Key_C, True): "copy",
    (Qt.Key.Key_X, True): "cut",
    (Qt.Key.Key_V, True): "paste",
    (Qt.Key.Key_D, True): "duplicate",
    (Qt.Key.Key_A, True): "select",
}


@dataclass
class _Gesture:
    """What the pointer does while its button is down.

    Attributes:
        start: Where it went down.
        grabbed: The key under it, or None where it draws a frame.
        places: The keys that were selected then.
        is_stretching: Whether it stretches them rather than moving them.
        was_selected: Whether the key under it was selected before.
        has_moved: Whether it is a drag by now.
        shift: Frames that the keys were moved by, or the frame that the grabbed one is stretched to.
    """

    start: QPointF
    grabbed: Place | None
    places: frozenset[Place]
    is_stretching: bool = False
    was_selected: bool = False
    has_moved: bool = False
    shift: int = 0


class KeyRows(QWidget):
    """All rows; the heads of the rows stand beside it.

    Args:
        axis: Which frames are where.

    Signals:
        selected(): Other keys are selected.
        begun(): Keys begin to be dragged or stretched; what follows is one gesture.
        moved(places, frames): These keys are to be this many frames later than at its beginning.
        stretched(places, factor): These keys are to be so much further apart than at its beginning.
        wanted(what): "delete", "copy", "cut", "paste" or "duplicate".
        key_wanted(row, frame): A key is to be put here.
        menu_wanted(row, place): A menu is asked for, of the selected keys, at this place of the screen.
        stepped(frames): The play head is to be moved.
    """

    selected = Signal()
    begun = Signal()
    moved = Signal(object, int)
    stretched = Signal(object, float)
    wanted = Signal(str)
    key_wanted = Signal(str, int)
    menu_wanted = Signal(str, QPoint)
    stepped = Signal(int)

    def __init__(self, axis: TimeAxis, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._axis = axis
        self._rows: tuple[Row, ...] = ()
        self._selected: frozenset[Place] = frozenset()
        self._position = 0
        self._markers: tuple[int, ...] = ()
        self._gesture: _Gesture | None = None
        self._band: QRectF | None = None
        self._held_at: QPointF | None = None
        self._paths: dict[str, tuple[object, QPainterPath]] = {}
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.setAccessibleName("Keys")
        axis.changed.connect(self._on_axis_changed)

    @property
    def rows(self) -> tuple[Row, ...]:
        """What is shown."""
        return self._rows

    @property
    def selection(self) -> frozenset[Place]:
        """The keys that are selected."""
        return self._selected

    def sizeHint(self) -> QSize:  # noqa: D102, N802 - Qt's name
        return QSize(400, ROW_HEIGHT * len(self._rows))

    def minimumSizeHint(self) -> QSize:  # noqa: D102, N802 - Qt's name
        return QSize(100, ROW_HEIGHT * len(self._rows))

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show other rows; what is selected and still there stays so."""
        is_other = len(rows) != len(self._rows)
        self._rows = tuple(rows)
        there = {(row.name, key.frame) for row in rows for key in row.keys}
        if is_other:
            self.updateGeometry()
        if self._gesture is None or not self._gesture.has_moved:
            self._take(self._selected & there)
        self.update()

    def set_position(self, position: int) -> None:
        """Put the play head on a frame."""
        for frame in (self._position, position):
            self.update(round(self._axis.x_of(frame)) - 2, 0, 4, self.height())
        self._position = position

    def set_markers(self, markers: Sequence[int]) -> None:
        """Show named frames."""
        self._markers = tuple(markers)
        self.update()

    def select(self, places: Iterable[Place]) -> None:
        """Select these keys and no others."""
        self._take(frozenset(places))

    def x_of(self, place: Place) -> QPoint:
        """Where a key is seen."""
        row = [row.name for row in self._rows].index(place[0])
        return QPoint(round(self._axis.x_of(place[1])), round((row + 0.5) * ROW_HEIGHT))

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: D102, N802 - Qt's name
        painter = QPainter(self)
        painter.setClipRect(event.rect())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette, axis = self.palette(), self._axis
        painter.fillRect(event.rect(), palette.color(QPalette.ColorRole.Base))
        beyond = palette.color(QPalette.ColorRole.Window)
        right, left = axis.x_of(axis.length - 0.5), axis.x_of(-0.5)
        painter.fillRect(QRectF(right, 0, max(0.0, self.width() - right), self.height()), beyond)
        painter.fillRect(QRectF(0, 0, max(0.0, left), self.height()), beyond)
        self._paint_lines(painter)
        for number, row in enumerate(self._rows):
            self._paint_row(painter, row, number * ROW_HEIGHT)
        painter.setPen(QPen(palette.color(QPalette.ColorRole.Accent), 1))
        x = axis.x_of(self._position)
        painter.drawLine(QPointF(x, 0), QPointF(x, self.height()))
        if self._band is not None:
            paint_band(painter, self._band, palette)
        painter.end()

    def _paint_lines(self, painter: QPainter) -> None:
        faint = QColor(self.palette().color(QPalette.ColorRole.Mid))
        painter.setPen(QPen(faint, 1))
        for frame, _label in self._axis.ticks():
            x = round(self._axis.x_of(frame)) + 0.5
            painter.drawLine(QPointF(x, 0), QPointF(x, self.height()))
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.PlaceholderText), 1, Qt.PenStyle.DotLine))
        for frame in self._markers:
            x = self._axis.x_of(frame)
            painter.drawLine(QPointF(x, 0), QPointF(x, self.height()))

    def _paint_row(self, painter: QPainter, row: Row, top: float) -> None:
        palette = self.palette()
        paint_row(painter, row, top, self._axis, palette)
        plain = palette.color(QPalette.ColorRole.WindowText if not row.is_muted else QPalette.ColorRole.Mid)
        accent, ground = palette.color(QPalette.ColorRole.Accent), palette.color(QPalette.ColorRole.Base)
        if row.curve is not None:
            line = palette.color(QPalette.ColorRole.Mid if row.is_muted else QPalette.ColorRole.PlaceholderText)
            painter.setPen(QPen(line, 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPath(self._path_of(row).translated(0, top))
        for key in row.keys:
            centre = QPointF(self._axis.x_of(key.frame), top + key_height(row, key))
            if -KEY_RADIUS <= centre.x() <= self.width() + KEY_RADIUS:
                is_selected = (row.name, key.frame) in self._selected
                paint_key(painter, key, centre, (accent if is_selected else plain, ground))

    def _path_of(self, row: Row) -> QPainterPath:
        known = self._paths.get(row.name)
        if known is None or known[0] != row.look:
            assert row.curve is not None  # noqa: S101 - asked for only where there is one
            known = self._paths[row.name] = (row.look, curve_path(row.curve, self._axis))
        return known[1]

    # The pointer

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: D102, N802 - Qt's name
        at, is_adding = event.position(), bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.button() == Qt.MouseButton.MiddleButton:
            self._held_at = at
            return
        if event.button() != Qt.MouseButton.LeftButton:
            return
        hit = self._key_at(at)
        if hit is None:
            self._gesture = _Gesture(at, None, self._selected if is_adding else frozenset())
            return
        was_selected = hit in self._selected
        if is_adding:
            self._take(self._selected | {hit})
        elif hit not in self._selected:
            self._take(frozenset({hit}))
        is_stretching = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        self._gesture = _Gesture(at, hit, self._selected, is_stretching, was_selected)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: D102, N802 - Qt's name
        at, gesture = event.position(), self._gesture
        if event.buttons() & Qt.MouseButton.MiddleButton and self._held_at is not None:
            self._axis.pan(at.x() - self._held_at.x())
            self._held_at = at
        if gesture is None:
            self._show_hint(at)
            return
        if not gesture.has_moved and (at - gesture.start).manhattanLength() < _DRAG_FROM_PX:
            return
        if gesture.grabbed is None:
            gesture.has_moved = True
            self._catch(gesture, at)
        elif gesture.grabbed in gesture.places:
            self._drag(gesture, at, is_free=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: D102, N802 - Qt's name
        gesture, self._gesture = self._gesture, None
        self._band = None
        if gesture is not None and not gesture.has_moved:
            is_adding = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            if gesture.grabbed is None and not is_adding:
                self._take(frozenset())
            elif gesture.grabbed is not None and not is_adding:
                self._take(frozenset({gesture.grabbed}))
            elif gesture.grabbed is not None and gesture.was_selected:
                self._take(self._selected - {gesture.grabbed})
        self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: D102, N802 - Qt's name
        row = self._row_at(event.position().y())
        frame = round(self._axis.frame_at(event.position().x()))
        if row is not None and self._key_at(event.position()) is None and 0 <= frame < self._axis.length:
            self.key_wanted.emit(row.name, frame)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: D102, N802 - Qt's name
        is_ours = event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
        if is_ours or event.angleDelta().x():
            turn(self._axis, event)
        else:
            event.ignore()  # the rows scroll

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: D102, N802 - Qt's name
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            first = min(self._selected, default=("", 0))
            place = self.x_of(first) if first[0] else QPoint(8, 8)
            self.menu_wanted.emit(first[0], self.mapToGlobal(place))
            return
        hit = self._key_at(QPointF(event.pos()))
        if hit is not None and hit not in self._selected:
            self._take(frozenset({hit}))
        elif hit is None:
            self._take(frozenset())
        row = self._row_at(event.pos().y())
        self.menu_wanted.emit(row.name if row else "", event.globalPos())

    # Keys of the keyboard

    def event(self, event: QEvent) -> bool:
        """Take the keys for editing before the window's actions do, while it has the focus."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            is_ctrl = event.modifiers() == Qt.KeyboardModifier.ControlModifier
            if (Qt.Key(event.key()), is_ctrl) in _KEYS:
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: D102, N802 - Qt's name
        key, modifiers = Qt.Key(event.key()), event.modifiers()
        is_ctrl = modifiers == Qt.KeyboardModifier.ControlModifier
        what = _KEYS.get((key, is_ctrl))
        sideways = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if what == "select":
            self._take(frozenset((row.name, one.frame) for row in self._rows for one in row.keys))
        elif what is not None:
            self.wanted.emit(what)
        elif key == Qt.Key.Key_Escape and self._selected:
            self._take(frozenset())
        elif key in sideways and is_ctrl:
            self._go_to_key(sideways[key])
        elif key in sideways and self._selected:
            self._nudge(sideways[key] * (10 if modifiers & Qt.KeyboardModifier.ShiftModifier else 1))
        elif key in sideways:
            self.stepped.emit(sideways[key])
        else:
            super().keyPressEvent(event)

    def _go_to_key(self, direction: int) -> None:
        """Go on to the next key in time, whatever its row, and select it."""
        places = sorted(((row.name, key.frame) for row in self._rows for key in row.keys), key=lambda one: one[1])
        found = [place for place in places if (place[1] - self._position) * direction > 0]
        if found:
            target = found[0] if direction > 0 else found[-1]
            self._take(frozenset({target}))
            self.stepped.emit(target[1] - self._position)

    def _nudge(self, frames: int) -> None:
        places = self._selected
        frames = max(frames, -min(frame for _, frame in places))
        self.begun.emit()
        self._selected = frozenset((row, frame + frames) for row, frame in places)
        self.moved.emit(places, frames)

    # Gestures

    def _drag(self, gesture: _Gesture, at: QPointF, is_free: bool) -> None:
        assert gesture.grabbed is not None  # noqa: S101 - dragged by a key
        wanted = gesture.grabbed[1] + (at.x() - gesture.start.x()) / self._axis.scale
        target = self._snapped(wanted, is_free)
        if not gesture.has_moved:
            gesture.has_moved = True
            self.begun.emit()
        if gesture.is_stretching:
            self._stretch(gesture, target)
        else:
            self._move(gesture, target)

    def _move(self, gesture: _Gesture, target: int) -> None:
        assert gesture.grabbed is not None  # noqa: S101
        frames = max(target - gesture.grabbed[1], -min(frame for _, frame in gesture.places))
        if frames != gesture.shift:
            gesture.shift = frames
            self._selected = frozenset((row, frame + frames) for row, frame in gesture.places)
            self.moved.emit(gesture.places, frames)

    def _stretch(self, gesture: _Gesture, target: int) -> None:
        assert gesture.grabbed is not None  # noqa: S101
        start = min(frame for _, frame in gesture.places)
        if gesture.grabbed[1] == start or target <= start:
            return
        factor = (target - start) / (gesture.grabbed[1] - start)
        if target != gesture.shift:
            gesture.shift = target
            self._selected = frozenset((row, start + round((frame - start) * factor)) for row, frame in gesture.places)
            self.stretched.emit(gesture.places, factor)

    def _snapped(self, wanted: float, is_free: bool) -> int:
        """The frame nearest to where a key is dragged, or what lies near it."""
        targets = {self._position, *self._markers, 0, self._axis.length - 1}
        targets |= {key.frame for row in self._rows for key in row.keys if (row.name, key.frame) not in self._selected}
        near = min(targets, key=lambda frame: abs(frame - wanted))
        is_near = abs(near - wanted) * self._axis.scale <= _MAGNET_PX
        return max(near if is_near and not is_free else round(wanted), 0)

    def _catch(self, gesture: _Gesture, at: QPointF) -> None:
        self._band = QRectF(gesture.start, at).normalized()
        caught = {
            (row.name, key.frame)
            for number, row in enumerate(self._rows)
            for key in row.keys
            if self._band.contains(QPointF(self._axis.x_of(key.frame), (number + 0.5) * ROW_HEIGHT))
        }
        self._take(gesture.places | caught)
        self.update()

    def _take(self, places: frozenset[Place]) -> None:
        if places != self._selected:
            self._selected = places
            count = len(places)
            self.setAccessibleDescription(f"{count} selected" if count else "none selected")
            self.selected.emit()
            self.update()

    def _key_at(self, at: QPointF) -> Place | None:
        row = self._row_at(at.y())
        if row is None:
            return None
        near = [(abs(self._axis.x_of(key.frame) - at.x()), key.frame) for key in row.keys]
        distance, frame = min(near, default=(1e9, 0))
        return (row.name, frame) if distance <= KEY_RADIUS + 2 else None

    def _row_at(self, y: float) -> Row | None:
        number = int(y // ROW_HEIGHT)
        return self._rows[number] if 0 <= number < len(self._rows) else None

    def _show_hint(self, at: QPointF) -> None:
        hit = self._key_at(at)
        self.setCursor(Qt.CursorShape.ArrowCursor if hit is None else Qt.CursorShape.SizeHorCursor)
        row = self._row_at(at.y())
        self.setToolTip("" if row is None or hit is None else f"{row.title}, frame {hit[1]}. Alt + drag stretches.")

    def _on_axis_changed(self) -> None:
        self._paths.clear()
        self.update()
