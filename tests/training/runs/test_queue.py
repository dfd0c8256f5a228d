"""Runs that wait: in order, once each, and kept over the end of the program."""

import json

import pytest

from ganstudio.datasets.fitting import PreparationConfig
from ganstudio.files import FileWriteError
from ganstudio.training.errors import TrainingError
from ganstudio.training.origin import Origin
from ganstudio.training.plan import Plan
from ganstudio.training.runs.queue import QueuedRun, RunQueue


def waiting(name):
    plan = Plan("wgan", 12.5, name, {"r1.gamma": 2.0, "x_flip": True})
    return QueuedRun(name, Origin("avatars:40", PreparationConfig(32, 3), use_labels=False), plan)


def test_runs_come_in_their_order_and_are_kept(tmp_path):
    queue = RunQueue(tmp_path / "deep" / "queue.json")
    for one in (waiting("a"), QueuedRun("b"), waiting("c")):
        queue.add(one)
    queue.move_up("c")
    queue.move_up("a")
    again = RunQueue(tmp_path / "deep" / "queue.json")
    assert list(again) == [waiting("a"), waiting("c"), QueuedRun("b")]
    assert again.take() == waiting("a")
    again.remove("c")
    assert [one.name for one in RunQueue(tmp_path / "deep" / "queue.json")] == ["b"]
    assert again.take() == QueuedRun("b")
    assert again.take() is None


def test_a_name_waits_once(tmp_path):
    queue = RunQueue(tmp_path / "queue.json")
    queue.add(waiting("a"))
    with pytest.raises(TrainingError, match="waits already"):
        queue.add(QueuedRun("a"))
    assert len(queue) == 1


@pytest.mark.parametrize("text", ["", "{", "[]", '{"schema": 9, "runs": []}', '{"schema": 1, "runs": 3}', "\x00"])
def test_a_damaged_file_is_an_empty_queue(tmp_path, text):
    (tmp_path / "queue.json").write_text(text)
    assert not len(RunQueue(tmp_path / "queue.json"))


def test_of_a_file_with_one_bad_run_the_others_are_kept(tmp_path):
    bad = [3, {}, {"name": "x", "origin": {}}, {**waiting("y").to_json(), "plan": {"preset": "nothing"}}]
    (tmp_path / "queue.json").write_text(json.dumps({"schema": 1, "runs": [*bad, waiting("z").to_json()]}))
    assert list(RunQueue(tmp_path / "queue.json")) == [waiting("z")]


def test_a_run_is_not_lost_where_the_file_cannot_be_written(tmp_path, monkeypatch):
    queue = RunQueue(tmp_path / "queue.json")
    queue.add(waiting("a"))

    def refuse(path, _text):
        raise FileWriteError(path, "no room", "free some")

    monkeypatch.setattr("ganstudio.training.runs.queue.write_text_atomically", refuse)
    with pytest.raises(FileWriteError):
        queue.take()
    assert [one.name for one in queue] == ["a"]
