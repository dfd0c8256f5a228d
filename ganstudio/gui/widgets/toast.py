"""Messages that float over the lower edge of a view for a while: news go by themselves, errors wait to be read."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

_SHOWN_MS = 4000
_MOST = 3
_MARGIN = 40  # clears the status bar
_WIDEST = 720


@dataclass(frozen=True)
class Message:
    """What a toast says.

    Attributes:
        text: What happened, in a sentence.
        more: What to do, in a second one.
        severity: "info", "warning" or "error"; only info goes by itself.
        symbol: Picture before the text, drawn by the caller in the theme's colour.
        buttons: Further buttons: their texts and what they call.
    """

    text: str
    more: str = ""
    severity: str = "info"
    symbol: QPixmap | None = None
    buttons: tuple[tuple[str, Callable[[], object]], ...] = ()


class ToastArea(QObject):
    """Keeps the newest messages stacked over the lower edge of `view`."""

    def __init__(self, view: QWidget) -> None:
        super().__init__(view)
        self._view = view
        self._toasts: list[Toast] = []
        view.installEventFilter(self)

    @property
    def shown(self) -> tuple["Toast", ...]:
        """What is shown now, oldest first."""
        return tuple(self._toasts)

    def show(self, message: Message) -> "Toast":
        """Show a message; one that is there already is not shown twice."""
        for toast in list(self._toasts):
            if (toast.message.text, toast.message.more) == (message.text, message.more):
                self._dismiss(toast)
        while len(self._toasts) >= _MOST:
            self._dismiss(self._toasts[0])
        toast = Toast(message, self._view, self._dismiss)
        self._toasts.append(toast)
        self._place()
        toast.show()
        return toast

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: D102, N802 - Qt's name
        if event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def _dismiss(self, toast: "Toast") -> None:
        if toast in self._toasts:
            self._toasts.remove(toast)
            toast.hide()
            toast.deleteLater()
            self._place()

    def _place(self) -> None:
        bottom = self._view.height() - _MARGIN
        for toast in reversed(self._toasts):
            toast.setFixedWidth(min(toast.wanted_width(), _WIDEST, self._view.width() - 2 * _MARGIN))
            toast.adjustSize()
            height = max(toast.height(), toast.heightForWidth(toast.width()))
            toast.setGeometry((self._view.width() - toast.width()) // 2, bottom - height, toast.width(), height)
            toast.raise_()
            bottom -= height + 8


class Toast(QFrame):
    """One message."""

    def __init__(self, message: Message, parent: QWidget, dismiss: Callable[["Toast"], None]) -> None:
        super().__init__(parent)
        self.message = message
        self._dismiss = dismiss
        self.setObjectName("toast")
        self.setProperty("severity", message.severity)
        self.setAccessibleName(f"{message.text} {message.more}".strip())
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 8, 8, 8)
        layout.setSpacing(12)
        if message.symbol is not None:
            symbol = QLabel(self)
            symbol.setPixmap(message.symbol)
            layout.addWidget(symbol, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(self._texts(), 1)
        self._add_buttons(layout)
        if message.severity == "info":
            self._timer = QTimer(self, singleShot=True, interval=_SHOWN_MS)
            self._timer.timeout.connect(self.close_toast)
            self._timer.start()

    def close_toast(self) -> None:
        """Take the message away."""
        self._dismiss(self)

    def wanted_width(self) -> int:
        """The width at which no line breaks."""
        labels = [label for label in self.findChildren(QLabel) if label.text()]
        text = max(label.fontMetrics().horizontalAdvance(label.text()) for label in labels)
        fixed = sum(button.sizeHint().width() + 12 for button in self.findChildren(QPushButton))
        return text + fixed + (32 if self.message.symbol is not None else 0) + 48

    def _texts(self) -> QVBoxLayout:
        texts = QVBoxLayout()
        texts.setSpacing(2)
        for text, role in (
            (self.message.text, "heading" if self.message.more else "value"),
            (self.message.more, "muted"),
        ):
            if text:
                label = QLabel(text, self, wordWrap=True)
                label.setProperty("role", role)
                label.setTextFormat(Qt.TextFormat.PlainText)
                texts.addWidget(label)
        return texts

    def _add_buttons(self, layout: QHBoxLayout) -> None:
        closing = () if self.message.severity == "info" else (("Dismiss", self.close_toast),)
        for text, run in (*self.message.buttons, *closing):
            button = QPushButton(text, self)
            button.setProperty("role", "flat")
            button.clicked.connect(lambda _checked=False, run=run: run())
            layout.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
