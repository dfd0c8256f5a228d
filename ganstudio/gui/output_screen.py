"""The picture on a screen of its own: which screen, and what happens when one is unplugged."""

from PySide6.QtCore import QObject, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QCursor, QGuiApplication, QImage, QScreen
from PySide6.QtWidgets import QMenu, QWidget

from ganstudio.gui.settings import Settings, SettingsStore
from ganstudio.gui.widgets.output_window import OutputWindow


class OutputScreen(QObject):
    """Opens the output window, keeps it up to date, and closes it with the main window.

    Args:
        window: The main window, or what will be inside it.
        settings: Say whether it is magnified smoothly.

    Signals:
        toggled(shown): It was opened or closed.
        picture_wanted(): It has opened, and is black as yet.
    """

    toggled = Signal(bool)
    picture_wanted = Signal()

    def __init__(self, window: QWidget, settings: SettingsStore) -> None:
        super().__init__(window)
        self._window = window
        self._settings = settings
        self.output: OutputWindow | None = None
        self._screen: QScreen | None = None
        self._part = (1.0, QPointF(0.5, 0.5))
        settings.changed.connect(self._on_settings_changed)
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.screenRemoved.connect(self._on_screen_removed)

    def toggle(self) -> None:
        """Open it on another screen, asking which if there are several; close it if it is open."""
        if self.output is not None:
            self.output.close()
            return
        others = self.other_screens()
        if len(others) > 1:
            self._ask_screen(others)
        else:
            self.open(others[0] if others else self._window.screen())

    def other_screens(self) -> list[QScreen]:
        """The screens that the main window is not on."""
        own = self._window.screen()
        return [screen for screen in QGuiApplication.screens() if screen is not own]

    def open(self, screen: QScreen) -> None:
        """Open it on a screen, or move it there."""
        if self.output is None:
            self.output = OutputWindow()
            self.output.closed.connect(self._on_output_closed)
            self.output.set_smooth(self._settings.values.smooth)
            self.output.show_part(*self._part)
        self._screen = screen
        self.output.setScreen(screen)
        self.output.setGeometry(screen.geometry())
        is_beside = screen is not self._window.screen()  # then the hand goes on in the main window
        self.output.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating, is_beside)
        self.output.showFullScreen()
        if not is_beside:
            self.output.activateWindow()
        self.picture_wanted.emit()
        self.toggled.emit(True)

    def show_image(self, image: QImage, full_size: QSize | None = None) -> None:
        """Show the newest picture, if it is open."""
        if self.output is not None:
            self.output.show_image(image, full_size)

    def show_part(self, zoom: float, centre: QPointF) -> None:
        """Magnify, with this of the picture, 0 to 1 across and down, in the middle; kept when it opens again."""
        self._part = (zoom, centre)
        if self.output is not None:
            self.output.show_part(zoom, centre)

    def begin_shutdown(self) -> None:
        """Close it, because the main window closes."""
        if self.output is not None:
            self.output.close()

    def is_shut_down(self) -> bool:
        """Whether it is closed."""
        return self.output is None

    def _ask_screen(self, screens: list[QScreen]) -> None:
        menu = QMenu(self._window)
        menu.aboutToHide.connect(menu.deleteLater)
        for screen in screens:
            size = screen.size() * screen.devicePixelRatio()
            text = f"{screen.name()}, {size.width()} \N{MULTIPLICATION SIGN} {size.height()}"
            menu.addAction(text).triggered.connect(lambda _checked=False, screen=screen: self.open(screen))
        menu.popup(QCursor.pos())

    def _on_output_closed(self) -> None:
        self.output = self._screen = None
        self.toggled.emit(False)

    def _on_screen_removed(self, screen: QScreen) -> None:
        """Close the output of a screen that was unplugged, before the system moves it over the main window."""
        if self.output is not None and screen == self._screen:
            self.output.close()

    def _on_settings_changed(self, old: Settings, new: Settings) -> None:
        if old.smooth != new.smooth and self.output is not None:
            self.output.set_smooth(new.smooth)
