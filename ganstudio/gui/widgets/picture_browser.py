"""A grid whose pictures can be opened, selected, marked and dragged away, as in a photo browser."""

from collections.abc import Iterable, Mapping, Sequence

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette, QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from ganstudio.gui.widgets.cell_marks import MARGIN, draw_marks
from ganstudio.gui.widgets.picture_grid import PictureGrid

_CTRL, _SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
_NONE = Qt.KeyboardModifier.NoModifier
_BAND_ALPHA = 40


class PictureBrowser(PictureGrid):
    """A click opens; with Ctrl or Shift it selects, as a drag does; selected pictures can be dragged away.

    With keys: arrows walk, with Shift they select, Space selects one more, Enter opens, Esc selects none.

    Signals:
        selected(places, goes_on): Another selection is wanted, as ascending places; `goes_on` while one gesture lasts.
        dragged_out(): The selected pictures are dragged away.
        menu_wanted(place, at): The menu of a picture is wanted, at a point of the screen.
    """

    selected = Signal(tuple, bool)
    dragged_out = Signal()
    menu_wanted = Signal(int, QPoint)

    def __init__(self, gap: int = 4, parent: QWidget | None = None) -> None:
        self._marks: dict[tuple[bool, str], QPixmap] = {}  # before Qt asks for anything
        super().__init__(gap, is_clickable=True, parent=parent)
        self._picks: frozenset[int] = frozenset()
        self._badges: dict[int, str] = {}
        self._anchor: int | None = None
        self._pressed_at: QPoint | None = None
        self._band: QRect | None = None
        self._kept: frozenset[int] = frozenset()
        self._extends = False

    @property
    def picks(self) -> frozenset[int]:
        """The places that are shown as selected."""
        return self._picks

    @property
    def badges(self) -> Mapping[int, str]:
        """The signs in the corners of pictures, by place."""
        return self._badges

    def set_picks(self, places: Iterable[int]) -> None:
        """Show these places as selected; a drag that goes on decides for itself."""
        if self._band is None:
            self._show_picks(frozenset(places))

    def set_badges(self, badges: Mapping[int, str]) -> None:
        """Show signs in the lower left corners: "+", "-", "*" for a star, or several of them."""
        changed = {place for place in {*badges, *self._badges} if badges.get(place) != self._badges.get(place)}
        self._badges = dict(badges)
        self._update_cells(changed)
        self._tell_readers()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: D102, N802 - Qt's name
        super().paintEvent(event)
        if self._band is not None:
            painter = QPainter(self)
            colour = QColor(self.palette().color(QPalette.ColorRole.Accent))
            painter.setPen(colour)
            painter.drawRect(self._band.adjusted(0, 0, -1, -1))
            colour.setAlpha(_BAND_ALPHA)
            painter.fillRect(self._band, colour)
            painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: D102, N802 - Qt's name
        if event.button() == Qt.MouseButton.LeftButton and self.items:
            self._pressed_at = event.position().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: D102, N802 - Qt's name
        point = event.position().toPoint()
        if self._band is not None:
            self._stretch(point)
        elif self._pressed_at is None:
            super().mouseMoveEvent(event)
        elif (point - self._pressed_at).manhattanLength() >= QApplication.startDragDistance():
            self._begin_drag(point, event.modifiers())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: D102, N802 - Qt's name
        if event.button() != Qt.MouseButton.LeftButton or self._pressed_at is None:
            return
        pressed, self._pressed_at = self._pressed_at, None
        if self._band is not None:
            self._end_band()
            return
        index = self.cell_at(pressed)
        if index != self.cell_at(event.position().toPoint()):
            return
        if index is not None:
            self._click(index, event.modifiers())
        elif self._picks and event.modifiers() == _NONE:
            self._want(frozenset())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: D102, N802 - Qt's name
        if event.reason() == QContextMenuEvent.Reason.Mouse:
            index, at = self.cell_at(event.pos()), event.globalPos()
        else:
            index = self.current if self.current is not None else min(self._picks, default=None)
            at = self.mapToGlobal(self.places.cell(index or 0).center())
        if index is not None and self._band is None:
            self.set_current(index)
            self.menu_wanted.emit(index, at)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: D102, N802 - Qt's name
        place = self._place_after(Qt.Key(event.key()))
        if event.key() == Qt.Key.Key_Escape and self._band is not None:
            self._drop_band()
        elif event.key() == Qt.Key.Key_Escape and self._picks:
            self._want(frozenset())
        elif event.key() == Qt.Key.Key_Space and self.current is not None:
            self._anchor = self.current
            self._want(self._picks ^ {self.current})
        elif place is not None and event.modifiers() & _SHIFT:
            if self._anchor is None:
                self._anchor = self.current if self.current is not None else place
            self.set_current(place)
            self._want(_between(self._anchor, place), goes_on=self._extends)
            self._extends = True
        else:
            self._anchor = self._anchor if place is None else place
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:  # noqa: D102, N802 - Qt's name
        if event.key() == Qt.Key.Key_Shift:
            self._extends = False  # the next step with Shift is another gesture
        super().keyReleaseEvent(event)

    def _click(self, index: int, keys: Qt.KeyboardModifier) -> None:
        self.set_current(index)
        if keys & _SHIFT:
            self._anchor = index if self._anchor is None else self._anchor
            span = _between(self._anchor, index)
            self._want(self._picks | span if keys & _CTRL else span)
            return
        self._anchor = index
        if keys & _CTRL:
            self._want(self._picks ^ {index})
        elif keys == _NONE:
            self.clicked.emit(index)

    def _begin_drag(self, point: QPoint, keys: Qt.KeyboardModifier) -> None:
        pressed = self._pressed_at
        if pressed is None:
            return
        if self.cell_at(pressed) in self._picks and keys == _NONE:
            self._pressed_at = None
            self.dragged_out.emit()
            return
        self._hover(None)
        self._kept = self._picks if keys & (_CTRL | _SHIFT) else frozenset()
        self._band = QRect(pressed, pressed)
        self._stretch(point)

    def _stretch(self, point: QPoint) -> None:
        if self._band is None or self._pressed_at is None:
            return
        old, self._band = self._band, QRect(self._pressed_at, point).normalized()
        self._show_picks(self._kept | set(self.places.indices_in(self._band)))
        self.update(old.united(self._band))

    def _end_band(self) -> None:
        band, self._band = self._band, None
        if band is not None:
            self.update(band)
        self._anchor = min(self._picks, default=None)
        self._want(self._picks)

    def _drop_band(self) -> None:
        band, self._band, self._pressed_at = self._band, None, None
        if band is not None:
            self.update(band)
        self._want(self._kept)

    def _want(self, places: frozenset[int], goes_on: bool = False) -> None:
        self.selected.emit(tuple(sorted(places)), goes_on)

    def _show_picks(self, picks: frozenset[int]) -> None:
        changed = picks ^ self._picks
        self._picks = picks
        self._update_cells(changed)
        self._tell_readers()

    def _tip(self, index: int) -> str:
        words = {"+": "marked +", "-": "marked \N{MINUS SIGN}", "*": "favourite"}
        parts = [super()._tip(index), *(words[sign] for sign in self._badges.get(index, ""))]
        return ", ".join([*parts, "selected"] if index in self._picks else parts)

    def _paint_marks(self, painter: QPainter, touched: Sequence[int]) -> None:
        for index in touched:
            what = (index in self._picks, self._badges.get(index, ""))
            if any(what):
                painter.drawPixmap(self.places.cell(index).topLeft() - QPoint(MARGIN, MARGIN), self._marks_of(*what))
        super()._paint_marks(painter, touched)

    def _marks_of(self, is_selected: bool, signs: str) -> QPixmap:
        key = (is_selected, signs)
        if key not in self._marks:
            ratio = self.devicePixelRatioF()
            self._marks[key] = draw_marks(self.places.side, is_selected, signs, self.palette(), ratio)
        return self._marks[key]

    def _lay_out_again(self) -> None:
        self._marks.clear()
        super()._lay_out_again()

    def changeEvent(self, event: QEvent) -> None:  # noqa: D102, N802 - Qt's name
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._marks.clear()


def _between(first: int, last: int) -> frozenset[int]:
    return frozenset(range(min(first, last), max(first, last) + 1))
