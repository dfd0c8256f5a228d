"""The Latent and Mixing panels with a StyleGAN: truncation, noise, classes, the seed pad, a second picture's layers."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from waiting import wait_opened

from ganstudio.checkpoints.building import GeneratorFile, save_generator
from ganstudio.gui.main_window import MainWindow
from ganstudio.latent.pad_seeds import seed_at
from ganstudio.networks.noise import Noise
from ganstudio.project import edits, latent_edits
from ganstudio.rendering.looks.look import Look
from ganstudio.rendering.looks.point import latent_point
from tests.networks.test_stylegan2 import build

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def style_window(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> MainWindow:
    generator, config = build(num_classes=3, label_width=6)
    path = tmp_path / "style.safetensors"
    save_generator(path, generator, GeneratorFile("stylegan2", config, ("cat", "dog", "emu")))
    window.document.open_requested.emit(path)
    wait_opened(window, qtbot)
    wait_picture(window, qtbot)
    return window


def wait_picture(window: MainWindow, qtbot: QtBot) -> None:
    def is_shown() -> bool:
        rendered, state = window.explore.canvas.rendered, window.document.state
        request = None if rendered is None else rendered.request
        return request is not None and (request.checkpoint_path, request.looks[0]) == (state.checkpoint, state.look)

    qtbot.waitUntil(is_shown, timeout=20_000)


def pixels(window: MainWindow, qtbot: QtBot) -> np.ndarray:
    wait_picture(window, qtbot)
    rendered = window.explore.canvas.rendered
    assert rendered is not None
    return rendered.pixels.copy()


def stroke(qtbot: QtBot, target: QWidget, places: list[QPoint]) -> None:
    qtbot.mousePress(target, LEFT, pos=places[0])
    for place in places[1:]:
        at = QPointF(place)
        keys = Qt.KeyboardModifier.NoModifier
        event = QMouseEvent(QEvent.Type.MouseMove, at, target.mapToGlobal(at), Qt.MouseButton.NoButton, LEFT, keys)
        QApplication.sendEvent(target, event)
    qtbot.mouseRelease(target, LEFT, pos=places[-1])


def test_truncation_has_a_centre_and_a_cutoff(style_window: MainWindow, qtbot: QtBot) -> None:
    window, section = style_window, style_window.explore.latent.truncation_details
    window.document.apply("Truncation", edits.set_truncation(window.document.state, 0.5))
    before = pixels(window, qtbot)
    section.heading.click()
    section.centres.setCurrentIndex(2)
    section.centres.activated.emit(2)
    assert window.document.state.look.truncation_centres == 4
    centred = pixels(window, qtbot)
    assert (centred != before).any()
    qtbot.keyClick(section.cutoff, Qt.Key.Key_Up)
    qtbot.keyClick(section.cutoff, Qt.Key.Key_Up)
    assert window.document.state.look.truncation_cutoff == 2
    assert (pixels(window, qtbot) != centred).any()
    window.commands["edit.undo"].trigger()
    assert window.document.state.look.truncation_cutoff is None
    assert section.cutoff.value() == 0
    window.commands["edit.undo"].trigger()
    assert section.centres.currentData() == 0
    assert (pixels(window, qtbot) == before).all()


def test_noise_has_a_seed_and_a_strength(style_window: MainWindow, qtbot: QtBot) -> None:
    window, section = style_window, style_window.explore.latent.noise
    before = pixels(window, qtbot)
    section.heading.click()
    section.seed.setFocus()
    qtbot.keyClicks(section.seed, "9")
    qtbot.keyClick(section.seed, Qt.Key.Key_Return)
    assert window.document.state.look.noise == Noise(seed=9)
    other = pixels(window, qtbot)
    assert (other != before).any()
    qtbot.keyClick(section.strength.track, Qt.Key.Key_Home)
    assert window.document.state.look.noise == Noise(seed=9, strength=0.0)
    assert (pixels(window, qtbot) != other).any()
    section.layers.setFocus()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Home):
        qtbot.keyClick(section.layers, key)
    assert window.document.state.look.noise == Noise(seed=9, strength=0.0, layers=((1, 0.0),))
    qtbot.keyClick(section.layers, Qt.Key.Key_End)
    window.commands["edit.undo"].trigger()
    assert section.layers.values[1] == 1.0
    section.is_on.click()
    assert not window.document.state.look.noise.is_on
    assert not section.seed.isEnabled()
    for _ in range(3):
        window.commands["edit.undo"].trigger()
    assert (pixels(window, qtbot) == before).all()
    qtbot.keyClicks(section.seed, "x")
    qtbot.keyClick(section.seed, Qt.Key.Key_Return)
    assert window.document.state.look.noise == Noise()


def test_a_second_class_is_blended_in(style_window: MainWindow, qtbot: QtBot) -> None:
    window, section = style_window, style_window.explore.latent.second_class
    assert section.isVisible()
    assert [section.label.itemText(index) for index in range(4)] == ["None", "cat", "dog", "emu"]
    window.document.apply("Class", edits.set_label(window.document.state, 0))
    before = pixels(window, qtbot)
    section.heading.click()
    section.label.setCurrentIndex(3)
    section.label.activated.emit(3)
    look = window.document.state.look
    assert (look.label, look.second_label, look.label_blend) == (0, 2, 0.5)
    half = pixels(window, qtbot)
    qtbot.keyClick(section.blend.track, Qt.Key.Key_End)
    whole = pixels(window, qtbot)
    window.document.apply("Class", edits.set_label(latent_edits.set_second_label(window.document.state, None), 2))
    assert (whole == pixels(window, qtbot)).all()
    assert (half != before).any()
    assert (half != whole).any()


def test_the_pad_is_dragged_between_seeds(style_window: MainWindow, qtbot: QtBot) -> None:
    window, section = style_window, style_window.explore.latent.pad
    window.document.apply("Seed", edits.set_seed(window.document.state, 5))
    section.heading.click()
    pad = section.pad
    middle = QPoint(pad.width() // 2, pad.height() // 2)
    stroke(qtbot, pad, [middle, middle - QPoint(20, 0), middle - QPoint(32, 16)])
    assert window.document.state.look.drift == pytest.approx((0.5, 0.25))
    assert window.document.undo_stack.undoText() == "Seed Pad"
    between = pixels(window, qtbot)
    qtbot.mouseClick(pad, LEFT, pos=middle + QPoint(40, 0))  # half a column on from there is crossing (1, 0)
    assert window.document.state.look.drift == (1.0, 0.0)
    at_crossing = pixels(window, qtbot)
    assert (at_crossing != between).any()
    label = 5 % 3  # the class goes with the seed, which stays
    window.document.apply("Seed", edits.set_seed(window.document.state, seed_at(5, 1, 0)))
    assert window.document.state.look.drift == (0.0, 0.0)
    window.document.apply("Class", edits.set_label(window.document.state, label))
    assert (pixels(window, qtbot) == at_crossing).all()
    qtbot.keyClick(pad, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert window.document.state.look.drift == (0.0, 1.0)


def test_the_pad_shows_the_seeds_round_it(window: MainWindow, qtbot: QtBot) -> None:
    section = window.explore.latent.pad
    section.heading.click()
    first = next(iter(section.pad.cells))
    assert first == (0, 0)
    looks = [Look(seed_at(0, *cell)) for cell in section.pad.cells[:9]]
    qtbot.waitUntil(lambda: all(window.rendering.thumbnail(look) for look in looks), timeout=30_000)
    section.heading.click()
    assert window.rendering.thumbnail(Look(123_456)) is None


def test_a_pad_beyond_its_end_is_said(window: MainWindow, qtbot: QtBot) -> None:
    window.document.apply("Pad", latent_edits.set_drift(window.document.state, (1000.0, 0.0)))
    section = window.explore.latent.pad
    section.heading.click()
    with qtbot.waitSignal(window.document.failed):
        qtbot.keyClick(section.pad, Qt.Key.Key_Right)
    assert window.document.state.look.drift == (1000.0, 0.0)


def test_a_latent_of_its_own_is_named_and_left(style_window: MainWindow, qtbot: QtBot) -> None:
    window, panel = style_window, style_window.explore.latent
    width = window.document.description.spec.w_dim  # type: ignore[union-attr]
    assert not panel.leave_point.isVisible()
    before = pixels(window, qtbot)
    state = latent_edits.set_point(window.document.state, latent_point("w", np.zeros(width)))
    window.document.apply("Paste Latent", state)
    assert panel.leave_point.isVisible()
    assert (pixels(window, qtbot) != before).any()
    panel.leave_point.click()
    assert (pixels(window, qtbot) == before).all()
    window.commands["edit.undo"].trigger()
    window.commands["picture.new"].trigger()
    assert window.document.state.look.point is None


def test_layers_are_painted_from_a_second_picture(style_window: MainWindow, qtbot: QtBot) -> None:
    window, panel = style_window, style_window.explore.mixing
    before = pixels(window, qtbot)
    assert not panel.bars.isEnabled()
    panel.seed.setText("77")
    panel.seed.editingFinished.emit()
    mix = window.document.state.look.mix
    assert mix is not None
    assert mix.look.seed == 77
    count = len(panel.bars.values)
    assert mix.strengths[0] == 1.0
    mixed = pixels(window, qtbot)
    assert (mixed != before).any()
    width = panel.bars.width() / count
    places = [QPoint(round(width / 2), 60), QPoint(round(width * (count - 0.5)), 2)]
    stroke(qtbot, panel.bars, places)  # from nothing at the first layer to all at the last
    strengths = window.document.state.look.mix.strengths  # type: ignore[union-attr]
    assert strengths[0] == 0.0
    assert strengths[-1] == 1.0
    assert list(strengths) == sorted(strengths)
    window.commands["edit.undo"].trigger()
    assert (pixels(window, qtbot) == mixed).all()
    for name in ("Coarse", "Middle", "Fine"):
        if name != "Coarse":
            panel.parts[name].click()
    assert set(window.document.state.look.mix.strengths) == {1.0}  # type: ignore[union-attr]
    whole = pixels(window, qtbot)
    panel.swap.click()
    assert window.document.state.look.seed == 77
    panel.clear.click()
    assert (pixels(window, qtbot) == whole).all()
    assert window.document.state.look.mix is None


def test_the_picture_on_the_canvas_becomes_the_second_one(style_window: MainWindow, qtbot: QtBot) -> None:
    window, panel = style_window, style_window.explore.mixing
    window.document.apply("Truncation", edits.set_truncation(window.document.state, 0.25))
    look = window.document.state.look
    panel.take.click()
    assert window.document.state.look.mix is not None
    assert window.document.state.look.mix.look == look
    panel.seed.setText("")
    panel.seed.editingFinished.emit()
    assert window.document.state.look.mix is None


def test_bars_are_set_by_keys(style_window: MainWindow, qtbot: QtBot) -> None:
    window, panel = style_window, style_window.explore.mixing
    panel.take.click()
    panel.clear.click()
    panel.take.click()
    for key in (Qt.Key.Key_Home, Qt.Key.Key_Right, Qt.Key.Key_Space, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Up):
        qtbot.keyClick(panel.bars, key)
    strengths = window.document.state.look.mix.strengths  # type: ignore[union-attr]
    assert strengths[:3] == (0.0, 0.0, 0.1)
    assert "layer 3 of" in panel.bars.accessibleDescription()


def test_a_model_without_layers_of_its_own_says_so(window: MainWindow) -> None:
    panel = window.explore.mixing
    assert not panel.bars.isVisibleTo(panel)
    assert not window.explore.latent.truncation_details.isVisible()
    assert not window.explore.latent.noise.isVisible()


def test_a_typed_second_seed_is_that_seed_wherever_the_first_picture_has_gone(style_window: MainWindow) -> None:
    window, panel = style_window, style_window.explore.mixing
    window.document.apply("Pad", latent_edits.set_drift(window.document.state, (0.5, 0.25)))
    panel.seed.setText("77")
    panel.seed.editingFinished.emit()
    mix = window.document.state.look.mix
    assert mix is not None
    assert mix.look == Look(77)
