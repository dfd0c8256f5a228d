"""One picture to look at closely, or two to compare: zoom at the pointer, pan, fit, 100 %, what a pixel holds."""

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QImage,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from ganstudio.gui.widgets.divider import WIDTH as DIVIDER_WIDTH
from ganstudio.gui.widgets.divider import Divider
from ganstudio.gui.widgets.picture_label import paint_label
from ganstudio.gui.widgets.pixels import Channel
from ganstudio.gui.widgets.shown_picture import PaintStyle, ShownPicture
from ganstudio.gui.widgets.viewport import Viewport

Compare = Literal["off", "divider", "side"]

ZOOM_STEP = 1.2
_MARGIN = 16
_GAP = 4  # between pictures side by side
_KEY_STEPS = {Qt.Key.Key_Left: (64, 0), Qt.Key.Key_Right: (-64, 0), Qt.Key.Key_Up: (0, 64), Qt.Key.Key_Down: (0, -64)}
_DRAG_FROM = 12  # pixels that the pointer moves before it drags the picture out


@dataclass(frozen=True)
class Reading:
    """What is under the pointer: the place in the picture, and the channels' values 0 to 255, of the other one too."""

    place: QPoint
    values: tuple[int, ...]
    before: tuple[int, ...] | None = None


class PictureCanvas(QWidget):
    """Shows an image, or two; sharp at any screen density.

    Signals:
        scale_changed(scale): Screen pixels for one picture pixel.
        pointed(reading): What is under the pointer now (`Reading`), None beside the picture.
        drag_out_wanted(): The person drags the picture away.
    """

    scale_changed = Signal(float)
    pointed = Signal(object)
    drag_out_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture: ShownPicture | None = None
        self._before: ShownPicture | None = None
        self._compare: Compare = "off"
        self._style = PaintStyle()
        self._viewport = Viewport(QSize())
        self._divider_share = 0.5
        self._text = ""
        self._badge = ""
        self._before_name = "Before"
        self._pointer: QPointF | None = None
        self._pan_from: QPointF | None = None
        self._press_at: QPointF | None = None
        self._space_held = False
        self.divider = Divider(self)
        self.divider.hide()
        self.divider.dragged.connect(self._on_divider_dragged)
        self.divider.stepped.connect(self._on_divider_stepped)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(160, 160)
        self.setAccessibleName("Picture")

    @property
    def image(self) -> QImage:
        """The picture shown, as it was handed over; a null image where there is none."""
        return QImage() if self._picture is None else self._picture.image

    @property
    def full_size(self) -> QSize:
        """The size of the picture in its own pixels, whatever preview stands for it."""
        return QSize() if self._picture is None else self._picture.full_size

    @property
    def before(self) -> QImage:
        """What it is compared with; a null image where there is none."""
        return QImage() if self._before is None else self._before.image

    @property
    def text(self) -> str:
        """The sentence shown instead of a picture, or ""."""
        return self._text

    @property
    def scale(self) -> float:
        """Screen pixels for one picture pixel."""
        return self._viewport.scale

    @property
    def compare(self) -> Compare:
        """How two pictures are shown; "off" while there is nothing to compare with, or a badge on a single one."""
        return "off" if self._before is None or self._badge else self._compare

    @property
    def fits(self) -> bool:
        """Whether the whole picture is shown, whatever the size of the window."""
        return self._viewport.fits

    def show_image(self, image: QImage, full_size: QSize | None = None) -> None:
        """Show a picture; the view stays unless its size differs.

        Args:
            image: The pixels, which are not copied.
            full_size: How large the picture is that a preview of fewer pixels stands for; the image's size if None.
        """
        self._picture = ShownPicture(image, full_size)
        self._text = ""
        if self._picture.full_size != self._viewport.size:
            self._viewport.size = self._picture.full_size
            self.fit()
        self._changed()

    def show_before(self, image: QImage | None, full_size: QSize | None = None) -> None:
        """Give the picture to compare with, or take it away."""
        compare = self.compare
        self._before = None if image is None else ShownPicture(image, full_size)
        if self.compare != compare and self._viewport.fits:
            self.fit()
        self._changed()

    def show_text(self, text: str) -> None:
        """Show a sentence instead of a picture."""
        self._picture, self._before, self._text = None, None, text
        self._changed()

    def name_before(self, name: str) -> None:
        """Say on the picture to compare with what it is."""
        self._before_name = name
        self.update()

    def set_compare(self, compare: Compare) -> None:
        """Choose how the picture and the one before are shown."""
        self._compare = compare
        if self._viewport.fits:
            self.fit()
        self._changed()

    def set_channel(self, channel: Channel) -> None:
        """Show one channel as grey, or the colours."""
        self._style = PaintStyle(channel, self._style.smooth)
        self.update()

    def set_smooth(self, smooth: bool) -> None:
        """Magnify smoothly, or show each picture pixel as a square."""
        self._style = PaintStyle(self._style.channel, smooth)
        self._viewport.whole_squares = not smooth
        if self._viewport.fits:
            self.fit()
        self.update()

    def set_badge(self, text: str) -> None:
        """Say on the picture what it is, where it is not what one would think ("Before"); "" for nothing."""
        self._badge = text
        self._changed()

    def fit(self) -> None:
        """Show the whole picture as large as it goes, also when the window changes."""
        self._viewport.density = self.devicePixelRatioF()
        self._viewport.fit(self._panes()[0].adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN))
        self._moved()

    def show_part(self, zoom: float, centre: QPointF) -> None:
        """Show it so much larger than fitting, with this of it, 0 to 1 across and down, in the middle."""
        self._viewport.density = self.devicePixelRatioF()
        room = self._panes()[0].adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
        self._viewport.show_part(room, zoom, centre)
        self._moved()

    def show_scale(self, scale: float) -> None:
        """Show a picture pixel on so many screen pixels; the middle of the view stays."""
        pane = self._panes()[-1]
        self._set_scale(scale, pane, pane.center())

    def zoom(self, steps: float) -> None:
        """Magnify by steps of a wheel, less below 0; the middle of the view stays."""
        self.show_scale(self.scale * ZOOM_STEP**steps)

    def hold_to_pan(self, held: bool) -> None:
        """Let the left button move the picture while this holds (the space bar)."""
        self._space_held = held
        if held and self._pan_from is None:
            self.setCursor(Qt.CursorShape.OpenHandCursor)
        elif not held:
            self.unsetCursor()

    def target(self) -> QRectF:
        """Where the picture is, in pixels of the window; it may reach beyond the window."""
        return self._viewport.target(self._panes()[-1])

    def sizeHint(self) -> QSize:  # noqa: D102, N802 - Qt's name
        return QSize(640, 640)

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, D102, N802 - Qt's name
        self._viewport.density = self.devicePixelRatioF()
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.palette().color(QPalette.ColorRole.Dark))
        if self._picture is None:
            painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect().adjusted(32, 32, -32, -32), flags, self._text)
        elif self._before is None or self.compare == "off":
            self._paint_part(painter, self._picture, self._panes()[0], self._badge)
        else:
            first, last = self._parts()
            self._paint_part(painter, self._before, first, self._before_name)
            self._paint_part(painter, self._picture, last, "After", at_right=self._compare == "divider")
        painter.end()

    def _paint_part(
        self, painter: QPainter, picture: ShownPicture, part: QRectF, label: str, at_right: bool = False
    ) -> None:
        """Paint what is seen of a picture in a part of the window."""
        pane = next(pane for pane in self._panes() if pane.contains(part.center()))
        target = self._viewport.target(pane)
        painter.setClipRect(part)
        picture.paint(painter, target, self._viewport.density, self._style)
        if label:
            paint_label(painter, target & part, label, at_right)
        painter.setClipping(False)

    # Where things are

    def _panes(self) -> list[QRectF]:
        """The rectangles that pictures are shown in: the whole window, or its halves."""
        whole = QRectF(self.rect())
        if self.compare != "side":
            return [whole]
        width = (whole.width() - _GAP) / 2
        right = QRectF(whole.width() - width, 0, width, whole.height())
        return [QRectF(0, 0, width, whole.height()), right]

    def _parts(self) -> tuple[QRectF, QRectF]:
        """What of the window shows before, and what shows after."""
        panes = self._panes()
        if len(panes) == 2:
            return panes[0], panes[1]
        edge, whole = self._divider_x(), panes[0]
        return QRectF(0, 0, edge, whole.height()), QRectF(edge, 0, whole.width() - edge, whole.height())

    def _seen_across(self) -> tuple[float, float]:
        """The left and right edge of what is seen of the picture."""
        seen = self.target() & QRectF(self.rect())
        return (0.0, float(self.width())) if seen.isEmpty() else (seen.left(), seen.right())

    def _divider_x(self) -> float:
        left, right = self._seen_across()
        return round(left + self._divider_share * (right - left))

    def _place_divider(self) -> None:
        is_wanted = self.compare == "divider" and self._picture is not None
        if is_wanted:
            x = round(self._divider_x()) - DIVIDER_WIDTH // 2
            seen = (self.target() & QRectF(self.rect())).toRect()
            self.divider.setGeometry(x, seen.top(), DIVIDER_WIDTH, max(seen.height(), DIVIDER_WIDTH))
            self.divider.show_share(self._divider_share)
        self.divider.setVisible(is_wanted)

    def _on_divider_dragged(self, x: float) -> None:
        left, right = self._seen_across()
        self._divide((x - left) / max(right - left, 1))

    def _on_divider_stepped(self, step: float) -> None:
        self._divide(self._divider_share + step if step else 0.5)

    def _divide(self, share: float) -> None:
        self._divider_share = min(max(share, 0.0), 1.0)
        self._place_divider()
        self.update()

    def _read(self) -> Reading | None:
        if self._picture is None or self._pointer is None:
            return None
        for pane in self._panes():
            place = self._viewport.pixel_at(pane, self._pointer)
            if place is not None:
                is_alone = self._before is None or self.compare == "off"
                before = None if self._before is None or is_alone else self._before.values_at(place)
                return Reading(place, self._picture.values_at(place), before)
        return None

    # What changes

    def _changed(self) -> None:
        self._place_divider()
        self.pointed.emit(self._read())
        self.update()

    def _moved(self) -> None:
        self.scale_changed.emit(self.scale)
        self._changed()

    def _set_scale(self, scale: float, pane: QRectF, anchor: QPointF) -> None:
        self._viewport.set_scale(scale, pane, anchor)
        self._moved()

    def _pan(self, step: QPointF) -> None:
        self._viewport.pan(step, self._panes()[-1])
        self._moved()

    def _pane_at(self, point: QPointF) -> QRectF:
        return next((pane for pane in self._panes() if pane.contains(point)), self._panes()[-1])

    def _zoom_at(self, factor: float, point: QPointF) -> None:
        if self._picture is not None:
            self._set_scale(self.scale * factor, self._pane_at(point), point)

    # What Qt calls

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: D102, N802 - Qt's name
        super().resizeEvent(event)
        if self._viewport.fits:
            self.fit()
        else:
            self._changed()

    def event(self, event: QEvent) -> bool:
        """Zoom with two fingers on a touch pad; fit anew on a screen of another density."""
        if isinstance(event, QNativeGestureEvent) and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
            self._zoom_at(1 + event.value(), event.position())
            return True
        if event.type() == QEvent.Type.DevicePixelRatioChange and self._viewport.fits:
            self.fit()
        return super().event(event)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: D102, N802 - Qt's name
        if steps := event.angleDelta().y() / 120:
            self._zoom_at(ZOOM_STEP**steps, event.position())
            event.accept()

    def leaveEvent(self, event: QEvent) -> None:  # noqa: D102, N802 - Qt's name
        super().leaveEvent(event)
        self._pointer = None
        self.pointed.emit(None)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: D102, N802 - Qt's name
        self._pointer = event.position()
        is_left = event.button() == Qt.MouseButton.LeftButton
        if event.button() == Qt.MouseButton.MiddleButton or (is_left and self._space_held):
            self._pan_from = event.position()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif is_left and self._read() is not None:
            self._press_at = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: D102, N802 - Qt's name
        self._pointer = event.position()
        if self._pan_from is not None:
            self._pan(event.position() - self._pan_from)
            self._pan_from = event.position()
        elif self._press_at is None:
            self.pointed.emit(self._read())
        elif (event.position() - self._press_at).manhattanLength() > _DRAG_FROM:
            self._press_at = None
            self.drag_out_wanted.emit()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: ARG002, D102, N802 - Qt's name
        self._pan_from = self._press_at = None
        self.hold_to_pan(self._space_held)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: D102, N802 - Qt's name
        if event.button() != Qt.MouseButton.LeftButton or self._picture is None:
            return
        if self._viewport.fits:
            self._zoom_at(max(1.0, 2 * self.scale) / self.scale, event.position())
        else:
            self.fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: D102, N802 - Qt's name
        step = _KEY_STEPS.get(Qt.Key(event.key()))
        if step is not None and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._pan(QPointF(*step))
        else:
            super().keyPressEvent(event)
