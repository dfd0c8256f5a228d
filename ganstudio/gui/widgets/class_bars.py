"""How many pictures each class has, as bars."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

_ROW = 20
_MOST_HEIGHT = 8 * _ROW
_UNEVEN = 4  # times as many pictures, from which the rarest class is learned badly
_BAR_ALPHA = 70


class _Bars(QWidget):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: list[tuple[str, int]] = []
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(120, _ROW * len(self.rows))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QPainter(self)
        bar = QColor(self.palette().color(QPalette.ColorRole.Accent))
        bar.setAlpha(_BAR_ALPHA)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        most = max((count for _name, count in self.rows), default=1)
        first, last = event.rect().top() // _ROW, event.rect().bottom() // _ROW
        for index in range(first, min(last + 1, len(self.rows))):
            name, count = self.rows[index]
            place = QRect(0, index * _ROW, self.width(), _ROW)
            share = round(place.width() * count / max(most, 1))
            painter.fillRect(place.adjusted(0, 2, share - place.width(), -2), bar)
            number = f"{count:,}"
            room = place.width() - self.fontMetrics().horizontalAdvance(number) - 16
            text = self.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, room)
            painter.drawText(place.adjusted(4, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, text)
            painter.drawText(place.adjusted(0, 0, -4, 0), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight,
                             number)  # fmt: skip
        painter.end()


class ClassBars(QWidget):
    """The classes, the commonest first; many of them scroll."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bars = _Bars(self)
        self._scroll = QScrollArea(self)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(self._bars)
        self.hint = QLabel(self, wordWrap=True)
        self.hint.setProperty("role", "muted")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self._scroll)
        layout.addWidget(self.hint)

    def show_classes(self, names: Sequence[str], counts: Sequence[int]) -> None:
        """Show these classes with their numbers of pictures."""
        self._bars.rows = sorted(zip(names, counts, strict=False), key=lambda row: -row[1])
        self._scroll.setFixedHeight(min(_MOST_HEIGHT, max(_ROW, _ROW * len(self._bars.rows))))
        self._bars.updateGeometry()
        self._bars.update()
        listed = ", ".join(f"{name}: {count:,}" for name, count in self._bars.rows[:50])
        self._bars.setToolTip(listed)
        self.setAccessibleName(f"Pictures of each class: {listed}")
        self.hint.setText(_say_uneven(counts))
        self.hint.setVisible(bool(self.hint.text()))


def _say_uneven(counts: Sequence[int]) -> str:
    least, most = min(counts, default=0), max(counts, default=0)
    if least * _UNEVEN > most or len(counts) < 2:
        return ""
    if least == 0:
        return "A class has no pictures at all: nothing can be learned of it."
    return (
        f"The commonest class has {most / least:,.0f} times as many pictures as the rarest: “Classes come” under "
        "Advanced shows rare ones more often."
    )
