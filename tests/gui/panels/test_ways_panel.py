"""Ways through their widgets: A to B, four corners, walks and loops, an endless walk, an even pace."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QFileDialog, QInputDialog
from pytestqt.qtbot import QtBot

from ganstudio.gui.main_window import MainWindow
from ganstudio.images import read_recipe
from ganstudio.project import direction_edits, history
from ganstudio.rendering.looks.look import Look


@pytest.fixture
def animate(window: MainWindow, qtbot: QtBot) -> MainWindow:
    window.commands["view.animate"].trigger()
    return window


def choose_pair(window: MainWindow) -> tuple[Look, Look]:
    section = window.animate.ways.a_to_b
    section.first.take_shown()
    window.commands["picture.new"].trigger()
    window.document.apply("Smile", direction_edits.set_strength(window.document.state, "smile", 2.0))
    section.second.take_shown()
    assert section.first.look is not None
    assert section.second.look is not None
    return section.first.look, section.second.look


def test_a_to_b_has_a_slider_and_eight_steps(animate: MainWindow, qtbot: QtBot) -> None:
    window, section = animate, animate.animate.ways.a_to_b
    assert not section.slider.isEnabled()
    first, second = choose_pair(window)
    assert section.slider.isEnabled()
    entries = len(window.document.state.history)
    qtbot.keyClick(section.slider.track, Qt.Key.Key_Right)
    qtbot.keyClick(section.slider.track, Qt.Key.Key_End)
    assert window.document.state.look == second
    qtbot.keyClick(section.slider.track, Qt.Key.Key_Left)
    look = window.document.state.look
    assert look.between is not None
    assert 0 < look.strength_of("smile") < 2
    assert len(window.document.state.history) <= entries + 1
    assert first.latent in dict(look.between.parts)
    qtbot.waitUntil(lambda: all(not one.icon().isNull() for one in section.strip.buttons), timeout=20_000)
    section.strip.buttons[3].click()
    assert window.document.state.look == section.looks[3]
    section.way.setCurrentIndex(1)
    section.way.activated.emit(1)
    between = section.looks[3].between
    assert between is not None
    assert between.way == "straight"


def test_a_to_b_is_put_on_the_timeline(animate: MainWindow, qtbot: QtBot) -> None:
    window, section = animate, animate.animate.ways.a_to_b
    first, second = choose_pair(window)
    window.animate.head.go_to(100)
    section.seconds.setValue(1.0)
    section.way.setCurrentIndex(2)
    section.put.click()
    timeline = window.document.state.timeline
    track, smile = timeline.track_of("latent"), timeline.track_of("edit:smile")
    assert track is not None
    assert smile is not None
    assert [(key.frame, key.value) for key in track.keys] == [(100, first.latent), (130, second.latent)]
    assert [(key.frame, key.value) for key in smile.keys] == [(100, 0.0), (130, 2.0)]
    assert (track.way, timeline.length) == ("w", 131)
    window.commands["edit.undo"].trigger()
    assert window.document.state.timeline.tracks == ()


def test_pictures_are_chosen_by_menu(animate: MainWindow, qtbot: QtBot) -> None:
    window, choice = animate, animate.animate.ways.a_to_b.first
    window.document.apply("Favourite", history.toggle_favourite(window.document.state))
    menu = choice.button.menu()
    assert menu is not None
    menu.aboutToShow.emit()
    titles = [action.text() for action in menu.actions()]
    assert titles == ["The Picture on the Canvas", "A Random One", "Seed…", "Favourites", "History"]
    favourites = menu.actions()[3].menu()
    assert favourites is not None
    favourites.actions()[0].trigger()
    assert choice.look == window.document.state.look
    menu.actions()[2].trigger()
    dialog = choice.findChild(QInputDialog)
    assert dialog is not None
    dialog.setTextValue("77")
    dialog.accept()
    assert choice.look is not None
    assert choice.look.seed == 77


def test_four_corners_make_a_sheet(
    animate: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window, section = animate, animate.animate.ways.four
    section.set_open(True)
    for seed, corner in enumerate(section.corners, 1):
        assert not section.show_button.isEnabled()
        corner.choose(Look(seed=seed, label=0))
    section.side.setValue(3)
    section.show_button.click()
    qtbot.waitUntil(lambda: section.window_shown is not None, timeout=30_000)
    shown = section.window_shown
    assert shown is not None
    assert shown.view.image.width() == 3 * 28 + 4 * 2
    path = tmp_path / "sheet.png"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), "PNG (*.png)"))
    shown.save_button.click()
    qtbot.waitUntil(path.is_file, timeout=20_000)
    assert read_recipe(path) is not None
    corner = QPointF(shown.view.rect().center())
    assert shown.view.place_at(corner) == 4
    shown.view.pressed.emit(8)
    assert window.document.state.look == Look(seed=4, label=0)
    shown.close()


@pytest.mark.parametrize(("kind", "is_loop"), [(0, False), (1, True), (2, True)], ids=["walk", "circle", "noise"])
def test_walks_and_loops_are_ordinary_keys(animate: MainWindow, qtbot: QtBot, kind: int, is_loop: bool) -> None:
    window, section = animate, animate.animate.ways.walks
    section.kind.setCurrentIndex(kind)
    section.kind.activated.emit(kind)
    section.count.setValue(4)
    section.seconds.setValue(0.5)
    section.lay.click()
    timeline = window.document.state.timeline
    track = timeline.track_of("latent")
    assert track is not None
    assert [key.frame for key in track.keys] == [0, 15, 30, 45]
    assert (timeline.is_loop, timeline.length) == (is_loop, 60 if is_loop else 46)
    section.lay.click()
    assert window.document.state.timeline != timeline
    window.commands["edit.undo"].trigger()
    assert window.document.state.timeline == timeline


def test_a_tour_needs_favourites(animate: MainWindow, qtbot: QtBot) -> None:
    window, section = animate, animate.animate.ways.walks
    section.kind.setCurrentIndex(3)
    section.kind.activated.emit(3)
    assert not section.lay.isEnabled()
    for _ in range(2):
        window.commands["picture.new"].trigger()
        window.commands["picture.favourite"].trigger()
    assert section.lay.isEnabled()
    section.is_loop.setChecked(True)
    section.lay.click()
    track = window.document.state.timeline.track_of("latent")
    assert track is not None
    assert [key.value for key in track.keys] == [entry.look.latent for entry in window.document.state.favourites]


def test_an_endless_walk_leaves_no_keys(animate: MainWindow, qtbot: QtBot) -> None:
    window, section = animate, animate.animate.ways.walks
    shown: list[object] = []
    window.animate.playback.shown.connect(lambda _rendered, frame: shown.append(frame))
    section.endless.click()
    assert window.animate.playback.is_endless
    qtbot.waitUntil(lambda: len(shown) > 10, timeout=20_000)
    qtbot.keyClick(window, Qt.Key.Key_Space)
    assert not window.animate.playback.is_playing
    assert not section.endless.isChecked()
    assert window.document.state.timeline.tracks == ()
    assert len(set(shown)) > 5


def test_the_pace_is_evened_out_and_goes_stale(animate: MainWindow, qtbot: QtBot) -> None:
    window, section, walks = animate, animate.animate.ways.even, animate.animate.ways.walks
    section.set_open(True)
    assert not section.even.isEnabled()
    walks.kind.setCurrentIndex(1)
    walks.kind.activated.emit(1)
    walks.count.setValue(4)
    walks.seconds.setValue(0.3)
    walks.lay.click()
    section.even.click()
    assert section.stop.isVisible()
    qtbot.waitUntil(lambda: not window.animate.ways.pace.is_running, timeout=60_000)
    assert window.document.state.timeline.pace
    found = window.animate.ways.pace.found
    assert found is not None
    assert found.after.variation <= 0.15
    assert "The loop's last step is" in section.figures.text()
    window.commands["edit.undo"].trigger()
    assert window.document.state.timeline.pace == ()
    window.commands["edit.redo"].trigger()
    walks.lay.click()
    assert section.figures.text() == ""
    assert window.document.state.timeline.pace == ()
