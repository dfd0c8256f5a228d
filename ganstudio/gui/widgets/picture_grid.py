"""A grid of small pictures with captions; scaled to whole pixels, crisp at any screen density."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from html import escape

from PySide6.QtCore import QBuffer, QByteArray, QEvent, QIODevice, QPoint, QRect, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QImage,
    QImageWriter,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from ganstudio.gui.widgets.enlarging import enlarge
from ganstudio.gui.widgets.grid_layout import GridLayout, lay_out

_SHARP_FROM = 2.0  # below, squares of uneven sizes would look worse than blended ones
_WALKING = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End)
_FRAME = 3  # pixels that marks stand out of a cell, at most
_AWAITED_ALPHA = 110
_LOUPE, _LOUPE_BELOW = 160, 56  # pixels of the picture in a tip, and of a cell that needs one


@dataclass(frozen=True)
class GridItem:
    """One cell.

    Attributes:
        image: Its picture, or None: it was left out, or is awaited.
        caption: What a person knows it by.
        note: A few words more.
        is_awaited: Whether a picture is still to come.
    """

    image: QImage | None
    caption: str
    note: str = ""
    is_awaited: bool = False


class PictureGrid(QWidget):
    """Pictures in rows, as large as they fit; only what changes is painted again.

    Args:
        gap: Pixels between pictures.
        is_clickable: Whether pictures can be chosen: they light up under the pointer, arrow keys and Enter work.

    Signals:
        clicked(index): A picture was clicked.
    """

    clicked = Signal(int)

    def __init__(self, gap: int = 4, is_clickable: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._gap = gap
        self._is_clickable = is_clickable
        self._hovered: int | None = None
        self._current: int | None = None
        if is_clickable:
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._items: tuple[GridItem, ...] = ()
        self._scaled: dict[int, QImage] = {}
        self._places: GridLayout | None = None
        self._columns = 0
        self._empty = ""
        self._smooth = False
        self._loupe: tuple[QImage, str] | None = None
        self.setMouseTracking(True)
        self.setMinimumSize(96, 96)

    def show_items(self, items: Sequence[GridItem]) -> None:
        """Show these cells."""
        old, self._items = self._items, tuple(items)
        if len(old) != len(self._items):
            self._lay_out_again()
            self._limit_marks()
            return
        changed = [i for i, (before, after) in enumerate(zip(old, self._items, strict=True)) if before is not after]
        for index in changed:
            if old[index].image is not self._items[index].image:
                self._scaled.pop(index, None)
        self._update_cells(changed)

    def show_parts(self, places: Sequence[int], images: Sequence[QImage]) -> None:
        """Put pictures into some cells, in the place of what is there; all others stay."""
        items = list(self._items)
        for place, image in zip(places, images, strict=True):
            items[place] = replace(items[place], image=image, is_awaited=False)
        self.show_items(items)

    def set_current(self, index: int | None) -> None:
        """Mark one picture, which the keys act on."""
        old, self._current = self._current, index
        self._limit_marks()
        self._update_cells(place for place in (old, self._current) if place is not None)
        self._tell_readers()

    def set_columns(self, columns: int) -> None:
        """Have so many pictures in a row; 0 has as many as make them largest."""
        if columns != self._columns:
            self._columns = columns
            self._lay_out_again()

    def set_smooth(self, smooth: bool) -> None:
        """Magnify smoothly, or show each picture pixel as a square."""
        if smooth != self._smooth:
            self._smooth = smooth
            self._lay_out_again()

    def show_empty(self, text: str) -> None:
        """Show a sentence instead of pictures."""
        self._items, self._empty = (), text
        self._lay_out_again()
        self._limit_marks()

    @property
    def items(self) -> tuple[GridItem, ...]:
        """The cells shown."""
        return self._items

    @property
    def current(self) -> int | None:
        """The picture that the keys act on."""
        return self._current

    @property
    def places(self) -> GridLayout:
        """Where the cells are."""
        if self._places is None:
            self._places = lay_out(len(self._items), self.size(), self._gap, self._columns)
        return self._places

    def sizeHint(self) -> QSize:  # noqa: D102, N802 - Qt's name
        return QSize(320, 240)

    def cell_at(self, point: QPoint) -> int | None:
        """The cell under a point of the widget, or None."""
        return self.places.index_at(point)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: D102, N802 - Qt's name
        painter = QPainter(self)
        if not self._items:
            painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect().adjusted(16, 16, -16, -16), flags, self._empty)
        else:
            region = event.region()
            area = region.boundingRect().adjusted(-_FRAME, -_FRAME, _FRAME, _FRAME)
            touched = self.places.indices_in(area)
            if region.rectCount() > 1:
                touched = [index for index in touched if region.intersects(self._framed(index))]
            for index in touched:
                self._paint_cell(painter, index, self.places.cell(index))
            self._paint_marks(painter, touched)
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: D102, N802 - Qt's name
        super().resizeEvent(event)
        self._lay_out_again()

    def leaveEvent(self, event: QEvent) -> None:  # noqa: D102, N802 - Qt's name
        super().leaveEvent(event)
        self._hover(None)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: D102, N802 - Qt's name
        super().focusInEvent(event)
        self._update_cells([] if self._current is None else [self._current])

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: D102, N802 - Qt's name
        super().focusOutEvent(event)
        self._update_cells([] if self._current is None else [self._current])

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: D102, N802 - Qt's name
        place = self._place_after(Qt.Key(event.key()))
        if not self._is_clickable or not self._items:
            super().keyPressEvent(event)
        elif place is not None:
            self.set_current(place)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._current is not None:
            self.clicked.emit(self._current)
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Keep the arrow keys from the window's shortcuts while the grid has the focus and something to walk."""
        is_asked = event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent)
        if is_asked and self._is_clickable and self._items and event.key() in _WALKING:  # type: ignore[attr-defined]
            event.accept()
            return True
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._lay_out_again()
        return super().event(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: D102, N802 - Qt's name
        index = self.cell_at(event.position().toPoint())
        if index is not None and event.button() == Qt.MouseButton.LeftButton:
            self.clicked.emit(index)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: D102, N802 - Qt's name
        index = self.cell_at(event.position().toPoint())
        text = "" if index is None else self._tip(index)
        if index is not None and self.places.side < _LOUPE_BELOW:
            text = self._enlarge_tip(index, text)
        QToolTip.showText(event.globalPosition().toPoint(), text, self)
        if self._is_clickable:
            self._hover(index)

    def _place_after(self, key: Qt.Key) -> int | None:
        """Where a key leads from the current picture; stays at the edges. None for other keys."""
        if key not in _WALKING or not self._items:
            return None
        columns, last = self.places.columns, len(self._items) - 1
        if key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            return 0 if key == Qt.Key.Key_Home else last
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -columns, Qt.Key.Key_Down: columns}
        place = 0 if self._current is None else self._current + steps[key]
        return place if 0 <= place <= last else self._current

    def _hover(self, index: int | None) -> None:
        if index == self._hovered:
            return
        old, self._hovered = self._hovered, index
        self.setCursor(Qt.CursorShape.ArrowCursor if index is None else Qt.CursorShape.PointingHandCursor)
        self._update_cells(place for place in (old, index) if place is not None)

    def _tip(self, index: int) -> str:
        item = self._items[index]
        return f"{item.caption}: {item.note}" if item.note else item.caption

    def _enlarge_tip(self, index: int, text: str) -> str:
        """A tip that shows the picture itself, where its cell is too small to see it."""
        image = self._items[index].image
        if image is None:
            return text
        if self._loupe is None or self._loupe[0] is not image:
            smooth = Qt.TransformationMode.SmoothTransformation
            scaled = image.scaled(_LOUPE, _LOUPE, Qt.AspectRatioMode.KeepAspectRatio, smooth)
            content = QByteArray()
            buffer = QBuffer(content)
            buffer.open(QIODevice.OpenModeFlag.WriteOnly)
            QImageWriter(buffer, QByteArray(b"png")).write(scaled)
            self._loupe = (image, bytes(content.toBase64().data()).decode())
        return f'<img src="data:image/png;base64,{self._loupe[1]}"><br>{escape(text)}'

    def _tell_readers(self) -> None:
        """Say to screen readers where the keys are."""
        if self._is_clickable:
            count = len(self._items)
            text = f"{count} pictures"
            if self._current is not None:
                text = f"{self._tip(self._current)}, {self._current + 1} of {count}"
            self.setAccessibleDescription(text)

    def _limit_marks(self) -> None:
        count = len(self._items)
        self._hovered = self._hovered if self._hovered is not None and self._hovered < count else None
        self._current = self._current if self._current is not None and self._current < count else None

    def _lay_out_again(self) -> None:
        self._places = None
        self._scaled.clear()
        self.update()

    def _framed(self, index: int) -> QRect:
        return self.places.cell(index).adjusted(-_FRAME, -_FRAME, _FRAME, _FRAME)

    def _update_cells(self, indices: Iterable[int]) -> None:
        for index in indices:
            if index < len(self._items):
                self.update(self._framed(index))

    def _paint_marks(self, painter: QPainter, touched: Sequence[int]) -> None:
        current = QColor(self.palette().color(QPalette.ColorRole.Text))
        current.setAlpha(255 if self.hasFocus() else 90)
        for index, colour in ((self._current, current), (self._hovered, self.palette().color(QPalette.ColorRole.Text))):
            if index is not None and index in touched:
                painter.setPen(QPen(colour, 2))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(self.places.cell(index).adjusted(-1, -1, 0, 0))

    def _scale(self, index: int, image: QImage, side: QSize) -> QImage:
        """The picture at the size of its cell; kept, because pointing at pictures paints them often."""
        if index not in self._scaled:
            ratio = self.devicePixelRatioF()
            modes = Qt.TransformationMode
            is_large = side.width() * ratio >= _SHARP_FROM * image.width()
            mode = modes.FastTransformation if is_large and not self._smooth else modes.SmoothTransformation
            if is_large and self._smooth:
                image = enlarge(image)
            scaled = image.scaled(side * ratio, Qt.AspectRatioMode.KeepAspectRatio, mode)
            formats = QImage.Format
            scaled.convertTo(formats.Format_ARGB32_Premultiplied if image.hasAlphaChannel() else formats.Format_RGB32)
            scaled.setDevicePixelRatio(ratio)
            self._scaled[index] = scaled
        return self._scaled[index]

    def _paint_cell(self, painter: QPainter, index: int, cell: QRect) -> None:
        item = self._items[index]
        if item.image is not None:
            scaled = self._scale(index, item.image, cell.size())
            room = (QSizeF(cell.size()) - scaled.deviceIndependentSize()) / 2
            painter.drawImage(cell.topLeft() + QPoint(int(room.width()), int(room.height())), scaled)
            return
        if item.is_awaited:
            quiet = QColor(self.palette().color(QPalette.ColorRole.Window))
            quiet.setAlpha(_AWAITED_ALPHA)
            painter.fillRect(cell, quiet)
            return
        painter.fillRect(cell, self.palette().color(QPalette.ColorRole.Dark))
        painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
        painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, "left out")
