"""The training loop: what it writes, that stopping changes nothing, and what it does when things go wrong."""

import hashlib
import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from ganstudio.checkpoints.catalogue import describe, read
from ganstudio.files import FileWriteError
from ganstudio.training import run_writer
from ganstudio.training.config import TrainingConfig
from ganstudio.training.errors import (
    RunFolderError,
    RunLockedError,
    TrainingConfigError,
    TrainingDivergedError,
    TrainingError,
)
from ganstudio.training.events import (
    SamplesDrawn,
    ScalarsLogged,
    ScoreMeasured,
    SnapshotSaved,
    StepDone,
    TrainingEnded,
    TrainingStarted,
    TrainingWarned,
)
from ganstudio.training.runs.run_folder import RunFolder
from ganstudio.training.trainer import train


def stop_after(events, steps: int) -> None:
    """Drive a run for so many steps, then close it as a cancel does."""
    for event in events:
        if isinstance(event, StepDone) and event.step >= steps:
            break
    events.close()


def final_digest(run: RunFolder) -> str:
    """A digest of every bit of the newest state's tensors."""
    from ganstudio.checkpoints.formats.native import read_file

    _, tensors = read_file(run.states()[-1][1])
    digest = hashlib.sha256()
    for name in sorted(tensors):
        digest.update(name.encode() + np.ascontiguousarray(tensors[name]).tobytes())
    return digest.hexdigest()


def test_a_run_tells_and_writes_everything(tiny_config, tiny_pictures, tmp_path):
    run = RunFolder(tmp_path / "run")
    events = list(train(tiny_config, tiny_pictures, run))
    assert isinstance(events[0], TrainingStarted)
    assert isinstance(events[-1], TrainingEnded)
    assert sum(isinstance(event, StepDone) for event in events) == 40
    assert {type(event) for event in events} >= {SamplesDrawn, ScalarsLogged, ScoreMeasured, SnapshotSaved}
    scalars = run.read("scalars")
    assert len(scalars) == 8
    assert 0 < scalars[-1]["d_real"] < 1
    assert [round(kimg, 2) for kimg, _ in run.samples()] == [0.0, 0.02, 0.03, 0.06, 0.1, 0.2, 0.3, 0.32]
    assert json.loads((run.path / "run.json").read_text())["config"]["seed"] == 0
    assert not run.is_locked()
    facts = describe(run.snapshots()[-1][1]).facts
    assert facts["kimg"] == 0.32


@pytest.mark.parametrize("stops", [(1,), (5, 19), (39,)])
def test_stopping_and_resuming_gives_the_same_bits(tiny_config, tiny_pictures, tmp_path, stops):
    whole, broken = RunFolder(tmp_path / "whole"), RunFolder(tmp_path / "broken")
    list(train(tiny_config, tiny_pictures, whole))
    for number, step in enumerate(stops):
        stop_after(train(tiny_config, tiny_pictures, broken, resume=number > 0), step)
    list(train(tiny_config, tiny_pictures, broken, resume=True))
    assert final_digest(broken) == final_digest(whole)
    assert [kimg for kimg, _ in broken.samples()] == [kimg for kimg, _ in whole.samples()]


def test_resuming_is_exact_with_classes_and_mlp(conditional_config, tiny_pictures, tmp_path):
    network = {"resolution": 28, "channels": 1, "num_classes": 2, "z_dim": 8, "hidden": 16, "layers": 1}
    mlp = replace(conditional_config, network="mlp", network_config=network, class_balance="even")
    for name, config in (("dcgan", conditional_config), ("mlp", mlp)):
        whole, broken = RunFolder(tmp_path / f"{name}-whole"), RunFolder(tmp_path / f"{name}-broken")
        list(train(config, tiny_pictures, whole))
        stop_after(train(config, tiny_pictures, broken), 11)
        list(train(config, tiny_pictures, broken, resume=True))
        assert final_digest(broken) == final_digest(whole)
        assert describe(broken.snapshots()[-1][1]).class_names == ("small", "large")


