"""The view into the network, used as a person does: with mouse and keys on the real window."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from ganstudio.checkpoints.building import GeneratorFile, save_generator
from ganstudio.gui.main_window import MainWindow
from ganstudio.gui.pages.layers_page import LayersPage
from ganstudio.gui.widgets.spectrum_view import SpectrumView
from ganstudio.images import read_recipe
from ganstudio.networks.catalogue import NETWORKS
from ganstudio.project import edits
from ganstudio.rendering.layer_request import LayerRequest, LayerViewError
from ganstudio.rendering.layer_view import look_into
from ganstudio.rendering.looks.look import Look
from ganstudio.rendering.renderer import Renderer

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A DCGAN of 32 px, whose layers make maps."""
    config = NETWORKS["dcgan"].make_config({"resolution": 32, "z_dim": 8, "base_channels": 4, "full_channels": 4})
    generator = NETWORKS["dcgan"].build_generator(config, torch.Generator().manual_seed(0)).eval()
    path = tmp_path / "deep.safetensors"
    save_generator(path, generator, GeneratorFile("dcgan", config))
    return path


@pytest.fixture
def window(make_window: Callable[..., MainWindow], model: Path) -> MainWindow:
    return make_window(open_path=model)


@pytest.fixture
def page(window: MainWindow, qtbot: QtBot) -> LayersPage:
    """The page in sight, with the maps of a layer."""
    qtbot.keyClick(window, Qt.Key.Key_L)
    made = window.explore.layers_page
    qtbot.waitUntil(lambda: made.isVisible() and made.maps is not None, timeout=20_000)
    return made


def choose(page: LayersPage, name: str, qtbot: QtBot) -> None:
    page.layer_box.setCurrentIndex(page.layer_box.findData(name))
    page.layer_box.activated.emit(page.layer_box.currentIndex())
    qtbot.waitUntil(lambda: page.maps is not None and page.maps.layer.name == name, timeout=20_000)


def test_a_layer_of_the_middle_is_shown_first_and_any_can_be_chosen(
    page: LayersPage, model: Path, qtbot: QtBot
) -> None:
    assert page.maps is not None
    assert page.layer_box.currentData() == page.maps.layer.name
    assert page.layer_box.findData("blocks.1.0") >= 0
    choose(page, "blocks.0.0", qtbot)
    expected = look_into(Renderer(model, "cpu"), LayerRequest("x", Look(), "blocks.0.0"))
    assert page.maps.channels == expected.channels
    assert len(page.grid.items) == 8
    for item, pixels in zip(page.grid.items, expected.pixels, strict=True):
        assert item.image is not None
        assert np.array_equal(np.array(item.image.constBits()).reshape(8, -1)[:, :8], pixels[..., 0])
    assert "8 of 8 maps" in page.words.text()


def test_a_click_shows_one_map_large_with_its_own_spectrum(page: LayersPage, qtbot: QtBot) -> None:
    choose(page, "blocks.1.0", qtbot)
    assert page.maps is not None
    assert page.maps.spectra is not None
    qtbot.mouseClick(page.grid, LEFT, pos=page.grid.places.cell(2).center())
    assert page.channel == page.maps.channels[2]
    assert page.map_view.isVisible()
    assert page.map_view.image == page.grid.items[2].image
    view = page.findChild(SpectrumView)
    assert isinstance(view, SpectrumView)
    plot = view.plot
    assert plot._data["map"][1] == pytest.approx(page.maps.spectra.curves[2].tolist())
    assert plot._data["mean"][1] == pytest.approx(page.maps.spectra.mean_curve.tolist())
    qtbot.keyClick(page.map_view, Qt.Key.Key_Escape)
    assert page.channel is None
    assert page.grid.isVisible()
    assert "map" not in plot._data


def test_the_maps_follow_the_picture_when_it_rests(window: MainWindow, page: LayersPage, qtbot: QtBot) -> None:
    page.open_map(1)
    channel = page.channel
    asked: list[LayerRequest | None] = []
    ask = window.rendering.ask_layers
    window.rendering.ask_layers = lambda request: (asked.append(request), ask(request))[1]  # type: ignore[method-assign]
    for step in range(1, 6):
        window.document.apply("Truncation", edits.set_truncation(window.document.state, 1 - step / 10), "drag")
    assert asked == []  # not while it moves
    wanted = window.document.state.look
    qtbot.waitUntil(lambda: page.maps is not None and page.maps.request.look == wanted, timeout=20_000)
    assert len(asked) == 1
    assert page.channel == channel
    assert page.maps is not None
    assert channel in page.maps.channels


def test_one_range_for_all_and_vectors(page: LayersPage, qtbot: QtBot) -> None:
    page.range_box.setCurrentIndex(1)
    page.range_box.activated.emit(1)
    qtbot.waitUntil(lambda: page.maps is not None and len(set(page.maps.ranges)) == 1, timeout=20_000)
    choose(page, "stem", qtbot)
    assert len(page.grid.items) == 1
    assert page.words.text().endswith("deviation " + f"{page.maps.deviation:.3g}")  # type: ignore[union-attr]


def test_the_sheet_is_copied_and_saved_with_the_recipe(
    window: MainWindow, page: LayersPage, qtbot: QtBot, tmp_path: Path
) -> None:
    choose(page, "blocks.0.0", qtbot)
    window.commands["edit.copy"].trigger()
    assert QGuiApplication.clipboard().image().width() == 3 * 10 + 2
    window.explore.canvas.save(tmp_path / "maps.png")
    qtbot.waitUntil((tmp_path / "maps.png").exists)
    recipe = read_recipe(tmp_path / "maps.png")
    assert recipe is not None
    assert recipe["look"]["seed"] == 0


def test_the_view_is_left_at_once_and_asks_for_nothing_more(window: MainWindow, page: LayersPage, qtbot: QtBot) -> None:
    qtbot.keyClick(window, Qt.Key.Key_L)
    assert window.document.state.view == "single"
    assert window.explore.canvas.picture.isVisible()
    window.document.undo_stack.undo()
    assert page.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_G)
    assert window.explore.grid_page.isVisible()


def test_another_model_has_other_layers(
    window: MainWindow, page: LayersPage, tiny_checkpoint: Path, qtbot: QtBot
) -> None:
    window.document.open_requested.emit(tiny_checkpoint)
    qtbot.waitUntil(
        lambda: page.maps is not None and page.maps.request.checkpoint_path == str(tiny_checkpoint), timeout=20_000
    )
    assert page.layer_box.findData("hidden.0") >= 0
    assert page.layer_box.findData("blocks.0.0") < 0


def test_what_cannot_be_looked_into_says_so(window: MainWindow, page: LayersPage, qtbot: QtBot) -> None:
    state = window.document.state
    request = LayerRequest(str(state.checkpoint), state.look)
    error = LayerViewError("model.onnx", "this kind of model shows nothing of its inside", "open its checkpoint")
    window.rendering.layers_failed.emit(request, error)
    assert page.grid.items == ()
    assert "shows nothing" in page.grid._empty
