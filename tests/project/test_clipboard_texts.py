"""Latents and edits as text: exact on the way back, and nothing that is pasted does harm."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from ganstudio.checkpoints.base import DirectionInfo
from ganstudio.networks.spec import GeneratorSpec
from ganstudio.project import direction_edits, edits
from ganstudio.project.clipboard_texts import (
    PastedEdits,
    PastedLatent,
    PasteError,
    edits_text,
    latent_text,
    paste,
    read_pasted,
)
from ganstudio.project.direction_text import directions_to_text
from ganstudio.project.recipe import Recipe
from ganstudio.project.state import Project
from ganstudio.rendering.latent_numbers import latent_numbers
from ganstudio.rendering.looks.checking import LookError
from ganstudio.rendering.looks.edit import Edit
from ganstudio.rendering.looks.look import Look
from ganstudio.rendering.looks.own_direction import own_direction
from ganstudio.rendering.looks.point import latent_point

SPEC = GeneratorSpec(z_dim=8, resolution=64, channels=3, w_dim=12, num_ws=10)
CHANCE = np.random.default_rng(0)
Z, W, W_PLUS = (
    CHANCE.normal(size=shape).astype(np.float32) * np.float32(scale)
    for shape, scale in (((8,), 1), ((12,), 1e-6), ((10, 12), 100))
)


def pasted_look(text: str) -> Look:
    pasted = read_pasted(text, SPEC)
    assert isinstance(pasted, PastedLatent)
    return paste(Project(), pasted).look


@pytest.mark.parametrize("array", [Z, W, W_PLUS], ids=["z", "w", "w_plus"])
def test_a_latent_comes_back_bit_for_bit(array: np.ndarray) -> None:
    space = {8: "z", 12: "w", 120: "w_plus"}[array.size]
    look = Look(seed=7, point=latent_point(space, array), edits=(Edit("smile", 1.0),))
    text = latent_text(look, latent_numbers(look, SPEC))
    assert "\n" not in text
    back = pasted_look(text)
    assert back == Look(seed=7, point=look.point)
    assert json.loads(text)["shape"] == list(array.shape)


POINT = latent_point("z", Z)


@pytest.mark.parametrize(
    "look",
    [
        Look(seed=41),
        Look(seed=41, drift=(0.5, -0.25)),
        Look(seed=41, blend_seed=5, blend=0.3),
        Look(seed=41, point=POINT, blend_seed=5, blend=0.3),
    ],
    ids=["seed", "pad", "blend", "blend of a latent"],
)
def test_a_latent_that_a_seed_stands_for_is_the_seed_again(look: Look) -> None:
    numbers = latent_numbers(look, SPEC)
    assert numbers is not None
    assert pasted_look(latent_text(look, numbers)) == look
    foreign = json.loads(latent_text(look, numbers))
    del foreign["latent"]
    assert pasted_look(json.dumps(foreign)).point == numbers


def test_numbers_that_were_changed_are_not_taken_for_those_of_the_seed() -> None:
    values = json.loads(latent_text(Look(seed=41), latent_numbers(Look(seed=41), SPEC)))
    values["values"][0] += 1.0
    point = pasted_look(json.dumps(values)).point
    assert point is not None
    assert point.array[0] == pytest.approx(values["values"][0])


@pytest.mark.parametrize(
    "text",
    [
        str(Z.tolist()),
        repr(Z),
        str(Z),
        f"np.{Z!r}",
        "\n".join(map(str, Z.tolist())),
        "\t".join(map(str, Z.tolist())),
        ", ".join(map(str, Z.tolist())),
        f"z = {Z.tolist()}",
        f"[{Z.tolist()}]",
        json.dumps({"z": Z.tolist()}),
        json.dumps({"values": Z.tolist(), "space": "z"}),
        repr(torch.from_numpy(Z)),
        f"tensor({Z.tolist()}, device='cuda:0', dtype=torch.float32, requires_grad=True)",
    ],
)
def test_lists_and_print_outs_of_numbers_are_read(text: str) -> None:
    point = pasted_look(text).point
    assert point is not None
    assert point.space == "z"
    assert point.array == pytest.approx(Z, abs=1e-4)


def test_the_count_says_which_space_it_is_and_a_word_decides() -> None:
    with np.printoptions(threshold=10**6):
        assert pasted_look(repr(W_PLUS)).point == latent_point(
            "w_plus", np.array(eval(repr(W_PLUS), {"array": np.array, "float32": np.float32}))
        )
    same = GeneratorSpec(z_dim=12, resolution=64, channels=3, w_dim=12, num_ws=10)
    for text, space in ((str(W.tolist()), "z"), (f"w: {W.tolist()}", "w"), (f"W = {W.tolist()}", "w")):
        pasted = read_pasted(text, same)
        assert isinstance(pasted, PastedLatent)
        assert pasted.look.point is not None
        assert pasted.look.point.space == space


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no text"),
        ("hello, world", "neither a latent"),
        ("rm -rf 1 2 3 4 5 6 7 8", "neither a latent"),
        ("[1, 2, 3]", "3 numbers"),
        ("[1. 2. ... 3.]", "cut short"),
        ("[nan, 1, 2, 3, 4, 5, 6, 7]", "none"),
        ("{", "damaged JSON"),
        ('{"cat": 5}', "neither a latent"),
        ('{"latent": {"strengths": 5}}', "damaged"),
        ('{"values": "x", "space": "z"}', "not all numbers"),
        ('{"values": [1, 2], "space": "w"}', "2 numbers"),
        ("1 " * 9_000_000, "longer than"),
        ("w+: 1 2 3", "3 numbers"),
    ],
)
def test_what_cannot_be_pasted_is_told_in_words(text: str, words: str) -> None:
    with pytest.raises(PasteError, match=words):
        read_pasted(text, SPEC)


@pytest.mark.parametrize(
    "text",
    [
        '{"edits": [{"direction": "a", "strength": 99}]}',
        '{"edits": [{"direction": "a"}]}',
        '{"edits": [5]}',
        '{"look": {"seed": -1}}',
        '{"latent": {"seed": "1"}}',
        f'{{"values": {[1e30] * 8}, "space": "z"}}',
    ],
)
def test_a_value_out_of_range_is_told(text: str) -> None:
    with pytest.raises(LookError):
        read_pasted(text, SPEC)


def test_edits_are_pasted_onto_another_picture_with_their_directions_and_locked_sliders_stay() -> None:
    found = own_direction(DirectionInfo("mine", "Mine", -3.0, 3.0, None, "picks"), CHANCE.normal(size=8))
    project = direction_edits.add_directions(Project(), [found])
    project = direction_edits.set_strength(project, found.name, 1.25)
    project = direction_edits.put_edit(project, Edit("smile", -0.5, (2, 4), is_muted=True))
    text = edits_text(project)
    pasted = read_pasted(text, SPEC)
    assert isinstance(pasted, PastedEdits)
    other = direction_edits.set_strength(edits.set_seed(Project(), 9), "age", 2.0)
    done = paste(other, pasted)
    assert done.look == Look(seed=9, edits=project.look.edits)
    assert done.directions == (found,)
    kept = paste(direction_edits.lock_slider(other, "age", is_locked=True), pasted)
    assert kept.look.edits == (*project.look.edits, Edit("age", 2.0))


def test_directions_alone_are_pasted_into_the_project() -> None:
    found = own_direction(DirectionInfo("mine", "Mine", -3.0, 3.0, None, "picks"), CHANCE.normal(size=8))
    pasted = read_pasted(directions_to_text([found]), SPEC)
    assert isinstance(pasted, PastedEdits)
    assert paste(Project(), pasted) == direction_edits.add_directions(Project(), [found])


def test_a_hundred_edits_are_pasted() -> None:
    many = tuple(Edit(f"d{number}", 0.1 * (number - 50)) for number in range(100))
    pasted = read_pasted(json.dumps({"edits": [edit.to_json() for edit in many]}), SPEC)
    assert isinstance(pasted, PastedEdits)
    assert paste(Project(), pasted).look.edits == many


def test_a_recipe_can_be_pasted(tmp_path: Path) -> None:
    recipe = Recipe(Look(seed=3, edits=(Edit("smile", 1.0),)), "/a.pkl")
    assert read_pasted(json.dumps(recipe.to_json()), SPEC) == recipe
