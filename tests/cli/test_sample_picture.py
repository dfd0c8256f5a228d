"""`sample --picture`: the same bytes again, and one line where there is nothing to draw again."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ganstudio.__main__ import main
from ganstudio.checkpoints.fingerprints import fingerprint_of
from ganstudio.images import save_picture
from ganstudio.project.recipe import Recipe
from ganstudio.rendering.looks.edit import Edit
from ganstudio.rendering.looks.look import Look


def test_a_picture_is_drawn_again_to_the_byte(
    tiny_checkpoint: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    recipe = Recipe(Look(seed=5, edits=(Edit("smile", 1.2),)), "/elsewhere/tiny.pkl", fingerprint_of(tiny_checkpoint))
    save_picture(tmp_path / "kept.jpg", np.zeros((8, 8, 1), np.uint8), recipe.to_json())
    drawn = []
    for name in ("one.png", "two.png"):
        source = tmp_path / ("kept.jpg" if not drawn else "one.png")
        assert main(["sample", str(tiny_checkpoint), "--picture", str(source), "--grid", str(tmp_path / name)]) == 0
        drawn.append(np.asarray(Image.open(tmp_path / name)))
    assert np.array_equal(*drawn)
    assert drawn[0].shape == (28, 28)
    assert "another model" not in capsys.readouterr().err


def test_a_sheet_is_drawn_again_to_the_byte(tiny_checkpoint: Path, tmp_path: Path) -> None:
    first, again = tmp_path / "sheet.png", tmp_path / "again.png"
    assert main(["sample", str(tiny_checkpoint), "--seeds", "3-7", "--grid", str(first)]) == 0
    assert main(["sample", str(tiny_checkpoint), "--picture", str(first), "--grid", str(again)]) == 0
    assert np.array_equal(np.asarray(Image.open(first)), np.asarray(Image.open(again)))


def test_what_cannot_be_drawn_again_is_told(
    tiny_checkpoint: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    save_picture(tmp_path / "plain.png", np.zeros((8, 8, 3), np.uint8))
    out = ["--grid", str(tmp_path / "out.png")]
    assert main(["sample", str(tiny_checkpoint), "--picture", str(tmp_path / "plain.png"), *out]) == 2
    assert "does not say how it was made" in capsys.readouterr().err
    hats = Recipe(Look(edits=(Edit("hats", 1.0),)))
    save_picture(tmp_path / "hats.png", np.zeros((8, 8, 3), np.uint8), hats.to_json())
    assert main(["sample", str(tiny_checkpoint), "--picture", str(tmp_path / "hats.png"), *out]) == 1
    assert "hats" in capsys.readouterr().err
    assert not (tmp_path / "out.png").exists()