def test_another_seed_gives_another_network(tiny_config, tiny_pictures, tmp_path):
    for seed in (0, 1):
        list(train(replace(tiny_config, seed=seed), tiny_pictures, RunFolder(tmp_path / str(seed))))
    assert final_digest(RunFolder(tmp_path / "0")) != final_digest(RunFolder(tmp_path / "1"))


def test_training_makes_pictures_like_the_real_ones(tiny_config, tiny_pictures, tmp_path):
    config = replace(tiny_config, kimg=8.0, score_kimg=4.0, generator_lr=2e-3, discriminator_lr=2e-3)
    events = list(train(config, tiny_pictures, RunFolder(tmp_path / "run")))
    scores = [event.scalars for event in events if isinstance(event, ScoreMeasured)]
    untrained = list(train(replace(config, kimg=0.016), tiny_pictures, RunFolder(tmp_path / "short")))
    before = next(event.scalars for event in untrained if isinstance(event, ScoreMeasured))
    assert scores[-1]["kid"] < 0.5 * before["kid"]
    assert scores[-1]["diversity"] > 0.3


def test_nan_stops_with_the_last_good_state(tiny_config, tiny_pictures, tmp_path, monkeypatch):
    run = RunFolder(tmp_path / "run")
    stop_after(train(tiny_config, tiny_pictures, run), 5)
    good = final_digest(run)
    penalty = torch.tensor(float("nan"))
    monkeypatch.setattr("ganstudio.losses.zero_centred.zero_centred_penalty", lambda *_: penalty)
    with pytest.raises(TrainingDivergedError, match=r"no number .* the state at 0\.04 kimg is whole"):
        list(train(tiny_config, tiny_pictures, run, resume=True))
    assert "no number" in run.read("warnings")[-1]["message"]
    assert final_digest(run) == good
    monkeypatch.undo()
    list(train(tiny_config, tiny_pictures, run, resume=True))
    assert run.snapshots()[-1][0] == 0.32


def test_a_full_disk_warns_and_the_last_good_state_survives(tiny_config, tiny_pictures, tmp_path, monkeypatch):
    run = RunFolder(tmp_path / "run")
    config = replace(tiny_config, state_seconds=0.0)
    stop_after(train(config, tiny_pictures, run), 5)
    before = final_digest(run)

    def fail(path: Path, *_: object) -> None:
        raise FileWriteError(path, "the disk is full, nothing was written", "free some space")

    monkeypatch.setattr(run_writer, "save_state", fail)
    events = train(config, tiny_pictures, run, resume=True)
    warned = next(event for event in events if isinstance(event, TrainingWarned))
    assert "disk is full" in warned.message
    with pytest.raises(FileWriteError, match="disk is full"):
        events.close()
    assert final_digest(run) == before
    assert not run.is_locked()


