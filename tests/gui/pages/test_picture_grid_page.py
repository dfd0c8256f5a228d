"""The grid of neighbours, used as a person does: with mouse and keys on the real window."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QContextMenuEvent, QDrag, QGuiApplication, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu, QToolTip
from pytestqt.qtbot import QtBot

from ganstudio.gui.main_window import MainWindow
from ganstudio.gui.pages.picture_grid_page import PictureGridPage
from ganstudio.images import read_recipe
from ganstudio.project import direction_edits, edits
from ganstudio.rendering.looks.look import Look
from ganstudio.rendering.request import Rendered, RenderRequest

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def page(window: MainWindow, qtbot: QtBot) -> PictureGridPage:
    """The page in sight, with its sixteen pictures."""
    qtbot.keyClick(window, Qt.Key.Key_G)
    made = window.explore.grid_page
    qtbot.waitUntil(lambda: made.is_complete and made.grid.isVisible(), timeout=20_000)
    return made


def centre(page: PictureGridPage, place: int) -> QPoint:
    return page.grid.places.cell(place).center()


def click(qtbot: QtBot, page: PictureGridPage, place: int, keys: Qt.KeyboardModifier = NONE) -> None:
    qtbot.mouseClick(page.grid, LEFT, keys, centre(page, place))


def move(page: PictureGridPage, place: QPoint, keys: Qt.KeyboardModifier = NONE, held: Qt.MouseButton = LEFT) -> None:
    at = QPointF(place)
    event = QMouseEvent(QEvent.Type.MouseMove, at, QPointF(page.grid.mapToGlobal(place)), held, held, keys)
    QApplication.sendEvent(page.grid, event)


def drag(qtbot: QtBot, page: PictureGridPage, path: Sequence[QPoint], keys: Qt.KeyboardModifier = NONE) -> None:
    qtbot.mousePress(page.grid, LEFT, keys, path[0])
    for place in path[1:]:
        move(page, place, keys)
    qtbot.mouseRelease(page.grid, LEFT, keys, path[-1])


def pixels_of(page: PictureGridPage) -> list[bytes]:
    return [bytes(item.image.constBits()) if item.image else b"" for item in page.grid.items]


# Seeing


def test_a_click_opens_that_picture(window: MainWindow, page: PictureGridPage, qtbot: QtBot) -> None:
    assert len(set(pixels_of(page))) == 16
    click(qtbot, page, 5)
    assert window.document.state.view == "single"
    assert window.document.state.look == Look(seed=5)
    qtbot.waitUntil(window.explore.canvas.picture.isVisible, timeout=20_000)


def test_another_size_keeps_what_is_there_and_the_keys_walk(
    window: MainWindow, page: PictureGridPage, qtbot: QtBot
) -> None:
    before = [item.image for item in page.grid.items]
    page.size_box.activated.emit(page.size_box.findData(20))
    assert window.document.state.grid_side == 20
    assert [item.image for item in page.grid.items[:16]] == before  # the same looks
    assert all(item.is_awaited for item in page.grid.items[16:])
    assert page.words.text() == "Drawing 16 of 400"
    assert page.size_box.currentText() == "400 pictures"
    qtbot.waitUntil(lambda: page.is_complete, timeout=20_000)
    page.grid.setFocus()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Return):
        qtbot.keyClick(page.grid, key)
    assert window.document.state.look.seed == 1 + page.grid.places.columns


def test_parts_come_in_any_order_and_the_others_stay(window: MainWindow, page: PictureGridPage, qtbot: QtBot) -> None:
    window.rendering.picture_ready.disconnect(page._on_picture_ready)
    window.rendering.part_ready.disconnect(page._on_part_ready)  # only the parts below
    old = pixels_of(page)
    state = direction_edits.set_strength(window.document.state, "smile", 2.0)
    window.document.apply("Smile", state)
    assert pixels_of(page) == old  # nothing blinks while a slider moves
    assert page.words.text() == "Drawing 0 of 16"
    request = RenderRequest(str(state.checkpoint), state.grid_looks)
    white = np.full((2, 28, 28, 1), 255, np.uint8)
    painted: list[QRect] = []
    page.grid.repaint()
    paint = page.grid.paintEvent
    page.grid.paintEvent = lambda event: (painted.append(event.region().boundingRect()), paint(event))[1]
    page._on_part_ready(Rendered(request, white, 1.0, "cpu", places=(6, 5)))
    qtbot.waitUntil(lambda: bool(painted), timeout=5000)
    assert page.grid.places.cell(0).intersects(painted[0]) is False
    new = pixels_of(page)
    assert [place for place in range(16) if new[place] != old[place]] == [5, 6]
    assert page.words.text() == "Drawing 2 of 16"
    assert page.grid.grab().toImage().pixelColor(centre(page, 6)).red() == 255
    page._on_part_ready(Rendered(replace(request, looks=request.looks[:4]), white, 1.0, "cpu", places=(0, 1)))
    assert pixels_of(page) == new  # of a grid of another size


# Selecting


def test_ctrl_shift_and_a_drag_select_and_each_is_one_step(
    window: MainWindow, page: PictureGridPage, qtbot: QtBot
) -> None:
    document = window.document
    click(qtbot, page, 5, CTRL)
    click(qtbot, page, 7, CTRL)
    click(qtbot, page, 5, CTRL)
    assert document.state.picks == (7,)
    click(qtbot, page, 2, CTRL)
    click(qtbot, page, 4, SHIFT)
    assert document.state.picks == (2, 3, 4)
    steps = document.undo_stack.count()
    inside = QPoint(3, 3)
    columns = page.grid.places.columns
    wanted = tuple(sorted(row * columns + column for row in (0, 1) for column in (1, 2)))
    path = [centre(page, 1) - inside, centre(page, 1) + inside * 4, centre(page, columns + 2)]
    drag(qtbot, page, path)
    assert document.state.picks == wanted
    assert page.grid.picks == set(wanted)
    assert document.undo_stack.count() == steps + 1
    drag(qtbot, page, [centre(page, 15) + inside, centre(page, 15) - inside * 5], CTRL)
    assert document.state.picks == (*wanted, 15)
    document.undo_stack.undo()
    document.undo_stack.undo()
    assert document.state.picks == (2, 3, 4)
    assert page.grid.picks == {2, 3, 4}
    click_gap = page.grid.places.cell(0).bottomRight() + QPoint(2, 2)
    qtbot.mouseClick(page.grid, LEFT, NONE, click_gap)
    assert document.state.picks == ()
    assert document.state.view == "grid"


def test_keys_select(window: MainWindow, page: PictureGridPage, qtbot: QtBot) -> None:
    document = window.document
    qtbot.keyClick(window, Qt.Key.Key_A, CTRL)
    assert document.state.picks == tuple(range(16))
    assert page.words.text() == "16 selected"
    page.grid.setFocus()
    qtbot.keyClick(page.grid, Qt.Key.Key_Escape)
    assert document.state.picks == ()
    steps = document.undo_stack.count()
    for _step in range(2):  # while Shift stays down, which qtbot would let go of
        QApplication.sendEvent(page.grid, QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Right, SHIFT))
    assert document.state.picks == (0, 1, 2)
    assert document.undo_stack.count() == steps + 1  # one gesture
    qtbot.keyClick(page.grid, Qt.Key.Key_Space)
    assert document.state.picks == (0, 1)
    assert page.grid.accessibleDescription().startswith("Seed 2, 3 of 16")


def test_escape_gives_up_a_drag(window: MainWindow, page: PictureGridPage, qtbot: QtBot) -> None:
    click(qtbot, page, 5, CTRL)
    qtbot.mousePress(page.grid, LEFT, NONE, centre(page, 0))
    move(page, centre(page, 10))
    assert len(page.grid.picks) > 1
    qtbot.keyClick(page.grid, Qt.Key.Key_Escape)
    qtbot.mouseRelease(page.grid, LEFT, NONE, centre(page, 10))
    assert window.document.state.picks == ()
    assert page.grid.picks == set()
    assert window.document.state.view == "grid"


# Marking


def test_plus_and_minus_mark_the_selected_pictures(window: MainWindow, page: PictureGridPage, qtbot: QtBot) -> None:
    document = window.document
    document.apply("Select", edits.set_picks(document.state, [1, 2]))
    qtbot.keyClick(window, Qt.Key.Key_Plus)
    assert document.state.liked == (Look(seed=1), Look(seed=2))
    assert dict(page.grid.badges) == {1: "+", 2: "+"}
    document.apply("Select", edits.set_picks(document.state, [2]))
    qtbot.keyClick(window, Qt.Key.Key_Minus)
    assert (document.state.liked, document.state.disliked) == ((Look(seed=1),), (Look(seed=2),))
    assert dict(page.grid.badges) == {1: "+", 2: "-"}
    assert "Examples: 1 +, 1 \N{MINUS SIGN}" in page.words.text()
    plain = page.grid.grab().toImage()
    document.undo_stack.undo()
    assert document.state.disliked == ()
    assert page.grid.grab().toImage() != plain


def test_without_a_selection_the_picture_under_the_keys_is_marked_and_alone_the_one_on_the_canvas(
    window: MainWindow, page: PictureGridPage, qtbot: QtBot
) -> None:
    page.grid.setFocus()
    qtbot.keyClick(page.grid, Qt.Key.Key_Right)
    qtbot.keyClick(page.grid, Qt.Key.Key_Plus)
    assert window.document.state.liked == (Look(seed=1),)
    qtbot.keyClick(window, Qt.Key.Key_G)
    qtbot.keyClick(window, Qt.Key.Key_Minus)
    assert window.document.state.disliked == (Look(seed=0),)


def test_the_menu_acts_on_all_selected_or_on_the_one_under_the_pointer(
    window: MainWindow, page: PictureGridPage, qtbot: QtBot
) -> None:
    document = window.document
    document.apply("Select", edits.set_picks(document.state, [1, 2]))

    def choose(place: int, text: str) -> None:
        at = centre(page, place)
        event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, page.grid.mapToGlobal(at))
        QApplication.sendEvent(page.grid, event)
        menu = next(menu for menu in page.findChildren(QMenu) if menu.isVisible())
        next(action for action in menu.actions() if action.text().startswith(text)).trigger()
        menu.close()

    choose(2, "Favourite")
    assert [entry.look for entry in document.state.favourites] == [Look(seed=1), Look(seed=2)]
    choose(7, "Mark as \N{MINUS SIGN}")
    assert document.state.disliked == (Look(seed=7),)
    choose(7, "Open")
    assert document.state.look == Look(seed=7)


# Carrying away


def test_copy_takes_the_selection_or_all(window: MainWindow, page: PictureGridPage, qtbot: QtBot) -> None:
    window.commands["edit.copy"].trigger()
    assert QGuiApplication.clipboard().image().width() == 4 * 30 + 2
    window.document.apply("Select", edits.set_picks(window.document.state, [1, 2]))
    window.commands["edit.copy"].trigger()
    image = QGuiApplication.clipboard().image()
    assert (image.width(), image.height()) == (2 * 30 + 2, 30 + 2)


def test_selected_pictures_are_saved_with_their_recipes(
    window: MainWindow, page: PictureGridPage, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_args: str(tmp_path))
    assert not window.commands["file.save_selected"].isEnabled()
    window.document.apply("Select", edits.set_picks(window.document.state, [3, 9]))
    with qtbot.waitSignal(window.document.announced, timeout=20_000):
        window.commands["file.save_selected"].trigger()
    seeds = {read_recipe(path)["look"]["seed"] for path in tmp_path.glob("*.png")}  # type: ignore[index]
    assert seeds == {3, 9}


def test_a_drag_from_a_selected_picture_carries_all_of_them_out(
    window: MainWindow, page: PictureGridPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    carried: list[list[Path]] = []

    def take(drag: QDrag, _action: object) -> None:
        data: QMimeData = drag.mimeData()
        assert data.hasImage()
        carried.append([Path(url.toLocalFile()) for url in data.urls()])

    monkeypatch.setattr(QDrag, "exec", take)
    window.document.apply("Select", edits.set_picks(window.document.state, [3, 9]))
    drag(qtbot, page, [centre(page, 9), centre(page, 10)])
    assert [[read_recipe(path)["look"]["seed"] for path in paths] for paths in carried] == [[3, 9]]  # type: ignore[index]
    assert window.document.state.picks == (3, 9)
    assert window.document.state.view == "grid"


def test_a_picture_too_small_to_see_is_shown_large_under_the_pointer(
    window: MainWindow, page: PictureGridPage, qtbot: QtBot
) -> None:
    move(page, centre(page, 1), held=Qt.MouseButton.NoButton)
    assert QToolTip.text() == "Seed 1"
    page.size_box.activated.emit(page.size_box.findData(20))
    qtbot.waitUntil(lambda: page.is_complete, timeout=20_000)
    move(page, centre(page, 2), held=Qt.MouseButton.NoButton)
    assert QToolTip.text().startswith("<img")
    assert QToolTip.text().endswith("Seed 2")
    QToolTip.hideText()
    qtbot.waitUntil(lambda: not QToolTip.isVisible(), timeout=5000)
