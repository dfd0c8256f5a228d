"""A sound measured while it comes in, against sounds that are known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganstudio.animation.sound.drive import Drive, follow
from ganstudio.animation.sound.meter import LIVE_SOURCES, LiveMeter

RATE = 44_100


def feed(meter: LiveMeter, samples: np.ndarray, step: int = 882) -> None:
    for start in range(0, len(samples), step):
        meter.feed(samples[start : start + step].astype(np.float32))


def tone(hertz: float, seconds: float = 0.5, strength: float = 0.5) -> np.ndarray:
    return strength * np.sin(2 * np.pi * hertz * np.arange(round(seconds * RATE)) / RATE)


@pytest.mark.parametrize(("hertz", "band"), [(100, "low"), (700, "middle"), (6000, "high")])
def test_a_tone_is_loudest_in_its_band(hertz, band):
    meter = LiveMeter(RATE)
    feed(meter, tone(hertz))
    assert max(("low", "middle", "high"), key=lambda name: meter.values[name]) == band
    assert meter.values["level"] > 0.95
    assert meter.values[band] > 0.95


def test_half_as_loud_is_six_decibels_less_and_silence_is_nothing():
    meter = LiveMeter(RATE)
    feed(meter, tone(700))
    feed(meter, tone(700, 0.1, 0.25))
    assert meter.values["level"] == pytest.approx(1 - 6.02 / 60, abs=0.02)
    feed(meter, np.zeros(RATE // 2))
    assert meter.values["level"] == 0
    quiet = LiveMeter(RATE)
    feed(quiet, np.random.default_rng(0).normal(size=RATE) * 1e-5)
    assert quiet.values["level"] < 0.3


def test_what_begins_is_an_onset_and_what_goes_on_is_none():
    meter = LiveMeter(RATE)
    feed(meter, np.zeros(RATE // 4))
    assert meter.values["onset"] == 0
    feed(meter, tone(700, 0.04))
    assert meter.values["onset"] > 0.5
    feed(meter, tone(700, 0.8))
    assert meter.values["onset"] < 0.1


@given(st.lists(st.floats(width=32), max_size=60))
def test_any_samples_give_values_from_0_to_1(samples):
    meter = LiveMeter(RATE)
    meter.feed(np.array(samples * 40, np.float32))
    meter.feed(np.array(samples, np.float32))
    assert set(meter.values) == set(LIVE_SOURCES)
    assert all(0 <= value <= 1 for value in meter.values.values())


def test_following_does_not_depend_on_how_often_it_is_asked():
    drive = Drive("truncation", attack_s=0.2, release_s=0.5)
    often = 0.0
    for _ in range(10):
        often = follow(drive, often, 1.0, 0.01)
    assert often == pytest.approx(follow(drive, 0.0, 1.0, 0.1))
    assert follow(drive, 1.0, 0.0, 0.5) == pytest.approx(np.exp(-1))
    assert follow(Drive("truncation", attack_s=0), 0.0, 1.0, 0.01) == 1.0
