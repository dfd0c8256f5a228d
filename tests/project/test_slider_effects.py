"""What a project keeps of measured sliders."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ganstudio.checkpoints.base import DirectionInfo
from ganstudio.project import direction_edits
from ganstudio.project.file import read_project, write_project
from ganstudio.project.slider_effects import SliderEffects
from ganstudio.project.state import Project
from ganstudio.rendering.looks.checking import LookError
from ganstudio.rendering.looks.own_direction import own_direction

EFFECTS = SliderEffects("Smile", 2.5, 0.3, (("Age", 0.4), ("Beard", 0.25)))


def test_effects_are_kept_saved_and_read(tmp_path: Path) -> None:
    own = own_direction(DirectionInfo("mine", "Mine", -3, 3), np.eye(8)[0])
    project = direction_edits.add_directions(Project(), [own])
    project = direction_edits.set_effects(project, {own.name: EFFECTS, "smile": EFFECTS})
    assert project.directions[0].info.entanglement == 0.3
    assert project.directions[0].name == own.name  # the picture is the same
    assert project.slider_of("smile").effects == EFFECTS
    write_project(tmp_path / "work.ganstudio", project)
    assert read_project(tmp_path / "work.ganstudio") == project


def test_a_slider_says_what_else_it_changes() -> None:
    assert EFFECTS.say_others() == "also changes: age 40%, beard 25%"
    assert replace(EFFECTS, also=()).say_others() == ""


@pytest.mark.parametrize(
    "damage",
    [{"also": 3}, {"also": [["Age"]]}, {"also": [["Age", "x"]]}, {"also": [["Age", -1]]}, {"change": None},
     {"entanglement": -0.1}, {"wanted": ""}, {"more": 1}],
    ids=json.dumps,
)  # fmt: skip
def test_damaged_effects_are_refused(damage: dict[str, Any]) -> None:
    with pytest.raises(LookError):
        SliderEffects.from_json({**EFFECTS.to_json(), **damage})
    with pytest.raises(LookError):
        SliderEffects.from_json({"wanted": "Smile"})
