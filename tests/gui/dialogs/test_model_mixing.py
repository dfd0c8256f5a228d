"""Mixing two models in the window: choosing, the live picture, saving and opening, refusals, closing half-way."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from ganstudio.checkpoints.catalogue import describe
from ganstudio.gui.dialogs.model_mixing import ModelMixingDialog
from ganstudio.gui.main_window import MainWindow
from ganstudio.gui.widgets.pixels import pixels_of
from ganstudio.project import edits
from tests.checkpoints.mixing.conftest import save

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    return save(tmp_path / "first.safetensors", "stylegan2"), save(tmp_path / "second.safetensors", "stylegan2", 1)


@pytest.fixture
def dialog(make_window, pair, qtbot: QtBot) -> ModelMixingDialog:
    window: MainWindow = make_window(open_path=pair[0])
    window.commands["file.mix_models"].trigger()
    return next(child for child in window.findChildren(ModelMixingDialog))


def shown(dialog: ModelMixingDialog, side: str) -> np.ndarray:
    return pixels_of(dialog.pictures[side].pixmap().toImage()).astype(int)


def wait_mixed(dialog: ModelMixingDialog, second: Path, qtbot: QtBot) -> None:
    dialog.choose(dialog.second, second)
    qtbot.waitUntil(lambda: dialog.save.isEnabled() and len(dialog._shown) == 3, timeout=20_000)


def test_the_open_model_is_the_first_and_the_mix_follows_the_bars(dialog, pair, qtbot):
    assert dialog.first.currentData() == str(pair[0])
    assert not dialog.save.isEnabled()
    assert "Choose the second" in dialog.hint.text()
    wait_mixed(dialog, pair[1], qtbot)
    assert dialog.bars.values == (0.5,) * 4
    half = shown(dialog, "mixed")
    assert (half != shown(dialog, "first")).any()
    for button, side in (("Home", "first"), ("End", "second")):
        dialog.bars.setFocus()
        for _ in range(4):
            qtbot.keyClick(dialog.bars, getattr(Qt.Key, f"Key_{button}"))
            qtbot.keyClick(dialog.bars, Qt.Key.Key_Right)
        for _ in range(4):
            qtbot.keyClick(dialog.bars, Qt.Key.Key_Left)
        qtbot.waitUntil(lambda side=side: np.array_equal(shown(dialog, "mixed"), shown(dialog, side)), timeout=20_000)
    dialog.close()


def test_presets_hints_and_another_picture(dialog, pair, qtbot):
    wait_mixed(dialog, pair[1], qtbot)
    qtbot.mouseClick(dialog.presets["Fine from Second"], LEFT)
    assert dialog.bars.values == (0.0, 0.0, 1.0, 1.0)
    qtbot.mouseClick(dialog.presets["Coarse from Second"], LEFT)
    assert dialog.bars.values == (1.0, 1.0, 0.0, 0.0)
    qtbot.mouseClick(dialog.presets["Smooth Change"], LEFT)
    assert dialog.bars.values[0] == 0
    assert dialog.bars.values[-1] == 1
    for _ in range(3):
        qtbot.keyClick(dialog.bars, Qt.Key.Key_Right)
    assert "Layers of 16 px: 100%" in dialog.hint.text()
    before = shown(dialog, "first")
    document = dialog._document
    document.apply("New Picture", edits.set_seed(document.state, 77))
    qtbot.waitUntil(lambda: not np.array_equal(shown(dialog, "first"), before), timeout=20_000)
    dialog.close()


def test_what_is_saved_is_opened_and_says_where_it_comes_from(dialog, pair, qtbot, monkeypatch, tmp_path):
    wait_mixed(dialog, pair[1], qtbot)
    qtbot.mouseClick(dialog.presets["Fine from Second"], LEFT)
    asked = []

    def ask(_parent, _title, start, _kinds):
        asked.append(Path(start).name)
        return str(tmp_path / "mixed"), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", ask)
    qtbot.mouseClick(dialog.save, LEFT)
    target = tmp_path / "mixed.safetensors"
    qtbot.waitUntil(lambda: dialog._document.state.checkpoint == str(target), timeout=20_000)
    assert asked == ["first mixed with second.safetensors"]
    assert describe(target).facts["mixed_shares_of_second"] == "latent 0, 4 px 0, 8–16 px 1"
    dialog.close()


def test_models_that_do_not_go_together_are_refused_in_words(dialog, pair, qtbot, tmp_path):
    other = save(tmp_path / "other.safetensors", "stylegan3")
    dialog.choose(dialog.second, other)
    qtbot.waitUntil(lambda: "they differ in family" in dialog.hint.text(), timeout=20_000)
    assert not dialog.save.isEnabled()
    wait_mixed(dialog, pair[1], qtbot)
    qtbot.mouseClick(dialog.swap, LEFT)
    assert (dialog.first.currentData(), dialog.second.currentData()) == (str(pair[1]), str(pair[0]))
    qtbot.waitUntil(lambda: len(dialog._shown) == 3, timeout=20_000)
    dialog.close()


def test_closing_while_it_reads_leaves_nothing_behind(dialog, pair):
    dialog.choose(dialog.second, pair[1])
    mixing = dialog._mixing
    dialog.close()
    assert mixing._worker is None


def test_the_window_closes_with_the_dialog_open(dialog, pair, qtbot):
    dialog.choose(dialog.second, pair[1])
    window = dialog.parent()
    window.close()
    qtbot.waitUntil(lambda: window.shutdown.is_done, timeout=20_000)
    assert dialog._mixing.is_shut_down()
