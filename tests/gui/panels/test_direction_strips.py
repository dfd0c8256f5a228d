"""Strips of pictures that show what a slider does: hovering, keys, axes without names, and giving way to the canvas."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from ganstudio.gui.main_window import MainWindow
from ganstudio.gui.panels.directions import DirectionsPanel
from ganstudio.gui.widgets.pixels import to_image
from ganstudio.project import edits
from ganstudio.project.strips import strip_looks, strip_strengths
from ganstudio.rendering.looks.edit import Edit
from ganstudio.rendering.renderer import Renderer
from ganstudio.rendering.request import RenderRequest


@pytest.fixture
def panel(window: MainWindow, qtbot: QtBot) -> DirectionsPanel:
    canvas = window.explore.canvas
    qtbot.waitUntil(lambda: canvas.rendered is not None, timeout=20_000)
    return window.explore.directions


def enter(widget: QWidget) -> None:
    at = QPointF(20, 10)
    QApplication.sendEvent(widget, QEnterEvent(at, at, widget.mapToGlobal(at)))


def leave(widget: QWidget) -> None:
    QApplication.sendEvent(widget, QEvent(QEvent.Type.Leave))


def is_drawn(panel: DirectionsPanel) -> bool:
    images = panel.strips.popup.strip.images
    return len(images) == 5 and all(image.width() > 1 for image in images)


def test_a_slider_under_the_pointer_shows_what_it_does(
    window: MainWindow, panel: DirectionsPanel, qtbot: QtBot
) -> None:
    slider = panel.sliders["smile"]
    enter(slider)
    assert not panel.strips.popup.isVisible()
    qtbot.waitUntil(panel.strips.popup.isVisible, timeout=20_000)
    qtbot.waitUntil(lambda: is_drawn(panel), timeout=20_000)
    path = window.document.state.checkpoint or ""
    looks = strip_looks(window.document.state, panel.groups.entries["smile"])
    expected = Renderer(Path(path), "cpu").render(RenderRequest(path, looks)).pixels
    shown = panel.strips.popup.strip.images
    assert [image == to_image(pixels) for image, pixels in zip(shown, expected, strict=True)] == [True] * 5
    leave(slider)
    assert not panel.strips.popup.isVisible()
    enter(slider)
    qtbot.waitUntil(panel.strips.popup.isVisible, timeout=20_000)
    assert is_drawn(panel)  # at once, for it is kept


def test_f1_opens_and_closes_it(panel: DirectionsPanel, qtbot: QtBot) -> None:
    track = panel.sliders["smile"].track
    track.setFocus()
    qtbot.keyClick(track, Qt.Key.Key_F1)
    assert panel.strips.shown == "smile"
    qtbot.waitUntil(lambda: is_drawn(panel), timeout=20_000)
    qtbot.keyClick(track, Qt.Key.Key_F1)
    assert not panel.strips.popup.isVisible()
    next(one for one in panel.menu_of("smile").actions() if one.text().startswith("Show What")).trigger()
    assert panel.strips.shown == "smile"
    qtbot.keyClick(track, Qt.Key.Key_Right)  # who moves it looks at the picture
    assert panel.strips.shown == ""


def test_a_pointer_that_passes_by_opens_nothing(panel: DirectionsPanel, qtbot: QtBot) -> None:
    slider = panel.sliders["smile"]
    enter(slider)
    leave(slider)
    assert not panel.strips._hover.isActive()
    assert panel.strips.shown == ""


def test_axes_without_a_name_have_strips_when_their_group_is_open(
    window: MainWindow, panel: DirectionsPanel, qtbot: QtBot
) -> None:
    assert panel.groups.axes_in_sight() == ()
    panel.groups.folds["axes"].set_open(True)
    strip = panel.sliders["pca_1"].strip
    assert strip is not None
    qtbot.waitUntil(lambda: len(strip.images) == 5, timeout=20_000)
    before = strip.images
    window.commands["picture.new"].trigger()
    qtbot.waitUntil(lambda: len(strip.images) == 5 and strip.images != before, timeout=20_000)
    assert panel.sliders["smile"].strip is None


def test_a_strip_never_makes_the_canvas_wait(window: MainWindow, panel: DirectionsPanel, qtbot: QtBot) -> None:
    asks: list[str] = []
    worker = window.rendering._worker
    assert worker is not None
    worker.ended.connect(lambda ask, _in_full: asks.append(ask.purpose))
    panel.strips.show_strip("smile")
    window.document.apply("seed", edits.set_seed(window.document.state, 5))
    canvas = window.explore.canvas
    qtbot.waitUntil(
        lambda: canvas.rendered is not None and canvas.rendered.request.looks[0] == window.document.state.look,
        timeout=20_000,
    )
    assert window.rendering.idle.strip_looks == ()  # those of the picture before are wanted no longer
    assert "strip" not in asks[: asks.index("canvas")]


def test_a_strip_keeps_the_rest_of_the_picture(window: MainWindow, panel: DirectionsPanel) -> None:
    state = window.document.state
    look = replace(state.look, edits=(Edit("pca_1", 1.0, is_solo=True), Edit("smile", 2.0, is_muted=True)))
    state = edits.set_look(state, look)
    entry = panel.groups.entries["smile"]
    looks = strip_looks(state, entry)
    assert strip_strengths(entry) == (-3.0, -1.5, 0.0, 1.5, 3.0)
    assert [one.edits[1].strength for one in looks] == list(strip_strengths(entry))
    assert all(one.edits[0] == look.edits[0] for one in looks)
    assert all(one.edits[1].is_solo and not one.edits[1].is_muted for one in looks)
    assert np.unique([one.seed for one in looks]).tolist() == [state.look.seed]


def test_a_strip_of_a_model_that_went_is_closed(
    make_window: Callable[..., MainWindow], tiny_checkpoint: Path, qtbot: QtBot
) -> None:
    window = make_window(open_path=tiny_checkpoint)
    panel = window.explore.directions
    panel.strips.show_strip("smile")
    window.document.apply("Close", edits.close_checkpoint(window.document.state))
    assert not panel.strips.popup.isVisible()
