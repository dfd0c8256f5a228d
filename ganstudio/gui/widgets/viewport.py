"""Where a picture stands in a pane: how much it is magnified, and where its middle is."""

import math
from dataclasses import dataclass, field

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize

MIN_SCALE, MAX_SCALE = 0.05, 64.0
KEPT_IN_SIGHT = 32  # pixels of the window
SHARP_FROM = 2.0  # magnified this much, a picture pixel is a square, unless smooth magnification is wanted


@dataclass
class Viewport:
    """The view of one picture, or of two side by side, which then share it.

    Attributes:
        size: Of the picture, in its pixels.
        density: Screen pixels for one pixel of the window.
        scale: Screen pixels for one picture pixel.
        offset: From the middle of the pane to the middle of the picture, in pixels of the window.
        fits: Whether the picture follows the size of the pane.
        whole_squares: Whether fitting takes whole scales, so that all squares are of one size.
    """

    size: QSize
    density: float = 1.0
    scale: float = 1.0
    offset: QPointF = field(default_factory=QPointF)
    fits: bool = True
    whole_squares: bool = False

    def target(self, pane: QRectF) -> QRectF:
        """Where the picture is painted, on whole screen pixels; it may be larger than the pane."""
        width, height = (side * self.scale / self.density for side in (self.size.width(), self.size.height()))
        middle = pane.center() + self.offset
        left, top = (
            round(edge * self.density) / self.density for edge in (middle.x() - width / 2, middle.y() - height / 2)
        )
        return QRectF(left, top, width, height)

    def pixel_at(self, pane: QRectF, point: QPointF) -> QPoint | None:
        """The picture pixel under a point of the window, or None beside the picture."""
        target = self.target(pane)
        if target.isEmpty() or not pane.contains(point):
            return None
        x = math.floor((point.x() - target.left()) / target.width() * self.size.width())
        y = math.floor((point.y() - target.top()) / target.height() * self.size.height())
        return QPoint(x, y) if 0 <= x < self.size.width() and 0 <= y < self.size.height() else None

    def fit(self, room: QRectF) -> None:
        """Show the whole picture as large as it goes in the room."""
        self.fits = True
        self.offset = QPointF()
        if not self.size.isEmpty():
            scale = min(room.width() / self.size.width(), room.height() / self.size.height()) * self.density
            self._take(math.floor(scale) if self.whole_squares and scale >= SHARP_FROM else scale)

    def show_part(self, room: QRectF, zoom: float, centre: QPointF) -> None:
        """Show the picture so much larger than fitting, with this of it, 0 to 1 across and down, in the middle."""
        self.fit(room)
        if zoom == 1:
            return
        self.fits = False
        self._take(self.scale * zoom)
        width, height = (side * self.scale / self.density for side in (self.size.width(), self.size.height()))
        self.offset = QPointF((0.5 - centre.x()) * width, (0.5 - centre.y()) * height)

    def set_scale(self, scale: float, pane: QRectF, anchor: QPointF) -> None:
        """Magnify; what is under the anchor stays there."""
        self.fits = False
        before = self.scale
        self._take(scale)
        from_middle = anchor - pane.center()
        self.offset = from_middle + (self.offset - from_middle) * (self.scale / before)
        self._keep_in_sight(pane)

    def pan(self, step: QPointF, pane: QRectF) -> None:
        """Move the picture by a step in pixels of the window."""
        self.fits = False
        self.offset = self.offset + step
        self._keep_in_sight(pane)

    def _keep_in_sight(self, pane: QRectF) -> None:
        target = self.target(pane)
        across = max((pane.width() + target.width()) / 2 - KEPT_IN_SIGHT, 0)
        down = max((pane.height() + target.height()) / 2 - KEPT_IN_SIGHT, 0)
        x, y = min(max(self.offset.x(), -across), across), min(max(self.offset.y(), -down), down)
        self.offset = QPointF(x, y)

    def _take(self, scale: float) -> None:
        self.scale = min(max(scale, MIN_SCALE), MAX_SCALE)
