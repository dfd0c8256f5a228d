"""Exports: the same bits each time, whole files or none, and a clear word for whatever goes wrong."""

import os
import signal
import subprocess
import sys
import wave
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from ganstudio.animation import export as export_module
from ganstudio.animation.errors import AnimationError
from ganstudio.animation.export import (
    ExportDone,
    ExportPreparing,
    ExportStarted,
    FrameDone,
    draw_shard,
    export,
    join,
)
from ganstudio.animation.exporting.framing import Framing
from ganstudio.animation.exporting.kept_frames import KeptFrames, say_numbers
from ganstudio.animation.formats.base import FORMATS
from ganstudio.animation.frames import frame_at
from ganstudio.animation.sound.clip import read_clip
from ganstudio.animation.sound.drive import Drive
from ganstudio.animation.sound.features import measure
from ganstudio.animation.timeline import Key, Timeline, Track
from ganstudio.checkpoints.base import DirectionInfo
from ganstudio.errors import GanStudioError
from ganstudio.files import FileWriteError
from ganstudio.rendering.looks.edit import Edit
from ganstudio.rendering.looks.look import Look
from ganstudio.rendering.looks.own_direction import own_direction
from ganstudio.rendering.renderer import OutOfMemoryError, Renderer
from tests.animation.exporting_plans import digest, exported, hashes, plan_for, save_stylegan2, timeline


@pytest.fixture
def stylegan2(tmp_path):
    return save_stylegan2(tmp_path / "style.safetensors")


@pytest.fixture(params=["mlp", "stylegan2"])
def checkpoint(request, tmp_path):
    if request.param == "mlp":
        return request.getfixturevalue("tiny_checkpoint")
    return save_stylegan2(tmp_path / "style.safetensors")


def write_sound(path, seconds, click_at=None, rate=44_100):
    samples = np.zeros((round(seconds * rate), 1), "<i2")
    if click_at is not None:
        samples[round(click_at * rate) : round(click_at * rate) + 40] = 30_000
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples.tobytes())
    return path


def left_in(folder):
    return sorted(path.name for path in folder.iterdir())


def test_the_same_export_gives_the_same_bits(checkpoint, tmp_path):
    plan = plan_for(checkpoint, tmp_path / "a", with_hashes=True)
    first, second = (hashes(exported(replace(plan, output=tmp_path / name))) for name in "ab")
    assert first == second
    assert len(set(first.values())) > 30  # it moves
    for number in range(37):
        one, other = ((tmp_path / name / f"{number:05d}.png").read_bytes() for name in "ab")
        assert one == other


@pytest.mark.parametrize("group", [0, 1, 5])
def test_a_range_has_the_bits_of_the_whole(checkpoint, tmp_path, group):
    plan = plan_for(checkpoint, tmp_path / "whole", with_hashes=True, group=group)
    whole = hashes(exported(plan))
    part = hashes(exported(replace(plan, output=tmp_path / "part", span=(7, 23))))
    assert part == {number: whole[number] for number in range(7, 23)}


def test_shards_have_the_bits_of_the_whole_and_are_joined(checkpoint, tmp_path):
    plan = plan_for(checkpoint, tmp_path / "whole", with_hashes=True, group=4)
    whole = hashes(exported(plan))
    film = replace(plan, output=tmp_path / "film")
    drawn = {}
    for part in (3, 1, 2):
        events = list(draw_shard(film, KeptFrames(film.output), (part, 3)))
        assert isinstance(events[-1], ExportDone)
        assert not drawn.keys() & hashes(events).keys()  # no frame is drawn by two
        drawn |= hashes(events)
    assert drawn == whole
    joined = hashes(join(film, KeptFrames(film.output)))
    assert joined == whole
    assert "film" in left_in(tmp_path)
    assert "film.frames" not in left_in(tmp_path)


def test_joining_needs_no_model(tiny_checkpoint, tmp_path):
    plan = plan_for(tiny_checkpoint, tmp_path / "film.mp4", format="mp4")
    for part in (1, 2):
        list(draw_shard(plan, KeptFrames(plan.output), (part, 2)))
    tiny_checkpoint.unlink()
    list(join(plan, KeptFrames(plan.output)))
    with av.open(str(plan.output)) as film:
        assert len(list(film.decode(video=0))) == 37


