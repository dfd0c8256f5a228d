"""Each format: what was written is decoded again by other people's readers."""

import json
import shutil
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from ganstudio.animation.errors import AnimationError
from ganstudio.animation.formats import av_writer, catalogue
from ganstudio.animation.formats.base import FORMATS, SOUND_RATE, Clip
from ganstudio.animation.formats.catalogue import format_of
from ganstudio.animation.formats.mp4 import Mp4Config
from ganstudio.animation.formats.webm import WebmConfig
from ganstudio.picture_texts import KEY, read_text, unpack

COLOURS = ((255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255), (0, 0, 0), (128, 128, 128), (200, 100, 50))
NTSC = Fraction(30000, 1001)
FILMS = ("mp4", "webm", "mov")
LONG = json.dumps({"numbers": list(range(40_000))})


def write(name, path, clip, config=None, sound=None):
    """Write `clip.frames` plain frames, with sound where there is some."""
    writer = FORMATS[name].write(path, clip, config or FORMATS[name].config_type())
    for number in range(clip.frames):
        pixels = np.empty((clip.height, clip.width, 4 if clip.has_alpha else 3), np.uint8)
        pixels[..., :3] = COLOURS[number % len(COLOURS)]
        if clip.has_alpha:
            pixels[..., 3] = 255 * (number % 2)
        writer.add_frame(pixels)
        if sound is not None:
            first, end = (round(at / clip.fps * SOUND_RATE) for at in (number, number + 1))
            writer.add_sound(sound[:, first:end])
    writer.finish()
    writer.close()


def empty(folder, name):
    path = folder / f"film{FORMATS[name].suffix}"
    if FORMATS[name].suffix:
        path.touch()
    else:
        path.mkdir()
    return path


def frames_of(path):
    """The frames of a film in RGB, and its stream."""
    with av.open(str(path)) as film:
        stream = film.streams.video[0]
        frames = [frame.reformat(format="rgb24", interpolation="BICUBIC").to_ndarray() for frame in film.decode(stream)]
        return np.stack(frames), stream.average_rate, film.metadata


@pytest.mark.parametrize("name", FILMS)
def test_a_film_has_its_frames_its_rate_and_its_colours(tmp_path, name):
    path = empty(tmp_path, name)
    write(name, path, Clip(64, 48, NTSC, 14, text="{}"))
    frames, rate, _facts = frames_of(path)
    assert frames.shape == (14, 48, 64, 3)
    assert rate == NTSC
    for number, frame in enumerate(frames):
        difference = np.abs(frame[8:40, 8:56].astype(int) - COLOURS[number % len(COLOURS)]).max()
        assert difference <= 6, (number, difference)


@pytest.mark.parametrize("name", FILMS)
def test_colours_are_tagged(tmp_path, name):
    path = empty(tmp_path, name)
    write(name, path, Clip(64, 64, Fraction(25), 3))
    with av.open(str(path)) as film:
        frame = next(film.decode(video=0))
    assert (frame.colorspace, frame.color_range, frame.color_trc, frame.color_primaries) == (1, 1, 1, 1)


@pytest.mark.parametrize("name", FILMS)
@pytest.mark.parametrize("text", ['{"look": {}}', LONG], ids=["short", "long"])
def test_a_film_carries_its_text(tmp_path, name, text):
    path = empty(tmp_path, name)
    write(name, path, Clip(32, 32, Fraction(25), 2, text=text, title="A film"))
    with av.open(str(path)) as film:
        facts = {key.lower(): value for key, value in film.metadata.items()}
    assert unpack(facts["comment"].removeprefix(f"{KEY}:").encode()) == text
    assert facts["title"] == "A film"


