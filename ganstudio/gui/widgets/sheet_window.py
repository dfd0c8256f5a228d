"""A window that shows a sheet of pictures, of which one can be pressed, and that can be saved."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QImage, QMouseEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget


class SheetView(QWidget):
    """The sheet, as large as it fits.

    Signals:
        pressed(place): A picture of it was pressed, the first being 0.
    """

    pressed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image = QImage()
        self._columns = 1
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Sheet of pictures")
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    @property
    def image(self) -> QImage:
        """What is shown."""
        return self._image

    def sizeHint(self) -> QSize:  # noqa: D102, N802 - Qt's name
        return QSize(640, 640)

    def show_sheet(self, image: QImage, columns: int) -> None:
        """Show a sheet with so many pictures in a row and in a column."""
        self._image, self._columns = image, columns
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, D102, N802 - Qt's name
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(self.rect(), self.palette().color(QPalette.ColorRole.Dark))
        if not self._image.isNull():
            painter.drawImage(self._target(), self._image)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: D102, N802 - Qt's name
        place = self.place_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and place is not None:
            self.pressed.emit(place)

    def place_at(self, at: QPointF) -> int | None:
        """Which picture is here."""
        target = self._target()
        if self._image.isNull() or not target.contains(at):
            return None
        column = int((at.x() - target.left()) / target.width() * self._columns)
        row = int((at.y() - target.top()) / target.height() * self._columns)
        return min(row, self._columns - 1) * self._columns + min(column, self._columns - 1)

    def _target(self) -> QRectF:
        size = self._image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        left, top = (self.width() - size.width()) / 2, (self.height() - size.height()) / 2
        return QRectF(left, top, size.width(), size.height())


class SheetWindow(QDialog):
    """The sheet with a button to save it; the main window stays free.

    Signals:
        pressed(place): A picture was pressed.
        save_wanted(): The sheet is to be saved.
        closed(): It goes.
    """

    pressed = Signal(int)
    save_wanted = Signal()
    closed = Signal()

    def __init__(self, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.view = SheetView(self)
        hint = QLabel("Press a picture to go to it.", self)
        hint.setProperty("role", "muted")
        self.save_button = QPushButton("Save Sheet…", self)
        self.save_button.setProperty("role", "primary")
        row = QHBoxLayout()
        row.setContentsMargins(12, 8, 12, 12)
        row.addWidget(hint, 1)
        row.addWidget(self.save_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view, 1)
        column.addLayout(row)
        self.view.pressed.connect(self.pressed)
        self.save_button.clicked.connect(self.save_wanted)

    def show_sheet(self, image: QImage, columns: int) -> None:
        """Show a sheet."""
        self.view.show_sheet(image, columns)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: D102, N802 - Qt's name
        super().closeEvent(event)
        self.closed.emit()
