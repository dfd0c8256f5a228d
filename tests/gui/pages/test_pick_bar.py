"""Marks in the grid that become a direction, with mouse and keys on the real window."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from waiting import wait_opened

from ganstudio.gui.main_window import MainWindow
from ganstudio.gui.pages.pick_bar import PickBar

LEFT, CTRL = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def bar(window: MainWindow, qtbot: QtBot) -> PickBar:
    qtbot.keyClick(window, Qt.Key.Key_G)
    page = window.explore.grid_page
    qtbot.waitUntil(lambda: page.is_complete and page.grid.isVisible(), timeout=20_000)
    return page.pick_bar


def mark(window: MainWindow, qtbot: QtBot, places: range, key: Qt.Key) -> None:
    window.explore.grid_page.select_none()
    for place in places:
        centre = window.explore.grid_page.grid.places.cell(place).center()
        qtbot.mouseClick(window.explore.grid_page.grid, LEFT, CTRL, centre)
    qtbot.keyClick(window.explore.grid_page.grid, key)


def ready(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not window.jobs.jobs(), timeout=20_000)


def test_the_bar_comes_with_the_first_mark_and_says_what_is_missing(
    window: MainWindow, qtbot: QtBot, bar: PickBar
) -> None:
    assert not bar.isVisible()
    mark(window, qtbot, range(1), Qt.Key.Key_Plus)
    assert bar.isVisible()
    assert bar.words.text() == "1 +, 0 −"
    assert not bar.make_button.isEnabled()
    assert "mark a few − too" in bar.hint.text()
    mark(window, qtbot, range(4, 5), Qt.Key.Key_Minus)
    assert "at least 2 of each kind" in bar.hint.text()
    ready(window, qtbot)
    qtbot.mouseClick(bar.clear_button, LEFT)
    assert not bar.isVisible()
    window.commands["edit.undo"].trigger()
    assert bar.words.text() == "1 +, 1 −"


def test_marks_become_a_direction_that_is_named_at_once(window: MainWindow, qtbot: QtBot, bar: PickBar) -> None:
    mark(window, qtbot, range(4), Qt.Key.Key_Plus)
    mark(window, qtbot, range(5, 9), Qt.Key.Key_Minus)
    ready(window, qtbot)
    steps = window.document.undo_stack.count()
    qtbot.mouseClick(bar.make_button, LEFT)
    qtbot.waitUntil(lambda: bar.name.isVisible() and len(bar.strip.images) == 5, timeout=20_000)
    (own,) = window.document.state.directions
    assert own.info.origin == "picks"
    assert window.document.undo_stack.count() == steps + 1
    assert "of 8 right" in bar.facts.text()
    ready(window, qtbot)
    bar.name.setText("  Rounder ")
    qtbot.keyClick(bar.name, Qt.Key.Key_Return)
    assert window.document.state.slider_of(own.name).title == "Rounder"
    mark(window, qtbot, range(10, 11), Qt.Key.Key_Plus)
    assert not bar.name.isVisible()  # the direction is of other marks


def test_a_direction_of_picks_waits_for_what_is_being_made_ready(
    window: MainWindow, qtbot: QtBot, bar: PickBar
) -> None:
    mark(window, qtbot, range(4), Qt.Key.Key_Plus)
    mark(window, qtbot, range(5, 9), Qt.Key.Key_Minus)
    qtbot.mouseClick(bar.make_button, LEFT)
    qtbot.waitUntil(lambda: len(window.document.state.directions) == 1, timeout=20_000)
    ready(window, qtbot)


def test_marks_of_another_model_are_told_and_begun_anew(
    window: MainWindow, qtbot: QtBot, bar: PickBar, tiny_checkpoint: Path
) -> None:
    mark(window, qtbot, range(4), Qt.Key.Key_Plus)
    mark(window, qtbot, range(5, 9), Qt.Key.Key_Minus)
    other = tiny_checkpoint.with_name("other.safetensors")
    other.write_bytes(tiny_checkpoint.read_bytes())
    window.opener.open(other)
    wait_opened(window, qtbot)
    assert "They are of tiny.safetensors" in bar.hint.text()
    assert not bar.make_button.isEnabled()
    assert not window.explore.grid_page.grid.badges
    qtbot.waitUntil(lambda: window.explore.grid_page.is_complete, timeout=20_000)
    mark(window, qtbot, range(1), Qt.Key.Key_Minus)
    assert bar.words.text() == "0 +, 1 −"
    assert window.document.state.marked_in == str(other)
    window.commands["edit.undo"].trigger()
    assert bar.words.text() == "4 +, 4 −"
    ready(window, qtbot)
