"""What everything stands on: errors, registry, files, images, devices, resources."""

import errno
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

from ganstudio import devices, files, images
from ganstudio.devices import DeviceError, resolve_device
from ganstudio.errors import GanStudioError
from ganstudio.files import FileWriteError, write_atomically, write_text_atomically
from ganstudio.registry import Registry, UnknownNameError
from ganstudio.resources import resource_path


def test_an_error_names_subject_reason_and_remedy():
    assert GanStudioError("a.png", "it is empty", "choose another").message == "a.png: it is empty; choose another"
    assert str(GanStudioError("a.png", "it is empty")) == "a.png: it is empty"


def test_a_registry_refuses_duplicates_and_explains_unknown_names():
    registry: Registry[int] = Registry("number")
    registry.add("one", 1)
    with pytest.raises(ValueError, match="two number plug-ins"):
        registry.register("one")(2)
    with pytest.raises(UnknownNameError, match="choose one of: one"):
        registry["two"]
    assert registry.names() == ("one",)
    assert "one" in registry
    assert len(registry) == 1


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "file.bin"
    write_text_atomically(path, "good")

    def fail(file):
        file.write(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(FileWriteError, match="disk is full"):
        write_atomically(path, fail)
    assert path.read_text() == "good"
    assert [found.name for found in tmp_path.iterdir()] == ["file.bin"]


def test_a_folder_that_is_gone_is_a_clear_error(tmp_path):
    with pytest.raises(FileWriteError, match="not there"):
        write_text_atomically(tmp_path / "gone" / "file.txt", "x")


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="mounting needs root")
def test_a_really_full_disk_leaves_the_old_file(tmp_path):
    mount = tmp_path / "small"
    mount.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "none", str(mount)], check=False).returncode:
        pytest.skip("this machine mounts nothing")
    try:
        write_text_atomically(mount / "state", "good" * 1000)
        with pytest.raises(FileWriteError, match="disk is full"):
            write_atomically(mount / "state", lambda file: file.write(bytes(1 << 20)))
        assert (mount / "state").read_text() == "good" * 1000
        assert len(list(mount.iterdir())) == 1
    finally:
        subprocess.run(["umount", str(mount)], check=False)


def test_killed_while_writing_the_file_is_always_whole(tmp_path):
    path = tmp_path / "file"
    code = (
        "import sys; from pathlib import Path; from ganstudio.files import write_text_atomically\n"
        "for n in range(10**9): write_text_atomically(Path(sys.argv[1]), str(n % 10) * 200_000)"
    )
    for _ in range(4):
        process = subprocess.Popen([sys.executable, "-c", code, str(path)])
        deadline = time.monotonic() + 20
        while not path.exists() and time.monotonic() < deadline:
            time.sleep(0.01)
        time.sleep(0.05)
        process.send_signal(signal.SIGKILL)
        process.wait()
        text = path.read_text()
        assert len(text) == 200_000
        assert len(set(text)) == 1
    files.sweep_temporary(tmp_path)
    assert [found.name for found in tmp_path.iterdir()] == ["file"]


def test_all_levels_survive_the_way_to_a_tensor_and_back():
    pixels = np.arange(256, dtype=np.uint8).reshape(1, 16, 16, 1)
    tensor = images.from_uint8(pixels)
    assert tensor.min() == -1
    assert tensor.max() == 1
    assert np.array_equal(images.to_uint8(tensor), pixels)
    assert images.to_uint8(torch.tensor([-9.0, 9.0, 0.0]).view(1, 1, 1, 3)).ravel().tolist() == [0, 255, 128]


def test_a_sheet_has_every_picture_in_its_place():
    pixels = np.stack([np.full((2, 3, 1), 10 * (n + 1), np.uint8) for n in range(5)])
    sheet = images.tile(pixels, columns=2, gap=1, background=7)
    assert sheet.shape == (10, 9, 1)
    assert sheet[1, 1, 0] == 10
    assert sheet[1, 5, 0] == 20
    assert sheet[7, 1, 0] == 50
    assert sheet[0, 0, 0] == 7
    assert sheet[8, 6, 0] == 7


@pytest.mark.parametrize("suffix", [".png", ".webp", ".jpg"])
def test_a_picture_carries_its_recipe(tmp_path, suffix):
    path = tmp_path / f"picture{suffix}"
    recipe = {"look": {"seed": 3}, "name": "schön"}
    images.save_picture(path, np.zeros((8, 8, 3), np.uint8), recipe)
    assert images.read_recipe(path) == recipe
    with Image.open(path) as picture:
        assert picture.size == (8, 8)


def test_pictures_without_recipes_and_other_files_have_none(tmp_path):
    images.save_picture(tmp_path / "plain.png", np.zeros((8, 8, 1), np.uint8))
    assert images.read_recipe(tmp_path / "plain.png") is None
    for name, content in (("text.png", b"hello"), ("empty.png", b"")):
        (tmp_path / name).write_bytes(content)
        assert images.read_recipe(tmp_path / name) is None
    assert images.read_recipe(tmp_path / "gone.png") is None
    with pytest.raises(images.PictureFileError, match="no picture format"):
        images.save_picture(tmp_path / "picture.xyz", np.zeros((8, 8, 3), np.uint8))


def test_devices_that_are_not_there_are_refused():
    assert resolve_device("cpu").type == "cpu"
    with pytest.raises(DeviceError, match="no such device"):
        resolve_device("tpu")
    if not torch.cuda.is_available():
        assert resolve_device("auto").type == "cpu"
        with pytest.raises(DeviceError, match="no CUDA device"):
            resolve_device("cuda")
    assert 1 <= devices.default_threads() <= max(1, devices.available_cores())


def test_the_resources_are_found():
    assert resource_path("style.qss").is_file()
    assert json.loads(json.dumps(str(resource_path("icons"))))
