"""`ganstudio render`: a project becomes a film, headless."""

import json
import os
import signal
import subprocess
import sys
import time
from fractions import Fraction
from pathlib import Path

import av
import pytest
from PIL import Image

from ganstudio.__main__ import main
from ganstudio.animation.formats.base import FORMATS
from ganstudio.cli.render import parse_rate, parse_size
from ganstudio.project.file import read_project, write_project
from ganstudio.project.state import Entry, Project
from ganstudio.recognition import Kind, recognise
from ganstudio.rendering.looks.look import Look
from tests.animation.exporting_plans import timeline


@pytest.fixture
def project(tiny_checkpoint, tmp_path):
    look = Look(4)
    state = Project(str(tiny_checkpoint), look, (Entry(look, str(tiny_checkpoint)),), timeline=timeline(20))
    path = tmp_path / "clip.ganstudio"
    write_project(path, state)
    return path


def render(*arguments):
    return main(["render", *map(str, arguments), "--device", "cpu", "--threads", "1"])


def hashes(path):
    return dict(line.split() for line in path.read_text().splitlines())


def test_a_project_becomes_a_film(project, tmp_path, capsys):
    output = tmp_path / "film.mp4"
    assert (
        render(project, "--output", output, "--fps", "60", "--size", "64", "--range", "5:15", "--quality", "best") == 0
    )
    with av.open(str(output)) as film:
        stream = film.streams.video[0]
        assert (stream.width, stream.height, stream.average_rate) == (64, 64, 60)
        assert len(list(film.decode(stream))) == 20
    told = capsys.readouterr().err
    assert "20 frames of 64 x 64 px" in told
    assert "CRF 12" in told
    assert "done: " in told


def test_shards_joined_and_resumed_have_the_same_bits(project, tmp_path, capsys):
    whole, joined, resumed = (tmp_path / f"{name}.txt" for name in ("whole", "joined", "resumed"))
    assert render(project, "--output", tmp_path / "a", "--hashes", whole, "--group", 3) == 0
    film = tmp_path / "b.gif"
    for part in (2, 3, 1):
        assert render(project, "--output", film, "--shard", f"{part}/3", "--group", 3) == 0
    assert render(project, "--output", film, "--join", "--hashes", joined) == 0
    assert render(project, "--output", tmp_path / "c.webp", "--shard", "1/2", "--group", 3) == 0  # as if interrupted
    assert render(project, "--output", tmp_path / "c.webp", "--resume", "--hashes", resumed) == 0
    assert "9 of them there already" in capsys.readouterr().err
    assert hashes(whole) == hashes(joined) == hashes(resumed)
    assert len(hashes(whole)) == 20
    assert not list(tmp_path.glob("*.frames"))


