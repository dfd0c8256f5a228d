"""`ganstudio dataset`: what it finds, in words and as JSON, and that training leaves out what it named."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ganstudio.__main__ import main
from ganstudio.training.runs.run_folder import RunFolder


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Two classes of rings, one of them there twice, one toned anew, one of noise, and a file that is none."""
    random = np.random.default_rng(0)
    y, x = np.mgrid[:32, :32]
    folder = tmp_path / "rings"
    for kind in ("large", "small"):
        (folder / kind).mkdir(parents=True)
        for number in range(24):
            top, left = random.integers(10, 22, 2)
            radius = np.hypot(y - top, x - left)
            ring = np.exp(-((radius - (9 if kind == "large" else 5)) ** 2) / 6) * 160 + 20
            ring += 60 * np.hypot(y - random.integers(0, 32), x - random.integers(0, 32)) / 45
            Image.fromarray(ring.astype(np.uint8)).save(folder / kind / f"{number:02d}.png")
    large = folder / "large"
    (large / "twice.png").write_bytes((large / "03.png").read_bytes())
    toned = np.asarray(Image.open(large / "05.png")).astype(float) * 0.8 + 15
    Image.fromarray(toned.astype(np.uint8)).save(large / "toned.png")
    Image.fromarray(random.integers(0, 255, (32, 32), np.uint8)).save(folder / "small" / "noise.png")
    (folder / "small" / "broken.png").write_bytes(b"no picture")
    return folder


def test_copies_outliers_classes_and_broken_files_are_told(pictures, capsys):
    assert main(["dataset", str(pictures)]) == 0
    told = capsys.readouterr().out
    assert "51 pictures, fed in at 32 px in grey" in told
    assert "1 file cannot be used:\n  small/broken.png:" in told
    assert "2 copies or near copies in 2 groups:" in told
    assert "large/03.png = large/twice.png" in told
    assert "large/05.png = large/toned.png" in told
    assert ", like no other picture:\n  small/noise.png\n" in told  # the farthest first


def test_the_second_look_tells_the_same_as_json(pictures, capsys):
    assert main(["dataset", str(pictures)]) == 0
    capsys.readouterr()
    assert main(["dataset", str(pictures), "--json", "--resolution", "28"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["pictures"], told["resolution"], told["channels"]) == (51, 28, 1)
    assert told["classes"] == {"large": 26, "small": 26}  # as its folders have them
    assert told["exact_copies"] == 1
    assert [own["name"] for own in told["skipped"]] == ["small/broken.png"]
    assert told["outliers"][0] == "small/noise.png"


def test_training_leaves_out_what_was_named(pictures, tmp_path, capsys):
    names, run = tmp_path / "names.txt", tmp_path / "run"
    assert main(["dataset", str(pictures), "--write-names", str(names)]) == 0
    assert {"large/toned.png", "large/twice.png", "small/noise.png"} <= set(names.read_text().split())
    command = ["train", "--data", str(pictures), "--preset", "quick", "--kimg", "0.1", "--out", str(run)]
    assert main([*command, "--leave-out", str(names), "--device", "cpu"]) == 0
    assert set(RunFolder(run).about()["origin"]["left_out"]) == set(names.read_text().split())
    capsys.readouterr()
    assert main(["train", "--out", str(run), "--resume", "--leave-out", str(names)]) == 2
    assert "a run keeps its pictures" in capsys.readouterr().err


def test_names_that_are_not_there_are_refused_before_anything_is_written(pictures, tmp_path, capsys):
    command = ["train", "--data", str(pictures), "--preset", "quick", "--out", str(tmp_path / "run"), "--leave-out"]
    (tmp_path / "names.txt").write_text("large/99.png\n")
    assert main([*command, str(tmp_path / "names.txt")]) == 1
    assert "large/99.png" in capsys.readouterr().err
    assert main([*command, str(tmp_path / "none.txt")]) == 2
    assert "none.txt" in capsys.readouterr().err
    assert not (tmp_path / "run").exists()
