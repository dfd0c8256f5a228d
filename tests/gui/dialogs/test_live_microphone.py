"""The microphone, by a stream that is none: what is heard moves the picture and leaves the document as it is."""

import numpy as np
import pytest

from ganstudio.animation.errors import AnimationError
from ganstudio.animation.sound.drive import Drive
from ganstudio.gui.dialogs.live_control import LiveControlDialog
from ganstudio.gui.main_window import MainWindow
from ganstudio.gui.services import microphone as service


class FakeStream:
    """Gives a tone of a strength that tests set."""

    rate = 44_100

    def __init__(self) -> None:
        self.strength = 0.0
        self.place = 0
        self.is_closed = False
        self.error: OSError | None = None

    def read_new(self) -> np.ndarray:
        if self.error is not None:
            raise self.error
        places = self.place + np.arange(882)
        self.place += 882
        return (self.strength * np.sin(2 * np.pi * 100 * places / self.rate)).astype(np.float32)

    def close(self) -> None:
        self.is_closed = True


@pytest.fixture
def stream(window: MainWindow, monkeypatch) -> FakeStream:
    made = FakeStream()
    microphone = window.live.microphone
    monkeypatch.setattr(microphone, "_open_stream", lambda _name: made)
    monkeypatch.setattr(microphone, "_list_inputs", lambda: ["Room", "Line"])
    return made


@pytest.fixture
def dialog(window: MainWindow, stream) -> LiveControlDialog:
    window.commands["live.control"].trigger()
    dialog = window.findChild(LiveControlDialog)
    dialog.tabs.setCurrentWidget(dialog.microphone)
    return dialog


def test_it_moves_the_picture_and_not_the_sliders(window, dialog, stream, qtbot):
    page, state = dialog.microphone, window.document.state
    assert [page.choice.input.itemText(row) for row in range(3)] == ["The system's choice", "Room", "Line"]
    page.drives.add.click()
    row = page.drives.rows[0]
    row.gain.setValue(2.0)
    row.attack.setValue(0.0)
    page.choice.hears.click()
    stream.strength = 0.5
    asked = window.rendering
    qtbot.waitUntil(lambda: asked._asked.looks[0].strength_of("smile") > 1.9)
    rendered = lambda: window.explore.canvas.rendered  # noqa: E731 - asked again and again
    qtbot.waitUntil(lambda: rendered().request.looks[0].strength_of("smile") > 1.5, timeout=10_000)
    qtbot.waitUntil(lambda: row.meter.value > 0.9)
    assert page.meters["low"].value > 0.9
    assert window.document.state == state
    assert window.document.undo_stack.count() == 0
    page.choice.hears.click()
    assert stream.is_closed
    assert asked._asked.looks[0] == state.look


def test_the_output_screen_shows_what_is_heard(window, dialog, stream, qtbot):
    window.live.change(drives=(Drive("truncation", "level", -1.0, attack_s=0.0),), hears_microphone=True)
    window.explore.canvas.output.toggle()
    output = window.explore.canvas.output.output
    qtbot.waitUntil(lambda: output._picture is not None)
    shown = output._picture.image.copy()
    stream.strength = 0.5
    qtbot.waitUntil(lambda: output._picture.image != shown, timeout=10_000)
    output.close()


def test_rows_are_kept_and_the_same_twice_is_refused(window, dialog, stream):
    page = dialog.microphone
    page.drives.add.click()
    page.drives.add.click()
    second = page.drives.rows[1]
    second.source.setCurrentIndex(second.source.findData("level"))
    second.source.activated.emit(second.source.currentIndex())
    assert "twice" in page.drives.trouble.text()
    assert [drive.source for drive in window.settings.values.live.drives] == ["level", "low"]
    page.drives.rows[0].remove.click()
    assert [drive.source for drive in window.settings.values.live.drives] == ["low"]


def test_an_input_that_is_gone_is_said_and_what_it_added_is_taken_away(window, dialog, stream, qtbot):
    window.live.change(drives=(Drive("edit:smile", "level", 2.0),), hears_microphone=True)
    stream.strength = 0.5
    qtbot.waitUntil(lambda: window.rendering._asked.looks[0].strength_of("smile") > 0)
    stream.error = OSError("unplugged")
    qtbot.waitUntil(lambda: "unplugged" in dialog.microphone.choice.trouble.text())
    assert not window.live.microphone.is_open
    assert window.rendering._asked.looks[0] == window.document.state.look


def test_without_sounddevice_it_says_what_is_switched_off(window, monkeypatch):
    monkeypatch.setattr(service, "can_listen", lambda: False)
    monkeypatch.setattr("ganstudio.gui.pages.live_microphone.can_listen", lambda: False)
    window.commands["live.control"].trigger()
    page = window.findChild(LiveControlDialog).microphone
    assert "ganstudio[live]" in page.choice.absent.text()
    page.choice.hears.click()
    assert "sounddevice" in page.choice.trouble.text()
    with pytest.raises(AnimationError, match="sounddevice"):
        service.open_device("")
