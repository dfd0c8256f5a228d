"""Live control in the window: real packets on this machine, messages of mido, learning, undo, and what is hostile."""

import math
import socket
import struct
import time
from pathlib import Path

import mido
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtNetwork import QHostAddress, QUdpSocket
from pythonosc.osc_message_builder import OscMessageBuilder

from ganstudio.animation.control import osc
from ganstudio.animation.control.osc import read_packet
from ganstudio.animation.errors import AnimationError
from ganstudio.gui.dialogs.live_control import LiveControlDialog
from ganstudio.gui.main_window import MainWindow
from ganstudio.gui.services import midi_input
from ganstudio.gui.settings import SettingsStore
from ganstudio.project import direction_edits, edits

LEFT = Qt.MouseButton.LeftButton


def message(address: str, *values: object) -> bytes:
    builder = OscMessageBuilder(address)
    for value in values:
        builder.add_arg(value)
    return builder.build().dgram


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


class Sender:
    """Another program on this machine."""

    def __init__(self, port: int) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._port = port

    def send(self, address: str, *values: object) -> None:
        self.send_bytes(message(address, *values))

    def send_bytes(self, packet: bytes) -> None:
        self._socket.sendto(packet, ("127.0.0.1", self._port))

    def close(self) -> None:
        self._socket.close()


class FakePort:
    """A MIDI input without a device."""

    def __init__(self) -> None:
        self.waiting: list[mido.Message] = []
        self.is_closed = False

    def iter_pending(self):
        while self.waiting:
            yield self.waiting.pop(0)

    def close(self) -> None:
        self.is_closed = True


@pytest.fixture
def dialog(window: MainWindow) -> LiveControlDialog:
    window.commands["live.control"].trigger()
    return next(child for child in window.findChildren(LiveControlDialog))


@pytest.fixture
def sender(window: MainWindow, dialog: LiveControlDialog, qtbot):
    """OSC is switched on by its box; packets go there."""
    window.live.change(port=free_port())
    dialog.osc.hears.click()
    sender = Sender(window.live.osc.port)
    yield sender
    sender.close()


@pytest.fixture
def port(window: MainWindow, monkeypatch) -> FakePort:
    made = FakePort()
    monkeypatch.setattr(window.live.midi, "_open_port", lambda _name: made)
    monkeypatch.setattr(window.live.midi, "_list_ports", lambda: ["Pad", "Desk"])
    return made


def test_all_is_off_at_first_and_nothing_listens(window, dialog):
    assert not any(one.is_open for one in (window.live.osc, window.live.output, window.live.midi))
    assert not any(box.isChecked() for box in (dialog.osc.hears, dialog.osc.sends, dialog.midi.choice.hears))
    assert dialog.osc.state.text() == "Not listening."
    assert dialog.osc.warning.isHidden()


def test_messages_move_the_sliders_and_a_gesture_is_one_step_of_undo(window, sender, qtbot):
    document = window.document
    before = document.state
    for step in range(50):
        sender.send("/ganstudio/truncation", 0.01 * step)
        sender.send("/ganstudio/edit:smile", 0.04 * step)
    qtbot.waitUntil(lambda: document.state.look.strength_of("smile") == pytest.approx(1.96))
    assert document.state.look.truncation == pytest.approx(0.49)
    assert window.explore.latent.truncation.value == pytest.approx(0.49)
    assert window.explore.directions.sliders["smile"].value == pytest.approx(1.96)
    assert document.undo_stack.count() == 1
    document.undo_stack.undo()
    assert document.state.look == before.look


def test_after_a_rest_the_next_gesture_is_another_step(window, sender, qtbot):
    sender.send("/ganstudio/truncation", 0.5)
    qtbot.waitUntil(lambda: window.document.state.look.truncation == 0.5)
    window.live.moves.end_gesture()
    sender.send("/ganstudio/truncation", 0.25)
    qtbot.waitUntil(lambda: window.document.state.look.truncation == 0.25)
    assert window.document.undo_stack.count() == 2


