"""The recipe panel: what it starts, and what it says of a choice that pictures do not fit."""

from dataclasses import dataclass, replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPushButton
from pytestqt.qtbot import QtBot
from waiting import wait_opened

from ganstudio.datasets.fitting import PreparationConfig
from ganstudio.gui.jobs import JobList
from ganstudio.gui.main_window import MainWindow
from ganstudio.gui.panels.recipe import RecipePanel
from ganstudio.gui.services.estimating import Estimating
from ganstudio.gui.services.training_session import Phase, TrainingSession
from ganstudio.gui.services.waiting_runs import WaitingRuns
from ganstudio.training.origin import Origin
from ganstudio.training.presets.catalogue import PRESETS


@dataclass
class Facts:
    resolution: int
    channels: int = 3
    class_count: int = 0
    count: int | None = None


@pytest.fixture
def panel(qtbot: QtBot) -> RecipePanel:
    jobs = JobList()
    session = TrainingSession(jobs)
    waiting = WaitingRuns(session, session)
    panel = RecipePanel(session=session, waiting=waiting, estimating=Estimating(session, jobs, session), jobs=jobs)
    qtbot.addWidget(panel)
    session.setParent(panel)
    return panel


def choose(panel: RecipePanel, name: str, resolution: int, qtbot: QtBot) -> None:
    origin = Origin("avatars:100", PreparationConfig(resolution, 3), use_labels=False)
    panel._session.choose_pictures(origin, Facts(resolution))
    qtbot.mouseClick(panel.recipes.cards[name], Qt.MouseButton.LeftButton)


def test_a_style_recipe_starts_with_sizes_that_it_can_draw_and_says_why_not_with_others(panel, qtbot):
    choose(panel, "style", 28, qtbot)
    assert not panel.start_button.isEnabled()
    assert "This network draws 32, 64 or 128 px, not 28" in panel._reason.text()
    choose(panel, "style", 32, qtbot)
    assert panel.start_button.isEnabled()
    assert panel._reason.text() == ""
    choose(panel, "quick", 28, qtbot)
    assert panel.start_button.isEnabled()


@pytest.mark.parametrize("name", PRESETS.names())
def test_the_plan_is_the_chosen_recipe_with_what_was_changed(panel, qtbot, name):
    choose(panel, name, 64, qtbot)
    panel._advanced.click()
    assert panel._form is not None
    assert panel.length.value() == PRESETS[name].configure(Facts(64)).kimg
    mixing = panel._form.findChild(QLineEdit, "style_mixing")
    mixing.setText("0.5")
    mixing.editingFinished.emit()
    config = panel._session.plan.configure(Facts(64))
    assert config == replace(PRESETS[name].configure(Facts(64)), style_mixing=0.5)


def test_parts_are_switched_and_set_in_their_rows(panel, qtbot):
    choose(panel, "quick", 64, qtbot)
    panel._advanced.click()
    r1, noise = panel._parts.row("r1"), panel._parts.row("instance_noise")
    assert (r1.check.isChecked(), noise.check.isChecked()) == (True, False)
    gamma = r1.form.findChild(QLineEdit, "gamma")
    assert gamma.text() == "1"
    gamma.setText("3")
    gamma.editingFinished.emit()
    noise.check.click()
    assert panel._session.plan.configure(Facts(64)).parts == {
        "r1": {"gamma": 3.0, "interval": 8}, "instance_noise": {},
    }  # fmt: skip
    r1.check.click()
    assert "r1" not in panel._session.plan.configure(Facts(64)).parts
    assert not r1.form.isVisibleTo(r1)
    choose(panel, "quick", 64, qtbot)
    assert r1.check.isChecked()
    assert not noise.check.isChecked()


def test_what_does_not_go_together_is_said_and_not_started(panel, qtbot):
    choose(panel, "quick", 64, qtbot)
    panel._session.choose_pictures(panel._session.origin, Facts(64, 3, 4))
    panel._advanced.click()
    panel._parts.row("packing").check.click()
    assert not panel.start_button.isEnabled()
    assert "different classes" in panel._reason.text()
    panel._parts.row("packing").check.click()
    assert panel.start_button.isEnabled()


