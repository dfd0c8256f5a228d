"""Following a run from outside: what is new arrives once, and a run that goes back is read anew."""

import json
import os

import pytest

from ganstudio.files import write_text_atomically
from ganstudio.training.errors import RunFolderError
from ganstudio.training.runs.changes import change_settings
from ganstudio.training.runs.following import RunFollower
from ganstudio.training.runs.run_folder import RunFolder
from ganstudio.training.runs.run_history import RunHistory


@pytest.fixture
def run(tmp_path, tiny_config):
    run = RunFolder(tmp_path / "run")
    run.create(tiny_config, {"pictures": 40})
    return run


def log(run, kimg):
    run.append("scalars", {"kimg": kimg, "loss_generator": kimg, "images_per_second": 7.0})


def test_what_grows_arrives_once_and_equals_what_is_read_at_once(run):
    follower = RunFollower(run)
    assert not follower.poll()
    log(run, 0.04)
    run.append("warnings", {"kimg": 0.04, "message": "a bad round"})
    run.append("changes", {"kimg": 0.04, "settings": {"beta1": 0.1}})
    run.sample_path(0.04).write_bytes(b"x")
    run.best_path(0.04).write_bytes(b"x")
    assert follower.poll()
    assert not follower.poll()
    log(run, 0.08)
    run.append("scores", {"kimg": 0.08, "kid": 0.5})
    assert follower.poll()
    assert follower.history == RunHistory.of(run)
    assert [line["kimg"] for line in follower.history.scalars] == [0.04, 0.08]
    assert follower.history.best_kimg == 0.04
    assert follower.history.changes == [(0.04, {"beta1": 0.1})]


def test_a_half_written_line_is_taken_when_it_is_whole(run):
    follower = RunFollower(run)
    line = json.dumps({"kimg": 1.0}) + "\n"
    path = run.path / "scalars.jsonl"
    with path.open("a") as file:
        file.write(line[:5])
    assert not follower.poll()
    with path.open("a") as file:
        file.write(line[5:])
    assert follower.poll()
    assert follower.history.scalars == [{"kimg": 1.0}]


@pytest.mark.parametrize("again", [(), (0.5,), (0.5, 3.0, 4.0)])
def test_a_run_that_goes_back_is_read_anew(run, again):
    for kimg in (0.5, 1.0, 2.0):
        log(run, kimg)
    follower = RunFollower(run)
    run.forget_after(0.5)
    for kimg in again:
        log(run, kimg)
    assert follower.poll()
    assert follower.history.scalars == RunHistory.of(run).scalars


def test_a_record_of_the_same_length_that_was_replaced_is_read_anew(run):
    log(run, 0.5)
    follower = RunFollower(run)
    path = run.path / "scalars.jsonl"
    write_text_atomically(path, path.read_text().replace("0.5", "0.6"))
    assert follower.poll()
    assert follower.history.scalars[0]["kimg"] == 0.6


def test_other_settings_arrive(run):
    follower = RunFollower(run)
    change_settings(run, {"kimg": 9.0})
    os.utime(run.path / "run.json", ns=(1, 1))  # file systems may be coarse about the time
    assert follower.poll()
    assert follower.history.planned_kimg == 9.0


def test_a_run_that_vanishes_is_a_clear_error(run):
    follower = RunFollower(run)
    (run.path / "run.json").unlink()
    with pytest.raises(RunFolderError, match="no training run"):
        follower.poll()
