"""The table of runs with notes, and two runs beside each other."""

from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QFile, Qt
from PySide6.QtWidgets import QTreeWidget
from pytestqt.qtbot import QtBot

from ganstudio.gui.main_window import MainWindow
from ganstudio.gui.services.training_session import Phase
from ganstudio.training.config import TrainingConfig, with_settings
from ganstudio.training.runs.run_folder import RunFolder
from ganstudio.training.runs.run_list import runs_folder

NETWORK = {"resolution": 28, "channels": 1, "num_classes": 0, "z_dim": 8, "base_channels": 4, "max_channels": 8}


def make_run(name: str, kid: float, kimg: float = 2.0, **settings: object) -> RunFolder:
    run = RunFolder(runs_folder() / name)
    config = with_settings(TrainingConfig(network_config=NETWORK, kimg=4.0), settings)
    run.create(config, {"pictures": 40, "origin": {"place": "avatars:40"}, "begun": f"2026-01-0{len(name)}T10:00:00"})
    for moment in (1.0, kimg):
        run.append("scalars", {"kimg": moment, "loss_generator": moment})
        run.append("scores", {"kimg": moment, "kid": kid / moment})
        Image.new("RGB", (64, 64), (int(50 * moment), 0, 0)).save(run.sample_path(moment))
    return run


@pytest.fixture
def runs(window: MainWindow, qtbot: QtBot) -> dict[str, RunFolder]:
    made = {name: make_run(name, kid) for name, kid in (("b", 0.4), ("aa", 0.2), ("ccc", 0.6))}
    make_run("dddd", 0.1, kimg=4.0)
    (runs_folder() / "broken").mkdir()
    (runs_folder() / "broken" / "run.json").write_text("{")
    window.commands["view.train"].trigger()
    window.train.views.show_view(window.train.runs)
    qtbot.waitUntil(lambda: window.train.runs.table.topLevelItemCount() == 5)
    return made


def column(table: QTreeWidget, index: int) -> list[str]:
    return [table.topLevelItem(row).text(index) for row in range(table.topLevelItemCount())]


def choose(window: MainWindow, *names: str) -> None:
    table = window.train.runs.table
    table.clearSelection()
    for row in range(table.topLevelItemCount()):
        item = table.topLevelItem(row)
        item.setSelected(item.text(0) in names)


def test_the_table_sorts_by_what_columns_mean(window, runs):
    table = window.train.runs.table
    table.sortByColumn(3, Qt.SortOrder.AscendingOrder)
    assert column(table, 0) == ["dddd", "aa", "b", "ccc", "broken"]
    assert column(table, 1) == ["finished", "stopped", "stopped", "stopped", "damaged"]
    assert column(table, 3)[1] == "100.00 at 2 kimg"
    assert column(table, 2)[0] == "4 of 4"
    assert "cannot be read" in table.topLevelItem(4).toolTip(0)


def test_what_can_be_done_depends_on_the_run(window, runs):
    panel = window.train.runs
    choose(window, "broken")
    assert not panel.show_button.isEnabled()
    assert not panel.resume_button.isEnabled()
    choose(window, "dddd")
    assert panel.show_button.isEnabled()
    assert not panel.resume_button.isEnabled()
    choose(window, "aa", "b")
    assert panel.compare_button.isEnabled()
    assert not panel.resume_button.isEnabled()
    with runs["aa"].lock():
        panel.refresh()
        choose(window, "aa")
        assert not panel.trash_button.isEnabled()


def test_a_note_is_kept_by_itself_and_seen_in_the_table(window, runs, qtbot):
    panel = window.train.runs
    choose(window, "aa")
    qtbot.keyClicks(panel.note.field, "good noses")
    qtbot.waitUntil(lambda: runs["aa"].note() == "good noses", timeout=5000)
    qtbot.waitUntil(lambda: "good noses" in column(panel.table, 4))
    assert panel.table.chosen() == [runs["aa"].path]
    qtbot.keyClicks(panel.note.field, ", bad ears")
    choose(window, "b")  # at once: nothing is lost by going on
    assert runs["aa"].note() == "good noses, bad ears"
    assert panel.note.field.toPlainText() == ""
    assert runs["b"].note() == ""


def test_a_run_is_shown(window, runs, qtbot):
    choose(window, "aa")
    qtbot.mouseClick(window.train.runs.show_button, Qt.MouseButton.LeftButton)
    assert window.session.title == "aa"
    assert window.session.phase is Phase.STOPPED
    assert window.train.progress.isVisible()


def test_a_run_goes_to_the_trash_and_is_shown_no_more(window, runs, qtbot, monkeypatch):
    window.session.show_run(runs["aa"].path)
    window.train.views.show_view(window.train.runs)
    moved = []

    def move(path: str) -> bool:
        moved.append(path)
        Path(path).rename(Path(path).parent.parent / "trash")
        return True

    monkeypatch.setattr(QFile, "moveToTrash", move)
    choose(window, "aa")
    qtbot.mouseClick(window.train.runs.trash_button, Qt.MouseButton.LeftButton)
    assert moved == [str(runs["aa"].path)]
    assert "aa" not in column(window.train.runs.table, 0)
    assert window.session.run is None


def test_two_runs_beside_each_other(window, runs, qtbot):
    make_run("eeeee", 0.5, loss="hinge")
    window.train.runs.refresh()
    choose(window, "aa", "eeeee")
    qtbot.mouseClick(window.train.runs.compare_button, Qt.MouseButton.LeftButton)
    panel = window.train.comparison
    qtbot.waitUntil(panel.isVisible)
    assert {side.path.name for side in panel.sides} == {"aa", "eeeee"}
    assert [row.text(0) for row in (panel.settings.topLevelItem(0),)] == ["Loss"]
    assert panel.settings.topLevelItemCount() == 1
    panel.slider.setValue(0)
    assert all(side._moment.text() == "1.0 kimg" or "distance" in side._moment.text() for side in panel.sides)
    assert panel.sides[0]._moment.text().startswith("1.0 kimg")
    panel.slider.setValue(1000)
    assert panel.sides[0]._moment.text().startswith("2.0 kimg, distance")
    for index in range(panel.curve.count()):
        panel.curve.setCurrentIndex(index)


def test_a_run_that_grows_is_followed_and_one_that_vanishes_leaves_its_place_empty(window, runs, qtbot):
    panel = window.train.comparison
    panel.compare(runs["aa"].path, runs["b"].path)
    window.train.views.show_view(panel)
    runs["aa"].append("scalars", {"kimg": 3.5, "loss_generator": 1.0})
    panel._on_timer_timeout()
    assert panel.sides[0].history.kimg == 3.5
    (runs["b"].path / "run.json").unlink()
    panel._on_timer_timeout()
    assert panel.sides[1].path is None
