"""Step by Step: the game on points through its buttons, choices and the plane itself."""

import math

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QPushButton

from ganstudio.gui.panels.steps import StepsPanel
from ganstudio.gui.services.toy_game import ToyGame
from ganstudio.training.toys.findings import ToyProgress
from ganstudio.training.toys.measures import ToyScores
from ganstudio.training.toys.words import DISCRIMINATOR, GENERATOR, ROUND

LEFT = Qt.MouseButton.LeftButton
WAIT_MS = 30_000


@pytest.fixture
def panel(qtbot):
    game = ToyGame()
    panel = StepsPanel(game=game)
    qtbot.addWidget(panel)
    panel.resize(1200, 640)
    with qtbot.waitSignal(game.changed, timeout=WAIT_MS):
        panel.show()
    yield panel
    panel.hide()
    game.begin_shutdown()
    qtbot.waitUntil(game.is_shut_down, timeout=WAIT_MS)


def press(panel, qtbot, button):
    with qtbot.waitSignal(panel._game.changed, timeout=WAIT_MS):
        qtbot.mouseClick(button, LEFT)
    return panel._game.played


def choose(box, data):
    box.setCurrentIndex(box.findData(data))
    box.activated.emit(box.currentIndex())


def test_each_player_learns_alone_and_is_told_of(panel, qtbot):
    assert "Nothing is learned yet" in panel.words.text()
    before = panel._game.played
    after = press(panel, qtbot, panel.transport.buttons[DISCRIMINATOR])
    assert (after.progress.rounds, after.discriminator_steps) == (0, 1)
    assert np.array_equal(after.scene.generated, before.scene.generated)
    assert not np.array_equal(after.scene.landscape, before.scene.landscape)
    assert panel.words.text().startswith("The discriminator learned")
    assert f"{after.scene.fake_belief:.0%}" in panel.words.text()
    moved = press(panel, qtbot, panel.transport.buttons[GENERATOR])
    assert (moved.progress.rounds, moved.discriminator_steps) == (1, 1)
    assert np.array_equal(moved.scene.landscape, after.scene.landscape)
    assert not np.array_equal(moved.scene.generated, after.scene.generated)
    assert panel.words.text().startswith("The generator learned")
    both = press(panel, qtbot, panel.transport.buttons[ROUND])
    assert (both.progress.rounds, both.discriminator_steps) == (2, 2)
    assert "Steps of G 2" in panel.facts.text()


def test_it_plays_by_itself_until_it_is_paused(panel, qtbot):
    game = panel._game
    panel.transport.speed.setValue(panel.transport.speed.maximum())
    qtbot.mouseClick(panel.transport.play, LEFT)
    assert panel.transport.play.text() == "Pause"
    qtbot.waitUntil(lambda: game.played.progress.rounds > 12, timeout=WAIT_MS)
    qtbot.mouseClick(panel.transport.play, LEFT)
    assert panel.transport.play.text() == "Play"
    qtbot.waitUntil(lambda: not game._is_asked, timeout=WAIT_MS)
    rounds = game.played.progress.rounds
    qtbot.wait(200)
    assert game.played.progress.rounds == rounds
    steps, beliefs = game.curves["d_real"]
    assert steps[-1] == rounds + game.played.discriminator_steps
    assert steps == sorted(set(steps))  # each move is a point further on
    assert all(0 <= value <= 1 for value in beliefs)


def test_slow_motion_waits_between_rounds(panel, qtbot):
    panel.transport.speed.setValue(1)
    assert panel.transport._say.text() == "1 round/s"
    qtbot.mouseClick(panel.transport.play, LEFT)
    qtbot.waitUntil(lambda: panel._game.played.progress.rounds == 1, timeout=WAIT_MS)
    assert panel._game._timer.isActive()
    assert panel._game._timer.interval() > 800


def test_hiding_the_page_pauses(panel, qtbot):
    qtbot.mouseClick(panel.transport.play, LEFT)
    panel.hide()
    assert not panel._game.is_playing


