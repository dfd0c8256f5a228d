"""The project as a file: saved, opened, reverted, asked about, by the actions of the window."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot
from waiting import wait_opened

from ganstudio.checkpoints.fingerprints import fingerprint_of
from ganstudio.gui.dialogs.command_palette import CommandPalette
from ganstudio.gui.main_window import MainWindow
from ganstudio.project import edits, history
from ganstudio.project.file import read_content, read_project, write_project
from ganstudio.project.session import claim_session, session_path
from ganstudio.project.state import Project

MakeWindow = Callable[..., MainWindow]
KINDS = QMessageBox.StandardButton


@pytest.fixture
def answer_names(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path | str], None]:
    """Choose this file in every file dialog."""

    def answer(path: Path | str) -> None:
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_arguments: (str(path), ""))
        monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_arguments: (str(path), ""))

    return answer


def save(window: MainWindow, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.document.filed):
        window.commands["file.save_project"].trigger()
    qtbot.waitUntil(lambda: not window.jobs.jobs())


def answer_question(window: MainWindow, kind: QMessageBox.StandardButton, qtbot: QtBot) -> None:
    question = window.desk.question
    assert question is not None
    qtbot.mouseClick(question.button(kind), Qt.MouseButton.LeftButton)


def test_save_asks_for_a_name_once_and_the_title_tells_what_is_not_saved(
    window: MainWindow, tmp_path: Path, answer_names: Callable[[Path], None], qtbot: QtBot
) -> None:
    assert not window.isWindowModified()
    qtbot.keyClick(window, Qt.Key.Key_R)
    assert window.isWindowModified()
    assert window.windowTitle() == "Untitled[*] – tiny – GANStudio"
    answer_names(tmp_path / "faces")
    save(window, qtbot)
    path = tmp_path / "faces.ganstudio"
    content, model = read_content(path), window.document.state.checkpoint
    assert content.project == window.document.state
    assert content.models == {model: fingerprint_of(Path(model or ""))}
    assert window.windowTitle() == "faces[*] – tiny – GANStudio"
    assert not window.isWindowModified()
    qtbot.keyClick(window, Qt.Key.Key_R)
    assert window.isWindowModified()
    window.commands["edit.undo"].trigger()
    assert not window.isWindowModified()
    window.commands["edit.redo"].trigger()
    answer_names("")  # asked no more
    qtbot.keyClick(window, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: not window.document.is_modified)
    assert read_project(path) == window.document.state


def test_what_is_selected_is_no_change(window: MainWindow, tmp_path: Path, answer_names, qtbot: QtBot) -> None:
    window.commands["view.grid"].trigger()
    answer_names(tmp_path / "a.ganstudio")
    save(window, qtbot)
    window.commands["edit.select_all"].trigger()
    assert not window.document.is_modified


def test_revert_goes_back_to_the_file_and_can_be_undone(
    window: MainWindow, tmp_path: Path, answer_names, qtbot: QtBot
) -> None:
    answer_names(tmp_path / "a.ganstudio")
    save(window, qtbot)
    saved = window.document.state
    assert not window.commands["file.revert"].isEnabled()
    window.commands["picture.new"].trigger()
    changed = window.document.state
    window.commands["file.revert"].trigger()
    qtbot.waitUntil(lambda: window.document.state == saved)
    assert not window.document.is_modified
    window.commands["edit.undo"].trigger()
    assert window.document.state == changed
    assert window.document.is_modified
    (tmp_path / "a.ganstudio").unlink()
    window.commands["file.revert"].trigger()
    qtbot.waitUntil(
        lambda: any("a.ganstudio" in toast.message.text + toast.message.more for toast in window.toasts.shown)
    )
    assert window.document.state == changed


def test_opening_another_project_asks_for_what_would_be_lost_and_undo_leads_back(
    window: MainWindow, tmp_path: Path, answer_names, qtbot: QtBot
) -> None:
    answer_names(tmp_path / "mine.ganstudio")
    save(window, qtbot)
    window.commands["picture.new"].trigger()
    mine = window.document.state
    other = tmp_path / "other.ganstudio"
    write_project(other, edits.set_seed(Project(checkpoint=mine.checkpoint), 77))
    window.opener.open(other)
    qtbot.waitUntil(lambda: window.desk.question is not None)
    answer_question(window, KINDS.Cancel, qtbot)
    assert window.document.state == mine
    window.opener.open(other)
    qtbot.waitUntil(lambda: window.desk.question is not None)
    answer_question(window, KINDS.Discard, qtbot)
    assert window.document.state.look.seed == 77
    assert (window.document.path, window.document.is_modified) == (other, False)
    window.commands["edit.undo"].trigger()
    assert window.document.state == mine
    assert (window.document.path, window.document.is_modified) == (tmp_path / "mine.ganstudio", True)
    window.opener.open(other)
    qtbot.waitUntil(lambda: window.desk.question is not None)
    answer_question(window, KINDS.Save, qtbot)
    qtbot.waitUntil(lambda: window.document.state.look.seed == 77)
    assert read_project(tmp_path / "mine.ganstudio") == mine


def test_pictures_that_were_passed_by_are_not_asked_about(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    window.commands["picture.new"].trigger()
    before = window.document.state
    window.commands["file.new_project"].trigger()
    assert window.desk.question is None
    assert window.document.state == Project(checkpoint=before.checkpoint)
    window.commands["edit.undo"].trigger()
    assert window.document.state == before
    window.commands["picture.favourite"].trigger()
    window.commands["file.new_project"].trigger()
    assert window.desk.question is not None
    answer_question(window, KINDS.Cancel, qtbot)
    assert window.document.state.favourites


def test_a_project_opens_with_another_model_and_is_listed(
    window: MainWindow, tmp_path: Path, tiny_checkpoint: Path, answer_names, qtbot: QtBot
) -> None:
    other = Path(shutil.copy(tiny_checkpoint, tmp_path / "b.safetensors"))
    path = tmp_path / "with b.ganstudio"
    write_project(path, edits.set_seed(Project(checkpoint=str(other)), 5))
    answer_names(path)
    qtbot.keyClick(window, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    wait_opened(window, qtbot)
    assert (window.document.state.checkpoint, window.document.path) == (str(other), path)
    assert window.settings.values.recent_projects == (str(path),)
    window.commands["file.new_project"].trigger()
    recent = window.commands["file.recent_0"]
    assert recent.isVisible()
    assert "with b" in recent.text()
    assert not window.commands["file.recent_1"].isVisible()
    recent.trigger()
    qtbot.waitUntil(lambda: window.document.path == path)
    palette = CommandPalette(window.commands, window)
    qtbot.addWidget(palette)
    palette.field.setText("with b")
    assert "with b" in palette.list.item(0).text()
    path.unlink()
    window.commands["file.new_project"].trigger()
    recent.trigger()
    qtbot.waitUntil(lambda: bool(window.toasts.shown))
    assert window.settings.values.recent_projects == ()


def full(*_arguments: object) -> None:
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize("trouble", ["full", "gone"])
def test_a_save_that_fails_says_so_and_the_project_stays_unsaved(
    window: MainWindow, tmp_path: Path, answer_names, trouble: str, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    folder = tmp_path / "there"
    folder.mkdir()
    path = folder / "a.ganstudio"
    answer_names(path)
    save(window, qtbot)
    before = path.read_bytes()
    window.commands["picture.new"].trigger()
    with monkeypatch.context() as patch:
        if trouble == "full":
            patch.setattr(os, "fsync", full)
        else:
            shutil.rmtree(folder)
        window.commands["file.save_project"].trigger()
        qtbot.waitUntil(lambda: any(toast.message.severity == "error" for toast in window.toasts.shown))
    assert window.document.is_modified
    assert window.isWindowModified()
    if trouble == "full":
        assert path.read_bytes() == before
        assert list(folder.iterdir()) == [path]


def test_a_file_that_somebody_else_has_written_is_not_written_over_unasked(
    window: MainWindow, tmp_path: Path, answer_names, qtbot: QtBot
) -> None:
    path = tmp_path / "a.ganstudio"
    answer_names(path)
    save(window, qtbot)
    other = edits.set_seed(window.document.state, 99)
    write_project(path, other)
    os.utime(path, ns=(1, 1))
    window.commands["picture.new"].trigger()
    window.commands["file.save_project"].trigger()
    qtbot.waitUntil(lambda: window.desk.question is not None)
    assert read_project(path) == other
    answer_question(window, KINDS.Cancel, qtbot)
    window.commands["file.save_project"].trigger()
    qtbot.waitUntil(lambda: window.desk.question is not None)
    answer_question(window, KINDS.SaveAll, qtbot)
    qtbot.waitUntil(lambda: not window.document.is_modified)
    assert read_project(path) == window.document.state
    window.commands["picture.new"].trigger()
    with qtbot.waitSignal(window.document.filed):  # its own writing is nobody else's
        window.commands["file.save_project"].trigger()
    assert not window.document.is_modified


def test_a_project_of_a_newer_version_is_refused_and_left_alone(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "new.ganstudio"
    path.write_text(json.dumps({"format": "ganstudio-project", "schema": 9, "program": "GANStudio 7.1", "history": 5}))
    content, before = path.read_bytes(), window.document.state
    window.opener.open(path)
    wait_opened(window, qtbot)
    assert any("GANStudio 7.1 wrote it" in toast.message.more for toast in window.toasts.shown) or any(
        "GANStudio 7.1 wrote it" in toast.message.text for toast in window.toasts.shown
    )
    assert (window.document.state, window.document.path) == (before, None)
    assert path.read_bytes() == content


def test_the_session_goes_on_with_its_file(
    make_window: MakeWindow, tiny_checkpoint: Path, tmp_path: Path, answer_names, qtbot: QtBot
) -> None:
    first = make_window(open_path=tiny_checkpoint)
    answer_names(tmp_path / "a.ganstudio")
    save(first, qtbot)
    first.commands["picture.new"].trigger()
    left = first.document.state
    first.close()
    qtbot.waitUntil(lambda: not first.isVisible())
    place = claim_session()
    assert place.session is not None
    second = make_window(wait=False)
    second.document.resume(place.session)
    assert (second.document.state, second.document.path) == (left, tmp_path / "a.ganstudio")
    assert second.document.is_modified
    assert place.lock is not None
    place.lock.release()


def test_closing_asks_only_where_the_session_cannot_be_kept(
    make_window: MakeWindow, tiny_checkpoint: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    window = make_window(open_path=tiny_checkpoint)
    window.commands["picture.favourite"].trigger()
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        window.close()
        assert window.isVisible()
        answer_question(window, KINDS.Cancel, qtbot)
        window.commands["picture.new"].trigger()
        window.close()
        assert window.isVisible()
        answer_question(window, KINDS.Close, qtbot)
        qtbot.waitUntil(lambda: not window.isVisible())


def test_an_autosave_that_fails_is_told_once(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, qtbot: QtBot
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        for count in (1, 2):
            window.commands["picture.new"].trigger()
            window.autosave.save()
            qtbot.waitUntil(lambda count=count: caplog.text.count("session was not saved") == count)
        assert len([toast for toast in window.toasts.shown if "cannot be kept" in toast.message.text]) == 1
    window.autosave.save()
    qtbot.waitUntil(lambda: session_path().exists())


def test_a_project_on_the_command_line_is_opened(
    make_window: MakeWindow, tiny_checkpoint: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "work.ganstudio"
    project = history.rename(Project(checkpoint=str(tiny_checkpoint)), Project().entry, "First")
    write_project(path, edits.set_seed(project, 31))
    window = make_window(open_path=path)
    qtbot.waitUntil(lambda: window.document.path == path)
    wait_opened(window, qtbot)
    assert window.document.state == read_content(path).project
    assert window.document.description is not None
    qtbot.waitUntil(lambda: window.explore.canvas.rendered is not None)
