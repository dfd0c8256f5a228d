import json
from dataclasses import replace
from pathlib import Path

import pytest

from ganstudio.files import FileWriteError
from ganstudio.project import direction_edits, edits
from ganstudio.project.file import ProjectFileError, read_project, to_json, write_project
from ganstudio.project.recipe import Recipe, read_recipe
from ganstudio.project.state import Project
from ganstudio.rendering.looks.checking import LookError
from ganstudio.rendering.looks.edit import Edit
from ganstudio.rendering.looks.look import Look


def worked_on() -> Project:
    project = edits.set_seed(Project(checkpoint="/models/ä b.safetensors"), 7)
    project = direction_edits.set_strength(project, "smile", -1.25)
    project = edits.toggle_favourite(edits.set_blend(edits.set_seed(project, 9), 11, 0.25))
    project = edits.toggle_examples(project, [Look(seed=1), Look(seed=2)], liked=True)
    project = edits.toggle_examples(project, [Look(seed=3)], liked=False)
    return edits.set_grid_side(edits.set_view(edits.step_history(project, -1), "grid"), 20)


def test_a_project_comes_back_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "work.json"
    write_project(path, worked_on())
    assert read_project(path) == worked_on()


@pytest.mark.parametrize(
    "spoil",
    [
        {"schema": 2},
        {"checkpoint": 5},
        {"history": []},
        {"history": "abc"},
        {"history": [{"seed": -1}]},
        {"history": [{"sed": 1}]},
        {"history_index": 99},
        {"history_index": "x"},
        {"favourites": [5]},
        {"liked": [5]},
        {"disliked": 7},
        {"grid_side": 100},
        {"view": "sphere"},
    ],
)
def test_a_wrong_value_is_refused(tmp_path: Path, spoil: dict[str, object]) -> None:
    path = tmp_path / "work.json"
    path.write_text(json.dumps({**to_json(worked_on()), **spoil}), encoding="utf-8")
    with pytest.raises(ProjectFileError):
        read_project(path)


def test_a_file_from_before_there_were_marks_opens(tmp_path: Path) -> None:
    path = tmp_path / "work.json"
    values = {key: value for key, value in to_json(worked_on()).items() if key not in ("liked", "disliked")}
    path.write_text(json.dumps(values), encoding="utf-8")
    assert read_project(path) == replace(worked_on(), liked=(), disliked=())


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b" " * (65 << 20)])
def test_a_file_that_is_no_project_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "work.json"
    path.write_bytes(content)
    with pytest.raises(ProjectFileError):
        read_project(path)


def test_a_failed_write_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "gone" / "work.json"
    with pytest.raises(FileWriteError):
        write_project(path, worked_on())
    with pytest.raises(ProjectFileError):
        read_project(path)


def test_a_recipe_comes_back_as_it_was() -> None:
    recipe = Recipe(Look(seed=3, edits=(Edit("smile", 1.0),)), "/models/a.safetensors")
    assert read_recipe(json.loads(json.dumps(recipe.to_json()))) == recipe


@pytest.mark.parametrize("values", [{}, {"look": 5}, {"look": {"seed": "0"}}, {"look": {}, "checkpoint": 5}])
def test_a_forged_recipe_is_refused(values: dict[str, object]) -> None:
    with pytest.raises(LookError):
        read_recipe(values)
