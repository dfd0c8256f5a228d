"""From a painted region to sliders of style channels, on the real window."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from ganstudio.checkpoints.building import GeneratorFile, save_generator
from ganstudio.gui.dialogs.find_directions import FindDirectionsDialog
from ganstudio.gui.main_window import MainWindow
from ganstudio.networks.catalogue import NETWORKS
from ganstudio.rendering.looks.edit import Edit
from ganstudio.rendering.looks.look import Look
from ganstudio.rendering.renderer import Renderer
from ganstudio.rendering.request import RenderRequest

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def styled(tmp_path: Path) -> Path:
    architecture = NETWORKS["stylegan2"]
    config = architecture.config_type(resolution=16, z_dim=12, w_dim=12, mapping_widths=(12, 12), widths=(8, 8, 4))
    generator = architecture.build_generator(config, torch.Generator().manual_seed(0)).eval()
    path = tmp_path / "styled.safetensors"
    save_generator(path, generator, GeneratorFile("stylegan2", config, (), {}, ()))
    return path


@pytest.fixture
def window(make_window: Callable[..., MainWindow], styled: Path, qtbot: QtBot) -> MainWindow:
    made = make_window(open_path=styled)
    qtbot.waitUntil(lambda: not made.explore.canvas.picture.image.isNull(), timeout=20_000)
    return made


def paint(window: MainWindow, qtbot: QtBot) -> None:
    painter, canvas = window.explore.canvas.page.region, window.explore.canvas.picture
    target = canvas.target()
    start = QPoint(round(target.left() + 20), round(target.top() + 20))
    qtbot.mousePress(painter, LEFT, pos=start)
    qtbot.mouseMove(painter, start + QPoint(40, 10))
    qtbot.mouseRelease(painter, LEFT, pos=start + QPoint(40, 10))


def test_a_painted_region_gives_ranked_channels_that_become_sliders(
    window: MainWindow, qtbot: QtBot, styled: Path
) -> None:
    window.commands["picture.region"].trigger()
    page = window.explore.canvas.page
    assert page.region_bar.isVisible()
    assert not page.region_bar.find_button.isEnabled()
    paint(window, qtbot)
    assert "% of the picture" in page.region_bar.words.text()
    qtbot.mouseClick(page.region_bar.find_button, LEFT)
    finding = window.explore.finding
    qtbot.waitUntil(lambda: not finding.is_running and len(finding.candidates) == 20, timeout=30_000)
    assert window.document.state.directions == ()  # nothing is a slider before it was chosen
    dialog = window.findChild(FindDirectionsDialog)
    assert dialog.way.name == "channels"
    first = dialog.candidates.list.topLevelItem(0)
    assert "inside" in first.text(2)
    assert len(finding.strips[first.data(0, Qt.ItemDataRole.UserRole)]) == 5
    first.setCheckState(0, Qt.CheckState.Checked)
    dialog.candidates.list.topLevelItem(2).setCheckState(0, Qt.CheckState.Checked)
    assert dialog.candidates.take_button.text() == "Make 2 Sliders"
    steps = window.document.undo_stack.count()
    qtbot.mouseClick(dialog.candidates.take_button, LEFT)
    own = window.document.state.directions
    assert [one.info.space for one in own] == ["style", "style"]
    assert window.document.undo_stack.count() == steps + 1
    look = Look(0)
    request = RenderRequest("", (look, Look(0, edits=(Edit(own[0].name, 4.0),))), directions=own)
    before, after = Renderer(styled, "cpu").render(request).pixels
    assert (before != after).any()
    window.commands["picture.region"].trigger()
    assert not page.region_bar.isVisible()


def test_channels_are_ranked_by_marks_and_what_is_missing_is_said(window: MainWindow, qtbot: QtBot) -> None:
    window.commands["directions.find"].trigger()
    dialog = window.findChild(FindDirectionsDialog)
    dialog.choose("channels")
    assert dialog.lacks.text() == "Paint over a part of the picture."
    qtbot.mouseClick(dialog.inputs.paint_button, LEFT)
    assert window.explore.canvas.page.region_bar.isVisible()
    box = dialog.inputs.form.findChild(QComboBox, "by")
    box.setCurrentIndex(box.findData("picks"))
    box.activated.emit(box.currentIndex())
    assert "Mark pictures" in dialog.lacks.text()
    from ganstudio.project import edits

    state = edits.toggle_examples(window.document.state, (Look(1), Look(2)), liked=True)
    window.document.apply("Mark", edits.toggle_examples(state, (Look(3), Look(4)), liked=False))
    qtbot.mouseClick(dialog.find_button, LEFT)
    finding = window.explore.finding
    qtbot.waitUntil(lambda: not finding.is_running and len(finding.candidates) == 20, timeout=30_000)
    assert "tells the marks apart" in dialog.candidates.list.topLevelItem(0).text(2)


def test_a_model_without_styles_says_so(make_window: Callable[..., MainWindow], tiny_checkpoint: Path) -> None:
    window = make_window(open_path=tiny_checkpoint)
    window.commands["directions.find"].trigger()
    dialog = window.findChild(FindDirectionsDialog)
    dialog.choose("channels")
    assert "no style space" in dialog.lacks.text()
    assert not dialog.find_button.isEnabled()
