"""An error in full: what happened in words, the details folded away, a button that copies all of it."""

import platform
import traceback

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

import ganstudio
from ganstudio.errors import GanStudioError

_DETAILS_HEIGHT = 240


class ErrorDetails(QDialog):
    """Shows one error; an expected one by subject, reason and remedy, any other as a fault of the program."""

    def __init__(self, error: BaseException, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Something went wrong")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(520)
        self._text = describe(error)
        title, more = words_for(error)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 16)
        layout.setSpacing(8)
        layout.addWidget(self._label(title, "heading"))
        layout.addWidget(self._label(more, "muted"))
        self.details = QPlainTextEdit(self._text, self, readOnly=True)
        self.details.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.details.setFixedHeight(_DETAILS_HEIGHT)
        self.details.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.details.hide()
        layout.addSpacing(8)
        layout.addLayout(self._buttons())
        layout.addWidget(self.details)

    def copy(self) -> None:
        """Put the whole report on the clipboard."""
        QGuiApplication.clipboard().setText(self._text)
        self.copy_button.setText("Copied")

    def _label(self, text: str, role: str) -> QLabel:
        label = QLabel(text, self, wordWrap=True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        label.setProperty("role", role)
        return label

    def _buttons(self) -> QHBoxLayout:
        self.fold_button = QPushButton("Show Details", self)
        self.fold_button.setCheckable(True)
        self.fold_button.toggled.connect(self._on_fold_toggled)
        self.copy_button = QPushButton("Copy Report", self)
        self.copy_button.clicked.connect(self.copy)
        close = QPushButton("Close", self, default=True)
        close.clicked.connect(self.close)
        for button in (self.fold_button, self.copy_button):
            button.setProperty("role", "flat")
            button.setAutoDefault(False)
        row = QHBoxLayout()
        row.addWidget(self.fold_button)
        row.addWidget(self.copy_button)
        row.addStretch(1)
        row.addWidget(close)
        return row

    def _on_fold_toggled(self, shown: bool) -> None:
        self.details.setVisible(shown)
        self.fold_button.setText("Hide Details" if shown else "Show Details")
        self.adjustSize()


def words_for(error: BaseException) -> tuple[str, str]:
    """A heading and a sentence for an error, in a person's words."""
    if isinstance(error, GanStudioError):
        reason = error.reason[:1].upper() + error.reason[1:]
        remedy = error.remedy[:1].upper() + error.remedy[1:]
        return f"{_short(error.subject)}: {error.reason}" if error.subject else reason, f"{remedy}." if remedy else ""
    return (
        f"A fault in the program: {type(error).__name__}",
        "What you made is kept. You can go on working; if it comes again, copy the report and send it to us.",
    )


def describe(error: BaseException) -> str:
    """The whole report: versions, message, where it happened."""
    head = f"GANStudio {ganstudio.__version__}, Python {platform.python_version()}, {platform.platform()}"
    return "\n".join([head, "", *traceback.format_exception(error)]).rstrip() + "\n"


def _short(subject: str) -> str:
    """The last part of a path is enough in a heading; the details hold all of it."""
    name = subject.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]
    return name if len(name) <= 60 else f"{name[:28]}…{name[-28:]}"
