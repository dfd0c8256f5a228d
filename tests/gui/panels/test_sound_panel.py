"""The Sound panel: choosing, measuring, the waveform, what it moves, files that are gone or broken, and being heard."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import soundfile
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QFileDialog

from ganstudio.gui.main_window import MainWindow
from ganstudio.gui.panels import sound as sound_panel
from ganstudio.gui.panels.sound import SoundPanel
from ganstudio.gui.widgets.time_axis import TimeAxis
from ganstudio.gui.widgets.waveform import Waveform
from ganstudio.project import timeline_edits

RATE = 44_100


def write_clicks(path: Path, seconds: float = 4.0) -> Path:
    """Two bursts a second on faint noise."""
    random = np.random.default_rng(0)
    samples = random.normal(size=round(seconds * RATE)) * 1e-4
    burst = random.normal(size=900) * np.exp(-np.arange(900) / 200) * 0.4
    for beat in np.arange(0.25, seconds - 0.1, 0.5):
        samples[round(beat * RATE) : round(beat * RATE) + 900] += burst
    soundfile.write(path, samples.clip(-1, 1).astype(np.float32), RATE)
    return path


@pytest.fixture
def panel(window: MainWindow, qtbot) -> SoundPanel:
    window.commands["view.animate"].trigger()
    window.animate.sound.show()
    return window.animate.sound


@pytest.fixture
def clicks(tmp_path: Path) -> Path:
    return write_clicks(tmp_path / "clicks.wav")


def drop(panel: SoundPanel, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    panel.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, buttons, keys))


def wait_measured(panel: SoundPanel, qtbot) -> None:
    qtbot.waitUntil(lambda: panel._measuring.sound is not None, timeout=20_000)


def test_a_file_that_is_dropped_is_measured_in_the_background_and_drawn(window, panel, clicks, qtbot):
    assert "No sound yet" in panel.facts.text()
    drop(panel, clicks)
    assert panel.bar.isVisibleTo(panel)
    wait_measured(panel, qtbot)
    assert panel.name.text() == "clicks.wav"
    assert "120 beats a minute" in panel.facts.text()
    assert "as long as the animation" in panel.facts.text()
    columns = panel.wave.columns()
    assert np.nanmax(columns) > 0.3
    assert panel.wave.accessibleDescription().startswith("4.0 seconds")
    qtbot.waitUntil(lambda: not panel.bar.isVisibleTo(panel))
    window.document.undo_stack.undo()
    assert panel.name.text() == ""
    window.document.undo_stack.redo()
    assert panel._measuring.sound is not None  # it was kept


def test_what_it_moves_is_added_set_muted_and_taken_away(window, panel, clicks, qtbot, monkeypatch):
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_args: (str(clicks), ""))
    panel.choose.click()
    wait_measured(panel, qtbot)
    panel.drives.add.click()
    row = panel.drives.rows[0]
    assert (row.drive.parameter, row.drive.source) == ("edit:smile", "level")
    row.source.setCurrentIndex(row.source.findData("beat"))
    row.source.activated.emit(row.source.currentIndex())
    row.gain.setValue(3.0)
    row.attack.setValue(0.0)
    row.release.setValue(0.0)
    drive = window.document.state.timeline.drives[0]
    assert (drive.source, drive.gain, drive.attack_s, drive.release_s) == ("beat", 3.0, 0.0, 0.0)
    beat = round(panel._measuring.sound.features.beats[1] * 30) + 1
    window.animate.head.go_to(beat)
    assert window.animate.head.frame.look.strength_of("smile") > 1.0
    assert window.rendering.moment == window.animate.head.frame.look
    qtbot.waitUntil(lambda: row.meter.value > 0.3)
    assert row.amount.text().startswith("+")
    row.mute.click()
    assert window.animate.head.frame.look.strength_of("smile") == 0.0
    assert window.rendering.moment is None
    row.remove.click()
    assert not panel.drives.rows
    assert panel.drives.empty.isVisibleTo(panel.drives)
    window.document.undo_stack.undo()
    assert len(panel.drives.rows) == 1


def test_a_second_row_takes_what_is_free_and_the_same_twice_is_refused(window, panel, clicks, qtbot):
    drop(panel, clicks)
    panel.drives.add.click()
    panel.drives.add.click()
    first, second = panel.drives.rows
    assert (first.drive.source, second.drive.source) == ("level", "low")
    second.source.setCurrentIndex(second.source.findData("level"))
    second.source.activated.emit(second.source.currentIndex())
    assert "twice" in panel.drives.trouble.text()
    assert second.source.currentData() == "low"
    assert len(window.document.state.timeline.drives) == 2
    wait_measured(panel, qtbot)


def test_a_formula_that_imports_is_refused_as_it_is_typed(window, panel, clicks, qtbot):
    drop(panel, clicks)
    panel.drives.add.click()
    row = panel.drives.rows[0]
    row.curve.line.selectAll()
    qtbot.keyClicks(row.curve.line, "__import__('os')")
    assert "not allowed" in row.curve.error.text()
    assert window.document.state.timeline.drives[0].curve == "x"
    row.curve.line.selectAll()
    qtbot.keyClicks(row.curve.line, "x*x")
    assert row.curve.error.isHidden()
    assert window.document.state.timeline.drives[0].curve == "x*x"
    wait_measured(panel, qtbot)


@pytest.mark.parametrize("content", [b"", b"no sound at all", b"RIFF\xff\xff\xff\xffWAVEfmt \x10\x00\x00\x00"],
                         ids=["empty", "text", "cut short"])  # fmt: skip
def test_a_broken_file_says_so_and_can_be_chosen_again_and_the_rows_stay(
    window, panel, clicks, qtbot, tmp_path, content
):
    broken = tmp_path / "broken.wav"
    broken.write_bytes(content)
    drop(panel, clicks)
    panel.drives.add.click()
    wait_measured(panel, qtbot)
    drop(panel, broken)
    qtbot.waitUntil(lambda: bool(panel.problem.text()), timeout=10_000)
    assert "broken.wav" in panel.problem.text()
    assert panel.choose.text() == "Choose Again…"
    assert len(panel.drives.rows) == 1
    assert window.animate.head.sound is None
    write_clicks(broken)
    drop(panel, broken)
    wait_measured(panel, qtbot)
    assert panel.problem.isHidden()


def test_a_file_that_is_gone_says_so_and_is_found_again(window, panel, tmp_path, qtbot):
    state = timeline_edits.set_sound(window.document.state, str(tmp_path / "gone.wav"))
    window.document.apply("Sound", state)
    assert "gone.wav is not there" in panel.problem.text()
    drop(panel, write_clicks(tmp_path / "gone.wav"))
    wait_measured(panel, qtbot)
    assert panel.problem.isHidden()


@pytest.mark.parametrize(("seconds", "said"), [(1.0, "it ends 3.0 s before the animation"),
                                               (6.0, "the animation ends 2.0 s before it")])  # fmt: skip
def test_a_sound_that_is_shorter_or_longer_is_said_and_the_animation_can_be_fitted(
    window, panel, tmp_path, qtbot, seconds, said
):
    drop(panel, write_clicks(tmp_path / "other.wav", seconds))
    wait_measured(panel, qtbot)
    assert said in panel.facts.text()
    panel.fit.click()
    assert window.document.state.timeline.length == round(seconds * 30)
    assert "as long as" in panel.facts.text()


def test_another_frame_rate_is_measured_anew_and_the_first_is_kept(window, panel, clicks, qtbot):
    drop(panel, clicks)
    wait_measured(panel, qtbot)
    first = panel._measuring.sound
    window.document.apply("Rate", timeline_edits.set_fps(window.document.state, Fraction(10)))
    qtbot.waitUntil(lambda: panel._measuring.sound is not first and panel._measuring.sound is not None, timeout=9000)
    assert len(panel._measuring.sound.features.values["level"]) == 40
    window.document.undo_stack.undo()
    qtbot.waitUntil(lambda: panel._measuring.sound is first)


def test_a_measuring_that_is_cancelled_says_so(window, panel, tmp_path, qtbot):
    drop(panel, write_clicks(tmp_path / "long.wav", 120.0))
    window.jobs.cancel_all()
    qtbot.waitUntil(lambda: "cancelled" in panel.problem.text() or panel._measuring.sound is not None, timeout=20_000)


def test_the_waveform_goes_to_where_it_is_pressed(window, panel, clicks, qtbot):
    drop(panel, clicks)
    wait_measured(panel, qtbot)
    panel.wave.resize(600, 60)
    x = round(panel.axis.x_of(45))
    qtbot.mousePress(panel.wave, Qt.MouseButton.LeftButton, pos=QPoint(x, 20))
    assert abs(window.animate.head.position - 45) <= 1


class FakePlayer:
    def __init__(self) -> None:
        self.done: list[tuple[str, float]] = []

    def play(self, path: Path, seconds: float) -> None:
        self.done.append((path.name, seconds))

    def stop(self) -> None:
        self.done.append(("stop", 0.0))


def test_it_is_heard_from_the_play_head_until_playing_stops(window, panel, clicks, qtbot):
    player = window.animate.listening._player = FakePlayer()
    drop(panel, clicks)
    wait_measured(panel, qtbot)
    panel.drives.add.click()
    window.animate.head.go_to(30)
    window.commands["animate.play"].trigger()
    assert player.done == [("clicks.wav", 1.0)]
    panel.mute.click()
    assert player.done[-1] == ("stop", 0.0)
    panel.mute.click()
    assert player.done[-1][0] == "clicks.wav"
    window.commands["animate.play"].trigger()
    assert player.done[-1] == ("stop", 0.0)


def test_where_nothing_plays_sound_it_says_what_is_missing(window, panel, clicks, qtbot):
    drop(panel, clicks)
    wait_measured(panel, qtbot)
    if not window.animate.listening.can_be_heard:
        assert "PySide6-Addons" in panel.silent.text()
        assert panel.silent.isVisibleTo(panel)


def test_without_the_library_it_says_what_is_switched_off(window, panel, monkeypatch):
    monkeypatch.setattr(sound_panel, "can_read", lambda: False)
    panel.show_state()
    assert "ganstudio[animate]" in panel.problem.text()


def test_an_hour_is_drawn_quickly(qtbot):
    axis = TimeAxis()
    wave = Waveform(axis)
    qtbot.addWidget(wave)
    wave.resize(1200, 72)
    axis.set_width(1200)
    axis.set_time(108_000, 30)
    random = np.random.default_rng(0)
    samples = random.uniform(-1, 1, (720_000, 2)).astype(np.float32)
    samples.sort(1)
    beats = tuple(np.arange(0, 3600, 0.5))
    wave.show_sound(samples, 3600.0, beats, beats)
    axis.fit()
    columns = wave.columns()
    edges = np.linspace(*(axis.frame_at(x) / 30 * 200 for x in (0, 1200)), 1201)
    for place in (100, 600, 1100):
        piece = samples[int(np.floor(edges[place])) : int(np.ceil(edges[place + 1])) + 1]
        assert columns[place, 0] == pytest.approx(piece[:, 0].min(), abs=0.02)
        assert columns[place, 1] == pytest.approx(piece[:, 1].max(), abs=0.02)
    assert not wave.grab().isNull()
    axis.zoom(64.0, 600)
    assert np.isfinite(wave.columns()).any()
    assert not wave.grab().isNull()