def test_a_broken_newest_state_falls_back_to_the_one_before(tiny_config, tiny_pictures, tmp_path):
    run = RunFolder(tmp_path / "run")
    stop_after(train(tiny_config, tiny_pictures, run), 5)
    stop_after(train(tiny_config, tiny_pictures, run, resume=True), 9)
    newest = run.states()[-1][1]
    newest.write_bytes(newest.read_bytes()[: newest.stat().st_size // 2])
    events = list(train(tiny_config, tiny_pictures, run, resume=True))
    assert events[0].resumed_at_kimg == 0.04
    assert any(isinstance(event, TrainingWarned) and "one before" in event.message for event in events)


def test_a_removed_run_folder_ends_the_run_with_a_clear_reason(tiny_config, tiny_pictures, tmp_path):
    run = RunFolder(tmp_path / "run")
    events = train(tiny_config, tiny_pictures, run)
    for event in events:
        if isinstance(event, StepDone) and event.step == 3:
            break
    shutil.rmtree(run.path)
    with pytest.raises(RunFolderError, match="removed during training"):
        list(events)
    assert not run.path.exists()


def test_two_trainers_cannot_share_a_run(tiny_config, tiny_pictures, tmp_path):
    run = RunFolder(tmp_path / "run")
    first = train(tiny_config, tiny_pictures, run)
    next(first)
    with pytest.raises(RunLockedError, match="trained already"):
        next(train(tiny_config, tiny_pictures, RunFolder(run.path), resume=True))
    assert run.is_locked()
    first.close()
    assert not run.is_locked()


def test_a_new_run_never_writes_over_an_old_one(tiny_config, tiny_pictures, tmp_path):
    run = RunFolder(tmp_path / "run")
    stop_after(train(tiny_config, tiny_pictures, run), 2)
    with pytest.raises(RunFolderError, match="a run in this folder already"):
        next(train(tiny_config, tiny_pictures, run))


def test_pictures_that_do_not_fit_are_refused(tiny_config, tiny_pictures, tmp_path):
    run = RunFolder(tmp_path / "run")
    one = replace(tiny_pictures, pixels=tiny_pictures.pixels[:1])
    with pytest.raises(TrainingError, match="only 1 usable picture;"):
        next(train(tiny_config, one, run))
    with pytest.raises(TrainingError, match="only 3 usable pictures;"):
        next(train(tiny_config, replace(tiny_pictures, pixels=tiny_pictures.pixels[:3]), run))
    colour = replace(tiny_pictures, pixels=np.zeros((40, 28, 28, 3), np.uint8))
    with pytest.raises(TrainingError, match="prepare them for the network"):
        next(train(tiny_config, colour, run))
    unlabelled = replace(tiny_pictures, labels=None)
    classes = replace(tiny_config, network_config={**tiny_config.network_config, "num_classes": 2})
    with pytest.raises(TrainingError, match="classes"):
        next(train(classes, unlabelled, run))
    assert not run.path.exists()


@pytest.mark.parametrize("holdout", [0.0, 0.5])
def test_the_fewest_pictures_that_are_taken_are_trained_and_scored(holdout, tiny_config, tiny_pictures, tmp_path):
    count = 4 if not holdout else 8
    few = replace(tiny_pictures, pixels=tiny_pictures.pixels[:count], labels=tiny_pictures.labels[:count])
    config = replace(tiny_config, holdout=holdout, parts={"diff_augment": {}})
    list(train(config, few, RunFolder(tmp_path / "run")))
    assert RunFolder(tmp_path / "run").read("scores")
    with pytest.raises(TrainingError, match="left to train on"):
        list(train(config, few, RunFolder(tmp_path / "fewer"), left_out=range(count - 3)))


def test_the_snapshot_is_the_averaged_generator(tiny_config, tiny_pictures, tmp_path):
    run = RunFolder(tmp_path / "run")
    list(train(tiny_config, tiny_pictures, run))
    from ganstudio.checkpoints.formats.native import read_file

    _, state = read_file(run.states()[-1][1])
    snapshot = read(run.snapshots()[-1][1]).weights
    assert np.array_equal(snapshot["stem.weight"], state["averaged.stem.weight"])
    assert not np.array_equal(snapshot["stem.weight"], state["generator.stem.weight"])


def test_settings_are_checked():
    with pytest.raises(TrainingConfigError, match="kimg"):
        TrainingConfig(kimg=0.0)
    with pytest.raises(TrainingConfigError, match="batch_size"):
        TrainingConfig.from_json({"batch_size": "8"})
    with pytest.raises(TrainingConfigError, match="no such setting"):
        TrainingConfig.from_json({"bach_size": 8})
    with pytest.raises(TrainingConfigError, match="loss"):
        TrainingConfig(loss="nonsense")
    config = TrainingConfig(kimg=3.0)
    assert TrainingConfig.from_json(json.loads(json.dumps(config.to_json()))) == config