def test_a_missing_shard_is_named(tiny_checkpoint, tmp_path):
    plan = plan_for(tiny_checkpoint, tmp_path / "film", group=10)
    with pytest.raises(AnimationError, match="no frames are kept"):
        list(join(plan, KeptFrames(plan.output)))
    list(draw_shard(plan, KeptFrames(plan.output), (2, 2)))
    with pytest.raises(AnimationError, match=r"20 of 37 frames are missing: 0-19"):
        list(join(plan, KeptFrames(plan.output)))
    with pytest.raises(AnimationError, match="3/2 is none"):
        list(draw_shard(plan, KeptFrames(plan.output), (3, 2)))


@pytest.mark.parametrize("stop", [1, 9, 30])
def test_a_resumed_export_has_the_bits_of_the_whole(checkpoint, tmp_path, stop):
    plan = plan_for(checkpoint, tmp_path / "whole", with_hashes=True, group=4)
    whole = hashes(exported(plan))
    film = replace(plan, output=tmp_path / "film")
    work = export(film, KeptFrames(film.output))
    for event in work:
        if isinstance(event, FrameDone) and event.done == stop:
            break
    work.close()
    assert "film" not in left_in(tmp_path)
    events = exported(replace(film, threads=0, group=0), KeptFrames(film.output))
    started = next(event for event in events if isinstance(event, ExportStarted))
    assert started.kept >= stop
    assert hashes(events) == whole
    assert not [name for name in left_in(tmp_path) if "frames" in name or ".part" in name]


def test_kept_frames_of_another_film_or_damaged_ones_are_not_used(tiny_checkpoint, tmp_path):
    plan = plan_for(tiny_checkpoint, tmp_path / "film", with_hashes=True, group=4)
    whole = hashes(exported(replace(plan, output=tmp_path / "whole")))
    kept = KeptFrames(plan.output)
    list(draw_shard(plan, kept, (1, 2)))
    with pytest.raises(AnimationError, match="of another film"):
        exported(replace(plan, base=Look(9)), kept)
    first, second = (kept.folder / f"{number:07d}.png" for number in (1, 2))
    first.write_bytes(first.read_bytes()[:200])  # as a power cut leaves it
    second.write_bytes(Path(tmp_path / "whole" / "00005.png").read_bytes())
    assert hashes(exported(plan, kept)) == whole


def test_another_rate_shows_the_same_time(tiny_checkpoint, tmp_path):
    plan = plan_for(tiny_checkpoint, tmp_path / "a", with_hashes=True, group=1)
    usual = hashes(exported(plan))
    double = replace(plan, output=tmp_path / "b", fps=Fraction(60))
    assert (len(double.numbers), double.seconds) == (74, plan.seconds)
    found = hashes(exported(double))
    assert [found[2 * number] for number in range(37)] == list(usual.values())
    part = replace(double, span=(10, 20))
    assert part.numbers == range(20, 40)
    ntsc = replace(plan, fps=Fraction(30000, 1001), span=(0, 37))
    assert len(ntsc.numbers) == 37
    assert ntsc.time_of(1000) == pytest.approx(1001)


@pytest.mark.parametrize("name", list(FORMATS))
def test_cancelled_at_any_event_it_leaves_nothing(tiny_checkpoint, tmp_path, name):
    folder = tmp_path / "films"
    folder.mkdir()
    plan = plan_for(tiny_checkpoint, folder / f"film{FORMATS[name].suffix}", format=name, timeline=timeline(4))
    count = len(exported(replace(plan, output=tmp_path / f"whole{FORMATS[name].suffix}")))
    for stop in range(1, count):
        work = export(plan)
        for _ in range(stop):
            next(work)
        work.close()
        assert left_in(folder) == [], stop
    assert count > 6


