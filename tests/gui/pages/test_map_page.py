"""The map of the latent space, used with mouse and keys on the real window."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from ganstudio.gui.main_window import MainWindow
from ganstudio.gui.pages.map_page import MapPage
from ganstudio.project import direction_edits, edits

LEFT = Qt.MouseButton.LeftButton


def make_map(page: MapPage, qtbot: QtBot, count: int) -> None:
    page.count.setItemData(0, count)
    page.count.setCurrentIndex(0)
    qtbot.mouseClick(page.make, LEFT)
    qtbot.waitUntil(lambda: page.shown is not None and page.make.text() == "Draw Map", timeout=30_000)


@pytest.fixture
def page(window: MainWindow, qtbot: QtBot) -> MapPage:
    qtbot.keyClick(window, Qt.Key.Key_M)
    page = window.explore.map_page
    assert page.isVisible()
    make_map(page, qtbot, 25)
    page.arrange.setCurrentIndex(1)  # even rows: no picture lies over another
    return page


def place_of(page: MapPage, index: int) -> QPoint:
    return page.map._rect_of(index).center().toPoint()


def test_a_click_goes_to_a_picture_and_a_double_click_opens_it(window: MainWindow, qtbot: QtBot, page: MapPage) -> None:
    window.document.apply("Smile", direction_edits.set_strength(window.document.state, "smile", 1.0))
    qtbot.mouseClick(page.map, LEFT, pos=place_of(page, 7))
    look = window.document.state.look
    assert (look.seed, look.strength_of("smile")) == (7, 1.0)
    assert page.isVisible()
    assert page.map.current == 7
    window.commands["edit.undo"].trigger()
    assert page.map.current == 0
    qtbot.mouseDClick(page.map, LEFT, pos=place_of(page, 9))
    assert (window.document.state.view, window.document.state.look.seed) == ("single", 9)
    qtbot.waitUntil(window.explore.canvas.page.isVisible, timeout=10_000)


def test_arrows_walk_over_the_map_and_enter_opens(window: MainWindow, qtbot: QtBot, page: MapPage) -> None:
    page.map.setFocus()
    seen = set()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Up) * 3:
        qtbot.keyClick(page.map, key)
        seen.add(window.document.state.look.seed)
    assert len(seen) > 3
    seed = window.document.state.look.seed
    qtbot.keyClick(page.map, Qt.Key.Key_Return)
    assert (window.document.state.view, window.document.state.look.seed) == ("single", seed)


def test_zooming_keeps_what_is_under_the_pointer(page: MapPage) -> None:
    place = QPointF(place_of(page, 3))
    page.map.zoom(3.0, place)
    assert page.map._index_at(place) == 3
    assert (page.map._rect_of(3).center() - place).manhattanLength() < 3
    page.map.fit()
    assert (QPointF(place_of(page, 3)) - place).manhattanLength() < 2


def test_a_map_is_kept_for_its_model_and_truncation(window: MainWindow, qtbot: QtBot, page: MapPage) -> None:
    known = page.shown
    window.document.apply("Truncation", edits.set_truncation(window.document.state, 0.5))
    assert page.shown is None
    assert page.note.text() == ""
    window.commands["edit.undo"].trigger()
    assert page.shown is known
    window.document.apply("Seed", edits.set_seed(window.document.state, 900))
    assert page.shown is known
    assert page.map.current == -1


def test_making_a_map_can_be_stopped(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(window, Qt.Key.Key_M)
    page = window.explore.map_page
    page.count.setCurrentIndex(2)
    qtbot.mouseClick(page.make, LEFT)
    assert page.make.text() == "Stop"
    qtbot.mouseClick(page.make, LEFT)
    qtbot.waitUntil(lambda: page.make.text() == "Draw Map", timeout=10_000)
    assert page.shown is None


def test_the_map_is_copied_and_has_all_its_pictures(window: MainWindow, page: MapPage) -> None:
    sheet = page.sheet()
    assert sheet is not None
    assert sheet.pixels.shape[0] > 5 * 28
    assert len(np.unique(sheet.pixels)) > 10
    window.commands["edit.copy"].trigger()
    assert QGuiApplication.clipboard().image().height() == sheet.pixels.shape[0]
