"""The place where ways of finding directions are chosen, used with the mouse on the real window."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from ganstudio.files import user_cache_dir
from ganstudio.gui.dialogs.find_directions import FindDirectionsDialog
from ganstudio.gui.main_window import MainWindow
from ganstudio.gui.pages.found_sliders import FACTS, NAME
from ganstudio.gui.services.direction_ways import WAYS
from ganstudio.latent.discovery.catalogue import METHODS
from ganstudio.latent.spaces import sample_z
from ganstudio.project import edits
from ganstudio.rendering.looks.look import Look

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def dialog(window: MainWindow, qtbot: QtBot) -> FindDirectionsDialog:
    window.commands["directions.find"].trigger()
    found = window.findChild(FindDirectionsDialog)
    qtbot.waitExposed(found)
    return found


def find(window: MainWindow, qtbot: QtBot, dialog: FindDirectionsDialog, way: str) -> None:
    dialog.choose(way)
    qtbot.waitUntil(dialog.find_button.isEnabled, timeout=20_000)
    qtbot.mouseClick(dialog.find_button, LEFT)
    assert not dialog.find_button.isVisible()
    qtbot.waitUntil(lambda: not window.explore.finding.is_running, timeout=30_000)


def set_field(dialog: FindDirectionsDialog, name: str, text: str) -> None:
    assert dialog.inputs is not None
    field = dialog.inputs.form.findChild(QLineEdit, name)
    assert field is not None
    field.setText(text)
    field.editingFinished.emit()


def test_every_way_is_listed_and_says_what_it_does_and_needs(dialog: FindDirectionsDialog) -> None:
    assert {name for name in METHODS if METHODS[name].needs in {"model", "scores", "picks"}} <= set(WAYS)
    for name, way in WAYS.items():
        dialog.choose(name)
        assert dialog.way is way
        assert way.help in dialog.words.text()
        assert way.needs in dialog.words.text()


def test_axes_become_sliders_in_one_step_with_strips(
    window: MainWindow, qtbot: QtBot, dialog: FindDirectionsDialog
) -> None:
    dialog.choose("pca")
    set_field(dialog, "count", "3")
    set_field(dialog, "samples", "200")
    steps = window.document.undo_stack.count()
    find(window, qtbot, dialog, "pca")
    own = window.document.state.directions
    assert [one.info.title for one in own] == ["Axis 1", "Axis 2", "Axis 3"]
    assert all(one.info.origin == "pca" for one in own)
    assert window.document.undo_stack.count() == steps + 1
    finding = window.explore.finding
    assert [len(finding.strips[one.name]) for one in own] == [5, 5, 5]
    assert finding.strips[own[0].name][0] != finding.strips[own[0].name][-1]
    assert dialog.found.list.topLevelItemCount() == 3
    window.commands["edit.undo"].trigger()
    assert window.document.state.directions == ()
    assert dialog.found.list.topLevelItemCount() == 0
    window.commands["edit.redo"].trigger()
    assert dialog.found.list.topLevelItemCount() == 3


def test_a_search_can_be_cancelled_and_leaves_nothing(
    window: MainWindow, qtbot: QtBot, dialog: FindDirectionsDialog
) -> None:
    dialog.choose("layer")
    qtbot.waitUntil(lambda: dialog.inputs.layer_box.count() > 0, timeout=20_000)
    set_field(dialog, "samples", "10000")
    qtbot.mouseClick(dialog.find_button, LEFT)
    qtbot.mouseClick(dialog.cancel_button, LEFT)
    qtbot.waitUntil(lambda: not window.explore.finding.is_running, timeout=20_000)
    assert window.document.state.directions == ()
    assert dialog.find_button.isVisible()


def test_axes_of_a_layer_are_found(window: MainWindow, qtbot: QtBot, dialog: FindDirectionsDialog) -> None:
    dialog.choose("layer")
    qtbot.waitUntil(lambda: dialog.inputs.layer_box.count() > 0, timeout=20_000)
    layer = dialog.inputs.layer_box.currentText()
    set_field(dialog, "samples", "100")
    set_field(dialog, "count", "2")
    find(window, qtbot, dialog, "layer")
    assert len(window.document.state.directions) == 2
    assert layer.rpartition(".")[2] in window.document.state.directions[0].info.title


def test_what_is_left_alone_is_taken_out(window: MainWindow, qtbot: QtBot, dialog: FindDirectionsDialog) -> None:
    dialog.choose("closed-form")
    set_field(dialog, "count", "2")
    kept = dialog.inputs.kept
    assert [kept.item(row).text() for row in range(kept.count())][:1] == ["Smile"]
    kept.item(0).setCheckState(Qt.CheckState.Checked)
    find(window, qtbot, dialog, "closed-form")
    for one in window.document.state.directions:
        assert abs(float(one.step[0])) < 1e-6  # the tiny model's smile is the first number of z
    assert "leaves Smile alone" in dialog.found.list.topLevelItem(0).text(FACTS)


def test_names_are_suggested_and_taken(window: MainWindow, qtbot: QtBot, dialog: FindDirectionsDialog) -> None:
    dialog.choose("closed-form")
    set_field(dialog, "count", "8")
    find(window, qtbot, dialog, "closed-form")
    window.explore.finding.suggestions.clear()
    from ganstudio.latent.naming import Suggestion

    name = window.document.state.directions[2].name
    window.explore.finding.suggestions[name] = Suggestion("Less smile", -0.8)
    window.explore.finding.names_suggested.emit()
    qtbot.mouseClick(dialog.found.names_button, LEFT)
    assert window.document.state.slider_of(name).title == "Less smile"
    assert dialog.found.list.topLevelItem(2).text(NAME) == "Less smile"
    assert not dialog.found.names_button.isEnabled()


def test_sliders_are_renamed_and_removed_in_the_list(
    window: MainWindow, qtbot: QtBot, dialog: FindDirectionsDialog
) -> None:
    dialog.choose("closed-form")
    set_field(dialog, "count", "2")
    find(window, qtbot, dialog, "closed-form")
    item = dialog.found.list.topLevelItem(0)
    dialog.found.list.itemDoubleClicked.emit(item, NAME)
    editor = dialog.found.list.findChild(QLineEdit)
    editor.setText("Longer hair")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    name = window.document.state.directions[0].name
    qtbot.waitUntil(lambda: window.document.state.slider_of(name).title == "Longer hair")
    item.setSelected(True)
    qtbot.mouseClick(dialog.found.remove_button, LEFT)
    assert [one.info.title for one in window.document.state.directions] == ["Factor 2"]


def test_what_is_missing_is_said(window: MainWindow, dialog: FindDirectionsDialog) -> None:
    dialog.choose("picks")
    assert not dialog.find_button.isEnabled()
    assert "each kind" in dialog.lacks.text()
    state = edits.toggle_examples(window.document.state, (Look(1), Look(2)), liked=True)
    window.document.apply("Mark", state)
    assert "mark a few − too" in dialog.lacks.text()
    dialog.choose("factors")
    assert dialog.lacks.text() == "Choose the pictures."
    dialog.choose("labels")
    assert dialog.lacks.text() == "Choose the scores."


def test_a_search_that_fails_is_told_and_can_be_tried_again(
    window: MainWindow, qtbot: QtBot, dialog: FindDirectionsDialog, tiny_checkpoint: Path
) -> None:
    dialog.choose("closed-form")
    tiny_checkpoint.unlink()
    with qtbot.waitSignal(window.document.failed, timeout=20_000) as caught:
        qtbot.mouseClick(dialog.find_button, LEFT)
    assert "tiny.safetensors" in str(caught.args[0])
    qtbot.waitUntil(dialog.find_button.isVisible, timeout=20_000)


def test_a_table_of_scores_gives_sliders_with_their_held_out_accuracy(
    window: MainWindow, qtbot: QtBot, dialog: FindDirectionsDialog, tmp_path: Path
) -> None:
    z = sample_z(range(200), 8, "normal")
    lines = [f"{seed},{float(z[seed, 2])},{int(z[seed, 5] > 0)}" for seed in range(200)]
    path = tmp_path / "scores.csv"
    path.write_text("\n".join(["seed,Round,Dark", *lines]))
    dialog.choose("labels")
    dialog.inputs.rows["scores"].field.setText(str(path))
    find(window, qtbot, dialog, "labels")
    first, second = window.document.state.directions
    assert (first.info.title, second.info.title) == ("Round", "Dark")
    assert abs(first.step).argmax() == 2
    assert abs(second.step).argmax() == 5
    facts = dialog.found.list.topLevelItem(0).text(FACTS)
    assert "right (of those chosen, held out" in facts
    assert "R² 0.9" in facts
    assert "R²" not in dialog.found.list.topLevelItem(1).text(FACTS)  # a class is no score


def test_an_error_of_a_table_names_its_line_and_column(
    window: MainWindow, qtbot: QtBot, dialog: FindDirectionsDialog, tmp_path: Path
) -> None:
    path = tmp_path / "scores.csv"
    path.write_text("seed,Round\n1,0.5\n2,much\n")
    dialog.choose("labels")
    dialog.inputs.rows["scores"].field.setText(str(path))
    with qtbot.waitSignal(window.document.failed, timeout=20_000) as caught:
        qtbot.mouseClick(dialog.find_button, LEFT)
    assert "line 3, column Round" in str(caught.args[0])
    qtbot.waitUntil(dialog.find_button.isVisible, timeout=20_000)


def test_classes_of_known_pictures_give_sliders(
    window: MainWindow, qtbot: QtBot, dialog: FindDirectionsDialog, tmp_path: Path
) -> None:
    random = np.random.default_rng(0)
    for label, shade in (("bright", 200), ("dark", 40)):
        (tmp_path / "pictures" / label).mkdir(parents=True)
        for number in range(40):
            pixels = random.integers(shade - 30, shade + 30, (28, 28), dtype=np.uint8)
            Image.fromarray(pixels).save(tmp_path / "pictures" / label / f"{number}.png")
    dialog.choose("factors")
    dialog.inputs.rows["place"].field.setText(str(tmp_path / "pictures"))
    set_field(dialog, "reading_steps", "30")
    set_field(dialog, "samples", "300")
    with qtbot.waitSignal(window.explore.finding.sliders_found, timeout=60_000) as caught:
        qtbot.mouseClick(dialog.find_button, LEFT)
    titles = [one.direction.info.title for one in caught.args[1].sliders]
    assert titles == [one.info.title for one in window.document.state.directions]
    assert titles == ["dark"] or "dark" in "".join(caught.args[1].notes)
    assert list((user_cache_dir() / "readers").glob("*.safetensors"))  # the next search need not learn it again
    qtbot.waitUntil(lambda: not window.explore.finding.is_running, timeout=20_000)


def test_what_was_found_can_be_left_alone_next(window: MainWindow, qtbot: QtBot, dialog: FindDirectionsDialog) -> None:
    dialog.choose("closed-form")
    set_field(dialog, "count", "2")
    dialog.inputs.kept.item(0).setCheckState(Qt.CheckState.Checked)
    find(window, qtbot, dialog, "closed-form")
    kept = dialog.inputs.kept
    titles = [kept.item(row).text() for row in range(kept.count())]
    assert {"Smile", "Factor 1", "Factor 2"} <= set(titles)
    assert [item for item in titles if kept.item(titles.index(item)).checkState() == Qt.CheckState.Checked] == ["Smile"]


def test_strips_that_there_was_no_time_for_are_drawn_when_they_are_looked_at(
    window: MainWindow, qtbot: QtBot, dialog: FindDirectionsDialog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ganstudio.gui.services.direction_works._STRIPS_S", -1.0)
    dialog.choose("closed-form")
    set_field(dialog, "count", "3")
    find(window, qtbot, dialog, "closed-form")
    finding = window.explore.finding
    names = [one.name for one in window.document.state.directions]
    assert list(finding.strips) == names[:1]
    dialog.found.list.topLevelItem(2).setSelected(True)
    qtbot.waitUntil(lambda: set(finding.strips) == {names[0], names[2]}, timeout=20_000)
    qtbot.waitUntil(lambda: not window.jobs.jobs(), timeout=20_000)
