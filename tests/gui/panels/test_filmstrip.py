"""The filmstrip: named in place, searched, thinned out, compared; all of it can be undone."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu
from pytestqt.qtbot import QtBot
from waiting import wait_opened

from ganstudio.gui.main_window import MainWindow
from ganstudio.gui.panels.filmstrip import Strip
from ganstudio.gui.widgets.thumbnail_strip import MODEL_ROLE, NAME_ROLE
from ganstudio.project import direction_edits, edits, history

MakeWindow = Callable[..., MainWindow]
LEFT = Qt.MouseButton.LeftButton


def with_seeds(window: MainWindow, *seeds: int) -> MainWindow:
    for seed in seeds:
        window.document.apply("New Picture", edits.set_seed(window.document.state, seed))
    return window


def type_name(strip: Strip, text: str, qtbot: QtBot, key: Qt.Key = Qt.Key.Key_Return) -> None:
    [field] = strip.findChildren(QLineEdit)
    field.setText("")
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, key)
    qtbot.waitUntil(lambda: not strip.findChildren(QLineEdit))


def menu_of(window: MainWindow, strip: Strip, row: int) -> QMenu:
    strip.menu_wanted.emit(row, QPoint(100, 100))
    [menu] = [menu for menu in window.explore.filmstrip.findChildren(QMenu) if menu.isVisible()]
    return menu


def choose(window: MainWindow, strip: Strip, row: int, text: str) -> None:
    menu = menu_of(window, strip, row)
    [action] = [action for action in menu.actions() if action.text().split("\t")[0] == text]
    action.trigger()
    menu.close()


def names(window: MainWindow) -> list[str]:
    return [entry.name for entry in window.document.state.history]


def test_f2_names_a_picture_in_place_and_undo_takes_the_name_back(window: MainWindow, qtbot: QtBot) -> None:
    with_seeds(window, 5, 6)
    strip = window.explore.filmstrip.history
    qtbot.mouseClick(strip.viewport(), LEFT, pos=strip.visualItemRect(strip.item(1)).center())
    strip.setFocus()
    qtbot.keyClick(strip, Qt.Key.Key_F2)
    assert window.workspaces.current == "explore"
    type_name(strip, "  The   one ", qtbot)
    assert names(window) == ["", "The one", ""]
    assert strip.item(1).data(NAME_ROLE) == "The one"
    assert strip.item(1).toolTip().startswith("The one\nSeed 5")
    window.commands["picture.favourite"].trigger()
    assert window.explore.filmstrip.favourites.item(0).data(NAME_ROLE) == "The one"
    window.commands["edit.undo"].trigger()
    window.commands["edit.undo"].trigger()
    assert names(window) == ["", "", ""]
    assert not strip.item(1).data(NAME_ROLE)


def test_escape_leaves_the_name_and_the_action_names_the_current_one(window: MainWindow, qtbot: QtBot) -> None:
    with_seeds(window, 5)
    strip = window.explore.filmstrip.history
    qtbot.keyClick(window, Qt.Key.Key_N)
    type_name(strip, "never mind", qtbot, Qt.Key.Key_Escape)
    assert names(window) == ["", ""]
    window.commands["picture.rename"].trigger()
    type_name(strip, "kept", qtbot)
    assert names(window) == ["", "kept"]
    steps = window.document.undo_stack.count()
    window.document.apply("Truncation", edits.set_truncation(window.document.state, 0.5))
    assert names(window) == ["", "kept"]  # a name stays with the picture that is worked on
    assert window.document.undo_stack.count() == steps + 1


def test_the_search_finds_names_seeds_directions_and_models(window: MainWindow, qtbot: QtBot) -> None:
    with_seeds(window, 123, 77)
    document, panel = window.document, window.explore.filmstrip
    document.apply("Smile", direction_edits.set_strength(document.state, "pca_1", 1.0))
    document.apply("Name", history.rename(document.state, document.state.history[0], "Grandmother"))
    document.apply("Favourite", history.toggle_favourite(document.state))

    def shown(words: str) -> list[int]:
        panel.search.setText(words)
        return [row for row in range(panel.history.count()) if not panel.history.isRowHidden(row)]

    assert shown("") == [0, 1, 2]
    assert shown("grandm") == [0]
    assert shown("seed 123") == [1]
    assert shown("axis") == [2]  # what the direction is called, not its name in the file
    assert panel.favourites.isVisible()
    assert shown("tiny") == [0, 1, 2]
    assert shown("axis grandmother") == []
    assert panel._nothing.isVisible()
    assert not panel.history.isVisible()
    window.commands["picture.new"].trigger()
    assert shown("") == [0, 1, 2, 3]
    assert panel.history.isVisible()


def test_a_picture_is_removed_by_its_key_and_undo_brings_it_back(window: MainWindow, qtbot: QtBot) -> None:
    with_seeds(window, 5, 6)
    before = window.document.state
    strip = window.explore.filmstrip.history
    strip.setFocus()
    qtbot.keyClick(strip, Qt.Key.Key_Delete)
    assert [entry.look.seed for entry in window.document.state.history] == [0, 5]
    assert window.document.state.look.seed == 5
    choose(window, strip, 0, "Remove")
    assert [entry.look.seed for entry in window.document.state.history] == [5]
    qtbot.keyClick(strip, Qt.Key.Key_Delete)
    assert any(
        "only picture" in toast.message.more or "only picture" in toast.message.text for toast in window.toasts.shown
    )
    for _ in range(2):
        window.commands["edit.undo"].trigger()
    assert window.document.state == before


def test_favourites_are_opened_and_removed(window: MainWindow, qtbot: QtBot) -> None:
    with_seeds(window, 5)
    window.commands["picture.favourite"].trigger()
    with_seeds(window, 6)
    strip = window.explore.filmstrip.favourites
    choose(window, strip, 0, "Open")
    assert window.document.state.look.seed == 5
    choose(window, strip, 0, "Remove")
    assert window.document.state.favourites == ()
    assert not strip.isVisible()


def test_a_picture_of_the_strip_becomes_a_and_is_swapped_with_b(window: MainWindow, qtbot: QtBot) -> None:
    with_seeds(window, 5, 6)
    page, strip = window.explore.canvas.page, window.explore.filmstrip.history
    choose(window, strip, 1, "Compare with This (A)")
    assert page.pinned is not None
    assert (page.pinned.seed, page.compare) == (5, "side")
    qtbot.waitUntil(lambda: window.rendering.reference is not None and window.rendering.reference.look.seed == 5)
    window.commands["picture.swap"].trigger()
    assert page.pinned.seed == 6
    assert window.document.state.look.seed == 5
    window.commands["edit.undo"].trigger()
    assert window.document.state.look.seed == 6


def test_the_menu_of_a_picture_does_not_go_there(window: MainWindow, qtbot: QtBot) -> None:
    with_seeds(window, 5, 6)
    strip = window.explore.filmstrip.history
    at = strip.visualItemRect(strip.item(0)).center()
    qtbot.mouseClick(strip.viewport(), Qt.MouseButton.RightButton, pos=at)
    assert window.document.state.history_index == 2
    strip.customContextMenuRequested.emit(at)
    [menu] = [menu for menu in window.explore.filmstrip.findChildren(QMenu) if menu.isVisible()]
    menu.actions()[0].trigger()
    menu.close()
    assert window.document.state.history_index == 0


def test_models_are_named_where_there_are_several(
    window: MainWindow, tmp_path: Path, tiny_checkpoint: Path, qtbot: QtBot
) -> None:
    strip = window.explore.filmstrip.history
    assert not strip.item(0).data(MODEL_ROLE)
    other = tmp_path / "another.safetensors"
    other.write_bytes(tiny_checkpoint.read_bytes())
    window.opener.open(other)
    wait_opened(window, qtbot)
    assert [strip.item(row).data(MODEL_ROLE) for row in range(strip.count())] == ["tiny", "another"]
    menu = menu_of(window, strip, 0)
    [compare] = [action for action in menu.actions() if action.text().startswith("Compare")]
    assert not compare.isEnabled()  # another model cannot draw it beside this one
    menu.close()
    qtbot.mouseClick(strip.viewport(), LEFT, pos=strip.visualItemRect(strip.item(0)).center())
    assert window.document.state.checkpoint == str(tiny_checkpoint)
    qtbot.waitUntil(lambda: bool(strip.item(0).icon().availableSizes()), timeout=20_000)


@pytest.mark.parametrize("name", ["", "x" * 121])
def test_names_have_a_length(window: MainWindow, name: str, qtbot: QtBot) -> None:
    strip = window.explore.filmstrip.history
    strip.renamed.emit(0, name)
    assert names(window) == [""]
    assert len(window.toasts.shown) == bool(name)


def test_two_hundred_pictures_are_quick_to_follow(window: MainWindow, qtbot: QtBot) -> None:
    with_seeds(window, *range(1, 200))
    QApplication.processEvents()
    panel = window.explore.filmstrip
    described: list[int] = []
    describe = panel._describe
    panel._describe = lambda entry: (described.append(1), describe(entry))[1]  # type: ignore[method-assign]
    for value in (0.1, 0.2, 0.3):
        window.document.apply("Truncation", edits.set_truncation(window.document.state, value))
    assert len(described) == 3  # one for each change, not one for each picture
