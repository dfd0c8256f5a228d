"""Other settings for a run that stands still, and the way back to its best moment."""

from dataclasses import replace
from itertools import chain, repeat

import pytest

from ganstudio.training.errors import RunFolderError, TrainingConfigError
from ganstudio.training.events import BestKept
from ganstudio.training.parts.base import Part
from ganstudio.training.parts.catalogue import PARTS
from ganstudio.training.runs.changes import FIXED_PARTS, change_settings, roll_back, set_aside_places
from ganstudio.training.runs.run_folder import RunFolder
from ganstudio.training.trainer import train
from tests.training.test_trainer import final_digest, stop_after


@pytest.fixture
def scored_run(tiny_config, tiny_pictures, tmp_path, monkeypatch) -> RunFolder:
    """A finished run whose third measurement was the best."""
    values = chain([0.5, 0.4, 0.1], repeat(0.3))
    monkeypatch.setattr("ganstudio.training.watch.scoring.kernel_distance", lambda *_: (next(values), 0.01))
    run = RunFolder(tmp_path / "run")
    list(train(replace(tiny_config, score_kimg=0.04), tiny_pictures, run))
    return run


def test_the_best_moment_is_kept_whole(scored_run):
    kimg, path = scored_run.best()
    assert kimg == pytest.approx(0.12)
    assert path.is_file()
    assert any(abs(stamp - kimg) < 1e-6 for stamp, _ in scored_run.snapshots())


def test_the_end_is_the_best_moment_where_it_is(tiny_config, tiny_pictures, tmp_path, monkeypatch):
    values = chain([0.5, 0.4, 0.3], repeat(0.2))
    monkeypatch.setattr("ganstudio.training.watch.scoring.kernel_distance", lambda *_: (next(values), 0.01))
    run = RunFolder(tmp_path / "run")
    events = list(train(replace(tiny_config, kimg=0.16, score_kimg=0.05), tiny_pictures, run))
    assert run.best()[0] == pytest.approx(0.16)
    assert [event.kimg for event in events if isinstance(event, BestKept)][-1] == pytest.approx(0.16)


@pytest.mark.parametrize("unit", [1 / 3, 2 / 3])  # written shorter than measured: once up, once down
def test_every_better_moment_is_kept_whatever_its_digits(unit, tiny_config, tiny_pictures, tmp_path, monkeypatch):
    values = (unit * (9 - count) for count in range(9))
    monkeypatch.setattr("ganstudio.training.watch.scoring.kernel_distance", lambda *_: (next(values), 0.01))
    run = RunFolder(tmp_path / "run")
    events = list(train(replace(tiny_config, score_kimg=0.04), tiny_pictures, run))
    assert len([event for event in events if isinstance(event, BestKept)]) == len(run.read("scores")) - 1


@pytest.mark.parametrize("begins_trained", [False, True])
def test_the_first_score_of_a_fresh_network_is_passed_over(
    begins_trained, tiny_config, tiny_pictures, tmp_path, monkeypatch
):
    if begins_trained:
        list(train(replace(tiny_config, kimg=0.08), tiny_pictures, RunFolder(tmp_path / "first")))
        tiny_config = replace(tiny_config, start_from=str(RunFolder(tmp_path / "first").snapshots()[-1][1]))
    values = chain([0.1, 0.5, 0.4], repeat(0.6))
    monkeypatch.setattr("ganstudio.training.watch.scoring.kernel_distance", lambda *_: (next(values), 0.01))
    run = RunFolder(tmp_path / "run")
    list(train(replace(tiny_config, score_kimg=0.04), tiny_pictures, run))
    assert run.best()[0] == pytest.approx(0.04 if begins_trained else 0.12)


def test_going_back_restores_the_very_state_and_loses_nothing(scored_run, tiny_pictures):
    config, (kimg, best) = scored_run.config(), scored_run.best()
    state = best.read_bytes()
    later = {path.name for stamp, path in scored_run.samples() + scored_run.snapshots() if stamp > kimg + 1e-3}
    scores = (scored_run.path / "scores.jsonl").read_text()
    assert roll_back(scored_run) == kimg
    assert scored_run.states()[-1][1].read_bytes() == state
    (place,) = set_aside_places(scored_run)
    assert later <= {path.name for path in place.rglob("*")}
    assert (place / "scores.jsonl").read_text() == scores
    assert max(line["kimg"] for line in scored_run.read("scores")) <= kimg + 1e-6
    list(train(config, tiny_pictures, scored_run, resume=True))
    assert max(line["kimg"] for line in scored_run.read("scalars")) == pytest.approx(config.kimg)


def test_going_back_twice_sets_aside_twice(scored_run, tiny_pictures):
    roll_back(scored_run)
    list(train(scored_run.config(), tiny_pictures, scored_run, resume=True))
    roll_back(scored_run)
    assert [place.name for place in set_aside_places(scored_run)] == ["1", "2"]


def test_a_run_that_was_gone_back_with_equals_one_that_was_stopped_there(
    tiny_config, tiny_pictures, tmp_path, scored_run
):
    roll_back(scored_run)
    plain = RunFolder(tmp_path / "plain")
    stop_after(train(replace(tiny_config, score_kimg=10.0), tiny_pictures, plain), 15)
    assert final_digest(plain) == final_digest(scored_run)


def test_there_is_no_way_back_before_a_best_moment(tiny_config, tiny_pictures, tmp_path):
    run = RunFolder(tmp_path / "run")
    events = list(train(replace(tiny_config, kimg=0.08), tiny_pictures, run))
    assert not any(isinstance(event, BestKept) for event in events)
    with pytest.raises(RunFolderError, match="no best moment yet"):
        roll_back(run)


def test_changed_settings_are_gone_on_with_and_on_record(tiny_config, tiny_pictures, tmp_path):
    run = RunFolder(tmp_path / "run")
    stop_after(train(tiny_config, tiny_pictures, run), 10)
    values = {"r1.gamma": 4.0, "discriminator_lr": 1e-4, "diff_augment": True, "label_smoothing": True}
    config = change_settings(run, values)
    assert run.config() == config
    (line,) = run.read("changes")
    assert (line["kimg"], line["settings"]) == (0.08, values)
    list(train(config, tiny_pictures, run, resume=True))
    assert run.read("scalars")[-1]["kimg"] == pytest.approx(tiny_config.kimg)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"seed": 5}, "keeps it for life"),
        ({"packing": True}, "what the discriminator is made of"),
        ({"r1.gamma": -1.0}, "out of range"),
        ({"label_smoothing": True, "loss": "hinge"}, "no labels"),
    ],
)
def test_what_cannot_be_changed_is_refused_and_nothing_happens(values, message, tiny_config, tiny_pictures, tmp_path):
    run = RunFolder(tmp_path / "run")
    stop_after(train(tiny_config, tiny_pictures, run), 3)
    before = run.config()
    with pytest.raises(TrainingConfigError, match=message):
        change_settings(run, values)
    assert run.config() == before
    assert run.read("changes") == []


def test_a_run_that_is_trained_is_left_alone(tiny_config, tiny_pictures, tmp_path):
    run = RunFolder(tmp_path / "run")
    events = train(tiny_config, tiny_pictures, run)
    next(events)
    with pytest.raises(RunFolderError, match="trained already"):
        change_settings(run, {"r1.gamma": 2.0})
    with pytest.raises(RunFolderError, match="trained already"):
        roll_back(run)
    events.close()


def test_parts_with_layers_of_their_own_are_kept_for_life():
    with_layers = {name for name in PARTS if PARTS[name].module is not Part.module}
    assert with_layers
    assert with_layers <= set(FIXED_PARTS)
