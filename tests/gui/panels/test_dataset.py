"""The dataset panel: classes counted, pictures held out, copies and outliers found, looked at and left out."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from ganstudio.gui.dialogs.picture_check import PictureCheckDialog
from ganstudio.gui.main_window import MainWindow
from ganstudio.gui.services.training_session import Phase
from ganstudio.gui.widgets.scrolling_column import ScrollingColumn
from ganstudio.training.origin import Origin
from ganstudio.training.plan import Plan
from ganstudio.training.runs.run_folder import RunFolder

TINY = {"batch_size": 4, "threads": 1, "device": "cpu", "score_kimg": 9.0, "sample_count": 4, "holdout": 0.25}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Forty soft pictures of two classes, three of them copies of the first, and one like no other."""
    random = np.random.default_rng(0)
    for name, count in (("few", 8), ("many", 32)):
        (tmp_path / "set" / name).mkdir(parents=True)
        for number in range(count):
            small = Image.fromarray(random.integers(0, 256, (4, 4), np.uint8))
            small.resize((40, 40), Image.Resampling.BICUBIC).save(tmp_path / "set" / name / f"{number:02}.png")
    first = Image.open(tmp_path / "set" / "many" / "00.png")
    first.save(tmp_path / "set" / "many" / "copy 1.png")
    first.resize((60, 60)).save(tmp_path / "set" / "many" / "copy 2.png")
    return tmp_path / "set"


@pytest.fixture
def shown(window: MainWindow, folder: Path, qtbot: QtBot) -> MainWindow:
    window.commands["view.train"].trigger()
    choose(window, folder, qtbot)
    return window


def choose(window: MainWindow, folder: Path, qtbot: QtBot) -> None:
    window.train.dataset.choose(folder)
    qtbot.waitUntil(lambda: window.session.origin is not None, timeout=20_000)


def words(window: MainWindow) -> str:
    return " ".join(label.text() for label in window.train.dataset.findChildren(QLabel) if label.isVisible())


def look_through(window: MainWindow, qtbot: QtBot) -> PictureCheckDialog:
    qtbot.mouseClick(window.train.dataset.check_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.train.check.found is not None, timeout=20_000)
    dialog = window.findChild(PictureCheckDialog)
    assert dialog is not None
    return dialog


def test_classes_and_held_out_pictures_are_told(shown):
    panel = shown.train.dataset
    assert "(2)" in panel.classes.heading.text()
    assert panel._class_bars._bars.rows == [("many", 34), ("few", 8)]
    panel.classes.set_open(True)
    assert "4 times as many" in words(shown)
    assert "2 of them are held out" in words(shown)


def test_in_a_low_window_what_has_no_room_scrolls_and_nothing_is_squeezed(shown, qtbot):
    panel = shown.train.dataset
    shown.resize(1280, 640)
    panel.classes.set_open(True)
    scroll = panel.findChild(ScrollingColumn)
    qtbot.waitUntil(lambda: scroll.verticalScrollBar().maximum() > 0)
    hint = panel._class_bars.hint
    assert hint.height() >= hint.heightForWidth(hint.width())
    assert panel._controls.height() >= panel._controls.sizeHint().height()
    panel.classes.set_open(False)
    shown.resize(1280, 1000)
    qtbot.waitUntil(lambda: scroll.verticalScrollBar().maximum() == 0)
    assert panel._grid.height() > panel._grid.minimumHeight()


def test_copies_are_found_looked_at_and_left_out(shown, qtbot):
    dialog = look_through(shown, qtbot)
    assert "3 of 42 pictures are the same as others, or nearly, in 1 group" in dialog.words.text()
    qtbot.mouseClick(dialog.copies_button, Qt.MouseButton.LeftButton)
    assert len(shown.session.origin.left_out) == 2
    assert "2 left out" in dialog.words.text()
    assert "2 left out by hand" in words(shown)
    assert shown.session.source_facts.count == 40
    grid = dialog._grids[0]
    assert sorted(grid.badges.values()) == ["-", "-"]
    grid.clicked.emit(next(iter(grid.badges)))
    assert len(shown.session.origin.left_out) == 1
    qtbot.mouseClick(dialog.keep_button, Qt.MouseButton.LeftButton)
    assert shown.session.origin.left_out == ()
    dialog.close()


def test_the_choice_outlives_another_size_but_not_another_place(shown, folder, qtbot):
    dialog = look_through(shown, qtbot)
    dialog.copies_button.click()
    dialog.close()
    panel = shown.train.dataset
    panel.resolution.setCurrentIndex(panel.resolution.findData(32))
    panel.resolution.activated.emit(panel.resolution.currentIndex())
    qtbot.waitUntil(lambda: shown.session.origin.preparation.resolution == 32, timeout=20_000)
    assert len(shown.session.origin.left_out) == 2
    panel.choose("avatars:40")
    qtbot.waitUntil(lambda: shown.session.origin.place == "avatars:40", timeout=20_000)
    assert shown.session.origin.left_out == ()
    assert shown.train.check.found is None


def test_a_run_is_trained_without_them_and_resumes_without_them(shown, qtbot):
    dialog = look_through(shown, qtbot)
    dialog.copies_button.click()
    dialog.close()
    shown.session.plan = Plan("quick", 0.04, "clean", TINY)
    shown.commands["train.start"].trigger()
    qtbot.waitUntil(lambda: shown.session.phase is Phase.FINISHED, timeout=30_000)
    run = RunFolder(shown.session.run.path)
    assert len(Origin.of(run).left_out) == 2
    shown.session.resume_run(run.path, kimg=0.08)
    qtbot.waitUntil(lambda: shown.session.phase is Phase.FINISHED, timeout=30_000)
    assert run.states()[-1][0] >= 0.08


def test_what_is_gone_by_the_start_is_told(shown, folder, qtbot):
    dialog = look_through(shown, qtbot)
    dialog.copies_button.click()
    dialog.close()
    for path in folder.glob("many/copy*.png"):
        path.unlink()
    shown.session.plan = Plan("quick", 0.04, "gone", TINY)
    with qtbot.waitSignal(shown.session.failed, timeout=30_000) as told:
        shown.commands["train.start"].trigger()
    assert "not there any more" in told.args[0].reason


def test_a_set_without_copies_says_so(shown, folder, qtbot):
    for path in folder.glob("many/copy*.png"):
        path.unlink()
    shown.train.dataset.choose("avatars:40")
    qtbot.waitUntil(lambda: shown.session.origin.place == "avatars:40", timeout=20_000)
    dialog = look_through(shown, qtbot)
    assert dialog.words.text().startswith("None of 40 pictures is the same as another, or nearly")
    assert not dialog.copies_button.isEnabled()
    dialog.close()


def test_no_pages_are_offered_while_nothing_is_found(shown, qtbot):
    qtbot.mouseClick(shown.train.dataset.check_button, Qt.MouseButton.LeftButton)
    dialog = shown.findChild(PictureCheckDialog)
    assert shown.train.check.found is None
    assert not any(button.isVisible() for button in (dialog.back_button, dialog.forth_button))
    qtbot.waitUntil(lambda: shown.train.check.found is not None, timeout=20_000)
    assert not any(button.isVisible() for button in (dialog.back_button, dialog.forth_button))  # one page
    dialog.close()
