from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ganstudio.files import FileWriteError
from ganstudio.images import read_recipe
from ganstudio.project.picture_files import MadePicture, write_pictures
from ganstudio.project.recipe import Recipe
from ganstudio.rendering.looks.edit import Edit
from ganstudio.rendering.looks.look import Look
from ganstudio.rendering.request import RenderRequest


def made(seed: int) -> MadePicture:
    return MadePicture(Recipe(Look(seed=seed), "/models/faces.pkl"), np.full((4, 6, 3), seed, np.uint8))


def test_pictures_are_written_with_their_recipes_and_overwrite_nothing(tmp_path: Path) -> None:
    first = list(write_pictures(tmp_path, [made(1), made(2)]))
    assert [(event.path.name, event.done, event.total) for event in first] == [
        ("faces-seed1.png", 1, 2),
        ("faces-seed2.png", 2, 2),
    ]
    again = list(write_pictures(tmp_path, [made(1)]))
    assert again[0].path.name == "faces-seed1-2.png"
    for path in tmp_path.iterdir():
        recipe = read_recipe(path)
        assert recipe is not None
        assert np.asarray(Image.open(path)).max() == recipe["look"]["seed"]


def test_what_was_brought_down_for_a_grid_is_written_at_full_size(tmp_path: Path, tiny_checkpoint: Path) -> None:
    from ganstudio.rendering.renderer import Renderer

    look = Look(seed=6, label=1, edits=(Edit("of another model", 1.0), Edit("smile", 1.0)))
    small = MadePicture(Recipe(look, str(tiny_checkpoint)), np.zeros((7, 7, 1), np.uint8), 28)
    [event] = write_pictures(tmp_path, [small], "cpu")
    fitting = Look(seed=6, label=1, edits=(Edit("smile", 1.0),))
    expected = Renderer(tiny_checkpoint, "cpu").render(RenderRequest("x", (fitting,))).pixels[0]
    assert np.array_equal(np.asarray(Image.open(event.path)), expected[..., 0])


def test_a_folder_that_is_gone_is_told_and_nothing_is_left(tmp_path: Path) -> None:
    with pytest.raises(FileWriteError):
        list(write_pictures(tmp_path / "gone", [made(1)]))
