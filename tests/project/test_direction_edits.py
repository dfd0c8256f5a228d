"""Edits of a picture's steps, of the project's own directions and of sliders."""

import numpy as np
import pytest

from ganstudio.checkpoints.base import DirectionInfo
from ganstudio.project import direction_edits as edits
from ganstudio.project.adjusting import EditError
from ganstudio.project.edits import reset_look
from ganstudio.project.state import Project
from ganstudio.rendering.looks.edit import Edit
from ganstudio.rendering.looks.own_direction import own_direction

START = Project()
AGE = Edit("age", 2.0)


def stacked(*steps: Edit) -> Project:
    project = START
    for step in steps:
        project = edits.put_edit(project, step)
    return project


def names(project: Project) -> list[str]:
    return [edit.direction for edit in project.look.edits]


def test_a_slider_makes_changes_and_takes_away_its_edit() -> None:
    project = edits.set_strength(START, "age", 2.0)
    assert project.look.edits == (AGE,)
    assert edits.set_strength(project, "age", 0.0) == START
    assert edits.set_strength(START, "age", 0.0) is START
    limited = edits.set_slider_layers(project, "age", (2, 4))
    assert limited.look.edits == (Edit("age", 2.0, (2, 4)),)
    assert edits.set_strength(limited, "age", 0.0).look.edits == (Edit("age", 0.0, (2, 4)),)  # it says more than 0
    fresh = edits.set_slider_layers(START, "age", (2, 4))
    assert edits.set_strength(fresh, "age", 1.0).look.edits == (Edit("age", 1.0, (2, 4)),)


def test_the_same_direction_may_stand_there_for_other_layers_and_classes() -> None:
    project = stacked(AGE, Edit("age", 1.0, (0, 2)), Edit("age", 1.0, label=3), Edit("age", 5.0))
    assert [edit.strength for edit in project.look.edits] == [5.0, 1.0, 1.0]
    with pytest.raises(EditError, match="twice"):
        edits.change_edit(project, ("age", (0, 2), None), layers=None)


def test_edits_are_moved_changed_and_removed() -> None:
    project = stacked(AGE, Edit("smile", 1.0), Edit("hat", 1.0))
    assert names(edits.move_edit(project, AGE.key, 1)) == ["smile", "age", "hat"]
    assert names(edits.move_edit(project, AGE.key, 99)) == ["smile", "hat", "age"]
    assert names(edits.remove_edit(project, AGE.key)) == ["smile", "hat"]
    muted = edits.change_edit(project, AGE.key, is_muted=True)
    assert muted.look.edits[0].is_muted
    assert names(edits.set_strength(muted, "age", 0.0)) == ["age", "smile", "hat"]
    with pytest.raises(EditError, match="no such edit"):
        edits.remove_edit(project, ("nose", None, None))
    with pytest.raises(EditError, match="out of range"):
        edits.change_edit(project, AGE.key, strength=21.0)


def test_a_locked_slider_stays_whatever_is_reset() -> None:
    project = edits.lock_slider(stacked(AGE, Edit("smile", 1.0)), "age", is_locked=True)
    with pytest.raises(EditError, match="locked"):
        edits.set_strength(project, "age", 1.0)
    assert names(edits.reset_strengths(project)) == ["age"]
    assert names(reset_look(project)) == ["age"]
    unlocked = edits.lock_slider(project, "age", is_locked=False)
    assert unlocked.sliders == ()
    assert names(edits.reset_strengths(unlocked)) == []


def test_sliders_are_named_and_given_ends() -> None:
    project = edits.rename_slider(START, "age", "  How   old ")
    project = edits.set_slider_range(project, "age", -1.5, 6.0)
    assert project.slider_of("age").title == "How old"
    assert (project.slider_of("age").low, project.slider_of("age").high) == (-1.5, 6.0)
    assert project.slider_of("smile").title == ""
    assert edits.set_slider_range(edits.rename_slider(project, "age", ""), "age", None, None) == START
    for low, high in ((3.0, 1.0), (-21.0, 1.0), (float("nan"), 1.0)):
        with pytest.raises(EditError):
            edits.set_slider_range(START, "age", low, high)
    with pytest.raises(EditError, match="too long"):
        edits.rename_slider(START, "age", "x" * 101)


def test_own_directions_are_added_once_moved_and_removed_with_their_edits() -> None:
    one, other = (
        own_direction(DirectionInfo(name, name.title(), -3, 3), np.eye(4)[place]) for place, name in enumerate("ab")
    )
    project = edits.add_directions(edits.add_directions(START, [one]), [one, other])
    assert [direction.name for direction in project.directions] == [one.name, other.name]
    assert edits.move_direction(project, one.name, 5).directions == (other, one)
    project = edits.rename_slider(edits.set_strength(project, one.name, 1.0), one.name, "First")
    gone = edits.remove_direction(project, one.name)
    assert (gone.directions, gone.look.edits, gone.sliders) == ((other,), (), ())
    with pytest.raises(EditError):
        edits.move_direction(project, "age", 0)


def test_a_hundred_edits_stand_and_too_many_are_refused() -> None:
    project = stacked(*(Edit(f"d{number}", 0.1) for number in range(100)))
    assert len(project.look.edits) == 100
    with pytest.raises(EditError, match="too many"):
        stacked(*(Edit(f"d{number}", 0.1) for number in range(201)))
