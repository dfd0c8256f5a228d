"""The command line: its contracts, exit codes and messages."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
import torch
from PIL import Image

import ganstudio
from ganstudio.__main__ import main
from ganstudio.checkpoints.building import build_generator
from ganstudio.checkpoints.catalogue import read
from ganstudio.latent.spaces import sample_z


def save_latents(path, **arrays):
    np.savez(path, **arrays)
    return str(path)


def test_sample_gives_the_networks_own_output(tiny_checkpoint, tmp_path):
    z = np.random.default_rng(0).normal(size=(70, 8)).astype(np.float32)
    labels = np.arange(70) % 3
    latents = save_latents(tmp_path / "in.npz", z=z, labels=labels)
    output = tmp_path / "out.npz"
    assert (
        main(["sample", str(tiny_checkpoint), "--latents", latents, "--output", str(output), "--truncation", "0.5"])
        == 0
    )
    images = np.load(output, allow_pickle=False)["images"]
    generator = build_generator(read(tiny_checkpoint), torch.device("cpu"))
    expected = generator(torch.from_numpy(z) * 0.5, torch.from_numpy(labels)).detach().numpy()
    assert images.dtype == np.float32
    assert images.shape == (70, 1, 28, 28)
    assert np.allclose(images, expected, atol=1e-6)


def test_sample_without_labels_takes_class_zero_and_no_rows_give_none(tiny_checkpoint, tmp_path):
    output = str(tmp_path / "out.npz")
    latents = save_latents(tmp_path / "in.npz", z=np.zeros((0, 8)))
    assert main(["sample", str(tiny_checkpoint), "--latents", latents, "--output", output]) == 0
    assert np.load(output, allow_pickle=False)["images"].shape == (0, 1, 28, 28)


def test_a_sheet_of_seeds_is_the_same_every_time(tiny_checkpoint, tmp_path):
    for name in ("a.png", "b.png"):
        assert main(["sample", str(tiny_checkpoint), "--seeds", "0-3,9", "--grid", str(tmp_path / name)]) == 0
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
    with Image.open(tmp_path / "a.png") as sheet:
        assert sheet.size == (92, 62)
        first = np.asarray(sheet)[2:30, 2:30]
    generator = build_generator(read(tiny_checkpoint), torch.device("cpu"))
    expected = (generator(sample_z([0], 8), torch.tensor([0]))[0, 0].detach().numpy() * 127.5 + 128).clip(0, 255)
    assert np.abs(first.astype(int) - expected.astype(np.uint8).astype(int)).max() <= 1


@pytest.mark.parametrize(
    ("arrays", "reason"),
    [
        ({"w": np.zeros((2, 4, 8))}, "no w"),
        ({"x": np.zeros((2, 8))}, "no array 'z'"),
        ({"z": np.zeros((2, 9))}, "shape"),
        ({"z": np.zeros(8)}, "shape"),
        ({"z": np.array([["a"] * 8])}, "readable"),
        ({"z": np.full((1, 8), np.nan)}, "no numbers"),
        ({"z": np.zeros((2, 8)), "labels": np.array([0, 3])}, "out of range"),
        ({"z": np.zeros((2, 8)), "labels": np.array([0.5, 1])}, "labels"),
        ({"z": np.zeros((2, 8)), "labels": np.zeros(3, int)}, "labels"),
        ({"z": np.array([{}], dtype=object)}, "readable"),
    ],
)
def test_latents_that_do_not_fit_are_refused(tiny_checkpoint, tmp_path, capsys, arrays, reason):
    latents = save_latents(tmp_path / "in.npz", **arrays)
    output = tmp_path / "out.npz"
    assert main(["sample", str(tiny_checkpoint), "--latents", latents, "--output", str(output)]) == 1
    message = capsys.readouterr().err
    assert reason in message
    assert len(message.splitlines()) == 1
    assert not output.exists()


@pytest.mark.parametrize("content", [b"", b"no zip at all", b"PK\x03\x04 cut short", b"\x93NUMPY\x01\x00"])
def test_a_broken_file_of_latents_is_refused(tiny_checkpoint, tmp_path, capsys, content):
    path = tmp_path / "in.npz"
    path.write_bytes(content)
    assert main(["sample", str(tiny_checkpoint), "--latents", str(path), "--output", str(tmp_path / "o.npz")]) == 1
    assert "in.npz" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        ["sample"],
        ["sample", "x"],
        ["sample", "x", "--seeds", "0-3"],
        ["sample", "x", "--latents", "y"],
        ["sample", "x", "--seeds", "5-1", "--grid", "y.png"],
        ["sample", "x", "--seeds", "0-99999", "--grid", "y.png"],
        ["sample", "x", "--seeds", "a", "--grid", "y.png"],
        ["sample", "x", "--seeds", "1", "--grid", "y.png", "--truncation", "9"],
        ["train", "--out", "x"],
        ["train", "--data", "avatars", "--preset", "nonsense", "--out", "x"],
        ["nonsense", "--help-me"],
        ["nonsense"],
        ["directions", "x", "--output", "y"],
    ],
)
def test_wrong_arguments_exit_with_2(arguments, capsys):
    assert main(arguments) == 2
    assert capsys.readouterr().err


def test_inspect_prints_the_contract(tiny_checkpoint, capsys):
    assert main(["inspect", str(tiny_checkpoint), "--json", "--tensors"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["format"] == "ganstudio"
    assert facts["components"]["generator"]["role"] == "generator"
    assert (facts["z_dim"], facts["c_dim"], facts["resolution"], facts["channels"]) == (8, 3, 28, 1)
    assert facts["output_range"] == [-1.0, 1.0]
    assert facts["confidence"] == 1.0
    tensor = read(tiny_checkpoint).tensors["direction.smile"]
    assert facts["tensors"]["direction.smile"] == {
        "dtype": "float32",
        "shape": [8],
        "sha256": hashlib.sha256(tensor.array().tobytes()).hexdigest(),
    }
    assert main(["inspect", str(tiny_checkpoint)]) == 0
    assert "28 x 28, grey" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"", "empty"), (b"version https://git-lfs.github.com/spec/v1\n", "Git LFS"), (b"hello", "a text")],
)
def test_a_refused_file_exits_with_3_and_one_line(tmp_path, capsys, content, reason):
    path = tmp_path / "model.safetensors"
    path.write_bytes(content)
    assert main(["inspect", str(path)]) == 3
    error = capsys.readouterr().err
    assert reason in error
    assert len(error.strip().splitlines()) == 1
    assert len(error) <= 401


def test_a_checkpoint_cut_in_half_exits_with_3(tiny_checkpoint, tmp_path, capsys):
    data = tiny_checkpoint.read_bytes()
    tiny_checkpoint.write_bytes(data[: len(data) // 2])
    assert main(["sample", str(tiny_checkpoint), "--seeds", "1", "--grid", str(tmp_path / "g.png")]) == 3
    assert "cut short" in capsys.readouterr().err


def test_training_resumes_and_says_what_it_does(tmp_path, capsys):
    out = str(tmp_path / "run")
    start = ["train", "--data", "avatars:60", "--preset", "first_gan", "--resolution", "28", "--channels", "1"]
    assert main([*start, "--out", out, "--kimg", "0.2", "--batch-size", "16", "--seed", "5"]) == 0
    assert main(["train", "--out", out, "--resume", "--kimg", "0.3"]) == 0
    assert "resumed at 0.208 kimg" in capsys.readouterr().err
    assert main([*start, "--out", out, "--kimg", "0.2"]) == 1
    assert "a run in this folder already" in capsys.readouterr().err
    assert main(["inspect", out, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["facts"]["seed"] == 5


def test_training_takes_any_setting_and_another_models_weights(tmp_path, capsys):
    start = ["train", "--data", "avatars:60", "--preset", "first_gan", "--resolution", "28", "--channels", "1"]
    short = ["--kimg", "0.1", "--batch-size", "16"]
    assert main([*start, *short, "--out", str(tmp_path / "one"), "--set", "r1.gamma=2.5,x_flip=true,batch_size=8"]) == 0
    config = json.loads((tmp_path / "one" / "run.json").read_text())["config"]
    assert (config["parts"]["r1"]["gamma"], config["x_flip"], config["batch_size"], config["kimg"]) == (
        2.5,
        True,
        8,
        0.1,
    )
    snapshot = str(next((tmp_path / "one" / "snapshots").iterdir()))
    assert main([*start, *short, "--out", str(tmp_path / "two"), "--start-from", snapshot]) == 0
    assert json.loads((tmp_path / "two" / "run.json").read_text())["config"]["start_from"] == snapshot
    capsys.readouterr()
    assert main([*start, *short, "--out", str(tmp_path / "three"), "--set", "r1_gama=2"]) == 2
    assert "no such setting" in capsys.readouterr().err
    assert not (tmp_path / "three").exists()


def test_training_on_nothing_usable_fails_clearly(tmp_path, capsys):
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "a.txt").write_text("no picture")
    for place in (tmp_path / "texts", tmp_path / "gone"):
        assert main(["train", "--data", str(place), "--preset", "quick", "--out", str(tmp_path / "run")]) == 1
        assert str(place) in capsys.readouterr().err
    assert not (tmp_path / "run").exists()


def test_directions_are_written_into_a_copy(tiny_checkpoint, tmp_path, capsys):
    out = tmp_path / "with-axes.safetensors"
    assert main(["directions", str(tiny_checkpoint), "--pca", "3", "--output", str(out)]) == 0
    assert [direction.name for direction in read(out).description.directions] == ["pca_1", "pca_2", "pca_3"]
    assert "Axis 1" in capsys.readouterr().out


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_training_with_its_state_saved(tmp_path, number):
    out = tmp_path / "run"
    command = [sys.executable, "-m", "ganstudio", "train", "--data", "avatars:60", "--preset", "quick"]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    process = subprocess.Popen(
        [*command, "--resolution", "28", "--out", str(out), "--kimg", "500"],
        stderr=subprocess.PIPE, text=True, env=environment,
    )  # fmt: skip
    deadline = time.monotonic() + 60
    while not (out / "scalars.jsonl").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(number)
    _, error = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "--resume" in error
    assert list((out / "state").glob("*.safetensors"))


def test_help_and_version_are_quick_and_need_no_torch(capsys):
    assert main(["--version"]) == 0
    assert ganstudio.__version__ in capsys.readouterr().out
    code = (
        "import sys; from ganstudio.__main__ import main; main(['train', '--help']); sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode == 0


def test_without_a_screen_it_says_what_to_do(tmp_path):
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    }
    done = subprocess.run(
        [sys.executable, "-m", "ganstudio"], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "tour DIR" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_train_says_how_long_it_will_take_and_begins_nothing(tmp_path, capsys):
    out = tmp_path / "run"
    command = ["train", "--data", "avatars:40", "--resolution", "28", "--preset", "first_gan", "--out", str(out)]
    assert main([*command, "--estimate", "--threads", "1", "--device", "cpu"]) == 0
    said = capsys.readouterr().out
    assert "on this machine, give or take" in said
    assert "pictures a second" in said
    assert not out.exists()


def test_train_takes_the_recommended_recipe_and_says_why(tmp_path, capsys):
    out = tmp_path / "run"
    command = [
        "train",
        "--data",
        "avatars:40",
        "--resolution",
        "28",
        "--channels",
        "1",
        "--kimg",
        "0.1",
        "--out",
        str(out),
    ]
    assert main([*command, "--threads", "1", "--device", "cpu", "--batch-size", "8"]) == 0
    assert "40 pictures are few: they are augmented" in capsys.readouterr().err
    config = json.loads((out / "run.json").read_text())["config"]
    assert (config["loss"], set(config["parts"])) == ("relativistic", {"r1", "r2", "diff_augment"})