def test_the_seed_sweeps_within_one_picture_of_the_history(window, sender, qtbot):
    for seed in range(1, 30):
        sender.send("/ganstudio/seed", seed)
    qtbot.waitUntil(lambda: window.document.state.look.seed == 29)
    sender.send("/ganstudio/seed", 30.4)
    qtbot.waitUntil(lambda: window.document.state.look.seed == 30)
    assert len(window.document.state.history) == 2


def test_commands_are_the_actions_and_a_button_let_go_does_nothing(window, sender, qtbot):
    seed = window.document.state.look.seed
    sender.send("/ganstudio/new_picture", 0)
    sender.send("/ganstudio/favourite")
    qtbot.waitUntil(lambda: len(window.document.state.favourites) == 1)
    assert window.document.state.look.seed == seed
    sender.send("/ganstudio/new_picture", 1.0)
    qtbot.waitUntil(lambda: len(window.document.state.history) == 2)
    assert window.document.state.look.seed != seed


def test_numbers_beyond_the_limits_stop_there_and_locked_sliders_stay(window, sender, dialog, qtbot):
    window.document.apply("Lock", direction_edits.lock_slider(window.document.state, "pca_1", True))
    sender.send("/ganstudio/truncation", 1e30)
    sender.send("/ganstudio/edit:pca_1", 1.0)
    sender.send("/ganstudio/label_blend", 1.0)
    qtbot.waitUntil(lambda: window.document.state.look.truncation == 2.0)
    assert window.document.state.look.strength_of("pca_1") == 0
    qtbot.waitUntil(lambda: window.live.counts.refused == 2)
    dialog.osc.show_state()
    assert "2 refused" in dialog.osc.state.text()


def test_what_is_for_nothing_here_is_counted_and_said(window, sender, dialog, qtbot):
    sender.send("/other/fader", 0.5)
    sender.send("/ganstudio/edit:age", 0.5)
    sender.send("/ganstudio/truncation", "much")
    sender.send("/ganstudio/truncation")
    qtbot.waitUntil(lambda: window.live.counts.wrong == 2)
    dialog.osc.show_state()
    assert "2 for nothing that is here, 2 without a number" in dialog.osc.state.text()
    assert "/other/fader 0.5" in dialog.osc.recent.toPlainText()
    assert window.document.undo_stack.count() == 0


def hostile() -> list[bytes]:
    nested = message("/a", 1)
    for _ in range(200):
        nested = b"#bundle\x00" + bytes(8) + struct.pack(">i", len(nested)) + nested
    endless = b"#bundle\x00" + bytes(8) + struct.pack(">i", -4) * 3
    nan = b"/ganstudio/truncation\x00\x00\x00,f\x00\x00" + struct.pack(">f", math.nan)
    return [b"", b"\x00", b"/", nested, endless, nan, b"x" * 9000, b"/" * 60_000, message("/ganstudio/seed", b"blob")]


def test_hostile_packets_are_counted_and_change_nothing(window, sender, dialog, qtbot):
    before = window.document.state
    packets = hostile()
    for packet in packets:
        sender.send_bytes(packet)
    qtbot.waitUntil(lambda: window.live.osc.counts.broken == len(packets))
    assert window.document.state == before
    sender.send("/ganstudio/truncation", 0.5)
    qtbot.waitUntil(lambda: window.document.state.look.truncation == 0.5)
    dialog.osc.show_state()
    assert f"{len(packets)} broken" in dialog.osc.state.text()


