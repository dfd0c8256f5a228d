"""Measuring what sliders do, on the real window."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from ganstudio.gui.dialogs.slider_effects import SliderEffectsDialog
from ganstudio.gui.main_window import MainWindow
from ganstudio.rendering.looks.edit import Edit
from ganstudio.rendering.looks.look import Look
from ganstudio.rendering.renderer import Renderer
from ganstudio.rendering.request import RenderRequest

LEFT = Qt.MouseButton.LeftButton
PICTURES = 4


@pytest.fixture
def dialog(window: MainWindow, qtbot: QtBot) -> SliderEffectsDialog:
    window.commands["directions.measure"].trigger()
    found = window.findChild(SliderEffectsDialog)
    qtbot.waitExposed(found)
    found.pictures.setValue(PICTURES)
    return found


def measure(window: MainWindow, qtbot: QtBot, dialog: SliderEffectsDialog) -> None:
    qtbot.mouseClick(dialog.measure_button, LEFT)
    assert dialog.cancel_button.isVisible()
    qtbot.waitUntil(dialog.measure_button.isVisible, timeout=60_000)


def test_where_pictures_change_is_measured_where_nothing_is_known(
    window: MainWindow, qtbot: QtBot, dialog: SliderEffectsDialog, tiny_checkpoint: Path
) -> None:
    assert dialog.place.text == ""
    steps = window.document.undo_stack.count()
    measure(window, qtbot, dialog)
    assert [row[0] for row in dialog.table.texts()] == ["Smile", "Axis 1"]
    looks = tuple(Look(3_000_000_000 + number) for number in range(PICTURES))
    moved = tuple(Look(look.seed, edits=(Edit("smile", 1.0),)) for look in looks)
    renderer = Renderer(tiny_checkpoint, "cpu")
    before, after = (renderer.render(RenderRequest("", some)).pixels.astype(float) / 255 for some in (looks, moved))
    found = window.explore.measuring.found
    assert found.units[0] == pytest.approx(abs(after - before).mean(), rel=1e-4)
    cell = abs(after - before)[:, :7, :7].mean()
    assert found.matrix[0, 0] == pytest.approx(cell, rel=1e-4)
    assert dialog.table.texts()[0][1] == f"{found.units[0]:.1%}"
    assert window.document.undo_stack.count() == steps  # there is nothing to keep


def test_classes_make_a_matrix_and_sliders_say_what_else_they_change(
    window: MainWindow, qtbot: QtBot, dialog: SliderEffectsDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    random = np.random.default_rng(0)
    for name, shade in (("bright", 200), ("dark", 30), ("middle", 110)):
        (tmp_path / "pictures" / name).mkdir(parents=True)
        for number in range(40):
            pixels = random.integers(shade - 25, shade + 25, (28, 28), dtype=np.uint8)
            Image.fromarray(pixels).save(tmp_path / "pictures" / name / f"{number}.png")
    monkeypatch.setattr("ganstudio.training.direction_finding.attribute_reading.obtain_reader.__defaults__", (40,))
    dialog.place.field.setText(str(tmp_path / "pictures"))
    steps = window.document.undo_stack.count()
    measure(window, qtbot, dialog)
    assert window.document.undo_stack.count() == steps + 1
    effects = window.document.state.slider_of("smile").effects
    assert effects is not None
    assert effects.wanted in {"bright", "dark", "middle"}
    assert f"{effects.entanglement:.0%}" in dialog.table.texts()[0]
    tooltip = window.explore.directions.sliders["smile"].toolTip()
    assert f"moves {effects.wanted}" in tooltip
    for name, share in effects.also:
        assert f"{name} {share:.0%}" in tooltip
    window.commands["edit.undo"].trigger()
    assert window.document.state.slider_of("smile").effects is None


def test_the_table_is_sorted_by_a_click_and_exported(
    window: MainWindow, qtbot: QtBot, dialog: SliderEffectsDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not dialog.export_button.isEnabled()
    measure(window, qtbot, dialog)
    found = window.explore.measuring.found
    order = [found.titles[row] for row in found.units.argsort()[::-1]]
    dialog.table.horizontalHeader().sortIndicatorChanged.emit(0, Qt.SortOrder.DescendingOrder)
    assert [row[0] for row in dialog.table.texts()] == order
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "table"), ""))
    qtbot.mouseClick(dialog.export_button, LEFT)
    lines = (tmp_path / "table.csv").read_text().splitlines()
    assert lines[0].startswith('slider,picture change,entanglement,"top, far left"')
    assert [line.split(",")[0] for line in lines[1:]] == list(found.titles)
    assert float(lines[1].split(",")[1]) == pytest.approx(found.units[0], abs=1e-5)


def test_measuring_is_cancelled_and_another_model_has_a_table_of_its_own(
    window: MainWindow, qtbot: QtBot, dialog: SliderEffectsDialog, tiny_checkpoint: Path
) -> None:
    dialog.pictures.setValue(500)
    qtbot.mouseClick(dialog.measure_button, LEFT)
    qtbot.mouseClick(dialog.cancel_button, LEFT)
    qtbot.waitUntil(dialog.measure_button.isVisible, timeout=60_000)
    dialog.pictures.setValue(PICTURES)
    measure(window, qtbot, dialog)
    other = tiny_checkpoint.with_name("other.safetensors")
    other.write_bytes(tiny_checkpoint.read_bytes())
    window.document.open_requested.emit(other)
    qtbot.waitUntil(lambda: window.document.state.checkpoint == str(other), timeout=20_000)
    assert dialog.table.texts() == []
