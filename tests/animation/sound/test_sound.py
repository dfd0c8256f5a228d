"""Sound: read, measured against sounds that are known, and what it drives."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from ganstudio.animation.errors import AnimationError
from ganstudio.animation.frames import frame_at
from ganstudio.animation.parameters import Frame
from ganstudio.animation.sound.clip import Clip, is_sound, read_clip
from ganstudio.animation.sound.drive import Drive, amount, driven
from ganstudio.animation.sound.features import measure, waveform
from ganstudio.animation.timeline import Timeline
from ganstudio.project import timeline_edits
from ganstudio.project.state import Project
from ganstudio.rendering.looks.look import Look

RATE = 44_100


def clicks(bpm: float, seconds: float = 12.0, start: float = 0.3) -> Clip:
    """Short bursts of noise, one a beat."""
    random = np.random.default_rng(0)
    samples = random.normal(size=round(seconds * RATE)) * 1e-4
    burst = random.normal(size=900) * np.exp(-np.arange(900) / 200)
    for beat in np.arange(start, seconds - 0.1, 60 / bpm):
        at = round(beat * RATE)
        samples[at : at + len(burst)] += burst * 0.4
    return Clip(samples.clip(-1, 1).astype(np.float32))


def tone(hertz: float, seconds: float = 1.0) -> Clip:
    return Clip((0.5 * np.sin(2 * np.pi * hertz * np.arange(round(seconds * RATE)) / RATE)).astype(np.float32))


@pytest.mark.parametrize("bpm", [90.0, 120.0, 150.0])
def test_beats_are_found_where_they_are(bpm: float) -> None:
    found = measure(clicks(bpm), 30)
    assert found.tempo == pytest.approx(bpm, rel=0.03)
    truth = np.arange(0.3, 11.9, 60 / bpm)
    distances = [np.abs(truth - beat).min() for beat in found.beats]
    assert max(distances) < 0.04
    assert len(found.beats) >= len(truth) - 2
    onsets = [np.abs(truth - onset).min() for onset in found.onsets]
    assert max(onsets) < 0.04


@pytest.mark.parametrize(("hertz", "band"), [(80, "low"), (700, "middle"), (6000, "high")])
def test_a_tone_is_in_its_band(hertz: float, band: str) -> None:
    found = measure(tone(hertz), 30)
    middles = {name: found.at(name, 15) for name in ("low", "middle", "high")}  # type: ignore[arg-type]
    assert max(middles, key=lambda name: middles[name]) == band
    assert middles[band] > 0.9
    assert found.at("level", 15) > 0.9


def test_silence_and_the_time_beyond_have_nothing() -> None:
    silent = measure(Clip(np.zeros(RATE, np.float32)), 30)
    assert all(silent.at(source, 10) == 0 for source in silent.values)
    assert (silent.tempo, silent.beats) == (0.0, ())
    assert measure(tone(440), 30).at("level", 99) == 0
    assert measure(Clip(np.zeros(1, np.float32)), 30).values["level"].shape == (1,)


def test_a_waveform_has_the_extremes_of_its_pieces() -> None:
    samples = np.random.default_rng(0).uniform(-1, 1, 10_000).astype(np.float32)
    drawn = waveform(Clip(samples), 100)
    pieces = samples.reshape(100, 100)
    assert np.array_equal(drawn, np.stack([pieces.min(1), pieces.max(1)], 1))
    assert waveform(Clip(samples[:3]), 10).shape == (10, 2)


def test_files_are_read_in_one_channel(tmp_path: Path) -> None:
    stereo = np.stack([tone(440).samples, tone(440).samples], 1)
    for name in ("a.wav", "b.flac", "c.ogg"):
        soundfile.write(tmp_path / name, stereo, RATE)
        clip = read_clip(tmp_path / name)
        assert clip.seconds == pytest.approx(1.0, abs=0.01)
        assert clip.samples.max() == pytest.approx(0.5, abs=0.05)
    soundfile.write(tmp_path / "d.wav", stereo[::2], RATE // 2)
    assert read_clip(tmp_path / "d.wav").seconds == pytest.approx(1.0, abs=0.01)


def test_what_is_no_sound_is_said(tmp_path: Path) -> None:
    (tmp_path / "text.wav").write_text("no sound", encoding="utf-8")
    (tmp_path / "empty.wav").write_bytes(b"")
    for name in ("text.wav", "empty.wav", "gone.wav"):
        with pytest.raises(AnimationError, match=r"cannot be read|no sound"):
            read_clip(tmp_path / name)


def test_a_drive_follows_with_attack_and_release() -> None:
    features = measure(clicks(60), 30)
    at_once = Drive("truncation", "beat", 0.5, attack_s=0, release_s=0)
    beat = features.beats[2] * 30
    assert amount(at_once, features, np.ceil(beat), 30) > 0.35
    slow = replace(at_once, release_s=0.5)
    later = np.ceil(beat) + 12
    assert amount(slow, features, later, 30) > 3 * amount(at_once, features, later, 30)
    gentle = replace(at_once, attack_s=1.0)
    assert amount(gentle, features, np.ceil(beat), 30) < 0.1
    values = [amount(slow, features, frame, 30) for frame in range(100, 130)]
    assert values == [amount(slow, features, frame, 30) for frame in reversed(range(100, 130))][::-1]


def test_drives_add_up_within_the_limits_of_their_parameters() -> None:
    features = measure(tone(440, 2), 30)
    drives = (Drive("truncation", gain=0.5, attack_s=0), Drive("edit:smile", gain=90.0, attack_s=0),
              Drive("zoom", gain=1.0, curve="x / 2", attack_s=0), Drive("mix", is_muted=True))  # fmt: skip
    frame = driven(Frame(Look(truncation=0.25)), drives, features, 20, 30)
    assert frame.look.truncation == pytest.approx(0.75, abs=0.03)
    assert frame.look.strength_of("smile") == 20.0
    assert frame.zoom == pytest.approx(1.5, abs=0.03)


@pytest.mark.parametrize(
    "change",
    [{"parameter": "latent"}, {"parameter": "magic"}, {"source": "smell"}, {"gain": float("nan")}, {"release_s": -1},
     {"curve": "__import__('os')"}, {"more": 1}],
)  # fmt: skip
def test_what_cannot_drive_is_refused(change: dict[str, object]) -> None:
    values = Drive("truncation").to_json()
    assert Drive.from_json(values) == Drive("truncation")
    with pytest.raises(AnimationError):
        Drive.from_json({**values, **change})


def test_a_timeline_is_moved_by_its_sound() -> None:
    timeline = Timeline(60, drives=(Drive("truncation", gain=0.5, attack_s=0, release_s=0),), sound="a.wav")
    assert Timeline.from_json(timeline.to_json()) == timeline
    features = measure(tone(440, 1.0), 30)
    base = Look(truncation=0.0)
    assert frame_at(timeline, base, 15).look.truncation == 0.0
    assert frame_at(timeline, base, 15, features).look.truncation == pytest.approx(0.5, abs=0.05)
    assert frame_at(timeline, base, 50, features).look.truncation == 0.0  # the sound has ended


def test_drives_are_set_and_taken_away() -> None:
    project = timeline_edits.set_drive(Project(), Drive("zoom", "beat", 1.0))
    project = timeline_edits.set_drive(project, Drive("zoom", "low", 1.0))
    project = timeline_edits.set_drive(project, Drive("zoom", "beat", 2.0))
    assert [(drive.source, drive.gain) for drive in project.timeline.drives] == [("beat", 2.0), ("low", 1.0)]
    assert len(timeline_edits.remove_drive(project, "zoom", "beat").timeline.drives) == 1


def test_audio_files_are_told_by_their_bytes_and_pictures_and_films_are_none(tmp_path: Path) -> None:
    for name in ("a.wav", "b.flac", "c.ogg", "d.mp3"):
        soundfile.write(tmp_path / name, tone(440).samples, RATE)
        assert is_sound((tmp_path / name).read_bytes()[:64]), name
    others = [b"", b"\xff", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n", b"RIFF1234WEBP", b"PK\x03\x04", b"\x80\x02}q"]
    others.append(b"\x00\x00\x00 ftypisom")
    assert not any(is_sound(head) for head in others)
    assert is_sound(b"\x00\x00\x00 ftypM4A ")
