"""`inspect`: every kind of file told by its content, its facts as JSON, refusals as one line with exit code 3."""

import hashlib
import json
import os

import numpy as np
import pytest
import torch
from PIL import Image

from ganstudio.__main__ import main
from ganstudio.cli.base import parse_assumptions
from ganstudio.cli.file_kinds import find_file_kind
from ganstudio.images import save_picture
from ganstudio.project.file import write_project
from ganstudio.project.state import Project
from ganstudio.training.config import TrainingConfig
from ganstudio.training.runs.run_folder import RunFolder

CONTRACT = {
    "format", "family", "components", "z_dim", "w_dim", "num_ws", "c_dim", "resolution", "channels", "latent_law",
    "output_range", "confidence", "warnings",
}  # fmt: skip


def inspect(capsys, *arguments):
    assert main(["inspect", *map(str, arguments), "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def refusal(capsys, *arguments):
    assert main(["inspect", *map(str, arguments), "--json"]) == 3
    printed = capsys.readouterr()
    assert printed.out == ""
    [line] = printed.err.splitlines()
    assert len(line) <= 400
    assert "; " in line, "a reason and a remedy"
    return line


@pytest.fixture
def pictures(tmp_path):
    folder = tmp_path / "pictures"
    for name in ("cats/1.png", "cats/2.png", "dogs/1.png", "dogs/2.png"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (20, 10), "red").save(folder / name)
    return folder


def test_a_checkpoint(tiny_checkpoint, capsys):
    facts = inspect(capsys, tiny_checkpoint)
    assert set(facts) >= CONTRACT
    assert facts["kind"] == "checkpoint"
    assert "tensors" not in facts
    assert inspect(capsys, tiny_checkpoint, "--as", "checkpoint") == facts
    assert "direction.smile" in inspect(capsys, tiny_checkpoint, "--tensors")["tensors"]


def test_a_data_set(pictures, capsys):
    facts = inspect(capsys, pictures)
    assert (facts["kind"], facts["format"], facts["pictures"]) == ("dataset", "folder", 4)
    assert (facts["class_names"], facts["width"], facts["height"], facts["channels"]) == (["cats", "dogs"], 20, 10, 3)
    assert facts["left_out"] == []


def test_a_data_set_of_arrays(tmp_path, capsys):
    np.savez(tmp_path / "digits.npz", images=np.zeros((5, 28, 28), np.uint8), labels=np.arange(5))
    facts = inspect(capsys, tmp_path / "digits.npz")
    assert (facts["kind"], facts["pictures"], facts["width"]) == ("dataset", 5, 28)


def test_a_picture(tmp_path, capsys):
    path = tmp_path / "face.png"
    save_picture(path, np.zeros((4, 6, 3), np.uint8), {"checkpoint": "x"})
    facts = inspect(capsys, path)
    assert (facts["kind"], facts["format"], facts["width"], facts["height"], facts["channels"]) == (
        "image", "PNG", 6, 4, 3
    )  # fmt: skip
    assert facts["recipe"] == {"checkpoint": "x"}
    path.write_bytes(path.read_bytes()[:60])
    assert str(path) in refusal(capsys, path)


def test_a_project(tmp_path, capsys):
    path = tmp_path / "my.project"
    write_project(path, Project(checkpoint="a.safetensors"))
    facts = inspect(capsys, path)
    assert (facts["kind"], facts["checkpoint"], facts["schema"]) == ("project", "a.safetensors", 2)
    path.write_text('{"schema": 1, "checkpoint": 3}')
    assert "value in it is wrong" in refusal(capsys, path)


def test_a_run_folder(tiny_checkpoint, tmp_path, capsys):
    run = RunFolder(tmp_path / "run")
    run.create(TrainingConfig(), {})
    run.append("scalars", {"kimg": 1.0, "loss_generator": 0.5})
    run.snapshot_path(1.0).write_bytes(tiny_checkpoint.read_bytes())
    facts = inspect(capsys, run.path)
    assert (facts["kind"], facts["format"], facts["unit"]) == ("run", "ganstudio", "kimg")
    assert facts["curves"]["loss_generator"] == {"role": "loss_generator", "x": [1.0], "y": [0.5]}
    assert facts["best_snapshot"]["path"] == str(run.snapshot_path(1.0))
    assert inspect(capsys, run.path, "--as", "checkpoint")["kind"] == "checkpoint"
    (run.path / "run.json").write_text("{")
    assert "run.json" in refusal(capsys, run.path)


def test_the_page_for_people_says_the_same(pictures, tiny_checkpoint, capsys):
    for path, word in ((pictures, "cats, dogs"), (tiny_checkpoint, "mlp")):
        assert main(["inspect", str(path)]) == 0
        assert word in capsys.readouterr().out


def test_a_kind_that_it_is_not_is_refused(tiny_checkpoint, pictures, capsys):
    for kind in ("direction", "dataset", "image", "project"):
        assert str(tiny_checkpoint) in refusal(capsys, tiny_checkpoint, "--as", kind)
    for kind in ("checkpoint", "direction", "image", "project"):
        assert str(pictures) in refusal(capsys, pictures, "--as", kind)


RUBBISH = (
    b"", b"hello", b"{", b'{"schema": 1, "checkpoint"', b"PK\x03\x04", b"\x89PNG\r\n\x1a\n", b"\x93NUMPY", b"\x80\x04.",
)  # fmt: skip


@pytest.mark.parametrize("content", RUBBISH)
@pytest.mark.parametrize("kind", [None, "checkpoint", "direction", "dataset", "image", "project"])
def test_rubbish_is_refused_whatever_it_is_taken_for(tmp_path, capsys, content, kind):
    path = tmp_path / "rubbish"
    path.write_bytes(content)
    assert str(path) in refusal(capsys, path, *(["--as", kind] if kind else []))


def test_missing_files_empty_folders_and_pipes_are_refused(tmp_path, capsys):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "empty").mkdir()
    for name in ("gone", "empty", "pipe"):
        for kind in ([], ["--as", "direction"], ["--as", "dataset"], ["--as", "image"], ["--as", "project"]):
            refusal(capsys, tmp_path / name, *kind)


def test_names_that_are_no_text_are_printed(tiny_checkpoint, tmp_path, capsys):
    odd = tmp_path / os.fsdecode(b"caf\xe9 \xff.safetensors")
    odd.write_bytes(tiny_checkpoint.read_bytes())
    assert main(["inspect", str(odd)]) == 0
    assert "caf" in capsys.readouterr().out


def test_assumptions_are_read_from_one_argument(capsys):
    assert parse_assumptions("activation=leaky_relu:0.1, space=w") == {"activation": "leaky_relu:0.1", "space": "w"}
    assert main(["inspect", "x", "--assume", "nonsense"]) == 2
    assert "no assumption" in capsys.readouterr().err


def test_kinds_of_the_wild(shared):
    directions = shared / "checkpoints" / "directions"
    assert find_file_kind(directions / "styleclip_MIT" / "w_plus.npy") in ("direction", "dataset")
    assert find_file_kind(shared / "checkpoints" / "mnist_mlp_csinva" / "ref_grid.png") == "image"


def test_weights_without_a_generator_are_told_with_exact_values_and_not_drawn(tmp_path, capsys):
    path = tmp_path / "weights.pt"
    values = {"a": torch.arange(6.0).reshape(2, 3), "b": torch.ones(4, dtype=torch.bfloat16)}
    torch.save(values, path)
    assert main(["inspect", str(path), "--json", "--tensors"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["confidence"] == 0.0
    assert facts["family"] is None
    assert "no known network" in facts["warnings"][0]
    assert facts["tensors"]["a"]["sha256"] == hashlib.sha256(values["a"].numpy().tobytes()).hexdigest()
    assert facts["tensors"]["b"]["dtype"] == "bfloat16"
    assert main(["sample", str(path), "--seeds", "0", "--grid", str(tmp_path / "x.png")]) == 3
    assert "no known network" in capsys.readouterr().err


def test_a_discriminator_is_named(tmp_path, capsys):
    path = tmp_path / "critic.pth"
    network = torch.nn.Sequential(torch.nn.Linear(784, 32), torch.nn.LeakyReLU(0.2), torch.nn.Linear(32, 1))
    torch.save(network.state_dict(), path)
    assert main(["inspect", str(path), "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert [part["role"] for part in facts["components"].values()] == ["discriminator"]
