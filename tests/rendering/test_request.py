"""Looks: plain values that are checked, and survive JSON."""

import json

import pytest

from ganstudio.rendering.request import Look, LookError


def test_a_look_survives_json():
    look = Look(7, 0.5, 2, (("smile", 1.5), ("age", -2.0)), 9, 0.25)
    assert Look.from_json(json.loads(json.dumps(look.to_json()))) == look
    assert Look.from_json({}) == Look()


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
        {"strengths": [1]},
        {"strengths": {"smile": 1e9}},
        {"strengths": {"": 1.0}},
        {"magic": 1},
    ],
)
def test_what_is_no_look_is_refused(values):
    with pytest.raises(LookError):
        Look.from_json(values)
