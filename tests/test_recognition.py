"""What a path is, by what is in it: every name here lies."""

import contextlib
import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ganstudio.errors import GanStudioError
from ganstudio.images import save_picture
from ganstudio.project.file import write_project
from ganstudio.project.recipe import Recipe
from ganstudio.project.state import Project
from ganstudio.recognition import Kind, recognise
from ganstudio.rendering.looks.look import Look


def test_pictures_with_and_without_a_recipe(tmp_path: Path) -> None:
    pixels = np.zeros((8, 8, 3), np.uint8)
    for name, recipe in (("made.png", Recipe(Look(seed=3)).to_json()), ("plain.png", None)):
        save_picture(tmp_path / name, pixels, recipe)
        (tmp_path / name).rename(tmp_path / f"{name}.safetensors")
    made = recognise(tmp_path / "made.png.safetensors")
    assert made.kind is Kind.RECIPE
    assert made.content["look"]["seed"] == 3
    assert recognise(tmp_path / "plain.png.safetensors").kind is Kind.PICTURE


def test_models_projects_and_runs(tmp_path: Path, tiny_checkpoint: Path) -> None:
    model = tiny_checkpoint.rename(tmp_path / "model.zip")
    assert recognise(model).kind is Kind.MODEL
    write_project(tmp_path / "project.png", Project())
    found = recognise(tmp_path / "project.png")
    assert (found.kind, found.content.project) == (Kind.PROJECT, Project())
    (tmp_path / "run").mkdir()
    assert recognise(tmp_path / "run").kind is Kind.DATA
    (tmp_path / "run" / "run.json").write_text("{}")
    assert recognise(tmp_path / "run").kind is Kind.RUN


def test_zips_are_told_apart_by_their_entries(tmp_path: Path) -> None:
    picture = io.BytesIO()
    Image.new("L", (8, 8)).save(picture, "PNG")
    for name, entry, kind in (
        ("pictures.pt", "a/0.png", Kind.DATA),
        ("weights.zip", "archive/data.pkl", Kind.MODEL),
        ("keras.zip", "model.weights.h5", Kind.MODEL),
    ):
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            archive.writestr(entry, picture.getvalue())
        assert recognise(tmp_path / name).kind is kind


def test_arrays_of_pictures(tmp_path: Path) -> None:
    with (tmp_path / "arrays.pkl").open("wb") as file:
        np.savez(file, images=np.zeros((2, 8, 8, 3), np.uint8))
    assert recognise(tmp_path / "arrays.pkl").kind is Kind.DATA


def test_latents_and_directions_are_told_from_pictures_of_numbers(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    direction = random.normal(size=(1, 64))
    arrays = {
        "a.pkl": (direction / np.linalg.norm(direction), Kind.LATENTS),
        "b.npy": (random.normal(size=(3, 8, 64)).astype(np.float32), Kind.LATENTS),
        "c.npy": (np.zeros((5, 16, 16, 3), np.uint8), Kind.DATA),
    }
    for name, (values, kind) in arrays.items():
        with (tmp_path / name).open("wb") as file:
            np.save(file, values)
        assert recognise(tmp_path / name).kind is kind, name
    with (tmp_path / "d.bin").open("wb") as file:
        np.savez(file, w=random.normal(size=(1, 8, 64)).astype(np.float32))
    assert recognise(tmp_path / "d.bin").kind is Kind.LATENTS


@pytest.mark.parametrize("content", [b"", b"{", b"PK\x03\x04", b'{"schema": 1', bytes(100)])
def test_what_is_nothing_is_left_to_the_reader_of_models(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    with contextlib.suppress(GanStudioError):
        assert recognise(path).kind in (Kind.MODEL, Kind.DATA)


def test_what_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(GanStudioError, match="not there"):
        recognise(tmp_path / "gone")