def test_an_estimate_is_measured_shown_and_forgotten_with_the_plan(panel, qtbot):
    choose(panel, "quick", 28, qtbot)
    line = panel.estimate
    assert line._text.text() == ""
    qtbot.mouseClick(line.button, Qt.MouseButton.LeftButton)
    assert line.button.text() == "Cancel"
    qtbot.waitUntil(lambda: "on this machine" in line._text.text(), timeout=30_000)
    qtbot.waitUntil(lambda: line.button.text() == "Estimate", timeout=10_000)
    assert line._text.text().startswith("About ")
    panel.length.setValue(123.0)
    assert line._text.text() == ""


def test_recipes_beyond_every_day_are_folded_until_one_is_chosen(panel, qtbot):
    card = panel.recipes.cards["wgan_gp"]
    assert not card.isVisibleTo(panel.recipes)
    choose(panel, "wgan_gp", 64, qtbot)
    assert card.isVisibleTo(panel.recipes)
    assert card.isChecked()


def test_a_style_run_started_here_ends_as_a_model_with_a_w_in_explore(window: MainWindow, qtbot: QtBot) -> None:
    panel, session = window.train.recipe, window.session
    session.choose_pictures(Origin("avatars:60", PreparationConfig(32, 3), use_labels=False), Facts(32))
    panel.recipes.cards["style"].click()
    panel.length.setValue(0.1)
    panel._advanced.click()
    for name, text in (("threads", "1"), ("batch_size", "8")):
        editor = panel._form.findChild(QLineEdit, name)
        editor.setText(text)
        editor.editingFinished.emit()
    panel.start_button.click()
    qtbot.waitUntil(lambda: session.phase in (Phase.FINISHED, Phase.FAILED), timeout=100_000)
    assert session.phase is Phase.FINISHED, session.error
    buttons = window.train.progress.findChildren(QPushButton)
    button = next(button for button in buttons if button.text() == "Open the Best")
    qtbot.waitUntil(button.isEnabled)
    button.click()
    wait_opened(window, qtbot)
    description = window.document.description
    assert (description.family, description.spec.num_ws, description.spec.has_noise) == ("stylegan2", 8, True)
    assert window.document.state.checkpoint == str(session.best_snapshot().path)
    assert window.workspaces.current == "explore"


def test_in_a_narrow_panel_all_values_are_seen(panel, qtbot):
    panel.resize(240, 900)
    panel.show()
    qtbot.waitExposed(panel)
    panel._advanced.click()
    assert panel._form.minimumSizeHint().width() <= 240


def test_a_size_that_no_plain_network_draws_is_said_before_the_start(panel, qtbot):
    choose(panel, "balanced", 256, qtbot)
    assert not panel.start_button.isEnabled()
    assert "up to 128 px, not 256" in panel._reason.text()
    choose(panel, "few_pictures", 256, qtbot)
    assert panel.start_button.isEnabled()


def test_the_length_follows_the_pictures_until_the_person_sets_it(panel, qtbot):
    origin = Origin("avatars:100", PreparationConfig(64, 3), use_labels=False)
    panel._session.choose_pictures(origin, Facts(64, count=500))
    assert panel.length.value() == 200
    panel._session.choose_pictures(origin, Facts(64, count=50_000))
    assert panel.length.value() == 400
    panel.length.setValue(77)
    panel._session.choose_pictures(origin, Facts(64, count=500))
    assert panel.length.value() == 77
    assert panel._session.plan.configure(Facts(64, count=500)).kimg == 77


def test_large_pictures_are_recommended_what_draws_them(panel, qtbot):
    choose(panel, "recommended", 256, qtbot)
    assert panel.start_button.isEnabled()
    assert panel._configured(panel._session.plan).network == "fastgan"
    choose(panel, "recommended", 28, qtbot)
    assert panel._configured(panel._session.plan).network == "dcgan"
