"""Exporting in the window: settings, estimate, the job beside editing, cancel, messages, and the film dropped again."""

from fractions import Fraction
from pathlib import Path

import av
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QPushButton
from pytestqt.qtbot import QtBot

from ganstudio.animation.timeline import Marker
from ganstudio.gui.dialogs.export_animation import ExportAnimationDialog
from ganstudio.gui.main_window import MainWindow
from ganstudio.project import edits, timeline_edits
from tests.animation.exporting_plans import timeline

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def window(make_window, tiny_checkpoint: Path) -> MainWindow:
    window: MainWindow = make_window(open_path=tiny_checkpoint)
    document = window.document
    document.apply("Animate", timeline_edits.set_timeline(document.state, timeline(20)))
    return window


@pytest.fixture
def dialog(window: MainWindow, tmp_path: Path) -> ExportAnimationDialog:
    window.commands["file.export_animation"].trigger()
    dialog = next(child for child in window.findChildren(ExportAnimationDialog))
    dialog.place.setText(str(tmp_path / "film.mp4"))
    return dialog


def wait_done(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not window.exporting.running and not window.jobs.jobs(), timeout=20_000)


def test_a_film_is_written_while_editing_goes_on(window, dialog, tmp_path, qtbot, monkeypatch):
    dialog.settings.sides.setCurrentText("64")
    qtbot.mouseClick(dialog.export_button, LEFT)
    assert len(window.exporting.running) == 1
    document = window.document
    document.apply("Seed", edits.set_seed(document.state, 77))  # the film is of what was there before
    with qtbot.waitSignal(window.exporting.finished, timeout=20_000):
        pass
    with av.open(str(tmp_path / "film.mp4")) as film:
        assert film.streams.video[0].width == 64
        assert len(list(film.decode(video=0))) == 20
    assert not dialog.preview.pixmap().isNull()
    wait_done(window, qtbot)
    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    toast = window.toasts.shown[-1]
    assert toast.message.text == "film.mp4 is there"
    for button in toast.findChildren(QPushButton):
        if button.text() in ("Open", "Show in Folder"):
            qtbot.mouseClick(button, LEFT)
    assert opened == [str(tmp_path / "film.mp4"), str(tmp_path)]
    assert document.state.look.seed == 77


def test_what_is_set_is_what_is_planned(window, dialog, tmp_path):
    settings = dialog.settings
    document = window.document
    marked = timeline_edits.set_timeline(document.state, timeline(20, markers=(Marker(3, "a"), Marker(9, "b"))))
    document.apply("Mark", marked)
    settings.format.setCurrentText("WebM (VP9, AV1)")
    settings.sides.setCurrentText("320 x 200")
    settings.rate.setCurrentText("29.97")
    settings.range.setCurrentIndex(1)
    settings.quality.setCurrentText("Draft")
    settings.quality.activated.emit(0)
    settings.fit.setCurrentText("Fill the frame")
    plan = window.exporting.plan(tmp_path / "a.webm", **settings.values())
    assert (plan.format, plan.size, plan.fps, plan.span) == ("webm", (320, 200), Fraction(30000, 1001), (3, 10))
    assert (plan.config.quality, plan.fit) == (30, "fill")
    assert dialog.place.text().endswith("film.webm")
    settings.range.setCurrentIndex(2)
    settings.first.setValue(5)
    settings.last.setValue(5)
    assert settings.values()["span"] == (5, 6)
    settings.amount.setValue(42)
    assert settings.quality.currentText() == "Other"
    settings.format.setCurrentText("Animated PNG")
    assert "quality" not in vars(settings.values()["config"])


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [("sides", "wide", "'wide' is none"), ("rate", "fast", "'fast' is none"), ("rate", "0", "0 frames a second")],
    ids=["size", "rate", "zero"],
)
def test_what_cannot_be_is_said_at_once(dialog, field, text, words):
    getattr(dialog.settings, field).setCurrentText(text)
    assert words in dialog.problem.text()
    assert not dialog.export_button.isEnabled()
    getattr(dialog.settings, field).setCurrentText("64" if field == "sides" else "30")
    assert dialog.problem.isHidden()
    assert dialog.export_button.isEnabled()


def test_folders_markers_and_rates_that_are_not_there_are_said(dialog, tmp_path):
    dialog.place.setText(str(tmp_path / "no" / "film.mp4"))
    assert "its folder is not there" in dialog.problem.text()
    dialog.place.setText(str(tmp_path / "film.mp4"))
    dialog.settings.range.setCurrentIndex(1)
    assert "no two markers" in dialog.problem.text()
    dialog.settings.range.setCurrentIndex(0)
    dialog.settings.format.setCurrentText("GIF")
    dialog.settings.rate.setCurrentText("60")
    assert "50 frames a second at most" in dialog.problem.text()


