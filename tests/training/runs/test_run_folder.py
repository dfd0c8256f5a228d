"""The run folder as a person or a crash may leave it."""

import json

import pytest

from ganstudio.training.errors import RunFolderError
from ganstudio.training.runs.run_folder import RunFolder


@pytest.fixture
def run(tiny_config, tmp_path):
    folder = RunFolder(tmp_path / "a run with spaces – ü")
    folder.create(tiny_config, {"pictures": 40})
    return folder


def test_what_is_written_is_read_back(run, tiny_config):
    assert run.config() == tiny_config
    assert run.about() == {"begun": run.about()["begun"], "pictures": 40}
    assert run.about()["begun"][:2] == "20"
    run.append("scalars", {"kimg": 1.0, "loss_generator": 0.5})
    assert run.read("scalars") == [{"kimg": 1.0, "loss_generator": 0.5}]


def test_a_half_written_line_and_foreign_files_are_passed_over(run):
    run.append("scalars", {"kimg": 1.0})
    with (run.path / "scalars.jsonl").open("a") as file:
        file.write('{"kimg": 2.0, "lo')
    (run.path / "samples" / "holiday.png").write_bytes(b"x")
    run.sample_path(12.5).write_bytes(b"x")
    assert run.read("scalars") == [{"kimg": 1.0}]
    assert run.samples() == ((12.5, run.sample_path(12.5)),)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"schema": 1}', '{"schema": 99, "config": {}}', "\x00\xff"])
def test_a_damaged_record_is_a_clear_error(run, text):
    (run.path / "run.json").write_text(text)
    with pytest.raises(RunFolderError, match=r"run\.json"):
        run.config()


def test_an_unknown_setting_is_named(run):
    record = json.loads((run.path / "run.json").read_text())
    record["config"]["magic"] = 1
    (run.path / "run.json").write_text(json.dumps(record))
    with pytest.raises(RunFolderError, match="magic"):
        run.config()


def test_a_folder_without_a_run_says_so(tmp_path):
    with pytest.raises(RunFolderError, match="no training run"):
        RunFolder(tmp_path).config()
    assert RunFolder(tmp_path).samples() == ()
    assert not RunFolder(tmp_path).is_locked()


def test_going_back_forgets_what_came_later(run):
    for kimg in (1.0, 2.0, 3.0):
        run.append("scalars", {"kimg": kimg})
        run.sample_path(kimg).write_bytes(b"x")
        run.snapshot_path(kimg).write_bytes(b"x")
    run.forget_after(2.0)
    assert [line["kimg"] for line in run.read("scalars")] == [1.0, 2.0]
    assert [kimg for kimg, _ in run.samples()] == [1.0, 2.0]
    assert [kimg for kimg, _ in run.snapshots()] == [1.0, 2.0]


def test_a_line_that_a_kill_cut_does_not_spoil_the_next(run):
    for record in ("scalars", "warnings"):
        run.append(record, {"kimg": 1.0, "message": "é"})
        path = run.path / f"{record}.jsonl"
        path.write_bytes(path.read_bytes() + b'{"kimg": 2.0, "mess')
        run.forget_after(5.0)
        run.append(record, {"kimg": 3.0})
        assert [line["kimg"] for line in run.read(record)] == [1.0, 3.0]
    assert len(run.path.joinpath("warnings.jsonl").read_text().splitlines()) == 2


def test_the_two_newest_states_are_kept_and_leftovers_swept(run):
    for kimg in (1.0, 2.0, 3.0):
        run.state_path(kimg).write_bytes(b"x")
    (run.path / "state" / ".ganstudio-abc.part").write_bytes(b"half")
    run.remove_old_states()
    assert [kimg for kimg, _ in run.states()] == [2.0, 3.0]
    with run.lock():
        assert run.is_locked()
    assert not list((run.path / "state").glob(".ganstudio-*"))
