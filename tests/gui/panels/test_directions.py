"""What a person does with directions and edits, by mouse and keys on the real window."""

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QContextMenuEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from ganstudio.checkpoints.base import DirectionInfo
from ganstudio.checkpoints.building import GeneratorFile, save_generator
from ganstudio.gui.main_window import MainWindow
from ganstudio.gui.panels.directions import DirectionsPanel
from ganstudio.gui.widgets.direction_slider import DirectionSlider
from ganstudio.gui.widgets.edit_row import EditRow
from ganstudio.gui.widgets.layer_range import LayerPopup
from ganstudio.gui.widgets.range_popup import RangePopup
from ganstudio.project import direction_edits
from ganstudio.project.edits import set_look
from ganstudio.rendering.looks.edit import Edit
from ganstudio.rendering.looks.own_direction import OwnDirection, own_direction
from tests.networks.test_stylegan2 import build

LEFT = Qt.MouseButton.LeftButton


def make_own(count: int, size: int = 8, origin: str = "picks") -> tuple[OwnDirection, ...]:
    steps = np.random.default_rng(0).normal(size=(count, size)).astype(np.float32)
    infos = (DirectionInfo(f"own_{k}", f"Own {k}", -3, 3, 0.9, origin) for k in range(count))
    return tuple(own_direction(info, step) for info, step in zip(infos, steps, strict=True))


def add_own(window: MainWindow, count: int, origin: str = "picks") -> list[str]:
    directions = make_own(count, origin=origin)
    document = window.document
    document.apply("Add", direction_edits.add_directions(document.state, directions))
    return [direction.name for direction in directions]


@pytest.fixture
def panel(window: MainWindow) -> DirectionsPanel:
    return window.explore.directions


@pytest.fixture
def layered_window(make_window: Callable[..., MainWindow], tmp_path: Path) -> MainWindow:
    """A window with a tiny StyleGAN2, whose latents have layers."""
    generator, config = build()
    size = generator.spec.w_dim
    info = DirectionInfo("age", "Age", -3, 3, space="w")
    path = tmp_path / "style.safetensors"
    save_generator(path, generator, GeneratorFile("stylegan2", config, (), {}, ((info, np.ones(size, np.float32)),)))
    return make_window(open_path=path)


def action(menu: QMenu, text: str) -> QAction:
    return next(one for one in menu.actions() if one.text().split("\t")[0] == text)


def choose(window: MainWindow, name: str, text: str) -> None:
    action(window.explore.directions.menu_of(name), text).trigger()