def test_a_flood_leaves_the_event_loop_free_and_the_newest_value_wins(window, sender, qtbot):
    packets = [message("/ganstudio/truncation", step / 5000) for step in range(5000)]
    worst, turns = 0.0, 0
    for begin in range(0, 5000, 250):
        for packet in packets[begin : begin + 250]:
            sender.send_bytes(packet)
        begun = time.perf_counter()
        QGuiApplication.processEvents()
        worst, turns = max(worst, time.perf_counter() - begun), turns + 1
    qtbot.waitUntil(lambda: window.document.state.look.truncation > 0.99)
    sender.send("/ganstudio/truncation", 1.25)
    qtbot.waitUntil(lambda: window.document.state.look.truncation == 1.25)
    assert turns == 20
    assert worst < 1.0  # on a loaded machine; a few milliseconds of it are ours
    assert window.live.osc.counts.passed_over > 0
    assert window.document.undo_stack.count() == 1


def test_this_machine_only_unless_it_is_chosen_and_then_it_says_what_that_means(window, sender, dialog):
    local = QHostAddress(QHostAddress.SpecialAddress.LocalHost)
    assert window.live.osc._socket.localAddress() == local
    dialog.osc.network.click()
    assert window.live.osc._socket.localAddress() != local
    assert dialog.osc.warning.isVisibleTo(dialog.osc)
    assert "Every machine on the network" in dialog.osc.warning.text()
    dialog.osc.network.click()
    assert window.live.osc._socket.localAddress() == local


def test_a_port_that_is_taken_is_said_and_another_can_be_chosen(window, dialog, qtbot):
    other = QUdpSocket()
    other.bind(QHostAddress(QHostAddress.SpecialAddress.LocalHost), 0, QUdpSocket.BindFlag.DontShareAddress)
    dialog.osc.port.setValue(other.localPort())
    dialog.osc.hears.click()
    assert "choose another" in dialog.osc.trouble.text()
    assert not window.live.osc.is_open
    dialog.osc.port.setValue(free_port())
    assert window.live.osc.is_open
    assert dialog.osc.trouble.isHidden()
    other.close()


def receive(listener: socket.socket) -> dict[str, float]:
    found = {}
    while True:
        try:
            packet = listener.recv(4096)
        except BlockingIOError:
            return found
        for one in read_packet(packet):
            found[one.address] = one.number


@pytest.fixture
def listener(window: MainWindow, dialog: LiveControlDialog):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.setblocking(False)
        window.live.change(send_port=listener.getsockname()[1])
        dialog.osc.sends.click()
        yield listener


def test_what_changes_is_sent_the_newest_value_only(window, listener, qtbot):
    document, found = window.document, {}
    for step in range(100):
        document.apply("Truncation", edits.set_truncation(document.state, step / 100), "drag")
    document.apply("Smile", direction_edits.set_strength(document.state, "smile", 1.5))
    document.apply("Seed", edits.set_seed(document.state, 12345))

    def all_came() -> bool:
        found.update(receive(listener))
        return len(found) == 3

    qtbot.waitUntil(all_came)
    assert found["/ganstudio/truncation"] == pytest.approx(0.99)
    assert (found["/ganstudio/edit:smile"], found["/ganstudio/seed"]) == (1.5, 12345)
    assert window.live.output.sent < 10


def test_what_came_in_by_osc_is_not_sent_back(window, listener, sender, qtbot):
    sender.send("/ganstudio/truncation", 0.5)
    qtbot.waitUntil(lambda: window.document.state.look.truncation == 0.5)
    assert window.live.output.sent == 0
    window.document.undo_stack.undo()
    found = {}
    qtbot.waitUntil(lambda: bool(found.update(receive(listener)) or found))
    assert found == {"/ganstudio/truncation": 1.0}


def test_all_values_are_sent_on_demand(window, listener, dialog, qtbot):
    dialog.osc.send_all.click()
    found = {}
    qtbot.waitUntil(lambda: len(found.update(receive(listener)) or found) == 5)
    assert set(found) == {f"/ganstudio/{name}" for name in ("seed", "truncation", "label_blend", "edit:smile",
                                                             "edit:pca_1")}  # fmt: skip


def test_it_cannot_be_set_to_hear_itself(window, sender, listener, dialog):
    dialog.osc.send_port.setValue(window.live.osc.port)
    assert "hear itself" in dialog.osc.send_trouble.text()
    assert window.live.setup.send_port == listener.getsockname()[1]
    dialog.osc.host.setText("example.org")
    dialog.osc.host.editingFinished.emit()
    assert "no address" in dialog.osc.send_trouble.text()


