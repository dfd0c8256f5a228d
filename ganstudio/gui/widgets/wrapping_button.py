"""A button whose words go on in a second line where one is too narrow for them."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QStyle, QStyleOptionButton, QWidget


class WrappingButton(QPushButton):
    """As wide as its words where there is room, and never narrower than the longest of them.

    Attributes:
        words: What it says, in one line; `text` has the breaks.
    """

    def __init__(self, words: str, parent: QWidget | None = None) -> None:
        super().__init__(words, parent)
        self.words = words
        self.setAccessibleName(words)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def sizeHint(self) -> QSize:  # noqa: D102, N802 - Qt's name
        return QSize(self._advance(self.words) + self._frame().width(), self._height(1))

    def minimumSizeHint(self) -> QSize:  # noqa: D102, N802 - Qt's name
        longest = max(map(self._advance, self.words.split()), default=0)
        return QSize(longest + self._frame().width(), self._height(1))

    def heightForWidth(self, width: int) -> int:  # noqa: D102, N802 - Qt's name
        return self._height(len(self._lines(width)))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: D102, N802 - Qt's name
        super().resizeEvent(event)
        self.setText("\n".join(self._lines(event.size().width())))

    def _height(self, lines: int) -> int:
        text = self.fontMetrics().size(0, "\n".join("x" * lines))
        return text.height() + self._frame().height()

    def _frame(self) -> QSize:
        """What the style puts around the text."""
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = self.words
        text = self.fontMetrics().size(0, self.words)
        return self.style().sizeFromContents(QStyle.ContentsType.CT_PushButton, option, text, self) - text

    def _advance(self, text: str) -> int:
        return self.fontMetrics().horizontalAdvance(text)

    def _lines(self, width: int) -> list[str]:
        room = width - self._frame().width()
        lines: list[str] = []
        for word in self.words.split():
            longer = f"{lines[-1]} {word}" if lines else word
            if lines and self._advance(longer) <= room:
                lines[-1] = longer
            else:
                lines.append(word)
        return lines
