"""Short messages over the lower edge of the window: what was done, what went wrong, what may be done about it."""

from collections.abc import Callable

from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QWidget

from ganstudio.gui import icons, theme
from ganstudio.gui.dialogs.error_details import ErrorDetails, words_for
from ganstudio.gui.widgets.toast import Message, ToastArea

Button = tuple[str, Callable[[], object]]


class Messages:
    """Shows the messages of one window.

    Args:
        window: Over which they are shown.

    Attributes:
        toasts: Those that are seen.
    """

    def __init__(self, window: QWidget) -> None:
        self._window = window
        self.toasts = ToastArea(window)

    def show_error(self, error: BaseException) -> None:
        """Show what went wrong, for a person, with the details one click away."""
        title, more = words_for(error)
        self.show(title, more, "error", ("Details", lambda: ErrorDetails(error, self._window).show()))

    def show(self, text: str, more: str = "", severity: str = "info", *buttons: Button) -> None:
        """Show a message.

        Args:
            text: What it says.
            more: What it says below that.
            severity: "info", "warning" or "error"; only an information goes away by itself.
            buttons: What can be done about it.
        """
        self.toasts.show(Message(text, more, severity, _symbol(severity), buttons))

    def offer(self, text: str, more: str, *buttons: Button) -> None:
        """Say something that is no warning and yet waits until it was seen."""
        self.toasts.show(Message(text, more, "warning", _symbol("info"), buttons))


def _symbol(severity: str) -> QPixmap:
    colors = theme.current()
    color = {"error": colors.danger, "warning": colors.warning}.get(severity, colors.muted)
    return icons.draw(severity, color, 20)
