"""Addresses, scales, bindings, MIDI messages and the setup as a whole."""

import mido
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganstudio.animation.control.addresses import COMMANDS, address_of, target_of
from ganstudio.animation.control.binding import Binding, words_for
from ganstudio.animation.control.midi import read_message
from ganstudio.animation.control.scale import Scale
from ganstudio.animation.control.setup import LiveSetup
from ganstudio.animation.errors import AnimationError
from ganstudio.animation.parameters import EDIT_PREFIX, PARAMETERS
from ganstudio.animation.sound.drive import Drive

TARGETS = [parameter.name for parameter in PARAMETERS if parameter.limits is not None] + ["seed", *COMMANDS]


@pytest.mark.parametrize("target", [*TARGETS, "edit:smile", "edit:style:3:17", "edit:Grüße / [x] * 50%?"])
def test_an_address_leads_back_to_its_target_and_has_no_letters_that_osc_keeps(target):
    address = address_of(target)
    assert target_of(address) == target
    assert not set(address) & set(" #*,?[]{}")
    assert address.isascii()


@given(st.text(min_size=1, max_size=60))
def test_any_direction_has_an_address(name):
    if all(not 0xD800 <= ord(letter) < 0xE000 for letter in name):
        address = address_of(EDIT_PREFIX + name)
        assert target_of(address) in {EDIT_PREFIX + name, None}
        assert len(address) > 300 or target_of(address) is not None


@pytest.mark.parametrize("address", ["", "/", "/ganstudio", "/ganstudio/", "/other/seed", "/ganstudio/latent",
                                     "/ganstudio/edit:", "/ganstudio/os.name", "/ganstudio/" + "x" * 400])  # fmt: skip
def test_other_addresses_are_nobodys(address):
    assert target_of(address) is None


def test_a_scale_goes_from_end_to_end_by_its_curve_and_stops_there():
    scale = Scale((0, 127), (-3, 3), "x ** 2")
    assert [scale.at(number) for number in (-5, 0, 63.5, 127, 500)] == [-3, -3, -1.5, 3, 3]
    turned = Scale((1, 0), (0.0, 1.0))
    assert [turned.at(number) for number in (0, 0.25, 1)] == [1, 0.75, 0]


@pytest.mark.parametrize("values", [{"come": (1.0, 1.0)}, {"to": (0.0, float("nan"))}, {"to": (0.0, 1e9)},
                                    {"curve": "__import__('os')"}, {"curve": "x.real"}, {"come": (0.0,)}])  # fmt: skip
def test_scales_that_are_none_are_refused(values):
    with pytest.raises(AnimationError):
        Scale(**values)


@pytest.mark.parametrize("control", ["", "midi", "midi 0 control 1", "midi 17 control 1", "midi 1 control 128", "/",
                                     "/a b", "fader", "midi 1 wheel", "/" + "x" * 400])  # fmt: skip
def test_controls_that_are_none_are_refused(control):
    with pytest.raises(AnimationError):
        Binding(control, "truncation")


def test_what_is_no_target_cannot_be_bound():
    for target in ("latent", "nothing", "edit:", 7):
        with pytest.raises(AnimationError):
            Binding("/a", target)


def test_messages_of_midi_say_which_control_and_how_far():
    found = [
        read_message(mido.Message("control_change", channel=0, control=7, value=127)),
        read_message(mido.Message("note_on", channel=15, note=60, velocity=0)),
        read_message(mido.Message("note_off", channel=15, note=60, velocity=99)),
        read_message(mido.Message("pitchwheel", channel=1, pitch=-8192)),
        read_message(mido.Message("pitchwheel", channel=1, pitch=8191)),
    ]
    assert [(touch.control, touch.share) for touch in found] == [
        ("midi 1 control 7", 1.0),
        ("midi 16 note 60", 0.0),
        ("midi 16 note 60", 0.0),
        ("midi 2 pitch", 0.0),
        ("midi 2 pitch", 1.0),
    ]
    steps = [read_message(mido.Message("control_change", control=1, value=value)).steps for value in (1, 63, 127, 65)]
    assert steps == [1, 63, -1, -63]


@pytest.mark.parametrize("kind", ["clock", "start", "program_change", "aftertouch", "sysex", "songpos"])
def test_other_messages_of_midi_are_passed_by(kind):
    assert read_message(mido.Message(kind)) is None


@given(st.lists(st.integers(0, 255), max_size=40))
def test_any_bytes_of_midi_give_touches_that_can_be_bound(data):
    parser = mido.Parser()
    parser.feed(data)
    for message in parser:
        touch = read_message(message)
        if touch is not None:
            assert 0 <= touch.share <= 1
            assert Binding(touch.control, "truncation").is_midi


def test_a_setup_comes_back_from_json():
    bindings = (Binding("/1/fader", "edit:smile", Scale((0, 1), (-3, 3), "smooth(x)")),
                Binding("midi 1 control 7", "truncation", is_endless=True))  # fmt: skip
    setup = LiveSetup(hears_osc=True, port=8000, bindings=bindings, drives=(Drive("truncation", "low"),))
    assert LiveSetup.from_json(setup.to_json()) == setup
    assert not any(value for value in LiveSetup().to_json().values() if isinstance(value, bool))


@pytest.mark.parametrize("values", [{"port": 80}, {"port": "9000"}, {"port": True}, {"send_host": "example.org"},
                                    {"send_host": "1.2.3.999"}, {"send_rate": 0}, {"hears_osc": 1},
                                    {"bindings": 5}, {"bindings": [{"control": "/a", "target": "nothing"}]},
                                    {"bindings": [{"control": "/a", "target": "seed"}] * 2},
                                    {"drives": [{"parameter": "latent"}]}])  # fmt: skip
def test_setups_that_are_none_are_refused(values):
    with pytest.raises(AnimationError):
        LiveSetup.from_json(values)


def test_it_sees_that_it_would_hear_itself():
    assert LiveSetup(hears_osc=True, sends_osc=True, send_port=9000).talks_to_itself
    assert not LiveSetup(hears_osc=True, sends_osc=True, send_port=9001).talks_to_itself
    assert not LiveSetup(hears_osc=True, sends_osc=True, send_port=9000, send_host="10.0.0.2").talks_to_itself


def test_controls_have_words():
    assert words_for("midi 3 control 7") == "MIDI control 7, channel 3"
    assert words_for("midi 3 pitch") == "MIDI pitch, channel 3"
    assert words_for("/1/fader") == "/1/fader"
