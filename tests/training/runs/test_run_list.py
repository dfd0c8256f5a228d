"""Runs at a glance, with their notes; and names for new ones."""

import pytest

from ganstudio.training.errors import RunFolderError
from ganstudio.training.runs.run_folder import LONGEST_NOTE, RunFolder
from ganstudio.training.runs.run_list import list_runs, next_name, safe_name, summarise


@pytest.fixture
def run(tmp_path, tiny_config):
    run = RunFolder(tmp_path / "cats-1")
    run.create(tiny_config, {"pictures": 40, "origin": {"place": "/pictures/cats"}})
    return run


def test_a_run_says_how_far_it_is_and_what_it_measured(run):
    for kimg, kid in ((0.1, 0.4), (0.2, 0.1), (0.3, 0.2)):
        run.append("scores", {"kimg": kimg, "kid": kid})
    run.append("scores", {"kimg": "odd", "kid": 0.0})
    run.sample_path(0.3).write_bytes(b"x")
    run.write_note("good noses\nbad ears – ✓")
    summary = summarise(run)
    assert (summary.kimg, summary.planned_kimg, summary.best) == (0.3, 0.32, (0.2, 0.1))
    assert (summary.pictures, summary.place, summary.note) == (40, "/pictures/cats", "good noses\nbad ears – ✓")
    assert summary.state == "stopped"
    assert summary.can_go_on
    with run.lock():
        assert summarise(run).state == "being trained"
    run.sample_path(0.32).write_bytes(b"x")
    assert summarise(run).state == "finished"


def test_a_damaged_run_is_listed_with_the_reason(run, tmp_path):
    (tmp_path / "no run").mkdir()
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "run.json").write_text("{")
    found = {summary.path.name: summary for summary in list_runs(tmp_path)}
    assert set(found) == {"cats-1", "broken"}
    assert found["broken"].state == "damaged"
    assert "cannot be read" in found["broken"].problem
    assert not found["broken"].can_go_on
    assert list_runs(tmp_path / "nowhere") == []


def test_notes_end_somewhere_and_need_a_run(run, tmp_path):
    run.write_note("x" * (LONGEST_NOTE + 5))
    assert len(run.note()) == LONGEST_NOTE
    with pytest.raises(RunFolderError):
        RunFolder(tmp_path / "gone").write_note("x")
    assert not (tmp_path / "gone").exists()


def test_names_are_free_and_can_be_folders(run, tmp_path):
    assert next_name(tmp_path, "/pictures/cats") == "cats-2"
    assert next_name(tmp_path, "/pictures/cats", frozenset({"cats-2"})) == "cats-3"
    assert next_name(tmp_path, "avatars:500") == "avatars-1"
    assert safe_name("../../etc/passwd") == "etc-passwd"
    assert safe_name("…") == "run"
    assert len(safe_name("long " * 50)) <= 80
