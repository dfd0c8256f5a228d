"""A small control for a range of layers: a cell a layer, dragged over, with the ends as numbers below."""

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSpinBox, QVBoxLayout, QWidget

_CELL_HEIGHT = 22


class LayerCells(QWidget):
    """One cell for each layer, coarse ones first; those in the range are filled.

    Signals:
        chosen(first, end): The person drags over cells; `end` is one past the last.
    """

    chosen = Signal(int, int)

    def __init__(self, count: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.count = count
        self.first, self.end = 0, count
        self._pressed: int | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedHeight(_CELL_HEIGHT)
        self.setAccessibleName("Layers")

    def sizeHint(self) -> QSize:  # noqa: D102, N802 - Qt's name
        return QSize(max(180, min(360, self.count * 14)), _CELL_HEIGHT)

    def set_range(self, first: int, end: int) -> None:
        """Fill these cells without telling anybody."""
        self.first, self.end = first, end
        self.setAccessibleDescription(f"{first} to {end - 1}")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, D102, N802 - Qt's name
        painter = QPainter(self)
        palette, width = self.palette(), self.width() / self.count
        accent, line = palette.color(QPalette.ColorRole.Accent), palette.color(QPalette.ColorRole.PlaceholderText)
        line.setAlphaF(0.35)
        for layer in range(self.count):
            cell = QRectF(layer * width + 1, 3, width - 2, _CELL_HEIGHT - 6)
            painter.fillRect(cell, accent if self.first <= layer < self.end else line)
        if self.hasFocus():
            painter.setPen(QPen(accent, 1))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: D102, N802 - Qt's name
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = self._layer_at(event)
            self._choose(self._pressed, self._pressed + 1)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: D102, N802 - Qt's name
        if self._pressed is not None:
            ends = sorted((self._pressed, self._layer_at(event)))
            self._choose(ends[0], ends[1] + 1)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: ARG002, D102, N802 - Qt's name
        self._pressed = None

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: D102, N802 - Qt's name
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        step = steps.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._choose(self.first, min(max(self.end + step, self.first + 1), self.count))
        elif self.first + step >= 0 and self.end + step <= self.count:
            self._choose(self.first + step, self.end + step)

    def _layer_at(self, event: QMouseEvent) -> int:
        return min(max(int(event.position().x() / self.width() * self.count), 0), self.count - 1)

    def _choose(self, first: int, end: int) -> None:
        if (first, end) != (self.first, self.end):
            self.set_range(first, end)
            self.chosen.emit(first, end)


class LayerPopup(QFrame):
    """Opens over the window, and closes with a click elsewhere.

    Args:
        title: What is limited.
        count: How many layers there are.
        layers: The range now, first and one past the last; None for all.

    Signals:
        chosen(layers): The person chose a range (`tuple[int, int]`), or all (None); at every step of a drag.
    """

    chosen = Signal(object)

    def __init__(self, title: str, count: int, layers: tuple[int, int] | None, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("popup")
        heading = QLabel(title, self)
        heading.setProperty("role", "heading")
        hint = QLabel("Coarse layers, on the left, shape what is large; fine ones its texture and colours.", self)
        hint.setProperty("role", "muted")
        hint.setWordWrap(True)
        self.cells = LayerCells(count, self)
        self.first, self.last = QSpinBox(self), QSpinBox(self)
        for field, name in ((self.first, "First layer"), (self.last, "Last layer")):
            field.setRange(0, count - 1)
            field.setAccessibleName(name)
        self.all_button = QPushButton("All Layers", self)
        row = QHBoxLayout()
        for part in (QLabel("From", self), self.first, QLabel("to", self), self.last):
            row.addWidget(part)
        row.addStretch(1)
        row.addWidget(self.all_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(8)
        for widget in (heading, hint, self.cells):
            column.addWidget(widget)
        column.addLayout(row)
        first, end = layers or (0, count)
        self._show(min(first, count - 1), min(max(end, 1), count))
        self.cells.chosen.connect(self._on_cells_chosen)
        self.first.valueChanged.connect(self._on_numbers_changed)
        self.last.valueChanged.connect(self._on_numbers_changed)
        self.all_button.clicked.connect(self._on_all_clicked)

    def open_at(self, place: QPoint) -> None:
        """Open with the upper left corner here, but inside the screen."""
        open_popup(self, place)
        self.cells.setFocus()

    def _show(self, first: int, end: int) -> None:
        self.cells.set_range(first, end)
        for field, value in ((self.first, first), (self.last, end - 1)):
            field.blockSignals(True)
            field.setValue(value)
            field.blockSignals(False)

    def _on_cells_chosen(self, first: int, end: int) -> None:
        self._show(first, end)
        self.chosen.emit((first, end))

    def _on_numbers_changed(self) -> None:
        first, last = sorted((self.first.value(), self.last.value()))
        self.cells.set_range(first, last + 1)
        self.chosen.emit((first, last + 1))

    def _on_all_clicked(self) -> None:
        self._show(0, self.cells.count)
        self.chosen.emit(None)


def open_popup(popup: QWidget, place: QPoint) -> None:
    """Show a popup with its upper left corner at a place of the screen, moved so that all of it is seen."""
    popup.adjustSize()
    room = popup.screen().availableGeometry()
    x = min(place.x(), room.right() - popup.width())
    y = min(place.y(), room.bottom() - popup.height())
    popup.move(max(room.left(), x), max(room.top(), y))
    popup.show()


def say_layers(layers: tuple[int, int]) -> str:
    """A range of layers in words, counted as the popup counts them."""
    return f"layer {layers[0]}" if layers[1] == layers[0] + 1 else f"layers {layers[0]}–{layers[1] - 1}"
