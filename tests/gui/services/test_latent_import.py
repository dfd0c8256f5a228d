from collections.abc import Callable
from pathlib import Path

import numpy as np
from pytestqt.qtbot import QtBot
from waiting import wait_opened

from ganstudio.gui.main_window import MainWindow


def wait_imported(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not window.latent_import.is_running, timeout=30_000)
    wait_opened(window, qtbot)


def save_direction(path: Path, length: int) -> Path:
    values = np.random.default_rng(0).normal(size=(1, length)).astype(np.float32)
    with path.open("wb") as file:
        np.save(file, values / np.linalg.norm(values))
    return path


def test_a_dropped_boundary_becomes_a_slider(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    window.opener.open(save_direction(tmp_path / "tiny_age_boundary.npy", 8))
    wait_opened(window, qtbot)
    wait_imported(window, qtbot)
    sliders = window.explore.directions.sliders
    assert {"age", "smile"} <= set(sliders)
    window.commands["edit.undo"].trigger()
    assert "age" not in window.explore.directions.sliders


def test_one_that_does_not_fit_is_told(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    before = window.document.state
    with qtbot.waitSignal(window.document.failed, timeout=20_000) as caught:
        window.opener.open(save_direction(tmp_path / "tiny_age_boundary.npy", 512))
    assert "[512]" in str(caught.args[0])
    wait_imported(window, qtbot)
    assert window.document.state == before


def test_directions_without_a_model_ask_for_one(
    make_window: Callable[..., MainWindow], tmp_path: Path, qtbot: QtBot
) -> None:
    window = make_window()
    window.document.begin_with(type(window.document.state)())
    window.opener.open(save_direction(tmp_path / "x_age_boundary.npy", 8))
    qtbot.waitUntil(lambda: bool(window.toasts.shown) or window.document.state.checkpoint is not None, timeout=20_000)
    wait_imported(window, qtbot)