def test_a_midi_control_is_learned_in_the_menu_of_a_slider_and_forgotten_again(window, dialog, port, qtbot):
    dialog.midi.list_inputs()
    assert [dialog.midi.choice.input.itemText(row) for row in range(3)] == ["The first there is", "Pad", "Desk"]
    dialog.midi.choice.hears.click()
    menu = window.explore.directions.menu_of("smile")
    texts = [action.text() for action in menu.actions()]
    assert "Copy OSC Address  /ganstudio/edit:smile" in texts
    next(action for action in menu.actions() if action.text() == "Learn Control").trigger()
    assert window.live.learning == "edit:smile"
    port.waiting += [mido.Message("control_change", control=7, value=127)] * 2
    qtbot.waitUntil(lambda: window.document.state.look.strength_of("smile") == 3.0)
    port.waiting += [mido.Message("control_change", control=7, value=value) for value in range(126, -1, -1)]
    qtbot.waitUntil(lambda: window.document.state.look.strength_of("smile") == -3.0)
    assert window.document.undo_stack.count() == 1
    menu = window.explore.directions.menu_of("smile")
    next(action for action in menu.actions() if action.text() == "Forget MIDI control 7, channel 1").trigger()
    assert window.live.setup.bindings == ()


def test_the_menu_of_the_truncation_copies_its_address(window, dialog, qtbot):
    menu = window.live_desk.menu_of("truncation", window)
    menu.actions()[0].trigger()
    assert QGuiApplication.clipboard().text() == "/ganstudio/truncation"
    menu.deleteLater()


def test_range_curve_and_endless_are_set_in_the_list_of_controls(window, dialog, port, qtbot):
    dialog.midi.choice.hears.click()
    window.live.learn("truncation")
    port.waiting.append(mido.Message("control_change", control=1, value=64))
    qtbot.waitUntil(lambda: len(dialog.bindings.rows) == 1)
    dialog.tabs.setCurrentWidget(dialog.bindings)
    row = next(iter(dialog.bindings.rows.values()))
    assert dialog.bindings.empty.isHidden()
    row.to.first.setValue(1.0)
    row.to.last.setValue(0.0)
    row.curve.line.selectAll()
    qtbot.keyClicks(row.curve.line, "x ** 2")
    port.waiting.append(mido.Message("control_change", control=1, value=127))
    qtbot.waitUntil(lambda: window.document.state.look.truncation == 0.0)
    row.endless.click()
    port.waiting.append(mido.Message("control_change", control=1, value=127))
    qtbot.waitUntil(lambda: window.document.state.look.truncation == pytest.approx(1 / 127))
    row.come.first.setValue(1.0)
    assert "no range" in row.trouble.text()
    qtbot.mouseClick(row.forget, LEFT)
    assert not dialog.bindings.rows
    assert not dialog.bindings.empty.isHidden()


@pytest.mark.parametrize("text", ["__import__('os').system('true')", "x.real", "(lambda: x)()", "x +"])
def test_a_formula_that_is_none_is_said_while_it_is_typed_and_not_kept(window, dialog, port, qtbot, text):
    dialog.midi.choice.hears.click()
    window.live.learn("truncation")
    port.waiting.append(mido.Message("note_on", note=60, velocity=127))
    qtbot.waitUntil(lambda: len(dialog.bindings.rows) == 1)
    row = next(iter(dialog.bindings.rows.values()))
    row.curve.line.selectAll()
    qtbot.keyClicks(row.curve.line, text)
    assert not row.curve.error.isHidden()
    assert row.curve.error.text()
    assert row.binding.scale.curve in {"x", text[:1]}