@pytest.mark.parametrize("name", list(FORMATS))
def test_an_error_while_drawing_leaves_the_old_file(tiny_checkpoint, tmp_path, name, monkeypatch):
    folder = tmp_path / "films"
    folder.mkdir()
    output = folder / f"film{FORMATS[name].suffix}"
    if FORMATS[name].suffix:
        output.write_bytes(b"old")
    plan = plan_for(tiny_checkpoint, output, format=name, group=4)
    drawn, draw_batch = [], Renderer.draw_batch

    def fail_later(self, looks, directions=()):
        drawn.append(looks)
        if len(drawn) == 4:
            raise OutOfMemoryError("pictures", "memory does not last")
        return draw_batch(self, looks, directions)

    monkeypatch.setattr(Renderer, "draw_batch", fail_later)
    with pytest.raises(OutOfMemoryError):
        exported(plan)
    assert left_in(folder) == ([output.name] if FORMATS[name].suffix else [])
    assert not FORMATS[name].suffix or output.read_bytes() == b"old"


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="mounting needs root")
@pytest.mark.parametrize("name", list(FORMATS))
def test_a_full_disk_is_one_clear_message(tiny_checkpoint, tmp_path, name):
    mount, suffix = tmp_path / "small", FORMATS[name].suffix
    mount.mkdir()
    plan = plan_for(tiny_checkpoint, tmp_path / f"film{suffix}", format=name, size=(128, 128), timeline=timeline(9))
    needed = next(event.size_bytes for event in exported(plan) if isinstance(event, ExportDone))
    pages = (needed - 1) // 4096  # the last of it does not fit
    command = ["mount", "-t", "tmpfs", "-o", f"size={4 * max(1, pages)}k", "none", str(mount)]
    if subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("this machine mounts nothing")
    try:
        with pytest.raises(FileWriteError, match="disk is full"):
            exported(replace(plan, output=mount / f"film{suffix}"))
        assert left_in(mount) == []
    finally:
        subprocess.run(["umount", str(mount)], check=False)


def test_killed_in_the_middle_nothing_stands_under_the_name_and_the_rest_is_swept(tiny_checkpoint, tmp_path):
    folder = tmp_path / "films"
    folder.mkdir()
    code = (
        "import sys, time\nfrom pathlib import Path\n"
        "from tests.animation.exporting_plans import *\n"
        "plan = plan_for(Path(sys.argv[1]), Path(sys.argv[2]), format='mp4')\n"
        "for event in export(plan):\n"
        "    if isinstance(event, FrameDone) and event.done == 20:\n"
        "        print('half', flush=True); time.sleep(60)\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(tiny_checkpoint), str(folder / "film.mp4")],
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"half\n"
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    left = left_in(folder)
    assert len(left) == 1
    assert left[0].startswith(".ganstudio-")
    exported(plan_for(tiny_checkpoint, folder / "film.mp4", format="mp4"))
    assert left_in(folder) == ["film.mp4"]


def test_progress_is_told_with_previews(tiny_checkpoint, tmp_path):
    events = exported(plan_for(tiny_checkpoint, tmp_path / "film.mp4", format="mp4", size=(400, 200)))
    kinds = [type(event) for event in events]
    assert kinds.index(ExportStarted) == kinds.count(ExportPreparing)
    frames = [event for event in events if isinstance(event, FrameDone)]
    assert [event.done for event in frames] == list(range(1, 38))
    assert frames[-1].seconds_left == 0
    assert frames[-1].preview is not None
    assert frames[-1].preview.shape == (96, 192, 3)
    done = events[-1]
    assert isinstance(done, ExportDone)
    assert (done.frames, done.size_bytes) == (37, (tmp_path / "film.mp4").stat().st_size)


def test_odd_sizes_become_even_and_that_is_said(tiny_checkpoint, tmp_path):
    plan = plan_for(tiny_checkpoint, tmp_path / "film.mp4", format="mp4", size=(101, 77), timeline=timeline(3))
    started = next(event for event in exported(plan) if isinstance(event, ExportStarted))
    assert (started.width, started.height) == (102, 78)
    assert "even" in started.notes[0]
    with av.open(str(plan.output)) as film:
        assert (film.streams.video[0].width, film.streams.video[0].height) == (102, 78)


def test_without_a_size_frames_are_as_the_model_draws_them(tiny_checkpoint, tmp_path):
    still = Timeline(2, tracks=(Track("truncation", (Key(0, 0.7),)),))  # one key only
    plan = plan_for(tiny_checkpoint, tmp_path / "film", size=(0, 0), timeline=still, base=Look(3, label=1))
    exported(plan)
    with Image.open(tmp_path / "film" / "00001.png") as picture:
        found = np.asarray(picture)
    expected = Renderer(tiny_checkpoint, "cpu").draw_batch([Look(3, 0.7, 1)] * 16)[1]
    assert np.array_equal(found, np.repeat(expected, 3, axis=2))


def test_a_timeline_without_keys_is_a_still_and_says_so(tiny_checkpoint, tmp_path):
    plan = plan_for(tiny_checkpoint, tmp_path / "film.mp4", format="mp4", timeline=Timeline(1))
    started = next(event for event in exported(plan) if isinstance(event, ExportStarted))
    assert any("nothing moves" in note for note in started.notes)


def test_the_projects_own_directions_are_gone_along(tiny_checkpoint, tmp_path):
    step = np.zeros(8, np.float32)
    step[3] = 2.0
    own = own_direction(DirectionInfo("mine", "Mine", -3, 3), step)
    still = Timeline(1, tracks=(Track(f"edit:{own.name}", (Key(0, 2.0),)),))
    base = Look(1, edits=(Edit(own.name, 0.0),))
    plan = plan_for(tiny_checkpoint, tmp_path / "a", timeline=still, base=base, with_hashes=True)
    assert hashes(exported(plan)) != hashes(exported(replace(plan, output=tmp_path / "b", directions=(own,))))


def test_a_model_that_is_gone_is_told_before_a_file_is_made(tmp_path):
    plan = plan_for(tmp_path / "gone.safetensors", tmp_path / "film.mp4", format="mp4")
    with pytest.raises(GanStudioError, match=r"gone\.safetensors"):
        exported(plan)
    assert left_in(tmp_path) == []


def test_a_folder_that_is_gone_or_full_is_told_first(tiny_checkpoint, tmp_path):
    with pytest.raises(AnimationError, match="folder is not there"):
        exported(plan_for(tiny_checkpoint, tmp_path / "no" / "film.mp4", format="mp4"))
    (tmp_path / "frames").mkdir()
    (tmp_path / "frames" / "mine.txt").touch()
    with pytest.raises(AnimationError, match="not empty"):
        exported(plan_for(tiny_checkpoint, tmp_path / "frames"))
    (tmp_path / "film.mp4").mkdir()
    with pytest.raises(AnimationError, match="it is a folder"):
        exported(plan_for(tiny_checkpoint, tmp_path / "film.mp4", format="mp4"))


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written_to_is_told_first(tiny_checkpoint, tmp_path):
    folder = tmp_path / "mine"
    folder.mkdir(mode=0o500)
    with pytest.raises(AnimationError, match="may not be written"):
        exported(plan_for(tiny_checkpoint, folder / "film.mp4", format="mp4"))


def test_a_folder_that_refuses_files_is_one_clear_message(tiny_checkpoint, tmp_path, monkeypatch):
    def refuse(*_arguments, **_names):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tempfile.mkstemp", refuse)
    with pytest.raises(FileWriteError, match="may not be written"):
        exported(plan_for(tiny_checkpoint, tmp_path / "film.mp4", format="mp4"))


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"span": (5, 5)}, "5:5 is none"),
        ({"span": (0, 99)}, "END <= 37"),
        ({"fps": Fraction(500)}, "500 frames a second"),
        ({"size": (9000, 0)}, "9000"),
        ({"background": "red"}, "is no colour"),
        ({"fit": "stretched"}, "'stretched' is none"),
    ],
    ids=["empty", "beyond", "rate", "size", "background", "fit"],
)
def test_values_that_no_export_can_have_are_refused(tmp_path, values, words):
    with pytest.raises(AnimationError, match=words):
        plan_for(tmp_path / "a", tmp_path / "b", **values)