def test_a_seed_gives_the_same_game_again(panel, qtbot):
    first = press(panel, qtbot, panel.transport.buttons[ROUND]).scene.generated
    press(panel, qtbot, panel.setup.restart)
    again = press(panel, qtbot, panel.transport.buttons[ROUND]).scene.generated
    assert np.array_equal(first, again)
    panel.setup.seed.setText("")
    qtbot.keyClicks(panel.setup.seed, "5")
    with qtbot.waitSignal(panel._game.changed, timeout=WAIT_MS):
        qtbot.keyClick(panel.setup.seed, Qt.Key.Key_Return)
    other = press(panel, qtbot, panel.transport.buttons[ROUND]).scene.generated
    assert not np.array_equal(first, other)


def test_points_are_drawn_with_the_mouse_and_become_the_modes(panel, qtbot):
    setup, plot = panel.setup, panel.plot
    choose(setup.points_choice, "own")
    assert "put points" in panel.words.text()
    assert not panel.transport.play.isEnabled()
    middle = plot._square().center().toPoint()
    for way in (QPoint(-100, 0), QPoint(100, 0)):
        qtbot.mouseClick(plot, LEFT, pos=middle + way)
    assert not panel.transport.play.isEnabled()
    with qtbot.waitSignal(panel._game.changed, timeout=WAIT_MS):
        qtbot.mouseClick(plot, LEFT, pos=middle + QPoint(0, -100))
    assert panel._game.played.progress.scores.total == 3
    assert panel.transport.play.isEnabled()
    assert plot.points[2][1] > 0.3  # up is up
    assert panel._game.played.scene.real[:, 1].max() == pytest.approx(plot.points[2][1], abs=0.1)
    qtbot.mouseClick(setup.clear, LEFT)
    assert plot.points == ()
    assert not panel.transport.play.isEnabled()


def test_points_are_drawn_with_the_keys(panel, qtbot):
    choose(panel.setup.points_choice, "own")
    for key in (Qt.Key.Key_Space, Qt.Key.Key_Right, Qt.Key.Key_Space, Qt.Key.Key_Up, Qt.Key.Key_Space):
        qtbot.keyClick(panel.plot, key)
    assert np.allclose(panel.plot.points, [(0, 0), (0.1, 0), (0.1, 0.1)])
    qtbot.waitUntil(lambda: panel._game.played is not None, timeout=WAIT_MS)
    qtbot.keyClick(panel.plot, Qt.Key.Key_Delete)
    assert panel.plot.points == ()


def test_a_recipe_sets_loss_and_cures_which_can_be_mixed(panel, qtbot):
    setup = panel.setup
    choose(setup.recipe_choice, "paired")
    assert setup.config().loss == "relativistic"
    assert {name for name, box in setup.cures.items() if box.isChecked()} == {"r1", "r2"}
    setup.cures["r2"].click()
    setup.cures["packing"].click()
    choose(setup.loss_choice, "hinge")
    config = setup.config()
    assert set(config.parts) == {"r1", "packing"}
    assert (config.loss, config.beta1) == ("hinge", 0.0)
    assert setup.recipe_choice.currentText() == "Own mix"
    press(panel, qtbot, panel.transport.buttons[ROUND])


def test_a_collapse_is_told_and_its_remedy_is_one_press(panel, qtbot):
    panel._game.history = [
        ToyProgress(100 * number, number / 10, ToyScores(1, 0.9, math.log(8), 8), {}) for number in range(1, 9)
    ]
    press(panel, qtbot, panel.transport.buttons[ROUND])
    assert panel.notice.title.text() == "Mode collapse since round 400, 100% sure"
    button = panel.notice.button("Restart with the Default")
    assert isinstance(button, QPushButton)
    press(panel, qtbot, button)
    assert panel.setup.config().loss == "relativistic"
    assert panel.notice.isHidden()
    assert panel._game.history[-1].rounds == 0


def test_the_workspace_shows_the_page(make_window, qtbot):
    window = make_window()
    window.commands["view.steps"].trigger()
    qtbot.waitUntil(lambda: window.train.toy_game.played is not None, timeout=WAIT_MS)
    assert window.train.steps.isVisible()
    assert window.commands["view.steps"].isChecked()
    window.commands["view.explore"].trigger()
    assert not window.train.steps.isVisible()
