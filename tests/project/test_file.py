import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ganstudio.checkpoints.base import DirectionInfo
from ganstudio.checkpoints.fingerprints import Fingerprint
from ganstudio.files import FileWriteError
from ganstudio.networks.noise import NONE
from ganstudio.project import direction_edits, edits, history, latent_edits
from ganstudio.project.file import (
    NewerProjectError,
    ProjectFileError,
    read_content,
    read_object,
    read_project,
    to_json,
    write_project,
)
from ganstudio.project.recipe import Recipe, read_recipe
from ganstudio.project.state import Entry, Project
from ganstudio.rendering.looks.checking import LookError
from ganstudio.rendering.looks.edit import Edit
from ganstudio.rendering.looks.look import Look
from ganstudio.rendering.looks.own_direction import own_direction
from ganstudio.rendering.looks.point import latent_point

STORED = Path(__file__).parent / "stored"


def worked_on() -> Project:
    project = edits.set_seed(Project(checkpoint="/models/ä b.safetensors"), 7)
    project = direction_edits.set_strength(project, "smile", -1.25)
    found = own_direction(DirectionInfo("mine", "Mine", -3.0, 3.0, 0.8, "picks", "w"), np.linspace(-1, 1, 64))
    project = direction_edits.set_strength(direction_edits.add_directions(project, [found]), found.name, 2.0)
    project = direction_edits.rename_slider(project, found.name, "Mine, renamed")
    point = latent_point("w_plus", np.random.default_rng(0).normal(size=(18, 64)))
    project = edits.set_truncation(latent_edits.set_point(project, point), 0.7)
    project = history.toggle_favourite(edits.set_blend(edits.set_seed(project, 9), 11, 0.25))
    project = edits.toggle_examples(project, [Look(seed=1), Look(seed=2)], liked=True)
    project = edits.toggle_examples(project, [Look(seed=3)], liked=False)
    project = history.rename(project, project.entry, "The one")
    return edits.set_grid_side(edits.set_view(history.step(project, -1), "grid"), 20)


def test_a_project_comes_back_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "work.json"
    write_project(path, worked_on())
    assert read_project(path) == worked_on()


@pytest.mark.parametrize(
    "spoil",
    [
        {"schema": 3},
        {"schema": "2"},
        {"schema": True},
        {"models": {"a": {"sha256": "short", "size_bytes": 1}}},
        {"models": []},
        {"texts": {}, "history": [{"$text": "gone"}]},
        {"history": [{"look": {}, "checkpoint": 5, "name": ""}]},
        {"history": [{"look": {}, "checkpoint": None, "name": 5}]},
        {"checkpoint": 5},
        {"history": []},
        {"history": "abc"},
        {"history": [{"look": {"seed": -1}, "checkpoint": None, "name": ""}]},
        {"history": [{"look": {"sed": 1}, "checkpoint": None, "name": ""}]},
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
    path.write_text(json.dumps({**to_json(worked_on(), {}), **spoil}), encoding="utf-8")
    with pytest.raises(ProjectFileError):
        read_project(path)


def test_a_file_of_the_first_schema_opens() -> None:
    content = read_content(STORED / "schema_1.json")
    model, looks = "/models/ä b.safetensors", [entry.look for entry in content.project.history]
    smiling = Look(seed=7, edits=(Edit("smile", -1.25),))
    blended = replace(smiling, seed=9, blend_seed=11, blend=0.25)
    last = replace(blended, seed=2**32 - 1, truncation=0.7, noise=NONE, label=2)
    assert looks == [Look(), smiling, blended, last]
    assert {entry.checkpoint for entry in content.project.history} == {model}
    assert content.project.favourites == (Entry(blended, model),)
    assert (content.project.history_index, content.project.look, content.project.checkpoint) == (2, blended, model)
    assert (content.project.liked, content.project.disliked) == ((Look(seed=1), Look(seed=2)), (Look(seed=3),))
    assert (content.project.view, content.project.grid_side) == ("grid", 20)


def test_a_file_from_before_there_were_marks_opens(tmp_path: Path) -> None:
    values = read_object(STORED / "schema_1.json")
    path = tmp_path / "work.json"
    path.write_text(json.dumps({key: value for key, value in values.items() if "liked" not in key}), encoding="utf-8")
    assert read_project(path) == edits.clear_examples(read_project(STORED / "schema_1.json"))


def test_a_file_of_a_newer_version_is_refused_and_says_which(tmp_path: Path) -> None:
    path = tmp_path / "work.json"
    values = {"format": "ganstudio-project", "schema": 7, "program": "GANStudio 4.2", "history": "unheard of"}
    path.write_text(json.dumps(values), encoding="utf-8")
    with pytest.raises(NewerProjectError, match=r"GANStudio 4\.2 wrote it \(schema 7\)"):
        read_project(path)


def test_pictures_remember_their_models_and_names(tmp_path: Path) -> None:
    models = {
        "/a.pkl": Fingerprint("a" * 64, 5),
        "/b.pkl": Fingerprint("b" * 64, 6),
        "/c.pkl": Fingerprint("c" * 64, 7),
    }
    project = replace(Project(checkpoint="/b.pkl"), history=(Entry(Look(), "/a.pkl", "Ä"), Entry(Look(5), "/b.pkl")))
    project = history.show(project, 1)
    write_project(tmp_path / "work.json", project, models)
    content = read_content(tmp_path / "work.json")
    assert content.project == project
    assert content.models == {path: models[path] for path in ("/a.pkl", "/b.pkl")}
    assert history.step(content.project, -1).checkpoint == "/a.pkl"


def test_the_same_project_makes_the_same_file(tmp_path: Path) -> None:
    for name in ("one", "other"):
        write_project(tmp_path / name, worked_on())
    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()


def full_disk(*_arguments: object) -> int:
    raise OSError(28, "No space left on device")


def no_access(*_arguments: object, **_named: object) -> None:
    raise PermissionError(13, "Permission denied")


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda patch: patch.setattr(os, "fsync", full_disk), "disk is full"),
        (lambda patch: patch.setattr("tempfile.mkstemp", no_access), "may not be written to"),
        (lambda patch: patch.setattr(Path, "replace", full_disk), "disk is full"),
    ],
    ids=["full", "locked", "full at the end"],
)
def test_a_write_that_fails_leaves_the_old_file_and_nothing_half(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spoil: Callable[[pytest.MonkeyPatch], None], words: str
) -> None:
    path = tmp_path / "work.ganstudio"
    write_project(path, worked_on())
    with monkeypatch.context() as patch:
        spoil(patch)
        with pytest.raises(FileWriteError, match=words):
            write_project(path, Project())
    assert read_project(path) == worked_on()
    assert list(tmp_path.iterdir()) == [path]


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