def test_rates_and_transparency_that_a_format_lacks_are_refused(tiny_checkpoint, tmp_path):
    with pytest.raises(AnimationError, match="50 frames a second at most"):
        exported(plan_for(tiny_checkpoint, tmp_path / "a.gif", format="gif", fps=Fraction(60)))
    with pytest.raises(AnimationError, match=r"no transparency.*WebM"):
        exported(plan_for(tiny_checkpoint, tmp_path / "a.mp4", format="mp4", background="transparent"))
    with pytest.raises(AnimationError, match="no frame of this rate"):
        exported(plan_for(tiny_checkpoint, tmp_path / "a", fps=Fraction(1), span=(1, 2)))


def test_memory_that_does_not_last_makes_smaller_groups(tiny_checkpoint, tmp_path, monkeypatch):
    draw_batch = Renderer.draw_batch

    def draw_few(self, looks, directions=()):
        if len(looks) > 3:
            raise OutOfMemoryError("pictures", "memory does not last")
        return draw_batch(self, looks, directions)

    plan = plan_for(tiny_checkpoint, tmp_path / "a", with_hashes=True)
    expected = hashes(exported(replace(plan, output=tmp_path / "b", group=2)))
    monkeypatch.setattr(Renderer, "draw_batch", draw_few)
    assert hashes(exported(plan)) == expected


def sound_of(path):
    with av.open(str(path)) as film:
        pieces = list(film.decode(audio=0))
        layers = [piece.to_ndarray() for piece in pieces]
    samples = np.concatenate([one if len(one) == 2 else one.reshape(-1, 2).T for one in layers], axis=1)
    return samples.astype(float)[0], pieces[0].time