@pytest.mark.parametrize("name", list(FORMATS))
def test_a_film_carries_its_project(project, tmp_path, name, capsys):
    suffix = FORMATS[name].suffix
    output = tmp_path / f"film{suffix}"
    assert render(project, "--output", output, "--size", "32", "--range", "0:3", "--fps", "15") == 0
    carrier = output / "project.ganstudio" if not suffix else output
    found = recognise(carrier)
    assert found.kind is (Kind.ANIMATION if suffix else Kind.PROJECT)
    assert found.content.project == read_project(project)
    capsys.readouterr()
    assert main(["inspect", str(carrier), "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["kind"] == ("animation" if suffix else "project")
    assert facts["timeline"]["frames"] == 20
    assert facts["timeline"]["tracks"]["latent"] == 3
    again = tmp_path / "again.gif"
    assert render(carrier, "--output", again, "--size", "32") == 0
    with Image.open(again) as picture:
        assert picture.n_frames == 20


def test_a_model_that_has_moved_is_found_or_named(project, tiny_checkpoint, tmp_path, capsys):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    moved = tiny_checkpoint.rename(elsewhere / "tiny.safetensors")
    output = tmp_path / "film.gif"
    assert render(project, "--output", output) == 3
    assert "--model FILE" in capsys.readouterr().err
    assert not output.exists()
    assert render(project, "--output", output, "--model", moved) == 0
    assert output.exists()


def test_a_project_without_a_model_is_of_the_built_in_one(tmp_path):
    path = tmp_path / "clip.ganstudio"
    write_project(path, Project(timeline=timeline(4)))
    assert render(path, "--output", tmp_path / "film.gif", "--size", "32") == 0


@pytest.mark.parametrize(
    "case",
    [
        (("--output", "film.avi"), 1, "no format of animations"),
        (("--output", "no/film.mp4"), 1, "folder is not there"),
        (("--output", "film.mp4", "--range", "5:5"), 2, "no range"),
        (("--output", "film.mp4", "--range", "0:99"), 1, "END <= 20"),
        (("--output", "film.mp4", "--fps", "0"), 1, "0 frames a second"),
        (("--output", "film.mp4", "--fps", "fast"), 2, "no rate"),
        (("--output", "film.mp4", "--size", "8"), 2, "out of range"),
        (("--output", "film.mp4", "--quality", "superb"), 2, "no quality"),
        (("--output", "film.apng", "--quality", "best"), 2, "keeps every pixel"),
        (("--output", "film.mp4", "--set", "codec=AV1"), 2, "no such setting"),
        (("--output", "film.webm", "--set", "codec=DivX"), 1, "not possible"),
        (("--output", "film.mp4", "--shard", "5/4"), 2, "no part"),
        (("--output", "film.mp4", "--shard", "1/4", "--join"), 2, "do not go together"),
        (("--output", "film.mp4", "--join"), 1, "no frames are kept"),
        (("--output", "film.gif", "--fps", "60"), 1, "50 frames a second at most"),
        (("--output", "film.mp4", "--background", "transparent"), 1, "no transparency"),
    ],
    ids=lambda case: "-".join(case[0][1:]).replace("/", "_"),
)
def test_what_cannot_be_is_one_line(project, tmp_path, monkeypatch, capsys, case):
    arguments, code, words = case
    monkeypatch.chdir(tmp_path)
    assert main(["render", str(project), *arguments]) == code
    told = capsys.readouterr().err
    assert words in told
    assert "Traceback" not in told
    assert sorted(path.name for path in tmp_path.iterdir()) == ["clip.ganstudio", "tiny.safetensors"]


def test_what_is_no_project_is_refused(tiny_checkpoint, tmp_path, capsys):
    assert render(tiny_checkpoint, "--output", tmp_path / "film.mp4") == 2
    assert "a model, not a project" in capsys.readouterr().err


@pytest.mark.skipif(os.name != "posix", reason="signals")
@pytest.mark.parametrize("resume", [True, False], ids=["resumable", "plain"])
def test_an_interrupted_run_ends_properly_and_goes_on(project, tmp_path, resume):
    write_project(project, Project(timeline=timeline(9000)))
    output = tmp_path / "film.mp4"
    command = [sys.executable, "-m", "ganstudio", "render", str(project), "--output", str(output), "--size", "64"]
    command += ["--resume"] if resume else []
    process = subprocess.Popen(command, stderr=subprocess.PIPE, cwd=Path(__file__).parents[2], text=True)
    deadline = time.monotonic() + 60
    while not list(tmp_path.glob(".ganstudio-*")) and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(signal.SIGTERM)
    told = process.communicate(timeout=60)[1]
    assert process.returncode == 130
    assert ("goes on from here" if resume else "nothing is left") in told
    assert not output.exists()
    assert not list(tmp_path.glob(".ganstudio-*"))
    assert (tmp_path / "film.mp4.frames").exists() is resume


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("60", Fraction(60)),
        ("29.97", Fraction(30000, 1001)),
        ("30000/1001", Fraction(30000, 1001)),
        ("12.5", Fraction(25, 2)),
    ],
)
def test_rates_are_exact(text, rate):
    assert parse_rate(text) == rate


def test_sizes_are_square_or_two_numbers():
    assert parse_size("512") == (512, 512)
    assert parse_size("1920x1080") == (1920, 1080)
