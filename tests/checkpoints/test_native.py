"""Our own checkpoint file: round trip, and every way in which it can be broken."""

import json
import os
import struct
from pathlib import Path

import numpy as np
import pytest
import torch

from ganstudio.checkpoints.base import CheckpointError
from ganstudio.checkpoints.building import build_generator, replace_directions
from ganstudio.checkpoints.catalogue import describe, read


def rewrite(path: Path, change) -> Path:
    """Change the JSON description inside a file."""
    data = path.read_bytes()
    size = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8 : 8 + size])
    ours = json.loads(header["__metadata__"]["ganstudio"])
    change(ours)
    header["__metadata__"]["ganstudio"] = json.dumps(ours)
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + data[8 + size :])
    return path


def test_round_trip(tiny_checkpoint):
    description = describe(tiny_checkpoint)
    assert description.family == "mlp"
    assert description.spec.z_dim == 8
    assert description.class_names == ("a", "b", "c")
    assert description.facts == {"kimg": 1.5}
    assert [direction.title for direction in description.directions] == ["Smile", "Axis 1"]
    checkpoint = read(tiny_checkpoint)
    generator = build_generator(checkpoint, torch.device("cpu"))
    assert generator(torch.zeros(2, 8), torch.tensor([0, 2])).shape == (2, 1, 28, 28)
    assert not generator.training
    assert np.array_equal(checkpoint.directions["smile"], np.eye(8, dtype=np.float32)[0])


def test_directions_can_be_replaced_and_the_weights_stay(tiny_checkpoint, tmp_path):
    checkpoint = read(tiny_checkpoint)
    info = checkpoint.description.directions[0]
    replace_directions(tmp_path / "new.safetensors", checkpoint, [(info, np.full(8, 0.5, np.float32))])
    again = read(tmp_path / "new.safetensors")
    assert [direction.name for direction in again.description.directions] == ["smile"]
    assert again.description.facts == checkpoint.description.facts
    for name, tensor in checkpoint.tensors.items():
        if name.startswith("generator."):
            assert again.tensors[name].bits() == tensor.bits()


@pytest.mark.parametrize("share", [0.0, 0.001, 0.01, 0.1, 0.5, 0.9, 0.999])
def test_a_file_cut_short_is_refused(tiny_checkpoint, share):
    data = tiny_checkpoint.read_bytes()
    tiny_checkpoint.write_bytes(data[: int(len(data) * share)])
    with pytest.raises(CheckpointError) as caught:
        read(tiny_checkpoint)
    assert str(tiny_checkpoint) in caught.value.message
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n", "Git LFS"),
        (b"\x89PNG\r\n\x1a\n", "picture"),
        (b"PK\x03\x04rest", "zip"),
        (b"\x80\x02}q\x00.", "no known network"),
        (b"<!DOCTYPE html>", "not a checkpoint"),
        (struct.pack("<Q", 1 << 60) + b'{"ganstudio"', "damaged"),
    ],
)
def test_other_files_are_named_for_what_they_are(tmp_path, content, reason):
    path = tmp_path / "file.safetensors"
    path.write_bytes(content)
    with pytest.raises(CheckpointError, match=reason):
        describe(path)


def test_missing_files_folders_and_pipes(tmp_path):
    with pytest.raises(CheckpointError, match="not there"):
        describe(tmp_path / "none.safetensors")
    with pytest.raises(CheckpointError, match="folder"):
        describe(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(CheckpointError, match="pipe"):
        describe(tmp_path / "pipe")


@pytest.mark.parametrize(
    "change",
    [
        lambda ours: ours.pop("spec"),
        lambda ours: ours.pop("config"),
        lambda ours: ours.update(schema=99),
        lambda ours: ours.update(schema="1"),
        lambda ours: ours.update(kind="training_state"),
        lambda ours: ours.update(network="nonsense"),
        lambda ours: ours["config"].update(z_dim=9),
        lambda ours: ours["config"].update(hidden=8000, layers=16),
        lambda ours: ours["config"].update(hidden="16"),
        lambda ours: ours["config"].update(surprise=1),
        lambda ours: ours["spec"].update(z_dim=9),
        lambda ours: ours["spec"].update(surprise=1),
        lambda ours: ours["directions"][0].update(name="gone"),
        lambda ours: ours["directions"][0].update(low=5.0),
        lambda ours: ours.update(directions=3),
        lambda ours: ours.update(facts=[1]),
    ],
)
def test_a_lying_description_is_refused(tiny_checkpoint, change):
    rewrite(tiny_checkpoint, change)
    with pytest.raises(CheckpointError) as caught:
        build_generator(read(tiny_checkpoint), torch.device("cpu"))
    assert len(caught.value.message) < 600


def test_weights_that_are_no_numbers_are_refused(tiny_checkpoint):
    data = bytearray(tiny_checkpoint.read_bytes())
    data[-4:] = np.float32("nan").tobytes()
    tiny_checkpoint.write_bytes(bytes(data))
    with pytest.raises(CheckpointError, match="no numbers"):
        read(tiny_checkpoint)


def test_random_damage_never_does_worse_than_an_error(tiny_checkpoint):
    good = tiny_checkpoint.read_bytes()
    random = np.random.default_rng(0)
    opened = refused = 0
    for _ in range(300):
        data = bytearray(good)
        for place in random.integers(0, min(len(data), 3000), random.integers(1, 6)):
            data[place] = random.integers(0, 256)
        tiny_checkpoint.write_bytes(bytes(data))
        try:
            build_generator(read(tiny_checkpoint), torch.device("cpu"))
            opened += 1
        except CheckpointError:
            refused += 1
    assert opened + refused == 300
    assert refused > 100