def test_an_address_of_another_program_is_learned(window, sender, dialog, qtbot):
    dialog.tabs.setCurrentWidget(dialog.addresses)
    dialog.addresses.search.setText("smile")
    dialog.addresses.choose("edit:smile")
    qtbot.mouseClick(dialog.addresses.learn, LEFT)
    assert "Move a control for Smile" in dialog.addresses.hint.text()
    sender.send("/1/fader3", 0.5)
    qtbot.waitUntil(lambda: len(window.live.setup.bindings) == 1)
    sender.send("/1/fader3", 1.0)
    qtbot.waitUntil(lambda: window.document.state.look.strength_of("smile") == 3.0)
    item = next(dialog.addresses.table.topLevelItem(row) for row in range(dialog.addresses.table.topLevelItemCount())
                if dialog.addresses.table.topLevelItem(row).text(0) == "Smile")  # fmt: skip
    assert item.text(3) == "/1/fader3"
    qtbot.mouseClick(dialog.addresses.copy, LEFT)
    assert QGuiApplication.clipboard().text() == "/ganstudio/edit:smile"


def test_what_was_set_is_there_at_the_next_start(window, sender, make_window, tiny_checkpoint: Path, qtbot):
    used = window.live.osc.port
    window.close()
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=20_000)
    assert not window.live.osc.is_open
    assert SettingsStore().values.live.port == used
    again = make_window(open_path=tiny_checkpoint)
    qtbot.waitUntil(lambda: again.live.osc.is_open)
    assert again.live.osc.port == used


def test_midi_that_is_gone_is_said(window, dialog, port, qtbot):
    dialog.midi.choice.hears.click()

    def fail():
        raise OSError("unplugged")

    port.iter_pending = fail
    qtbot.waitUntil(lambda: "unplugged" in dialog.midi.choice.trouble.text())
    assert port.is_closed
    assert not window.live.midi.is_open


def test_without_the_libraries_it_says_what_is_switched_off(window, monkeypatch, qtbot):
    monkeypatch.setattr(osc, "can_speak", lambda: False)
    for module in ("ganstudio.gui.services.osc_input", "ganstudio.gui.pages.live_osc"):
        monkeypatch.setattr(f"{module}.can_speak", lambda: False)
    for module in (midi_input.__name__, "ganstudio.gui.pages.live_midi"):
        monkeypatch.setattr(f"{module}.can_read", lambda: False)
    window.commands["live.control"].trigger()
    dialog = window.findChild(LiveControlDialog)
    assert "pip install 'ganstudio[live]'" in dialog.osc.absent.text()
    assert not dialog.osc.absent.isHidden()
    assert not dialog.midi.choice.absent.isHidden()
    dialog.osc.hears.click()
    assert "python-osc" in dialog.osc.trouble.text()
    with pytest.raises(AnimationError, match="python-rtmidi"):
        midi_input.list_mido_ports()


def test_the_output_on_a_second_screen_shows_what_osc_moves(window, sender, qtbot):
    window.explore.canvas.output.toggle()
    output = window.explore.canvas.output.output
    qtbot.waitUntil(lambda: output._picture is not None)
    shown = output._picture
    sender.send("/ganstudio/truncation", 0.1)
    qtbot.waitUntil(lambda: output._picture is not shown)
    whole = output.target()
    sender.send("/ganstudio/zoom", 2.0)
    sender.send("/ganstudio/centre_x", 0.0)
    qtbot.waitUntil(lambda: output.target().width() == pytest.approx(2 * whole.width(), abs=2))
    assert output.target().left() == pytest.approx(output.width() / 2, abs=1)
    assert window.explore.canvas.picture.target().left() == pytest.approx(
        window.explore.canvas.picture.width() / 2, abs=1
    )
    output.close()


def test_the_dialog_lets_go_of_learning_and_its_timer_when_it_is_closed(window, dialog, qtbot):
    window.live.learn("truncation")
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert window.live.learning is None
    assert not dialog.isVisible()
    window.commands["live.control"].trigger()
    assert window.findChild(LiveControlDialog) is dialog
    assert dialog.isVisible()
