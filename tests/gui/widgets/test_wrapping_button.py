"""A button of many words: one line where there is room, more where there is not, and all words in either."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ganstudio.gui.widgets.wrapping_button import WrappingButton

WORDS = "Begin Anew with Spectral Norm"


@pytest.fixture(params=["", "QPushButton { padding: 5px 12px; border: 1px solid red; font-size: 13px; }"])
def column(request: pytest.FixtureRequest, qtbot: QtBot, qapp: QApplication) -> Iterator[QWidget]:
    before = qapp.styleSheet()
    qapp.setStyleSheet(request.param)
    column = QWidget()
    qtbot.addWidget(column)
    layout = QVBoxLayout(column)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(WrappingButton(WORDS, column))
    layout.addStretch(1)
    column.show()
    yield column
    qapp.setStyleSheet(before)


def test_it_is_one_line_where_there_is_room(column):
    button = column.findChild(WrappingButton)
    column.resize(button.sizeHint().width(), 200)
    assert button.text() == WORDS
    assert button.height() == button.sizeHint().height()


def test_in_a_narrow_column_it_breaks_between_words_and_grows(column, qtbot):
    button = column.findChild(WrappingButton)
    height = button.height()
    column.resize(button.minimumSizeHint().width() + 20, 200)
    qtbot.waitUntil(lambda: button.height() > height)
    lines = button.text().split("\n")
    assert len(lines) > 1
    assert " ".join(lines) == WORDS
    frame = button.sizeHint().width() - button.fontMetrics().horizontalAdvance(WORDS)
    assert all(button.fontMetrics().horizontalAdvance(line) + frame <= button.width() for line in lines)
    column.resize(600, 200)
    assert button.text() == WORDS
    qtbot.waitUntil(lambda: button.height() == height)
    assert button.accessibleName() == WORDS