def pull(grip: QWidget, steps: list[QPoint]) -> None:
    """Drag a grip by the mouse over places of its own coordinates."""
    kinds = [QEvent.Type.MouseButtonPress, *[QEvent.Type.MouseMove] * (len(steps) - 2), QEvent.Type.MouseButtonRelease]
    for kind, place in zip(kinds, steps, strict=True):
        button = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else LEFT
        at = QPointF(place)
        event = QMouseEvent(kind, at, grip.mapToGlobal(at), button, LEFT, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(grip, event)


def edits(window: MainWindow) -> tuple[Edit, ...]:
    return window.document.state.look.edits


def undo(window: MainWindow) -> None:
    window.commands["edit.undo"].trigger()


# Sliders


def test_a_direction_of_the_project_has_a_slider_and_is_removed(window: MainWindow, panel: DirectionsPanel) -> None:
    [name] = add_own(window, 1)
    slider = panel.sliders[name]
    assert slider.title == "Own 0"
    assert slider.marks["quality"].text() == "90%"
    slider.track.edited.emit(2.0, 1)
    assert [edit.direction for edit in edits(window)] == [name]
    choose(window, name, "Remove")
    assert name not in panel.sliders
    assert edits(window) == ()
    undo(window)
    assert panel.sliders[name].value == 2.0
    assert not action(panel.menu_of("smile"), "Remove").isEnabled()


def test_f2_renames_and_an_unnamed_axis_moves_to_the_named_ones(
    window: MainWindow, panel: DirectionsPanel, qtbot: QtBot
) -> None:
    panel.groups.folds["axes"].set_open(True)
    slider = panel.sliders["pca_1"]
    slider.track.setFocus()
    qtbot.keyClick(slider.track, Qt.Key.Key_F2)
    editor = slider._name_editor
    assert editor is not None
    qtbot.keyClicks(editor, "Width of the square")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert panel.groups.columns["named"].keys == ("smile", "pca_1")
    assert panel.sliders["pca_1"].title == "Width of the square"
    undo(window)
    assert panel.sliders["pca_1"].title == "Axis 1"
    assert panel.groups.columns["axes"].keys == ("pca_1",)


def test_escape_leaves_the_name(window: MainWindow, panel: DirectionsPanel, qtbot: QtBot) -> None:
    slider = panel.sliders["smile"]
    slider.begin_renaming()
    assert slider._name_editor is not None
    qtbot.keyClicks(slider._name_editor, "no")
    qtbot.keyClick(slider._name_editor, Qt.Key.Key_Escape)
    assert slider.title == "Smile"
    assert window.document.undo_stack.count() == 0


def test_a_locked_slider_stays_where_it_is(window: MainWindow, panel: DirectionsPanel, qtbot: QtBot) -> None:
    slider = panel.sliders["smile"]
    slider.track.edited.emit(1.0, 1)
    choose(window, "smile", "Lock")
    assert slider.is_locked
    assert "locked" in slider.marks
    qtbot.mouseClick(slider.track, LEFT, pos=QPoint(slider.track.width() - 12, 8))
    qtbot.keyClick(slider.track, Qt.Key.Key_Right)
    qtbot.mouseDClick(slider._number, LEFT)
    qtbot.mouseClick(slider.grip, LEFT)
    panel.reset_button.click()
    assert slider.value == 1.0
    assert window.document.state.look.strength_of("smile") == 1.0
    choose(window, "smile", "Unlock")
    qtbot.mouseClick(slider.grip, LEFT)
    assert edits(window) == ()


def test_the_range_is_set_and_reset(window: MainWindow, panel: DirectionsPanel, qtbot: QtBot) -> None:
    choose(window, "smile", "Set Range…")
    [popup] = [widget for widget in window.findChildren(RangePopup) if widget.isVisible()]
    popup.low.setValue(-5)
    popup.high.setValue(8)
    qtbot.mouseClick(popup.set_button, LEFT)
    track = panel.sliders["smile"].track
    assert (track.low, track.high) == (-5, 8)
    undo(window)
    assert (track.low, track.high) == (-3, 3)


def test_a_number_beyond_the_ends_is_typed(window: MainWindow, panel: DirectionsPanel, qtbot: QtBot) -> None:
    slider = panel.sliders["smile"]
    qtbot.mouseDClick(slider._number, LEFT)
    assert slider._editor is not None
    qtbot.keyClicks(slider._editor, "12.5")
    qtbot.keyClick(slider._editor, Qt.Key.Key_Return)
    assert window.document.state.look.strength_of("smile") == 12.5
    assert slider.value == 12.5
    qtbot.mouseDClick(slider._number, LEFT)
    assert slider._editor.maximum() == 20


def test_mute_solo_and_class_of_a_slider(window: MainWindow, panel: DirectionsPanel) -> None:
    menu = panel.menu_of("smile")
    assert not any(action(menu, text).isEnabled() for text in ("Solo", "Mute", "Only for This Class", "Reset"))
    panel.sliders["smile"].track.edited.emit(1.0, 1)
    panel.sliders["pca_1"].track.edited.emit(1.0, 1)
    choose(window, "smile", "Mute")
    assert edits(window)[0].is_muted
    assert not panel.sliders["smile"].grip.isEnabled()
    choose(window, "smile", "Mute")
    choose(window, "smile", "Solo")
    assert panel.sliders["smile"].grip.isEnabled()
    assert not panel.sliders["pca_1"].grip.isEnabled()
    choose(window, "smile", "Only for This Class")
    assert edits(window)[0].label == 0
    assert panel.sliders["smile"].marks["class"].text() == "a"
    choose(window, "smile", "Only for This Class")
    assert edits(window)[0].label is None


def test_the_menu_opens_by_the_menu_key_and_the_right_button(
    window: MainWindow, panel: DirectionsPanel, qtbot: QtBot
) -> None:
    track = panel.sliders["smile"].track
    for reason in (QContextMenuEvent.Reason.Keyboard, QContextMenuEvent.Reason.Mouse):
        at = QPoint(10, 5)
        QApplication.sendEvent(track, QContextMenuEvent(reason, at, track.mapToGlobal(at)))
        qtbot.waitUntil(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        assert action(menu, "Rename").isVisible()
        menu.close()


def test_a_single_number_gets_a_slider_that_stays(window: MainWindow, panel: DirectionsPanel, qtbot: QtBot) -> None:
    panel.groups.folds["numbers"].set_open(True)
    panel.numbers.number.setValue(3)
    qtbot.mouseClick(panel.numbers.button, LEFT)
    slider = panel.sliders["z:3"]
    slider.track.edited.emit(1.5, 1)
    slider.track.edited.emit(0.0, 2)
    assert edits(window) == ()
    assert panel.sliders["z:3"] is slider
    choose(window, "z:3", "Remove")
    assert "z:3" not in panel.sliders
    undo(window)
    assert "z:3" in panel.sliders


def test_own_sliders_are_put_elsewhere_by_mouse_and_by_keys(
    window: MainWindow, panel: DirectionsPanel, qtbot: QtBot
) -> None:
    first, second, third = add_own(window, 3)
    column = panel.groups.columns["own"]
    assert column.keys == (first, second, third)
    pull(panel.sliders[first].grip, [QPoint(5, 5), QPoint(5, 30), QPoint(5, 82), QPoint(5, 82)])
    assert column.keys == (second, first, third)
    assert edits(window) == ()
    track = panel.sliders[third].track
    track.setFocus()
    qtbot.keyClick(track, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert column.keys == (second, third, first)
    assert [one.name for one in window.document.state.directions] == [second, third, first]
    undo(window)
    undo(window)
    assert column.keys == (first, second, third)


def test_what_the_model_carries_is_not_moved(window: MainWindow, panel: DirectionsPanel) -> None:
    before = window.document.state
    pull(panel.sliders["smile"].grip, [QPoint(5, 5), QPoint(5, 60), QPoint(5, 160), QPoint(5, 160)])
    assert window.document.state.sliders == before.sliders
    assert panel.groups.columns["named"].keys == ("smile",)


def test_directions_of_another_size_are_left_out_and_said(window: MainWindow, panel: DirectionsPanel) -> None:
    state = window.document.state
    window.document.apply("Add", direction_edits.add_directions(state, make_own(2, size=512)))
    assert set(panel.sliders) == {"smile", "pca_1"}
    assert panel._left_out.text() == "2 directions of another model left out"
    assert panel._left_out.isVisible()


def test_five_hundred_sliders_are_searched_and_stay_quick(
    window: MainWindow, panel: DirectionsPanel, qtbot: QtBot
) -> None:
    start = time.thread_time()
    names = add_own(window, 500, origin="ganspace")
    panel.groups.folds["axes"].set_open(True)
    QApplication.processEvents()
    assert time.thread_time() - start < 5
    assert len(panel.groups.made()) < 60  # only what is near the part that is seen
    assert panel.search.isVisible()
    panel.search.setText("own 499")
    assert panel.groups.columns["axes"].keys == (names[499],)
    assert panel.groups.folds["axes"].heading.text() == "Unnamed Axes (1 of 501)"
    panel.search.clear()
    panel.sliders[names[0]].track.edited.emit(1.0, 1)
    start = time.thread_time()
    for step in range(100):
        panel.sliders[names[0]].track.edited.emit(0.01 * step, 2)
    assert (time.thread_time() - start) / 100 < 0.05
    panel._scroll.verticalScrollBar().setValue(panel._scroll.verticalScrollBar().maximum())
    QApplication.processEvents()
    assert panel.groups.columns["axes"].rows.get(names[499]) is not None


# Layers


def test_a_slider_is_limited_to_layers_in_one_step(layered_window: MainWindow, qtbot: QtBot) -> None:
    panel = layered_window.explore.directions
    panel.sliders["age"].track.edited.emit(1.0, 1)
    choose(layered_window, "age", "Limit to Layers…")
    [popup] = [widget for widget in layered_window.findChildren(LayerPopup) if widget.isVisible()]
    width = popup.cells.width() / popup.cells.count
    qtbot.mousePress(popup.cells, LEFT, pos=QPoint(round(width * 1.5), 8))
    qtbot.mouseRelease(popup.cells, LEFT)
    popup.last.setValue(2)
    popup.close()
    assert edits(layered_window)[0].layers == (1, 3)
    assert panel.sliders["age"].marks["layers"].text() == "1–2"
    undo(layered_window)
    assert edits(layered_window)[0].layers is None
    assert "layers" not in panel.sliders["age"].marks


def test_a_step_is_doubled_with_other_layers(layered_window: MainWindow, qtbot: QtBot) -> None:
    panel = layered_window.explore.directions
    panel.sliders["age"].track.edited.emit(1.0, 1)
    choose(layered_window, "age", "Duplicate with Other Layers…")
    [popup] = [widget for widget in layered_window.findChildren(LayerPopup) if widget.isVisible()]
    popup.first.setValue(0)
    popup.last.setValue(0)
    popup.close()
    assert [edit.layers for edit in edits(layered_window)] == [None, (0, 1)]
    assert panel.sliders["age"].value == 1.0
    undo(layered_window)
    undo(layered_window)
    assert [edit.layers for edit in edits(layered_window)] == [None]


def test_layers_are_only_offered_where_there_are_some(window: MainWindow, panel: DirectionsPanel) -> None:
    texts = [one.text() for one in panel.menu_of("smile").actions()]
    assert "Limit to Layers…" not in texts
    assert "Only for This Class" in texts


def test_a_channel_of_a_style_gets_a_slider(layered_window: MainWindow, qtbot: QtBot) -> None:
    panel = layered_window.explore.directions
    panel.groups.folds["numbers"].set_open(True)
    spaces = [panel.numbers.space.itemText(place) for place in range(panel.numbers.space.count())]
    assert spaces == ["z", "w", "style"]
    panel.numbers.space.setCurrentText("style")
    panel.numbers.layer.setValue(1)
    panel.numbers.number.setValue(2)
    qtbot.mouseClick(panel.numbers.button, LEFT)
    assert panel.sliders["style:1:2"].title == "Style 1, channel 2"
    before = layered_window.explore.canvas.rendered
    panel.sliders["style:1:2"].track.edited.emit(8.0, 1)
    canvas = layered_window.explore.canvas
    qtbot.waitUntil(lambda: canvas.rendered is not None and canvas.rendered is not before, timeout=20_000)


# The list of edits


def rows(window: MainWindow) -> list[EditRow]:
    stack = window.explore.directions.edits
    stack.fold.set_open(True)
    QApplication.processEvents()
    found = [stack.rows.row(key) for key in stack.rows.keys]
    return [row for row in found if isinstance(row, EditRow)]


def test_the_edits_are_listed_typed_muted_and_removed(window: MainWindow, panel: DirectionsPanel, qtbot: QtBot) -> None:
    panel.sliders["smile"].track.edited.emit(1.0, 1)
    panel.sliders["pca_1"].track.edited.emit(-2.0, 1)
    smile, axis = rows(window)
    assert [row.grip.text() for row in (smile, axis)] == ["Smile", "Axis 1"]
    assert panel.edits.fold.heading.text() == "Edits (2)"
    smile.strength.setFocus()
    smile.strength.selectAll()
    qtbot.keyClicks(smile.strength, "2.5")
    qtbot.keyClick(smile.strength, Qt.Key.Key_Return)
    assert edits(window)[0].strength == 2.5
    assert panel.sliders["smile"].value == 2.5
    qtbot.mouseClick(axis.mute, LEFT)
    assert edits(window)[1].is_muted
    assert not axis.grip.isEnabled()
    qtbot.mouseClick(smile.solo, LEFT)
    assert edits(window)[0].is_solo
    qtbot.mouseClick(axis.remove, LEFT)
    assert [edit.direction for edit in edits(window)] == ["smile"]
    for _ in range(3):
        undo(window)
    assert [(edit.direction, edit.strength, edit.is_muted) for edit in edits(window)] == [
        ("smile", 2.5, False),
        ("pca_1", -2.0, False),
    ]
    assert rows(window)[0] is smile


def test_a_strength_that_is_stepped_over_zero_stays_listed_and_is_one_step(window: MainWindow, qtbot: QtBot) -> None:
    window.explore.directions.sliders["smile"].track.edited.emit(0.2, 1)
    [row] = rows(window)
    count = window.document.undo_stack.count()
    row.strength.setFocus()
    for _ in range(4):
        qtbot.keyClick(row.strength, Qt.Key.Key_Down)
    assert edits(window)[0].strength == pytest.approx(-0.2)
    assert window.document.undo_stack.count() == count + 1


def test_edits_are_put_in_another_order_by_dragging(window: MainWindow, panel: DirectionsPanel) -> None:
    panel.sliders["smile"].track.edited.emit(1.0, 1)
    panel.sliders["pca_1"].track.edited.emit(1.0, 1)
    smile, _axis = rows(window)
    pull(smile.grip, [QPoint(5, 5), QPoint(5, 40), QPoint(5, 78), QPoint(5, 80)])
    assert [edit.direction for edit in edits(window)] == ["pca_1", "smile"]
    undo(window)
    assert [edit.direction for edit in edits(window)] == ["smile", "pca_1"]


def test_the_menu_of_an_edit(layered_window: MainWindow) -> None:
    panel = layered_window.explore.directions
    panel.sliders["age"].track.edited.emit(1.0, 1)
    [_row] = rows(layered_window)
    menu = panel.edits.menu_of(edits(layered_window)[0].key, QPoint(100, 100))
    action(menu, "Duplicate with Other Layers…").trigger()
    for popup in layered_window.findChildren(LayerPopup):
        popup.close()
    assert len(edits(layered_window)) == 2
    first, second = rows(layered_window)
    assert (first.details.text(), second.details.text()[:6]) == ("", "layers")
    action(panel.edits.menu_of(edits(layered_window)[1].key, QPoint()), "Move Up").trigger()
    assert edits(layered_window)[1].layers is None
    action(panel.edits.menu_of(edits(layered_window)[1].key, QPoint()), "Remove").trigger()
    assert len(edits(layered_window)) == 1


def test_a_hundred_edits_scroll(window: MainWindow, panel: DirectionsPanel) -> None:
    state = window.document.state
    many = tuple(Edit(name, 0.1) for name in add_own(window, 100))
    state = window.document.state
    window.document.apply("Many", set_look(state, replace(state.look, edits=many)))
    panel.edits.fold.set_open(True)
    QApplication.processEvents()
    assert len(panel.edits.rows.rows) < 60
    bar = panel.edits._scroll.verticalScrollBar()
    bar.setValue(bar.maximum())
    assert many[-1].key in panel.edits.rows.rows


def test_a_slider_that_is_asked_for_is_made(window: MainWindow, panel: DirectionsPanel) -> None:
    names = add_own(window, 200)
    assert isinstance(panel.sliders[names[150]], DirectionSlider)
    assert len(panel.sliders) == 202
    with pytest.raises(KeyError):
        panel.sliders["nobody"]