@pytest.mark.parametrize("name", FILMS)
@pytest.mark.parametrize("fps", [Fraction(25), NTSC], ids=["25", "ntsc"])
def test_sound_is_in_sync_within_a_frame(tmp_path, name, fps):
    frames = 60
    length = round(frames / fps * SOUND_RATE)
    sound = np.zeros((2, length), np.float32)
    click = round(1.2 * SOUND_RATE)
    sound[:, click : click + 48] = 0.9
    path = empty(tmp_path, name)
    write(name, path, Clip(32, 32, fps, frames, has_sound=True), sound=sound)
    with av.open(str(path)) as film:
        pieces = list(film.decode(audio=0))
    start = pieces[0].time
    layers = [piece.to_ndarray() for piece in pieces]
    samples = np.concatenate(
        [layer if layer.shape[0] == 2 else layer.reshape(-1, 2).T for layer in layers], axis=1
    ).astype(float)
    heard = start + np.argmax(np.abs(samples[0])) / SOUND_RATE
    assert abs(heard - 1.2) < 0.5 / fps
    assert abs(start + samples.shape[1] / SOUND_RATE - frames / fps) < 1 / fps


@pytest.mark.parametrize("name", ["apng", "webp"])
def test_pictures_that_move_are_read_by_pillow(tmp_path, name):
    path = empty(tmp_path, name)
    quality = {} if name == "apng" else {"quality": 100}
    write(name, path, Clip(31, 17, Fraction(24), 12, text=LONG), FORMATS[name].config_type(**quality))
    with Image.open(path) as picture:
        assert (picture.n_frames, picture.size) == (12, (31, 17))
        shown = 0.0
        for number in range(12):
            picture.seek(number)
            picture.load()
            shown += picture.info["duration"]
            assert picture.convert("RGB").getpixel((5, 5)) == COLOURS[number % len(COLOURS)]
    assert shown == pytest.approx(500, abs=1)
    assert read_text(path) == LONG


def test_a_gif_has_its_frames_its_length_and_its_text(tmp_path):
    path = empty(tmp_path, "gif")
    write("gif", path, Clip(31, 17, Fraction(30), 60, text=LONG))
    with Image.open(path) as picture:
        assert picture.n_frames == 60
        assert picture.info["loop"] == 0
        comment = picture.info["comment"]
        durations = []
        for number in range(60):
            picture.seek(number)
            durations.append(picture.info["duration"])
            assert picture.convert("RGB").getpixel((5, 5)) == COLOURS[number % len(COLOURS)]
    assert sum(durations) == 2000
    assert set(durations) == {30, 40}
    assert unpack(comment.removeprefix(f"{KEY}:".encode())) == LONG


def test_frames_of_a_folder_are_the_pixels_as_they_were(tmp_path):
    folder = empty(tmp_path, "png")
    write("png", folder, Clip(31, 17, Fraction(30), 9, text='{"a": 1}'))
    names = sorted(path.name for path in folder.iterdir())
    assert names == [*(f"{number:05d}.png" for number in range(9)), "project.ganstudio"]
    for number in range(9):
        with Image.open(folder / f"{number:05d}.png") as picture:
            assert np.array_equal(np.unique(np.asarray(picture).reshape(-1, 3), axis=0)[0], COLOURS[number % 7])


@pytest.mark.parametrize("name", [name for name in FORMATS if FORMATS[name].alpha])
def test_transparency_is_carried_where_a_format_says_so(tmp_path, name):
    path = empty(tmp_path, name)
    write(name, path, Clip(32, 32, Fraction(25), 4, has_alpha=True))
    if name in FILMS:
        with av.open(str(path)) as film:
            decoder = av.CodecContext.create("libvpx-vp9", "r") if name == "webm" else None  # FFmpeg's own has no alpha
            packets = film.demux(video=0)
            found = [frame for packet in packets for frame in (decoder or packet.stream.codec_context).decode(packet)]
        alphas = [int(frame.reformat(format="rgba").to_ndarray()[16, 16, 3]) for frame in found]
    else:
        alphas = []
        for number in range(4):
            with Image.open(path / f"{number:05d}.png" if path.is_dir() else path) as picture:
                picture.seek(0 if path.is_dir() else number)
                alphas.append(picture.convert("RGBA").getpixel((16, 16))[3])
    assert alphas == [0, 255, 0, 255]


