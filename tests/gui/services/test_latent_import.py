"""Files that are dropped: directions and latents go into the project, as one step of undo."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from pytestqt.qtbot import QtBot
from waiting import wait_opened

from ganstudio.gui.main_window import MainWindow


def drop(window: MainWindow, qtbot: QtBot, path: Path) -> None:
    window.opener.open(path)
    wait_opened(window, qtbot)
    qtbot.waitUntil(lambda: not window.latent_import.is_running, timeout=30_000)


def save_array(path: Path, values: np.ndarray) -> Path:
    with path.open("wb") as file:
        np.save(file, values.astype(np.float32))
    return path


def save_direction(path: Path, length: int) -> Path:
    values = np.random.default_rng(0).normal(size=(1, length))
    return save_array(path, values / np.linalg.norm(values))


def test_a_dropped_boundary_becomes_a_slider_of_the_project(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    model = window.document.state.checkpoint
    drop(window, qtbot, save_direction(tmp_path / "tiny_age_boundary.npy", 8))
    [direction] = window.document.state.directions
    assert direction.info.title == "age"
    assert {direction.name, "smile"} <= set(window.explore.directions.sliders)
    assert window.document.state.checkpoint == model
    assert not list((Path(model or "").parent).glob("*with*"))
    window.commands["edit.undo"].trigger()
    assert window.document.state.directions == ()
    assert set(window.explore.directions.sliders) == {"smile", "pca_1"}


def test_one_that_does_not_fit_is_told_and_changes_nothing(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    before = window.document.state
    with qtbot.waitSignal(window.document.failed, timeout=20_000) as caught:
        window.opener.open(save_direction(tmp_path / "tiny_age_boundary.npy", 512))
    assert "[512]" in str(caught.args[0])
    assert "[8]" in str(caught.args[0])
    qtbot.waitUntil(lambda: not window.latent_import.is_running, timeout=30_000)
    assert window.document.state == before


def test_dropped_latents_are_pictures_and_can_be_sliders(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    values = 2 * np.random.default_rng(0).normal(size=(3, 8))
    drop(window, qtbot, save_array(tmp_path / "found.npy", values))
    state = window.document.state
    assert [entry.name for entry in state.history[1:]] == ["found_1", "found_2", "found_3"]
    assert state.look.point is not None
    assert np.allclose(state.look.point.array, values[0], atol=1e-6)
    toast = window.toasts.shown[-1]
    [button] = [run for text, run in toast.message.buttons if text == "As Sliders Instead"]
    button()
    qtbot.waitUntil(lambda: not window.latent_import.is_running, timeout=30_000)
    state = window.document.state
    assert len(state.history) == 1
    assert [direction.info.title for direction in state.directions] == [f"Towards found_{n}" for n in (1, 2, 3)]


def test_directions_without_a_model_ask_for_one(
    make_window: Callable[..., MainWindow], tmp_path: Path, qtbot: QtBot
) -> None:
    window = make_window()
    window.document.begin_with(type(window.document.state)())
    window.opener.open(save_direction(tmp_path / "x_age_boundary.npy", 8))
    qtbot.waitUntil(lambda: bool(window.toasts.shown) or window.document.state.checkpoint is not None, timeout=20_000)
    wait_opened(window, qtbot)
    qtbot.waitUntil(lambda: not window.latent_import.is_running, timeout=30_000)
