"""Directions written by the window, read by another: the menus, the file dialog, the clipboard, the copy of a model."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot
from waiting import wait_opened

from ganstudio.checkpoints.base import DirectionInfo
from ganstudio.checkpoints.catalogue import read
from ganstudio.checkpoints.latents.catalogue import read_latents
from ganstudio.gui.main_window import MainWindow
from ganstudio.gui.services.direction_export import file_kinds, name_as_its_readers_do
from ganstudio.project import direction_edits
from ganstudio.rendering.looks.own_direction import own_direction


def add_own(window: MainWindow, title: str = "Beard", size: int = 8) -> str:
    step = np.random.default_rng(len(title)).normal(size=size)
    direction = own_direction(DirectionInfo(title.lower(), title, -3, 3, 0.9, "picks"), step)
    document = window.document
    document.apply("Add", direction_edits.add_directions(document.state, [direction]))
    return direction.name


def answer(monkeypatch: pytest.MonkeyPatch, path: Path, kind: str = "") -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(path), kind))


def wait(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not window.explore.export.is_running, timeout=30_000)


def picture(window: MainWindow, qtbot: QtBot) -> np.ndarray:
    canvas, document = window.explore.canvas, window.document
    qtbot.waitUntil(
        lambda: (
            canvas.rendered is not None
            and canvas.rendered.request.looks[0] == document.state.look
            and canvas.rendered.request.checkpoint_path == document.state.checkpoint
            and canvas.rendered.is_whole
        ),
        timeout=20_000,
    )
    assert canvas.rendered is not None
    return canvas.rendered.pixels[0].copy()


def kind_named(word: str) -> str:
    return next(text for text in file_kinds() if word in text)


def trigger(window: MainWindow, name: str, text: str) -> None:
    menu = window.explore.directions.menu_of(name)
    next(action for action in menu.actions() if action.text() == text).trigger()


def test_one_is_exported_and_imported_into_another_project_that_draws_the_same(
    make_window: Callable[..., MainWindow],
    tiny_checkpoint: Path,
    tmp_path: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = make_window(open_path=tiny_checkpoint)
    name = add_own(first)
    first.document.apply("x", direction_edits.set_strength(first.document.state, name, 2.5))
    look, before = first.document.state.look, picture(first, qtbot)
    path = tmp_path / "beard.safetensors"
    answer(monkeypatch, path, kind_named("GANStudio"))
    trigger(first, name, "Export…")
    wait(first, qtbot)
    first.close()
    second = make_window(open_path=tiny_checkpoint)
    second.document.apply("clear", type(second.document.state)(checkpoint=second.document.state.checkpoint))
    second.opener.open(path)
    wait_opened(second, qtbot)
    qtbot.waitUntil(
        lambda: not second.latent_import.is_running and bool(second.document.state.directions), timeout=30_000
    )
    assert second.document.state.direction_of(name) is not None
    second.explore.directions.sliders[name].track.edited.emit(2.5, 1)
    assert second.document.state.look == look
    assert np.array_equal(picture(second, qtbot), before)


def test_all_and_those_in_use_are_exported(
    window: MainWindow, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = add_own(window)
    answer(monkeypatch, tmp_path / "all.safetensors", kind_named("GANStudio"))
    window.commands["directions.export"].trigger()
    wait(window, qtbot)
    titles = [info.title for info, _ in read_latents(tmp_path / "all.safetensors").ready]
    assert titles == ["Smile", "Beard", "Axis 1"]
    window.document.apply("x", direction_edits.set_strength(window.document.state, "smile", 1.0))
    window.document.apply("x", direction_edits.set_strength(window.document.state, "z:5", 1.0))
    answer(monkeypatch, tmp_path / "used.npy", kind_named("InterFaceGAN"))
    window.commands["directions.export_used"].trigger()
    wait(window, qtbot)
    found = read_latents(tmp_path / "used_boundary.npy")
    assert found.space == "z"
    assert np.allclose(found.arrays["vectors"], np.eye(8)[[0, 5]])
    assert name in window.explore.directions.sliders


def test_what_a_kind_cannot_hold_is_told(
    window: MainWindow, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "no such folder"
    answer(monkeypatch, folder / "x.safetensors", kind_named("GANStudio"))
    with qtbot.waitSignal(window.document.failed, timeout=20_000) as caught:
        trigger(window, "smile", "Export…")
    assert "no such folder" in str(caught.args[0])
    wait(window, qtbot)


def test_names_are_those_by_which_readers_tell_the_space(tmp_path: Path) -> None:
    assert name_as_its_readers_do(tmp_path / "a.safetensors", "boundary", {"w"}).name == "a_w_boundary.npy"
    assert name_as_its_readers_do(tmp_path / "a_boundary.npy", "boundary", {"z"}).name == "a_boundary.npy"
    assert name_as_its_readers_do(tmp_path / "v1.2", "ganspace", {"w"}).name == "v1.2_w.npz"
    (tmp_path / "b_w.npz").touch()
    assert name_as_its_readers_do(tmp_path / "b", "ganspace", {"w"}).name == "2 b_w.npz"
    assert name_as_its_readers_do(tmp_path / "b_w.npz", "ganspace", {"w"}).name == "b_w.npz"


def test_a_direction_is_copied_as_text_and_pasted(window: MainWindow, qtbot: QtBot) -> None:
    trigger(window, "smile", "Copy as Text")
    wait(window, qtbot)
    assert '"directions"' in QGuiApplication.clipboard().text()
    window.commands["directions.paste"].trigger()
    [direction] = window.document.state.directions
    assert direction.info.title == "Smile"
    assert np.array_equal(direction.step, np.eye(8)[0])
    window.commands["edit.undo"].trigger()
    assert window.document.state.directions == ()


def test_text_of_other_kinds_and_of_another_size_is_refused(window: MainWindow, qtbot: QtBot) -> None:
    name = add_own(window, "Long", 512)
    window.commands["edit.undo"].trigger()
    assert window.document.state.direction_of(name) is None
    for text in ("hello", '{"ganstudio": "directions", "schema": 9}', "{" * 5000):
        QGuiApplication.clipboard().setText(text)
        with qtbot.waitSignal(window.document.failed):
            window.commands["directions.paste"].trigger()
    assert window.document.state.directions == ()


def test_a_copy_of_the_model_carries_the_directions_and_the_picture(
    window: MainWindow, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = add_own(window)
    document = window.document
    document.apply("x", direction_edits.set_strength(document.state, name, -2.0))
    document.apply("x", direction_edits.rename_slider(document.state, "smile", "Grin"))
    before = picture(window, qtbot)
    path = tmp_path / "copy.safetensors"
    answer(monkeypatch, path)
    window.commands["directions.save_model"].trigger()
    wait(window, qtbot)
    assert [info.title for info in read(path).description.directions] == ["Grin", "Axis 1", "Beard"]
    window.opener.open(path)
    wait_opened(window, qtbot)
    assert document.state.checkpoint == str(path)
    assert [edit.direction for edit in document.state.look.edits] == [name]
    assert np.array_equal(picture(window, qtbot), before)
    assert not window.explore.directions.groups.entries[name].is_own


def test_the_open_model_is_not_written_over(window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    path = Path(window.document.state.checkpoint or "")
    before = path.read_bytes()
    answer(monkeypatch, path)
    with qtbot.waitSignal(window.document.failed):
        window.commands["directions.save_model"].trigger()
    assert path.read_bytes() == before
