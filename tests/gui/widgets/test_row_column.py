from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from ganstudio.gui.widgets.fold import Fold
from ganstudio.gui.widgets.row_column import RowColumn


def make(qtbot: QtBot, count: int) -> RowColumn:
    column = RowColumn(lambda key: QPushButton(str(key)), 20)
    qtbot.addWidget(column)
    column.resize(200, 20 * count)
    column.set_keys([str(number) for number in range(count)])
    column.show()
    return column


def test_only_rows_near_the_part_that_is_seen_are_made(qtbot: QtBot) -> None:
    column = make(qtbot, 1000)
    column.show_part(0, 100)
    assert set(column.rows) == {str(number) for number in range(12)}
    column.show_part(10_000, 10_100)
    assert {str(number) for number in range(496, 510)} <= set(column.rows)
    assert column.rows["500"].y() == 10_000
    assert len(column.rows) < 40


def test_rows_stay_what_they_are_when_the_order_changes(qtbot: QtBot) -> None:
    column = make(qtbot, 5)
    column.show_part(0, 100)
    kept = column.rows["3"]
    column.set_keys(["3", "1", "7"])
    assert column.row("3") is kept
    assert kept.y() == 0
    assert set(column.rows) == {"3", "1", "7"}
    assert column.height() == 60


def test_tab_goes_from_row_to_row_in_the_order_that_is_seen(qtbot: QtBot) -> None:
    column = make(qtbot, 6)
    for key in ("4", "0", "2", "1", "3"):  # made out of order, as jumps of a scroll bar make them
        column.row(key)
    column.row("0").setFocus()
    qtbot.waitUntil(column.row("0").hasFocus)
    for key in ("1", "2", "3", "4"):
        qtbot.keyClick(column.window(), Qt.Key.Key_Tab)
        assert column.row(key).hasFocus()


def test_a_fold_hides_its_body_and_counts(qtbot: QtBot) -> None:
    body = QLabel("inside")
    fold = Fold("Axes")
    fold.body.addWidget(body)
    qtbot.addWidget(fold)
    fold.show()
    fold.set_count(3, 80)
    assert fold.heading.text() == "Axes (3 of 80)"
    assert not body.isVisible()
    qtbot.mouseClick(fold.heading, Qt.MouseButton.LeftButton)
    assert body.isVisible()