def test_a_file_that_is_there_is_named_before_it_is_replaced(dialog, tmp_path):
    (tmp_path / "there.mp4").touch()
    dialog.place.setText(str(tmp_path / "there.mp4"))
    assert "will be replaced" in dialog.problem.text()
    assert dialog.export_button.isEnabled()


def test_what_it_takes_is_estimated_when_the_person_pauses(window, dialog, qtbot):
    qtbot.waitUntil(lambda: "about" in dialog.estimate.text(), timeout=20_000)
    assert dialog.estimate.text().startswith("28 × 28 px, about ")
    dialog.settings.sides.setCurrentText("256")
    assert dialog.estimate.text() == ""
    qtbot.waitUntil(lambda: "256 × 256 px" in dialog.estimate.text(), timeout=20_000)
    wait_done(window, qtbot)


def test_cancelled_nothing_is_left(window, dialog, tmp_path, qtbot):
    document = window.document
    document.apply("Longer", timeline_edits.set_length(document.state, 5000))
    dialog.settings.sides.setCurrentText("512")
    dialog.start()
    assert window.exporting.running
    dialog.start()
    assert "being written already" in dialog.problem.text()
    qtbot.waitUntil(lambda: (window.exporting.running[0].fraction or 0) > 0, timeout=20_000)
    qtbot.mouseClick(dialog.cancel_button, LEFT)
    wait_done(window, qtbot)
    assert [path.name for path in tmp_path.iterdir()] == ["tiny.safetensors"]
    assert dialog.bar.isHidden()


def test_closing_the_window_ends_an_export_and_leaves_nothing(window, dialog, tmp_path, qtbot):
    document = window.document
    document.apply("Longer", timeline_edits.set_length(document.state, 5000))
    dialog.settings.sides.setCurrentText("512")
    dialog.start()
    qtbot.waitUntil(lambda: (window.exporting.running[0].fraction or 0) > 0, timeout=20_000)
    window.close()
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=20_000)
    assert [path.name for path in tmp_path.iterdir()] == ["tiny.safetensors"]


def test_the_export_goes_on_when_the_dialog_is_closed(window, dialog, tmp_path, qtbot):
    dialog.start()
    dialog.close()
    with qtbot.waitSignal(window.exporting.finished, timeout=20_000):
        pass
    assert (tmp_path / "film.mp4").exists()
    wait_done(window, qtbot)


def test_a_model_that_goes_meanwhile_is_one_message(window, dialog, tiny_checkpoint, tmp_path, qtbot):
    tiny_checkpoint.unlink()
    with qtbot.waitSignal(window.document.failed, timeout=20_000):
        dialog.start()
    wait_done(window, qtbot)
    assert list(tmp_path.iterdir()) == []


def test_a_film_dropped_on_the_window_brings_its_project_back(window, dialog, tmp_path, qtbot):
    dialog.settings.format.setCurrentText("GIF")
    dialog.start()
    wait_done(window, qtbot)
    document, before = window.document, window.document.state
    document.apply("Seed", edits.set_seed(document.state, 1234))
    document.apply("Shorter", timeline_edits.set_length(document.state, 3))
    window.opener.open(tmp_path / "film.gif")
    qtbot.waitUntil(lambda: document.state.timeline == before.timeline, timeout=20_000)
    assert document.state.look == before.look
    assert document.path is None  # Save must not write over the film
    document.undo_stack.undo()
    assert document.state.timeline.length == 3


def test_the_file_is_chosen_with_the_formats_suffix(dialog, tmp_path, monkeypatch):
    asked = []

    def choose(_parent, _title, start, kinds):
        asked.append((start, kinds))
        return str(tmp_path / "chosen"), kinds

    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose)
    dialog.choose()
    assert dialog.place.text() == str(tmp_path / "chosen.mp4")
    assert asked[0][1] == "MP4 (*.mp4)"


def test_a_suffix_that_is_typed_chooses_the_format(dialog, tmp_path, qtbot):
    dialog.place.clear()
    qtbot.keyClicks(dialog.place, str(tmp_path / "mine.webp"))
    assert dialog.settings.name == "webp"
    assert dialog.place.text() == str(tmp_path / "mine.webp")


def test_sound_is_offered_where_the_format_carries_it(window, dialog):
    document = window.document
    assert dialog.settings.sound.isHidden()
    document.apply("Sound", timeline_edits.set_sound(document.state, "/nowhere/song.wav"))
    assert not dialog.settings.sound.isHidden()
    dialog.settings.format.setCurrentText("GIF")
    assert dialog.settings.sound.isHidden()
    assert "carries no sound" in dialog.settings.words.text()
