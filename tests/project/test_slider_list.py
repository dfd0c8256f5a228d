"""Which sliders there are, and in which order."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from ganstudio.checkpoints.base import CheckpointDescription, DirectionInfo
from ganstudio.networks.spec import GeneratorSpec
from ganstudio.project import direction_edits
from ganstudio.project.slider_list import count_of_other_models, list_sliders, title_of
from ganstudio.project.state import Project
from ganstudio.rendering.looks.edit import Edit
from ganstudio.rendering.looks.own_direction import own_direction

SPEC = GeneratorSpec(z_dim=4, resolution=8, channels=3, w_dim=6, num_ws=3)
CARRIED = (DirectionInfo("smile", "Smile", -2, 2, 0.8), DirectionInfo("pca_1", "Axis 1", -3, 3, origin="pca"))
MODEL = CheckpointDescription(Path("m"), "f", "stylegan2", {}, SPEC, (), CARRIED)


def own(title: str, size: int = 6, origin: str = "picks"):
    return own_direction(DirectionInfo(title, title, -4, 4, origin=origin, space="w"), np.arange(size) + 1.0)


def groups(project: Project) -> list[tuple[str, str]]:
    return [(entry.group, entry.title) for entry in list_sliders(project, MODEL)]


def test_groups_in_their_order_and_what_does_not_fit_left_out():
    mine, axis, foreign = own("Mine"), own("component 1", origin="ganspace"), own("Foreign", 9)
    axis = own_direction(axis.info, axis.step * 2)
    project = direction_edits.add_directions(Project(), (mine, axis, foreign))
    project = direction_edits.rename_slider(project, "w:5", "w 5")
    project = direction_edits.put_edit(project, Edit("z:1", 0.5))
    project = direction_edits.put_edit(project, Edit("w:99", 0.5))  # of another model
    assert groups(project) == [
        ("named", "Smile"),
        ("own", "Mine"),
        ("axes", "Axis 1"),
        ("axes", "component 1"),
        ("numbers", "w 5"),
        ("numbers", "z 1"),
    ]
    assert count_of_other_models(project, MODEL) == 1
    assert list_sliders(project, None) == ()


def test_settings_are_what_a_slider_shows():
    project = direction_edits.rename_slider(Project(), "pca_1", "Width")
    project = direction_edits.set_slider_range(project, "smile", None, -4.0)
    entries = {entry.name: entry for entry in list_sliders(project, MODEL)}
    assert entries["pca_1"].group == "named"
    assert entries["pca_1"].title == "Width"
    assert entries["smile"].low < entries["smile"].high
    assert not entries["smile"].is_removable


def test_titles_of_what_the_model_has_and_of_what_it_has_not():
    mine = own("Mine")
    project = direction_edits.add_directions(Project(), (mine,))
    assert title_of(mine.name, project, MODEL) == "Mine"
    assert title_of(mine.name, replace(project, directions=()), MODEL) == "Mine"
    assert title_of("w:3", project, MODEL) == "w 3"
    assert title_of("hair_colour", project, None) == "hair colour"
    assert title_of("smile", direction_edits.rename_slider(project, "smile", "Grin"), MODEL) == "Grin"
