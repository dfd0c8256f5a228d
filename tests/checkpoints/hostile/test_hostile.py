"""Hostile and damaged files: each is refused in one line, nothing in it runs, and neither memory nor time runs away."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import bombs
import code_execution
import damaged
import good
import lies
import pytest

from ganstudio.checkpoints.base import CheckpointError
from ganstudio.checkpoints.catalogue import read
from ganstudio.checkpoints.opened_file import OpenedFile

MEMORY_LIMIT = 6 << 30  # of addresses, most of which torch's libraries take; the real use is compared with MEMORY
MEMORY = 1 << 30  # of which torch takes a third
SECONDS = 30.0  # on a loaded machine; alone no file takes more than a tenth of that


def open_all(folder: Path, contents, tensors: bool = True) -> list[dict]:
    """Open files in a process of their own; a file that kills it fails the test by name."""
    files = folder / "files"
    files.mkdir(exist_ok=True)
    labels = []
    for index, (label, data) in enumerate(contents):
        (files / f"{index:04d}").write_bytes(data)
        labels.append(label)
    results = folder / "results.jsonl"
    program = Path(__file__).with_name("opener.py")
    done = subprocess.run([sys.executable, program, files, results, str(MEMORY_LIMIT), str(int(tensors))], capture_output=True, text=True,
                          check=False, cwd=folder)  # fmt: skip
    lines = [json.loads(line) for line in results.read_text().splitlines()]
    assert len(lines) == len(labels), f"{labels[len(lines)]!r} killed the reader: {done.stderr[-1500:]}"
    return [{**line, "label": label} for line, label in zip(lines, labels, strict=True)]


def assert_refused(result: dict) -> None:
    message = result["message"]
    assert result["code"] == 3, result
    assert len(message.splitlines()) == 1, result
    assert len(message) <= 401, result
    assert "Traceback" not in message
    assert ": " in message
    assert "; " in message, "no remedy"
    assert message.rstrip("\n").isprintable()
    assert result["seconds"] < SECONDS, result
    assert result["peak"] < MEMORY, result


def test_code_is_named_and_never_run(tmp_path):
    canary = tmp_path / "canary"
    results = open_all(tmp_path, code_execution.files(canary))
    assert len(results) > 180
    for result in results:
        assert_refused(result)
        assert not result["tensors"], f"{result['label']}: tensors were taken from a file that would run code"
    assert not canary.exists()
    assert {path.name for path in tmp_path.iterdir()} == {"files", "results.jsonl"}


def test_a_call_is_named():
    for label, data in (
        ("a", b"\x80\x04cposix\nsystem\nX\x02\x00\x00\x00ls\x85R."),
        ("b", b"cos\nsystem\n(S'ls'\ntR."),
    ):
        path = Path(os.environ["GANSTUDIO_HOME"]) / label
        path.write_bytes(data)
        with pytest.raises(CheckpointError, match=r"asks to run (posix|os)\.system.*; do not trust it"):
            read(path)


def test_lies_are_found(tmp_path):
    results = open_all(tmp_path, lies.files())
    assert len(results) > 150
    for result in results:
        assert_refused(result)
        assert not result["tensors"] or result["label"] == "zip, a weight changed", result


@pytest.mark.timeout(400)  # two minutes of other people's work at worst; half a minute alone
def test_bombs_stay_small(tmp_path):
    results = open_all(tmp_path, bombs.files(), tensors=False)
    assert len(results) > 50
    for result in results:
        assert_refused(result)


def test_what_is_cut_short_or_no_checkpoint_is_refused(tmp_path):
    results = open_all(tmp_path, damaged.files(), tensors=False)
    assert len(results) > 130
    for result in results:
        assert_refused(result)


@pytest.mark.parametrize(
    ("label", "data", "word"), list(damaged.others()), ids=lambda part: part if isinstance(part, str) else ""
)
def test_other_files_are_named(tmp_path, label, data, word):
    (tmp_path / "file").write_bytes(data)
    with pytest.raises(CheckpointError) as caught:
        read(tmp_path / "file")
    assert word in caught.value.reason, caught.value.message
    assert caught.value.remedy


def test_good_files_come_with_exact_values(tmp_path):
    files = list(good.files())
    for result, (label, _, arrays) in zip(
        open_all(tmp_path, ((label, data) for label, data, _ in files)), files, strict=True
    ):
        wanted = {name: hashlib.sha256(array.astype(array.dtype.newbyteorder("<")).tobytes()).hexdigest()
                  for name, array in arrays.items()}  # fmt: skip
        assert wanted.items() <= result["tensors"].items(), (label, result["message"])
        assert "Traceback" not in result["message"]
    assert not (tmp_path / "canary").exists()


def test_opening_imports_compiles_starts_and_writes_nothing(tmp_path):
    (tmp_path / "good").mkdir()
    (tmp_path / "all").mkdir()
    for index, (_, data, _) in enumerate(good.files()):
        (tmp_path / "good" / f"{index}").write_bytes(data)
        (tmp_path / "all" / f"good{index}").write_bytes(data)
    for index, (_, data) in enumerate([*code_execution.files(tmp_path / "canary"), *damaged.pickles()]):
        (tmp_path / "all" / f"{index}").write_bytes(data)
    program = Path(__file__).with_name("audited_opener.py")
    done = subprocess.run([sys.executable, program, tmp_path / "good", tmp_path / "all"], capture_output=True, text=True,
                          check=False, cwd=tmp_path)  # fmt: skip
    assert done.stdout.splitlines() == ["0"], done.stdout + done.stderr
    assert not (tmp_path / "canary").exists()


class TestWhatIsNoRegularFile:
    def test_pipes_folders_and_devices(self, tmp_path):
        os.mkfifo(tmp_path / "pipe")
        (tmp_path / "loop").symlink_to(tmp_path / "loop")
        (tmp_path / "dangling").symlink_to(tmp_path / "nothing")
        places = [tmp_path / "pipe", tmp_path, Path("/dev/zero"), Path("/dev/null"), tmp_path / "loop",
                  tmp_path / "dangling", tmp_path / "none", tmp_path / ("a" * 5000), tmp_path / "a\0b"]  # fmt: skip
        for place in places:
            with pytest.raises(CheckpointError):
                read(place)

    def test_a_file_that_shrinks_while_it_is_open(self, tmp_path):
        for label, data, _ in good.files():
            if label not in ("torch zip 2", "torch stream 2", "safetensors", "npy"):
                continue
            path = tmp_path / "file"
            path.write_bytes(data)
            tensors = OpenedFile.open(path).tensors
            with path.open("r+b") as file:
                file.truncate(20)
            with pytest.raises(CheckpointError, match="changed while"):
                [tensor.bits() for tensor in tensors.values()]

    def test_what_was_checked_is_what_is_used(self, tmp_path):
        hostile = b"\x80\x04cposix\nsystem\nX\x02\x00\x00\x00ls\x85R."
        for label, data, arrays in good.files():
            path = tmp_path / "file"
            path.write_bytes(data)
            file = OpenedFile.open(path)
            (tmp_path / "other").write_bytes(hostile * 100)
            (tmp_path / "other").replace(path)
            for name, array in arrays.items():
                assert file.tensors[name].bits() == array.astype(array.dtype.newbyteorder("<")).tobytes(), label
