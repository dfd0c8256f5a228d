"""The settings of a run, changed on the way; and a run that begins with another's weights."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from ganstudio.datasets.fitting import PreparationConfig
from ganstudio.gui.main_window import MainWindow
from ganstudio.gui.panels.run_settings import RunSettingsPanel
from ganstudio.gui.services.training_session import Phase
from ganstudio.training.origin import Origin
from ganstudio.training.plan import Plan
from ganstudio.training.presets.base import PictureFacts
from ganstudio.training.runs.changes import FIXED_PARTS
from ganstudio.training.runs.run_folder import RunFolder
from ganstudio.training.runs.run_list import runs_folder

TINY = {
    "batch_size": 4, "threads": 1, "device": "cpu", "score_kimg": 9.0, "sample_count": 4, "sample_kimg": 0.05,
    "snapshot_kimg": 0.02,
}  # fmt: skip


class Facts(PictureFacts):
    count, resolution, channels, class_count = 40, 28, 1, 0


def train(window: MainWindow, kimg: float, name: str, **settings: object) -> None:
    window.session.choose_pictures(Origin("avatars:40", PreparationConfig(28, 1), use_labels=False), Facts())
    window.session.plan = Plan("quick", kimg, name, {**TINY, **settings})
    window.commands["train.start"].trigger()


def type_number(panel: RunSettingsPanel, name: str, text: str, qtbot: QtBot) -> None:
    field = panel.form.findChild(QLineEdit, name)
    field.selectAll()
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, Qt.Key.Key_Return)


@pytest.fixture
def panel(window: MainWindow) -> RunSettingsPanel:
    window.commands["view.train"].trigger()
    window.train.views.show_view(window.train.settings)
    return window.train.settings


def test_a_paused_run_goes_on_with_what_was_changed(window, panel, qtbot):
    assert not panel.apply_button.isEnabled()
    train(window, 500.0, "run")
    qtbot.waitUntil(lambda: window.session.phase is Phase.TRAINING and panel.form is not None, timeout=20_000)
    window.session.pause()
    type_number(panel, "beta1", "0.25", qtbot)
    panel.parts.row("lecam").check.click()
    assert panel.apply_button.isEnabled()
    qtbot.mouseClick(panel.apply_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(window.session.history.changes), timeout=20_000)
    qtbot.waitUntil(lambda: window.session.phase is Phase.TRAINING, timeout=20_000)
    config = RunFolder(runs_folder() / "run").config()
    assert config.beta1 == 0.25
    assert "lecam" in config.parts
    assert panel.isVisible()
    qtbot.waitUntil(lambda: "beta1 = 0.25" in panel._changes.text())
    assert not panel.apply_button.isEnabled()
    window.session.stop()
    qtbot.waitUntil(lambda: window.session.phase is Phase.STOPPED, timeout=20_000)


def test_what_a_run_keeps_for_life_cannot_be_changed(window, panel, qtbot):
    train(window, 0.04, "run")
    qtbot.waitUntil(lambda: window.session.phase is Phase.FINISHED, timeout=20_000)
    assert not any(panel.parts.row(name).isEnabled() for name in FIXED_PARTS)
    assert panel.form.findChild(QLineEdit, "seed") is None
    type_number(panel, "beta1", "7", qtbot)
    assert not panel.apply_button.isEnabled()
    type_number(panel, "accumulation", "3", qtbot)
    assert "equal parts" in panel._reason.text() or "equal parts" in panel.form._error.text()
    assert not panel.apply_button.isEnabled()


def test_a_finished_run_is_made_longer(window, panel, qtbot):
    train(window, 0.04, "run")
    qtbot.waitUntil(lambda: window.session.phase is Phase.FINISHED, timeout=20_000)
    type_number(panel, "kimg", "0.1", qtbot)
    qtbot.mouseClick(panel.revert_button, Qt.MouseButton.LeftButton)
    assert panel.form.findChild(QLineEdit, "kimg").text() == "0.04"
    type_number(panel, "kimg", "0.1", qtbot)
    assert panel.apply_button.text() == "Apply and Resume"
    qtbot.mouseClick(panel.apply_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: RunFolder(runs_folder() / "run").states()[-1][0] >= 0.1, timeout=20_000)
    qtbot.waitUntil(lambda: window.session.phase is Phase.FINISHED, timeout=20_000)


def test_a_run_begins_with_the_best_of_another_and_says_what_it_took(window, panel, qtbot):
    train(window, 0.04, "first")
    qtbot.waitUntil(lambda: window.session.phase is Phase.FINISHED, timeout=20_000)
    recipe = window.train.recipe
    begin = recipe.begin_with
    qtbot.mouseClick(recipe.recipes.cards["quick"], Qt.MouseButton.LeftButton)
    recipe._overrides = dict(TINY)
    titles = [begin.choice.itemText(index) for index in range(begin.choice.count())]
    assert titles == ["Fresh weights", "Best of first", "A file…"]
    begin._on_choice_activated(1)
    qtbot.waitUntil(lambda: begin._description is not None)
    assert begin.wait.isHidden()
    begin.freeze.setChecked(True)
    recipe.length.setValue(0.1)
    qtbot.mouseClick(recipe.start_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.session.phase is Phase.FINISHED, timeout=20_000)
    config = window.session.history.config
    assert config.start_from.endswith(".safetensors")
    assert "freeze_discriminator" in config.parts
    assert "100% of the generator's weights" in panel._changes.text()


def test_where_a_file_brings_no_discriminator_a_new_one_may_learn_first(window, tiny_checkpoint, qtbot):
    begin = window.train.recipe.begin_with
    assert begin.freeze.isHidden()
    assert begin.wait.isHidden()
    begin.choose(tiny_checkpoint)
    qtbot.waitUntil(lambda: begin._description is not None)
    assert begin.choice.currentText() == tiny_checkpoint.name
    assert begin.freeze.isHidden()
    begin.wait.setChecked(True)
    assert begin.settings() == {"start_from": str(tiny_checkpoint), "generator_delay_kimg": 2.0}
    begin.choose(None)
    assert begin.settings() == {}
    assert begin.wait.isHidden()


def test_a_model_of_another_family_needs_pictures_of_its_size(window, panel, qtbot):
    train(window, 0.04, "first")
    qtbot.waitUntil(lambda: window.session.phase is Phase.FINISHED, timeout=20_000)
    recipe = window.train.recipe
    recipe.begin_with.choose(window.session.history.snapshots[-1][1])
    qtbot.waitUntil(lambda: recipe.begin_with._description is not None)
    facts = Facts()
    facts.resolution = 32
    window.session.choose_pictures(Origin("avatars:40", PreparationConfig(32, 1), use_labels=False), facts)
    qtbot.mouseClick(recipe.recipes.cards["residual"], Qt.MouseButton.LeftButton)
    assert not recipe.start_button.isEnabled()
    assert "draws 28 px in grey, not 32 px in grey; prepare the pictures at 28 px" in recipe._reason.text()
    recipe.begin_with._on_choice_activated(0)
    assert recipe.start_button.isEnabled()


def test_a_model_of_another_family_is_trained_on_in_the_window(window, panel, qtbot):
    train(window, 0.04, "first")
    qtbot.waitUntil(lambda: window.session.phase is Phase.FINISHED, timeout=20_000)
    recipe = window.train.recipe
    qtbot.mouseClick(recipe.recipes.cards["first_gan"], Qt.MouseButton.LeftButton)
    recipe._overrides = {**TINY, "network_config.hidden": 8, "network_config.layers": 1}
    recipe.begin_with.choose(window.session.history.snapshots[-1][1])
    qtbot.waitUntil(lambda: recipe.begin_with._description is not None)
    recipe.length.setValue(0.1)
    qtbot.mouseClick(recipe.start_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.session.phase is Phase.FINISHED, timeout=20_000)
    config = window.session.history.config
    assert (config.network, config.generator) == ("mlp", "dcgan")
    assert "100% of the generator's weights" in panel._changes.text()


def test_a_file_that_is_no_model_is_told_and_not_taken(window, panel, qtbot, tmp_path):
    (tmp_path / "no.safetensors").write_bytes(b"nothing")
    with qtbot.waitSignal(window.session.failed, timeout=10_000):
        window.train.recipe.begin_with.choose(tmp_path / "no.safetensors")
    assert window.train.recipe.begin_with.path is None
