"""Finding directions from the window: the file gets them, the panel shows them, the picture follows."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from ganstudio.checkpoints.building import replace_directions
from ganstudio.checkpoints.catalogue import read
from ganstudio.gui import direction_finding
from ganstudio.gui.main_window import MainWindow


@pytest.fixture
def bare_checkpoint(tiny_checkpoint: Path) -> Path:
    replace_directions(tiny_checkpoint, read(tiny_checkpoint), [])
    return tiny_checkpoint


def test_a_model_without_directions_gets_some(
    make_window: Callable[..., MainWindow], bare_checkpoint: Path, qtbot: QtBot
) -> None:
    window = make_window(open_path=bare_checkpoint)
    panel = window.explore.directions
    qtbot.waitUntil(lambda: window.explore.canvas.rendered is not None, timeout=60_000)
    assert panel.sliders == {}
    assert panel.find_button is not None
    qtbot.mouseClick(panel.find_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(panel.sliders) == 8, timeout=60_000)
    assert [info.origin for info in read(bare_checkpoint).description.directions] == ["pca"] * 8
    before = window.explore.canvas.rendered
    panel.sliders["pca_1"].edited.emit(2.0, 1)
    qtbot.waitUntil(lambda: window.explore.canvas.rendered is not before, timeout=60_000)
    assert dict(window.document.state.look.strengths) == {"pca_1": 2.0}


def test_a_failed_search_is_told_and_can_be_tried_again(
    make_window: Callable[..., MainWindow], bare_checkpoint: Path, qtbot: QtBot
) -> None:
    window = make_window(open_path=bare_checkpoint)
    errors: list[object] = []
    window.document.failed.connect(errors.append)
    panel = window.explore.directions
    bare_checkpoint.write_bytes(bare_checkpoint.read_bytes()[:500])
    qtbot.mouseClick(panel.find_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(errors), timeout=60_000)
    qtbot.waitUntil(panel.find_button.isEnabled)
    assert panel.sliders == {}


def test_avatars_give_named_directions(tiny_checkpoint: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(direction_finding, "LABELLED_PICTURES", 60)
    monkeypatch.setattr(direction_finding, "READING_STEPS", 12)
    monkeypatch.setattr(direction_finding, "SAMPLES", 200)
    events = list(direction_finding.find_directions(tiny_checkpoint, "avatars:60"))
    assert events[0].doing == "drawing labelled pictures"
    assert [event.fraction for event in events] == sorted(event.fraction for event in events)
    assert all(info.origin in ("factor", "pca") for info in read(tiny_checkpoint).description.directions)
