"""Small pictures in rows, each of which can be pressed."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QIcon, QImage
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QToolButton, QWidget

from ganstudio.gui.widgets.pixels import fitting_pixmap


class PictureButtons(QWidget):
    """A row, or several, of pictures to press.

    Args:
        count: How many.
        columns: How many in a row.
        side: Height and width of each, in pixels of the window.

    Signals:
        pressed(place): One was pressed.
    """

    pressed = Signal(int)

    def __init__(self, count: int, columns: int, side: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._side = side
        self.buttons: list[QToolButton] = []
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(2)
        for place in range(count):
            button = QToolButton(self)
            button.setIconSize(QSize(side, side))
            button.setFixedSize(QSize(side + 4, side + 4))
            button.setProperty("role", "picture")
            button.clicked.connect(lambda _checked=False, place=place: self.pressed.emit(place))
            grid.addWidget(button, place // columns, place % columns)
            self.buttons.append(button)
        grid.setColumnStretch(columns, 1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_names(self, names: Sequence[str]) -> None:
        """Say what each is."""
        for button, name in zip(self.buttons, names, strict=True):
            button.setToolTip(name)
            button.setAccessibleName(name)

    def show_image(self, place: int, image: QImage | None) -> None:
        """Show one picture, or an empty place."""
        button = self.buttons[place]
        if image is None:
            button.setIcon(QIcon())
            return
        button.setIcon(QIcon(fitting_pixmap(image, self._side, self.devicePixelRatioF())))
