"""Runs from the command line: watched, listed, compared, noted; and the recipes that they can have."""

import json
import subprocess
import sys
import time

import pytest

from ganstudio.__main__ import main
from ganstudio.training.config import TrainingConfig, with_settings
from ganstudio.training.parts.catalogue import PARTS
from ganstudio.training.presets.catalogue import PRESETS
from ganstudio.training.runs.run_folder import RunFolder


@pytest.fixture
def run(tmp_path):
    run = RunFolder(tmp_path / "one")
    run.create(TrainingConfig(kimg=4.0), {"pictures": 40, "origin": {"place": "avatars:40"}})
    for step in range(40):
        point = {"kimg": 0.1 * step, "d_real": 0.6, "d_fake": 0.4, "images_per_second": 9.0}
        run.append("scalars", {**point, "loss_generator": 1.0, "loss_discriminator": 1.0})
    for step in range(1, 10):
        run.append("scores", {"kimg": 0.1 * step, "kid": 1 / step, "diversity": 0.1})
    return run


def test_a_run_that_stands_is_told_at_once(run, capsys):
    assert main(["watch", str(run.path)]) == 0
    told = capsys.readouterr()
    assert told.out.startswith("one: DCGAN, non saturating")
    assert "stopped at 3.90 of 4 kimg" in told.out
    assert "danger: Mode collapse (since" in told.err
    assert "D(real)  60%" in told.err


def test_a_run_that_is_trained_is_followed_to_its_end(run):
    command = [sys.executable, "-m", "ganstudio", "watch", str(run.path), "--every", "0.1"]
    with run.lock():
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert process.stdout is not None
        assert process.stdout.readline().startswith("one:")
        run.append("warnings", {"kimg": 3.9, "message": "a bad round"})
        run.append("scalars", {"kimg": 4.0, "loss_generator": 1.0})
        time.sleep(0.5)
        assert process.poll() is None
    out, err = process.communicate(timeout=20)
    assert process.returncode == 0
    assert "finished at 4.00" in out
    assert "warning at 3.9 kimg: a bad round" in err


def test_what_is_no_run_is_refused(tmp_path, capsys):
    assert main(["watch", str(tmp_path)]) == 1
    assert "no training run" in capsys.readouterr().err


def test_runs_are_listed_noted_and_compared(run, tmp_path, capsys):
    other = RunFolder(tmp_path / "two")
    other.create(with_settings(run.config(), {"loss": "hinge"}), {})
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "run.json").write_text("{")
    assert main(["runs", "--note", str(other.path), "worse\nthan one"]) == 0
    assert main(["runs", str(tmp_path)]) == 0
    lines = {line.split()[0]: line for line in capsys.readouterr().out.splitlines()}
    assert "111.11 at 0.9" in lines["one"]
    assert "(worse than one)" in lines["two"]
    assert "cannot be read" in lines["broken"]
    assert main(["runs", str(tmp_path), "--json"]) == 0
    told = {found["name"]: found for found in json.loads(capsys.readouterr().out)["runs"]}
    assert told["one"]["best"] == {"kimg": pytest.approx(0.9), "kid": pytest.approx(1 / 9)}
    assert told["two"]["note"] == "worse\nthan one"
    assert main(["runs", "--differences", str(run.path), str(other.path)]) == 0
    assert capsys.readouterr().out == "Loss: non_saturating | hinge\n"
    assert main(["runs", "--note", str(tmp_path / "gone"), "x"]) == 1


def test_recipes_and_all_that_can_be_set_are_listed(capsys):
    assert main(["recipes"]) == 0
    told = capsys.readouterr().out
    assert all(f"  {name} " in told for name in PRESETS)
    assert main(["recipes", "--parts"]) == 0
    told = capsys.readouterr().out
    assert all(f"{name}: " in told for name in PARTS)
    assert "r1.gamma = 1.0 (0 to 1e+06)" in told
    assert main(["recipes", "--settings"]) == 0
    assert "optimizer = adam (adam, rmsprop)" in capsys.readouterr().out


def test_the_settings_of_a_recipe_are_those_that_it_trains_with(capsys):
    assert main(["recipes", "wgan_gp", "--resolution", "32", "--channels", "1"]) == 0
    config = TrainingConfig.from_json(json.loads(capsys.readouterr().out))
    assert config.network_config["channels"] == 1
    assert config.loss == "wasserstein"
    assert main(["recipes", "style", "--resolution", "28"]) == 2
    assert main(["recipes", "nothing"]) == 2
