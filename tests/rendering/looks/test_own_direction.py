"""Directions that a project carries itself: named by what they do, and not to be forged."""

import json
from dataclasses import replace

import numpy as np
import pytest

from ganstudio.checkpoints.base import DirectionInfo
from ganstudio.rendering.looks.checking import LookError
from ganstudio.rendering.looks.own_direction import OwnDirection, own_direction

INFO = DirectionInfo("more smile ä/..", "Smile", -3, 3, 0.8, "picks", "w", (1, 4))


def test_it_survives_json_and_keeps_its_name():
    direction = own_direction(INFO, np.arange(4), "ab" * 32)
    assert OwnDirection.from_json(json.loads(json.dumps(direction.to_json()))) == direction
    assert direction.name.startswith("more_smile_ä")
    assert "/" not in direction.name
    assert own_direction(direction.info, direction.step, "ab" * 32) == direction
    assert direction.step.tolist() == [0, 1, 2, 3]


@pytest.mark.parametrize("change", [{"space": "z"}, {"layers": None}, {"fold": 1}])
def test_what_does_something_else_has_another_name(change):
    name = own_direction(INFO, np.arange(4)).name
    assert own_direction(replace(INFO, **change), np.arange(4)).name != name
    assert own_direction(INFO, np.arange(1, 5)).name != name
    assert own_direction(replace(INFO, title="Grin", low=-1), np.arange(4)).name == name


@pytest.mark.parametrize(
    "spoil",
    [
        {"values": "AAAAAA=="},
        {"values": None},
        {"shape": [5]},
        {"shape": [[4]]},
        {"shape": 4},
        {"model": 3},
        {"info": {}},
        {"info": 7},
        {"more": 1},
    ],
)
def test_a_damaged_one_is_refused(spoil):
    with pytest.raises(LookError):
        OwnDirection.from_json({**own_direction(INFO, np.arange(4)).to_json(), **spoil})


@pytest.mark.parametrize(
    "spoil",
    [
        {"low": 3},
        {"low": float("nan")},
        {"title": ""},
        {"title": 5},
        {"fold": 2},
        {"layers": [4, 1]},
        {"space": "w_plus" * 90},
        {"name": "other"},
        {"quality": "x"},
    ],
)
def test_wrong_words_about_it_are_refused(spoil):
    values = own_direction(INFO, np.arange(4)).to_json()
    with pytest.raises(LookError):
        OwnDirection.from_json({**values, "info": {**values["info"], **spoil}})


def test_a_vector_exchanged_for_another_is_refused():
    values = own_direction(INFO, np.arange(4)).to_json()
    other = own_direction(INFO, np.arange(1, 5)).to_json()
    with pytest.raises(LookError, match="not the one it was named for"):
        OwnDirection.from_json({**values, "values": other["values"]})


@pytest.mark.parametrize("step", [[np.nan, 1], [np.inf, 0], [1e5, 0], np.zeros((2, 2, 2)), np.zeros(0)])
def test_a_step_that_nothing_can_be_drawn_with_is_refused(step):
    with pytest.raises(LookError):
        own_direction(INFO, step)
