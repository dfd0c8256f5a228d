"""The histogram of a picture: how often each value is there, and how much of it is clipped at 0 and 255."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPalette, QPen, QPolygonF, QShowEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from ganstudio.gui.widgets.pixels import pixels_of

MOST_PIXELS = 2**18  # counted; of larger pictures every second, third ... of every row
_EVERY_MS = 40
_WIDTH = 176
_CURVES_HEIGHT = 88
_NAMES = {1: ("Grey",), 3: ("Red", "Green", "Blue"), 4: ("Red", "Green", "Blue", "Alpha")}
_COLOURS = {"Red": "#e5534b", "Green": "#4fae5b", "Blue": "#4c86f0", "Grey": "#909090", "Alpha": "#909090"}
_STYLES = {  # told apart without colours, too
    "Green": Qt.PenStyle.DashLine,
    "Blue": Qt.PenStyle.DotLine,
    "Alpha": Qt.PenStyle.DashDotLine,
}


@dataclass(frozen=True, eq=False)
class Histogram:
    """How often each value 0 to 255 is there.

    Attributes:
        counts: int64 `(C, 256)`.
        step: 1 if all pixels are counted; 2 if every second of every second row, and so on.
    """

    counts: npt.NDArray[np.int64]
    step: int

    def share(self, channel: int, value: int) -> float:
        """How much of the picture has this value in a channel, 0 to 1."""
        return float(self.counts[channel, value] / max(int(self.counts[channel].sum()), 1))


def count_values(image: QImage) -> Histogram:
    """Count the values of a picture's channels."""
    step = max(1, math.ceil(math.sqrt(image.width() * image.height() / MOST_PIXELS)))
    pixels = pixels_of(image, step)
    counts = [np.bincount(pixels[..., channel].ravel(), minlength=256) for channel in range(pixels.shape[-1])]
    return Histogram(np.stack(counts), step)


class HistogramCard(QWidget):
    """Shows the histogram of the picture it was given last; counts only while it is seen, and a few times a second."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedWidth(_WIDTH)
        self._image = QImage()
        self._timer = QTimer(self, singleShot=True, interval=_EVERY_MS)
        self._timer.timeout.connect(self._count)
        self.curves = _Curves(self)
        self.table = _ClippedTable(self)
        self.log_button = QToolButton(self)
        self.log_button.setText("Log")
        self.log_button.setCheckable(True)
        self.log_button.setAccessibleName("Logarithmic histogram")
        self.log_button.setToolTip("Logarithmic: rare values are seen beside frequent ones")
        self.log_button.toggled.connect(self.curves.set_logarithmic)
        heading = QLabel("Histogram", self)
        heading.setProperty("role", "subheading")
        top = QHBoxLayout()
        top.addWidget(heading, 1)
        top.addWidget(self.log_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 12, 8)
        column.setSpacing(8)
        column.addLayout(top)
        column.addWidget(self.curves)
        column.addWidget(self.table)
        column.addStretch(1)

    def show_image(self, image: QImage) -> None:
        """Count this picture soon; a null image empties the card."""
        self._image = image
        if self.isVisible() and not self._timer.isActive():
            self._timer.start()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: D102, N802 - Qt's name
        super().showEvent(event)
        self._count()

    def _count(self) -> None:
        found = None if self._image.isNull() else count_values(self._image)
        self.curves.show_histogram(found)
        self.table.show_histogram(found)


class _Curves(QWidget):
    """One line a channel; the highest value that is not clipped reaches the top."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._found: Histogram | None = None
        self._is_logarithmic = False
        self.setFixedHeight(_CURVES_HEIGHT)
        self.setAccessibleName("Histogram")

    def show_histogram(self, found: Histogram | None) -> None:
        self._found = found
        self.update()

    def set_logarithmic(self, logarithmic: bool) -> None:
        self._is_logarithmic = logarithmic
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(_WIDTH, _CURVES_HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's name
        painter = QPainter(self)
        frame = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(self.palette().color(QPalette.ColorRole.Mid))
        painter.setBrush(self.palette().color(QPalette.ColorRole.Base))
        painter.drawRect(frame)
        if self._found is not None:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_curves(painter, frame.adjusted(1, 3, -1, 0), self._found)
        painter.end()

    def _paint_curves(self, painter: QPainter, room: QRectF, found: Histogram) -> None:
        heights = np.log1p(found.counts) if self._is_logarithmic else found.counts.astype(np.float64)
        inner = heights[:, 1:-1].max(initial=0.0)
        top = inner if inner > 0 else max(float(heights.max()), 1.0)
        for name, values in zip(_NAMES[len(heights)], np.minimum(heights / top, 1.0), strict=True):
            points = [
                QPointF(room.left() + place * room.width() / 255, room.bottom() - value * room.height())
                for place, value in enumerate(values.tolist())
            ]
            colour = QColor(_COLOURS[name])
            painter.setPen(QPen(colour, 1.2, _STYLES.get(name, Qt.PenStyle.SolidLine)))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPolyline(QPolygonF(points))
            colour.setAlpha(50)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            painter.drawPolygon(QPolygonF([room.bottomLeft(), *points, room.bottomRight()]))


class _ClippedTable(QWidget):
    """How much of each channel lies at 0 and at 255."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnStretch(0, 1)
        self._labels: dict[tuple[int, int], QLabel] = {}
        for column, text in enumerate(("Clipped", "at 0", "at 255")):
            self._put(0, column, text).setProperty("role", "muted")

    def show_histogram(self, found: Histogram | None) -> None:
        rows = [] if found is None else _say_clipped(found)
        for (row, _column), label in self._labels.items():
            label.setVisible(row <= len(rows))
        for row, texts in enumerate(rows, 1):
            for column, text in enumerate(texts):
                self._put(row, column, text)
        step = 1 if found is None else found.step
        self.setToolTip(
            "Share of the pixels whose value is 0 or 255, where detail is lost"
            + (f"; counted at {1 / step**2:.0%} of them" if step > 1 else "")
        )

    def _put(self, row: int, column: int, text: str) -> QLabel:
        if (row, column) not in self._labels:
            label = QLabel(self)
            label.setMinimumWidth(48 if column else 0)
            label.setAlignment(Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft)
            self._grid.addWidget(label, row, column)
            self._labels[row, column] = label
        self._labels[row, column].setText(text)
        return self._labels[row, column]


def _say_clipped(found: Histogram) -> list[tuple[str, str, str]]:
    """The rows of the table: channel, share at 0, share at 255."""
    names = _NAMES[len(found.counts)]
    return [
        (name, _say_share(found.share(channel, 0)), _say_share(found.share(channel, 255)))
        for channel, name in enumerate(names)
    ]


def _say_share(share: float) -> str:
    if 0 < share < 0.0005:
        return "< 0.1\N{NO-BREAK SPACE}%"
    return f"{share:.1%}".replace("%", "\N{NO-BREAK SPACE}%")
