"""A slider of words, with a tiny CLIP-like model, on the real window."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from ganstudio.gui.dialogs.find_directions import FindDirectionsDialog
from ganstudio.gui.main_window import MainWindow
from ganstudio.gui.services import direction_ways
from ganstudio.networks.onnx_session import has_runtime
from tests.checkpoints.clip.tiny_clip import write_image_encoder, write_text_encoder, write_tokens

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def dialog(window: MainWindow) -> FindDirectionsDialog:
    window.commands["directions.find"].trigger()
    found = window.findChild(FindDirectionsDialog)
    found.choose("text")
    return found


def type_text(dialog: FindDirectionsDialog, name: str, text: str) -> None:
    field = dialog.inputs.form.findChild(QLineEdit, name)
    field.setText(text)
    field.textEdited.emit(text)


@pytest.mark.skipif(not has_runtime(), reason="needs onnxruntime")
def test_words_give_a_slider_that_leads_to_them(
    window: MainWindow, qtbot: QtBot, dialog: FindDirectionsDialog, tmp_path: Path
) -> None:
    tokens = write_tokens(tmp_path / "tokenizer.json")
    files = {
        "images": write_image_encoder(tmp_path / "image.onnx"),
        "words": write_text_encoder(tmp_path / "text.onnx", tokens),
        "tokens": tokens,
    }
    assert dialog.lacks.text() == "Choose the image encoder."
    for name, path in files.items():
        dialog.inputs.rows[name].field.setText(str(path))
    assert dialog.lacks.text() == "Say what the slider shall lead to."
    type_text(dialog, "text", "Bright")
    type_text(dialog, "against", "")
    qtbot.mouseClick(dialog.find_button, LEFT)
    finding = window.explore.finding
    qtbot.waitUntil(lambda: not finding.is_running and bool(finding.strips), timeout=60_000)
    (own,) = window.document.state.directions
    assert (own.info.title, own.info.origin) == ("Bright", "text")
    assert "held out" in "".join(finding.found[own.name].facts)
    strip = finding.strips[own.name]

    def brightness(number: int) -> float:
        image = strip[number]
        return sum(image.pixelColor(x, y).lightness() for x in range(image.width()) for y in range(image.height()))

    assert brightness(4) > brightness(2) > brightness(0)


def test_without_the_package_it_is_said(dialog: FindDirectionsDialog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(direction_ways, "find_spec", lambda _name: None)
    dialog.choose("pca")
    dialog.choose("text")
    assert "pip install onnxruntime" in dialog.lacks.text()
    assert not dialog.find_button.isEnabled()
