"""A small window that shows what a slider does, beside it and without taking the focus."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from ganstudio.gui.widgets.picture_strip import PictureStrip

_PICTURE_PX = 88
_GAP = 8


class _Numbers(QWidget):
    """What each picture stands for, in its middle."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.texts: tuple[str, ...] = ()
        self.setFixedHeight(16)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's name
        painter = QPainter(self)
        painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
        width = self.width() / max(1, len(self.texts))
        for place, text in enumerate(self.texts):
            painter.drawText(round(place * width), 0, round(width), self.height(), Qt.AlignmentFlag.AlignCenter, text)
        painter.end()


class StripPopup(QFrame):
    """Pictures from a slider's low end to its high end, with its name above and numbers below."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.ToolTip)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setObjectName("popup")
        self._heading = QLabel(self)
        self._heading.setProperty("role", "heading")
        self.strip = PictureStrip(_PICTURE_PX, self)
        self._numbers = _Numbers(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(4)
        for widget in (self._heading, self.strip, self._numbers):
            column.addWidget(widget)

    def show_beside(self, target: QWidget, title: str, strengths: Sequence[float]) -> None:
        """Open on the left of a widget, or on its right where there is no room."""
        self._heading.setText(title)
        self._numbers.texts = tuple(_say(value) for value in strengths)
        self.strip.show_images([_blank()] * len(strengths))
        self.adjustSize()
        room = target.screen().availableGeometry()
        corner = target.mapToGlobal(QPoint(0, 0))
        x = corner.x() - self.width() - _GAP
        if x < room.left():
            x = min(corner.x() + target.width() + _GAP, room.right() - self.width())
        y = min(max(room.top(), corner.y() - self.height() // 3), room.bottom() - self.height())
        self.move(x, y)
        self.show()

    def show_images(self, images: Sequence[QImage | None]) -> None:
        """Show the pictures as far as they are there."""
        self.strip.show_images([image or _blank() for image in images])


def _say(value: float) -> str:
    return f"{value:+.3g}".replace("-", "\N{MINUS SIGN}") if value else "0"


def _blank() -> QImage:
    image = QImage(1, 1, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    return image
