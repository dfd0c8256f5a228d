"""Edits of where a picture begins."""

import numpy as np
import pytest

from ganstudio.project import latent_edits as edits
from ganstudio.project.adjusting import EditError
from ganstudio.project.edits import set_grid_side
from ganstudio.project.state import Project
from ganstudio.rendering.looks.look import Look
from ganstudio.rendering.looks.mixing import Mix
from ganstudio.rendering.looks.point import latent_point

START = Project()
POINT = latent_point("z", np.arange(4))


def test_a_point_is_a_new_picture_and_its_neighbours_are_seeds() -> None:
    project = edits.set_point(START, POINT)
    assert [entry.look for entry in project.history] == [Look(), Look(point=POINT)]
    assert edits.set_point(project, POINT) is project
    assert [look.point for look in set_grid_side(project, 2).grid_looks] == [POINT, None, None, None]


def test_a_mix_takes_another_picture_without_its_own_mix() -> None:
    mixed = edits.set_mix(START, Look(5), [0.0, 1.0])
    assert mixed.look.mix == Mix(Look(5), (0.0, 1.0))
    assert edits.set_mix(START, mixed.look, [1.0]).look.mix == Mix(Look(), (1.0,))
    assert edits.set_mix(mixed, None) == START
    with pytest.raises(EditError, match="out of range"):
        edits.set_mix(START, Look(5), [2.0])


def test_classes_and_truncation() -> None:
    assert edits.set_second_label(START, 3, 0.5).look == Look(second_label=3, label_blend=0.5)
    assert edits.set_second_label(START, None, 0.5) == START
    assert edits.set_truncation_cutoff(START, 8).look == Look(truncation_cutoff=8)
    assert edits.set_truncation_centres(START, 8).look == Look(truncation_centres=8)
    for edit in (
        lambda: edits.set_second_label(START, -1, 0.5),
        lambda: edits.set_truncation_cutoff(START, -1),
        lambda: edits.set_truncation_centres(START, 65),
    ):
        with pytest.raises(EditError):
            edit()
