"""Looks: plain values that are checked, and survive JSON."""

import json

import numpy as np
import pytest

from ganstudio.networks.noise import Noise
from ganstudio.rendering.looks.between import Between
from ganstudio.rendering.looks.checking import LookError
from ganstudio.rendering.looks.edit import Edit
from ganstudio.rendering.looks.look import Look
from ganstudio.rendering.looks.mixing import Mix
from ganstudio.rendering.looks.point import latent_point


def test_a_look_survives_json():
    look = Look(
        7,
        0.5,
        2,
        (Edit("smile", 1.5), Edit("age", -2.0, (2, 5), 1, is_muted=True), Edit("age", 3.0, is_solo=True)),
        9,
        0.25,
        Noise(seed=3, strength=0.5, layers=((0, 2.0), (4, 0.0))),
        latent_point("w_plus", np.random.default_rng(0).normal(size=(3, 4))),
        4,
        0.5,
        3,
        8,
        Mix(Look(seed=5, edits=(Edit("smile", 1.0),)), (0.0, 1.0, 0.25)),
        (0.5, -3.25),
        Between(((Look(3), 0.25), (Look(between=Between(((Look(4), 1.0),))), 0.75)), "w"),
    )
    assert Look.from_json(json.loads(json.dumps(look.to_json()))) == look
    assert Look.from_json({}) == Look()


def nested(depth):
    """A look between pictures that are between others, and so on."""
    look = {}
    for _level in range(depth):
        look = {"between": {"parts": [[look, 1.0]]}}
    return look


@pytest.mark.parametrize(
    "values",
    [
        None,
        [],
        {"seed": -1},
        {"seed": 1.5},
        {"seed": True},
        {"seed": 2**32},
        {"truncation": float("nan")},
        {"truncation": 3},
        {"truncation": "1"},
        {"label": -1},
        {"blend": 2.0},
        {"edits": {"smile": 1.0}},
        {"edits": [{"direction": "smile"}]},
        {"edits": [{"direction": "smile", "strength": 1e9}]},
        {"edits": [{"direction": "", "strength": 1}]},
        {"edits": [{"direction": "smile", "strength": 1, "layers": [3, 3]}]},
        {"edits": [{"direction": "smile", "strength": 1}] * 2},
        {"edits": [{"direction": f"d{number}", "strength": 1} for number in range(201)]},
        {"noise": {"strength": -1}},
        {"noise": {"layers": [[3, 1.0], [2, 1.0]]}},
        {"noise": 3},
        {"point": {"space": "x", "shape": [2], "values": "AAAAAAAAAAA="}},
        {"point": {"space": "z", "shape": [2], "values": "AAAAAAAA"}},
        {"point": {"space": "z", "shape": [1], "values": "AADAfw=="}},
        {"point": {"space": "z", "shape": [1 << 40], "values": ""}},
        {"point": {"space": "z", "shape": [1], "values": "?"}},
        {"mix": {"look": {"mix": {"look": {}}}}},
        {"mix": {"look": {}, "strengths": [1.5]}},
        {"truncation_centres": 65},
        {"truncation_cutoff": -1},
        {"label_blend": 1.5},
        {"drift": [1.0]},
        {"drift": [1.0, float("inf")]},
        {"drift": 3},
        {"between": {"parts": []}},
        {"between": {"parts": [[{}, 0.5]]}},
        {"between": {"parts": [[{}, 1.0]], "way": "beam"}},
        {"between": {"parts": [[{}, 1.0]] * 17}},
        {"between": {"parts": [{}]}},
        nested(4),
        nested(500),
        {"strengths": [1]},
        {"strengths": {"smile": 1e9}},
        {"strengths": {"": 1.0}},
        {"magic": 1},
    ],
)
def test_what_is_no_look_is_refused(values):
    with pytest.raises(LookError):
        Look.from_json(values)
