"""OSC packets of strangers: what is read, what is refused, and that nothing else ever happens."""

import struct
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pythonosc.osc_bundle_builder import IMMEDIATELY, OscBundleBuilder
from pythonosc.osc_message_builder import OscMessageBuilder

from ganstudio.animation.control import osc
from ganstudio.animation.control.osc import LARGEST_PACKET, Message, PacketError, read_packet, write_message
from ganstudio.animation.errors import AnimationError


def message(address: str, *values: object) -> bytes:
    builder = OscMessageBuilder(address)
    for value in values:
        builder.add_arg(value)
    return builder.build().dgram


def bundle(*parts: bytes) -> bytes:
    return b"#bundle\x00" + struct.pack(">Q", 1) + b"".join(struct.pack(">i", len(part)) + part for part in parts)


def test_numbers_truth_and_texts_are_read():
    packet = message("/a/b", 1.5, 7, True, False, "text", None)
    assert read_packet(packet) == (Message("/a/b", (1.5, 7, True, False, "text", None)),)
    assert read_packet(message("/a"))[0].number is None
    assert read_packet(message("/a", True))[0].number == 1.0
    assert read_packet(message("/a", "1"))[0].number is None


def test_bundles_are_read_in_their_order_also_inside_one_another():
    inner = bundle(message("/b", 2), message("/c", 3))
    found = read_packet(bundle(message("/a", 1), inner, message("/d", 4)))
    assert [(one.address, one.number) for one in found] == [("/a", 1), ("/b", 2), ("/c", 3), ("/d", 4)]


def test_a_bundle_that_the_library_builds_is_read():
    builder = OscBundleBuilder(IMMEDIATELY)
    part = OscMessageBuilder("/x")
    part.add_arg(0.25)
    builder.add_content(part.build())
    assert read_packet(builder.build().dgram) == (Message("/x", (0.25,)),)


def nested(depth: int) -> bytes:
    packet = message("/deep", 1)
    for _ in range(depth):
        packet = bundle(packet)
    return packet


HOSTILE = {
    "empty": b"",
    "no slash": b"hello\x00\x00\x00",
    "no end": b"/abc",
    "zeros": bytes(64),
    "bundle cut short": b"#bundle\x00\x00",
    "size is negative": b"#bundle\x00" + bytes(8) + struct.pack(">i", -4) + bytes(8),
    "size is zero": b"#bundle\x00" + bytes(8) + struct.pack(">i", 0) * 100,
    "size beyond the end": b"#bundle\x00" + bytes(8) + struct.pack(">i", 1 << 30),
    "size is odd": b"#bundle\x00" + bytes(8) + struct.pack(">i", 3) + b"/a\x00",
    "size is cut short": b"#bundle\x00" + bytes(8) + b"\x00\x00",
    "nested without end": nested(300),
    "nested one too deep": nested(9),
    "many bundles": bundle(*([bundle()] * 400)),
    "many messages": bundle(*([b"/a\x00\x00,\x00\x00\x00"] * 300)),
    "too large": message("/a", "x" * LARGEST_PACKET),
    "types unknown": b"/a\x00\x00,qqq\x00\x00\x00\x00",
    "a blob": message("/a", b"1234"),
    "no comma": b"/a\x00\x00iii\x00" + bytes(12),
    "arrays": b"/a\x00\x00,[[[[[[\x00" + bytes(12),
    "value missing": b"/a\x00\x00,f\x00\x00",
    "value cut short": b"/a\x00\x00,f\x00\x00\x00\x00",
    "not a number": b"/a\x00\x00,f\x00\x00" + struct.pack(">f", float("nan")),
    "no end of it": b"/a\x00\x00,d\x00\x00" + struct.pack(">d", float("inf")),
    "letters that are none": b"/\xff\xfe\x00,i\x00\x00" + bytes(4),
    "too many values": b"/a\x00\x00," + b"T" * 40 + b"\x00" * 3,
}


@pytest.mark.parametrize("packet", HOSTILE.values(), ids=HOSTILE)
def test_what_is_broken_or_beyond_the_limits_is_refused(packet):
    begun = time.perf_counter()
    with pytest.raises(PacketError):
        read_packet(packet)
    assert time.perf_counter() - begun < 1


@given(st.binary(max_size=600))
def test_any_bytes_are_read_or_refused(packet):
    try:
        messages = read_packet(packet)
    except PacketError:
        return
    assert all(one.address.startswith("/") for one in messages)


@given(st.integers(0, 2**32), st.lists(st.tuples(st.integers(0, 200), st.integers(0, 255)), max_size=6))
def test_a_good_packet_with_bytes_turned_is_read_or_refused(seed, turned):
    packet = bytearray(bundle(message("/ganstudio/truncation", 0.5), bundle(message("/x", seed % 1000, "text"))))
    for place, value in turned:
        packet[place % len(packet)] = value
    try:
        read_packet(bytes(packet))
    except PacketError:
        return


@pytest.mark.parametrize("value", [0.5, -3.0, 7, 2**32 - 1])
def test_what_is_written_is_read_again(value):
    assert read_packet(write_message("/ganstudio/seed", value)) == (Message("/ganstudio/seed", (value,)),)


def test_without_the_library_it_says_what_to_install(monkeypatch):
    monkeypatch.setattr(osc, "can_speak", lambda: False)
    with pytest.raises(AnimationError, match=r"pip install 'ganstudio\[live\]'"):
        read_packet(message("/a", 1))
