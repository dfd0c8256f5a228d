"""The slider of a direction: a `LatentSlider` that is renamed in its place, locked, marked, and has a menu."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QEnterEvent, QImage, QKeyEvent, QPixmap
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QWidget

from ganstudio.gui.widgets.latent_slider import LatentSlider, SliderName
from ganstudio.gui.widgets.picture_strip import PictureStrip

ROW_HEIGHT = 40
STRIP_HEIGHT = 48
_LONGEST_TITLE = 100


@dataclass(frozen=True, eq=False)
class Mark:
    """A small thing between a slider's name and its number.

    Attributes:
        name: Tells it from others, for whoever looks for it.
        hint: What it means, for the tooltip and for screen readers.
        picture: What is drawn; None where `text` is.
        text: A few letters.
    """

    name: str
    hint: str
    picture: QPixmap | None = None
    text: str = ""


class DirectionSlider(LatentSlider):
    """One row of the list of directions.

    Signals:
        menu_wanted(place): Its menu is asked for, at this place of the screen.
        renamed(title): The person calls it otherwise.
        pointed(is_over): The pointer comes over it, or goes.
        strip_wanted(): What it does is to be seen.
    """

    menu_wanted = Signal(QPoint)
    renamed = Signal(str)
    pointed = Signal(bool)
    strip_wanted = Signal()

    def __init__(self, title: str, limits: tuple[float, float], parent: QWidget | None = None) -> None:
        super().__init__(title, limits, parent=parent)
        self.track.own_keys |= {Qt.Key.Key_F2, Qt.Key.Key_F1}
        self.strip: PictureStrip | None = None
        self.marks: dict[str, QLabel] = {}
        self._name_editor: QLineEdit | None = None
        self._shown_marks: tuple[Mark, ...] = ()

    @property
    def grip(self) -> SliderName:
        """Where the row is taken hold of, to be dragged."""
        return self._name

    @property
    def is_locked(self) -> bool:
        """Whether nothing moves it."""
        return self.track.is_locked

    def set_locked(self, is_locked: bool) -> None:
        """Let nothing move it, or let it be moved again."""
        if is_locked == self.track.is_locked:
            return
        self.track.is_locked = is_locked
        self.track.setCursor(Qt.CursorShape.ForbiddenCursor if is_locked else Qt.CursorShape.ArrowCursor)
        self._number.setToolTip("Locked: unlock it in its menu" if is_locked else "Double-click to type a number")
        self.track.update()

    def set_dimmed(self, is_dimmed: bool) -> None:
        """Show that it has no part in the picture for now."""
        self._name.setEnabled(not is_dimmed)

    def set_marks(self, marks: Sequence[Mark]) -> None:
        """Show these beside the name, in this order."""
        if not marks and not self._shown_marks:
            return
        for label in self.marks.values():
            self.head.removeWidget(label)
            label.deleteLater()
        self._shown_marks = tuple(marks)
        self.marks = {mark.name: self._make_mark(mark) for mark in marks}

    def add_strip(self) -> None:
        """Have room for pictures below, which say of what has no name yet what it does."""
        self.strip = PictureStrip(STRIP_HEIGHT, self)
        layout = self.layout()
        if isinstance(layout, QGridLayout):
            layout.addWidget(self.strip, 2, 0)

    def show_strip(self, images: Sequence[QImage]) -> None:
        """Show pictures there, where there is room for them."""
        if self.strip is not None:
            self.strip.show_images(images)

    def begin_renaming(self) -> None:
        """Let the name be typed."""
        editor = self._name_editor = self._name_editor or self._make_name_editor()
        editor.setText(self.title)
        editor.setGeometry(self._name.geometry().adjusted(-4, -1, 0, 3))
        editor.show()
        editor.raise_()
        editor.setFocus()
        editor.selectAll()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: D102, N802 - Qt's name
        is_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        self.menu_wanted.emit(self.mapToGlobal(self.rect().bottomLeft()) if is_key else event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: D102, N802 - Qt's name
        if event.key() == Qt.Key.Key_F2:
            self.begin_renaming()
        elif event.key() == Qt.Key.Key_F1:
            self.strip_wanted.emit()
        elif event.key() == Qt.Key.Key_Escape and self._name_editor is not None and self._name_editor.hasFocus():
            self._end_renaming(is_wanted=False)
        else:
            super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:  # noqa: ARG002, D102, N802 - Qt's name
        self.pointed.emit(True)

    def leaveEvent(self, event: QEvent) -> None:  # noqa: ARG002, D102, N802 - Qt's name
        self.pointed.emit(False)

    def _make_mark(self, mark: Mark) -> QLabel:
        label = QLabel(mark.text, self)
        if mark.picture is not None:
            label.setPixmap(mark.picture)
        label.setProperty("role", "fine")
        label.setToolTip(mark.hint)
        label.setAccessibleName(mark.hint)
        self.head.insertWidget(self.head.count() - 1, label)
        return label

    def _make_name_editor(self) -> QLineEdit:
        editor = QLineEdit(self)
        editor.setProperty("role", "bare")
        editor.setMaxLength(_LONGEST_TITLE)
        editor.setAccessibleName("New name")
        editor.returnPressed.connect(lambda: self._end_renaming(is_wanted=True))
        editor.editingFinished.connect(lambda: self._end_renaming(is_wanted=True))
        return editor

    def _end_renaming(self, is_wanted: bool) -> None:
        editor = self._name_editor
        if editor is None or editor.isHidden():
            return
        had_focus, title = editor.hasFocus(), editor.text().strip()
        editor.hide()
        if had_focus:
            self.track.setFocus()
        if is_wanted and title != self.title:
            self.renamed.emit(title)