@pytest.mark.parametrize("name", ["mp4", "webm", "mov"])
@pytest.mark.parametrize("seconds", [0.7, 9.0], ids=["shorter", "longer"])
def test_sound_is_cut_or_filled_to_the_length_and_in_sync(tiny_checkpoint, tmp_path, name, seconds):
    sound = write_sound(tmp_path / "sound.wav", seconds, click_at=0.5)
    output = tmp_path / f"film{FORMATS[name].suffix}"
    exported(plan_for(tiny_checkpoint, output, format=name, timeline=timeline(sound=str(sound))))
    samples, start = sound_of(output)
    assert start + np.argmax(np.abs(samples)) / 48_000 == pytest.approx(0.5, abs=1 / 60)
    assert start + len(samples) / 48_000 == pytest.approx(37 / 30, abs=1 / 30)


def test_a_range_has_the_sound_of_its_time(tiny_checkpoint, tmp_path):
    sound = write_sound(tmp_path / "sound.wav", 2, click_at=0.9)
    plan = plan_for(tiny_checkpoint, tmp_path / "a.mov", format="mov", timeline=timeline(sound=str(sound)))
    exported(replace(plan, span=(15, 37)))
    samples, start = sound_of(plan.output)
    assert start + np.argmax(np.abs(samples)) / 48_000 == pytest.approx(0.4, abs=1 / 60)


@pytest.mark.parametrize(
    ("content", "words"),
    [(None, "is not there"), (b"RIFF nothing at all", "cannot be read as sound"), (b"", "cannot be read as sound")],
    ids=["gone", "broken", "empty"],
)
def test_sound_that_is_broken_is_told_before_anything_is_drawn(tiny_checkpoint, tmp_path, content, words, monkeypatch):
    path = tmp_path / "sound.wav"
    if content is not None:
        path.write_bytes(content)
    monkeypatch.setattr(export_module, "open_model", lambda *_: pytest.fail("it was opened"))
    plan = plan_for(tiny_checkpoint, tmp_path / "a.mp4", format="mp4", timeline=timeline(sound=str(path)))
    with pytest.raises(AnimationError, match=words):
        exported(plan)
    assert "a.mp4" not in left_in(tmp_path)


def test_what_the_sound_drives_moves_in_the_film_as_in_the_window(tiny_checkpoint, tmp_path):
    sound = write_sound(tmp_path / "sound.wav", 2, click_at=0.6)
    drives = (Drive("truncation", "level", -0.8, 0.0, 0.2),)
    driven = Timeline(30, sound=str(sound), drives=drives)
    plan = plan_for(tiny_checkpoint, tmp_path / "a", timeline=driven, with_hashes=True, group=4)
    whole = hashes(exported(plan))
    assert len(set(whole.values())) > 5
    assert whole[0] == whole[10] != whole[19]
    features = measure(read_clip(sound), 30.0)
    look = frame_at(driven, plan.base, 19.0, features).look
    expected = Renderer(tiny_checkpoint, "cpu").draw_batch([frame_at(driven, plan.base, number, features).look
                                                            for number in range(16, 20)])[3]  # fmt: skip
    assert look.truncation < 1
    frames = Framing(32, 32).apply(expected, frame_at(driven, plan.base, 19.0, features))
    assert digest(frames) == whole[19]
    assert hashes(exported(replace(plan, output=tmp_path / "b", span=(15, 22)))) == {n: whole[n] for n in range(15, 22)}
    sound.unlink()
    with pytest.raises(AnimationError):
        exported(replace(plan, output=tmp_path / "c"))


def test_without_sound_or_in_a_format_without_the_film_is_silent(tiny_checkpoint, tmp_path):
    moving = timeline(sound=str(tmp_path / "gone.wav"))
    plan = plan_for(tiny_checkpoint, tmp_path / "a.mp4", format="mp4", timeline=moving, with_sound=False)
    exported(plan)
    with av.open(str(plan.output)) as film:
        assert not film.streams.audio
    gif = plan_for(tiny_checkpoint, tmp_path / "a.gif", format="gif", timeline=moving)
    started = next(event for event in exported(gif) if isinstance(event, ExportStarted))
    assert "GIF carries no sound" in started.notes


def test_runs_of_numbers_are_said():
    assert say_numbers([0, 1, 2, 5, 7, 8]) == "0-2, 5, 7-8"
    assert say_numbers(range(0, 40, 2)) == "0, 2, 4, 6, 8 and 15 more"
