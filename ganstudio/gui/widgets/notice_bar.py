"""A bar over a view that says what is wrong with it and what can be done; it stays until that is done."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

Choice = tuple[str, Callable[[], object]]


class NoticeBar(QFrame):
    """Hidden until it has something to say."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "notice")
        self._symbol = QLabel(self)
        self.title, self.more = QLabel(self, wordWrap=True), QLabel(self, wordWrap=True)
        for label, role in ((self.title, "heading"), (self.more, "muted")):
            label.setProperty("role", role)
            label.setTextFormat(Qt.TextFormat.PlainText)
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(self.title)
        texts.addWidget(self.more)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(8)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 8, 8, 8)
        layout.setSpacing(12)
        layout.addWidget(self._symbol, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(texts, 1)
        layout.addLayout(self._buttons)
        self.hide()

    def say(self, title: str, more: str, choices: tuple[Choice, ...], symbol: QPixmap | None = None) -> None:
        """Show a sentence, a second one, and buttons; each closes the bar before it does what it says."""
        self.title.setText(title)
        self.more.setText(more)
        self.more.setVisible(bool(more))
        self.setAccessibleName(f"{title}. {more}")
        self._symbol.setPixmap(symbol or QPixmap())
        self._symbol.setVisible(symbol is not None)
        self._clear()
        for place, (text, run) in enumerate((*choices, ("Dismiss", lambda: None))):
            button = QPushButton(text, self)
            button.setProperty("role", "primary" if not place else "flat")
            button.clicked.connect(lambda _checked=False, run=run: self._choose(run))
            self._buttons.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        self.show()

    def button(self, text: str) -> QPushButton | None:
        """The button of this text, if the bar is shown and has it."""
        buttons = [button for button in self.findChildren(QPushButton) if button.text() == text]
        return buttons[0] if buttons and not self.isHidden() else None

    def _choose(self, run: Callable[[], object]) -> None:
        self.hide()
        run()

    def _clear(self) -> None:
        while item := self._buttons.takeAt(0):
            if widget := item.widget():
                widget.setParent(None)
                widget.deleteLater()
