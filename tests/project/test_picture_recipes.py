"""Recipes through real picture files: every bit of a latent, its edits and their directions comes back."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ganstudio.checkpoints.base import DirectionInfo
from ganstudio.checkpoints.fingerprints import Fingerprint
from ganstudio.images import read_recipe as read_values
from ganstudio.images import save_picture
from ganstudio.project.recipe import NewerRecipeError, Recipe, Sheet, read_recipe
from ganstudio.rendering.looks.checking import LookError
from ganstudio.rendering.looks.edit import Edit
from ganstudio.rendering.looks.look import Look
from ganstudio.rendering.looks.mixing import Mix
from ganstudio.rendering.looks.own_direction import OwnDirection, own_direction
from ganstudio.rendering.looks.point import latent_point

CHANCE = np.random.default_rng(0)
DIRECTIONS = tuple(
    own_direction(
        DirectionInfo(f"found {number}", f"Gefunden {number} ö", -3.0, 3.0, 0.5, "picks", "w_plus", (number, 18)),
        CHANCE.normal(size=(18, 512)),
    )
    for number in range(10)
)
POINT = latent_point("w_plus", CHANCE.normal(size=(18, 512)))
FULL = Look(
    seed=4_294_967_295,
    truncation=0.7,
    edits=tuple(Edit(one.name, 0.1 + number, (number, 18)) for number, one in enumerate(DIRECTIONS)),
    point=POINT,
    mix=Mix(Look(seed=5, point=latent_point("w_plus", CHANCE.normal(size=(18, 512)))), (0.0, 0.25, 1.0)),
)
MODEL = Fingerprint("5" * 64, 341_000_000)


def through_file(path: Path, recipe: Recipe) -> Recipe:
    save_picture(path, np.zeros((24, 24, 3), np.uint8), recipe.to_json())
    values = read_values(path)
    assert values is not None
    return read_recipe(values)


@pytest.mark.parametrize("suffix", [".png", ".webp", ".jpg"])
def test_a_latent_of_18_x_512_with_ten_directions_comes_back_bit_for_bit(tmp_path: Path, suffix: str) -> None:
    recipe = Recipe(FULL, "/models/faces.pkl", MODEL, DIRECTIONS)
    back = through_file(tmp_path / f"picture{suffix}", recipe)
    assert back == recipe
    assert back.look.point is not None
    assert back.look.point.values == POINT.values
    assert [one.values for one in back.directions] == [one.values for one in DIRECTIONS]


@pytest.mark.parametrize("suffix", [".png", ".webp", ".jpg"])
def test_a_sheet_carries_all_its_pictures(tmp_path: Path, suffix: str) -> None:
    looks = tuple(Look(seed=seed, edits=(Edit("smile", seed / 40),), point=POINT) for seed in range(400))
    recipe = Recipe(looks[0], None, MODEL, sheet=Sheet(looks, 20))
    path = tmp_path / f"sheet{suffix}"
    assert through_file(path, recipe) == recipe
    assert path.stat().st_size < 200_000  # the latent that all of them share is there once


def test_recipes_of_earlier_versions_are_read() -> None:
    old = {"program": "GANStudio 0.1.0", "checkpoint": "/a.pkl", "look": {"seed": 3, "strengths": {"smile": 1.0}}}
    assert read_recipe(old) == Recipe(Look(3, edits=(Edit("smile", 1.0),)), "/a.pkl")
    sheet = {"checkpoint": "/a.pkl", "looks": [{"seed": 3}, {"seed": 4}]}  # as `sample --grid` wrote it
    assert read_recipe(sheet).looks == (Look(3), Look(4))


def test_a_recipe_of_a_newer_version_says_which() -> None:
    with pytest.raises(NewerRecipeError, match=r"GANStudio 8\.0 made this picture"):
        read_recipe({"schema": 5, "program": "GANStudio 8.0", "look": {"hologram": True}})


def forged(**values: Any) -> dict[str, Any]:
    return {**Recipe(FULL, "/a.pkl", MODEL, DIRECTIONS[:1]).to_json(), **values}


@pytest.mark.parametrize(
    "values",
    [
        {"schema": "2"},
        {"schema": 0},
        {"texts": {}},
        {"texts": 5},
        {"model": {"sha256": "x", "size_bytes": 1}},
        {"model": {"sha256": "5" * 64}},
        {"model": 5},
        {"directions": 5},
        {"directions": [DIRECTIONS[0].to_json()] * 1001},
        {"directions": [{**DIRECTIONS[0].to_json(), "values": DIRECTIONS[1].to_json()["values"]}]},
        {"looks": []},
        {"looks": [{}] * 10_001},
        {"looks": [{}], "sheet": {"columns": 0}},
        {"looks": [{}], "sheet": []},
        {"checkpoint": ["a"]},
        {"look": {"seed": 1e400}},
        {"look": {"edits": [{"direction": "__import__('os')", "strength": "1"}]}},
    ],
)
def test_a_forged_value_is_refused(values: dict[str, Any]) -> None:
    with pytest.raises(LookError):
        read_recipe(forged(**values))


def test_a_direction_that_was_changed_is_not_taken_for_the_one_it_is_named_for() -> None:
    values = DIRECTIONS[0].to_json()
    with pytest.raises(LookError, match="not the one it was named for"):
        OwnDirection.from_json({**values, "values": DIRECTIONS[1].to_json()["values"]})