@pytest.mark.parametrize("codec", ["VP9", "AV1"])
def test_webm_has_two_codecs(tmp_path, codec):
    path = empty(tmp_path, "webm")
    config = WebmConfig(codec=codec, effort="fast")
    if FORMATS["webm"].lacks(config):
        pytest.skip(f"PyAV has no {codec} here")
    write("webm", path, Clip(64, 64, Fraction(30), 5), config)
    assert len(frames_of(path)[0]) == 5


def test_odd_sizes_fit_where_a_format_does_not_want_even_ones(tmp_path):
    path = empty(tmp_path, "mp4")
    config = Mp4Config(colour="4:4:4", quality=100)
    assert not FORMATS["mp4"].even(config)
    write("mp4", path, Clip(33, 27, Fraction(30), 5), config)
    assert frames_of(path)[0].shape == (5, 27, 33, 3)


def test_a_codec_that_is_missing_is_named_with_what_works_instead(monkeypatch):
    monkeypatch.setattr(av_writer, "_can_encode", lambda _name: False)
    for name in FILMS:
        error = FORMATS[name].lacks(FORMATS[name].config_type())
        assert error is not None
        assert "built without" in error.message
        assert "GIF" in error.message
    monkeypatch.setattr(av_writer, "find_spec", lambda _name: None)
    error = FORMATS["mp4"].lacks(Mp4Config())
    assert error is not None
    assert "ganstudio[animate]" in error.message
    assert FORMATS["gif"].lacks(None) is None


def test_without_h264_the_next_best_codec_says_its_name(tmp_path, monkeypatch):
    monkeypatch.setattr(av_writer, "_can_encode", lambda name: name == "mpeg4")
    assert "libx264" in FORMATS["mp4"].says(Mp4Config())
    path = empty(tmp_path, "mp4")
    write("mp4", path, Clip(64, 64, Fraction(30), 5))
    assert len(frames_of(path)[0]) == 5


def test_what_the_encoder_refuses_is_said(tmp_path):
    path = empty(tmp_path, "mp4")
    with pytest.raises(AnimationError, match="refuses 33 x 27"):
        write("mp4", path, Clip(33, 27, Fraction(30), 5), Mp4Config())


@pytest.mark.parametrize(("file", "name"), [("a.MP4", "mp4"), ("a.m4v", "mp4"), ("a.png", "apng"), ("a", "png")])
def test_the_suffix_says_the_format(file, name):
    assert format_of(Path(file))[0] == name


def test_another_suffix_is_refused():
    with pytest.raises(AnimationError, match=r"\.avi is no format"):
        format_of(Path("a.avi"))


def test_the_catalogue_names_every_file():
    folder = Path(catalogue.__file__).parent
    others = {"__init__", "base", "catalogue", "av_writer"}
    files = {path.stem for path in folder.glob("*.py")} - others
    assert files == set(catalogue.__all__) - {"FORMATS", "LISTED", "format_of"}
    assert len(FORMATS) == len(files)
    assert sorted(catalogue.LISTED) == sorted(FORMATS)


def test_formats_load_no_encoder_and_no_torch():
    code = "import sys, ganstudio.animation.formats.catalogue; sys.exit(not {'av', 'torch'}.isdisjoint(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.skipif(shutil.which("ffprobe") is None, reason="ffprobe is not installed")
@pytest.mark.parametrize("name", FILMS)
def test_ffprobe_agrees(tmp_path, name):
    path = empty(tmp_path, name)
    write(name, path, Clip(64, 48, NTSC, 30))
    command = ["ffprobe", "-v", "error", "-count_frames", "-of", "json", "-show_streams", "-show_format", str(path)]
    facts = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    stream = facts["streams"][0]
    assert (stream["width"], stream["height"], stream["r_frame_rate"]) == (64, 48, "30000/1001")
    assert int(stream["nb_read_frames"]) == 30
    assert (stream["color_space"], stream["color_transfer"], stream["color_range"]) == ("bt709", "bt709", "tv")
    assert float(facts["format"]["duration"]) == pytest.approx(30 * 1001 / 30000, abs=0.001)
